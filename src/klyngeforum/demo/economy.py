"""The made-up country's economy: grants of every kind and state, income by source, hours with and without evidence, claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from random import Random
from typing import Any

from klyngeforum.ground.programme.funding import FundingScheme, Payer
from klyngeforum.ground.programme.queries import funding_schemes, report_forms
from klyngeforum.ground.programme.reporting import Comes
from klyngeforum.records.activities.queries import participations_in
from klyngeforum.records.economy import actions as economy
from klyngeforum.records.economy.actions import NewGrant, NewHours, NewIncome
from klyngeforum.records.economy.claiming import claim
from klyngeforum.records.economy.queries import Grant
from klyngeforum.records.economy.terms import Form, HourEvidence, Standing
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.results.reports import actions as reports
from klyngeforum.results.reports import queries as reports_of

from .plan import Country, Organisation

_WHOLE = 12  # so many organisations have all of them, the others a year less
_YEARS = 3  # the newest years of the country have their economy recorded
_LINES = (("Løn i sekretariatet", 45), ("Aktiviteter", 35), ("Rejser og internationale aktiviteter", 8), ("Formidling", 7), ("Revision", 5))  # fmt: skip
_FIRST = ("Ida", "Jens", "Karen", "Lars", "Mette", "Niels", "Olga", "Peter")
_LAST = ("Berg", "Holm", "Lund", "Dahl", "Skov", "Krog", "Bang", "Friis")
_TASKS = ("Bestyrelsesmøde", "Arbejdsgruppe om standarder", "Strategiseminar", "Styregruppemøde")
_SAID = {
    "progress": "Handlingsplanen følges. To arbejdsgrupper kom i gang tidligere end ventet, én er forsinket. (demo)",
    "plan_next_year": "Fælles stand på messen i Hamborg, tre nye samarbejdsprojekter og et kursusforløb for mindre virksomheder. (demo)",
    "deviations": "Ingen væsentlige afvigelser. (demo)",
}  # fmt: skip
_MOST = 40  # participations a year whose hours get evidence


@dataclass(slots=True)
class _Books:
    """One organisation's books over the newest years."""

    cluster: Cluster
    plan: Organisation
    manager: Any
    chance: Random
    last: int

    def at(self, year: int) -> datetime:
        return datetime(year + 1, 2, 10, 10, tzinfo=UTC)

    def grant(self, scheme: FundingScheme, since: date, until: date, amount: int, own: int) -> Grant:
        new = NewGrant(
            f"{scheme.code[:3].upper()}-{since.year}-{self.cluster.pk:03}", f"{scheme.name.da} {since.year}–{until.year}", scheme.code, since, until,
            Decimal(amount), Decimal(own), source="demo",
        )  # fmt: skip
        made = economy.receive_grant(by=self.manager, at=datetime(since.year, 1, 15, 9, tzinfo=UTC), cluster=self.cluster, new=new)  # fmt: skip
        whole, lines = made.amount + made.own_share, []
        for title, share in _LINES[1:]:
            lines.append((title, (whole * share / 100).quantize(Decimal(1))))
        lines.insert(0, (_LINES[0][0], whole - sum(amount for _, amount in lines)))
        economy.set_budget(by=self.manager, at=self.at(since.year), grant=made, lines=lines)
        return made

    def income(self, year: int, payer: Payer, amount: int, note: str, grant: Grant | None = None, standing: Standing = Standing.RECEIVED, month: int = 6, form: Form = Form.CASH) -> None:  # fmt: skip
        on = date(year, month, 15) if standing is Standing.RECEIVED else None
        new = NewIncome(year, standing, form, payer, Decimal(amount), on, grant.pk if grant else None, note, "demo")
        economy.book_income(by=self.manager, at=self.at(year), cluster=self.cluster, new=new)

    def year(self, year: int, grants: Sequence[tuple[Grant, FundingScheme]]) -> None:
        """What came in: rates of the grants, members' fees, projects; and what the budget had said."""
        fees = 2_500 * max(20, self.plan.size) + self.chance.randrange(0, 20_000)
        self.income(year, Payer.PRIVATE, fees, "Kontingenter", month=3)
        self.income(year, Payer.PRIVATE, fees - fees % 10_000, "Kontingenter", standing=Standing.BUDGET)
        for grant, scheme in grants:
            each = int(grant.amount) // (grant.ends_on.year - grant.starts_on.year + 1)
            self.income(year, scheme.pays, each, f"Rate {year}", grant)
            self.income(year, scheme.pays, each, f"Rate {year}", grant, Standing.BUDGET)
            self.income(
                year,
                Payer.PRIVATE,
                each // self.chance.randrange(6, 12),
                "Kontant medfinansiering fra deltagere",
                grant,
                month=9,
            )
            self.income(year, Payer.PRIVATE, each // 4, "Timer fra deltagere", grant, Standing.BUDGET, form=Form.HOURS)  # fmt: skip
        if self.chance.random() < 0.4:
            self.income(year, Payer.PUBLIC, self.chance.randrange(5, 30) * 10_000, "Kommunal medfinansiering", month=10)
        if self.chance.random() < 0.1:
            self.income(year, Payer.PRIVATE, -self.chance.randrange(2, 9) * 1_000, "Tilbagebetalt kontingent", month=11)

    def hours(self, year: int) -> list[NewHours]:
        """Evidence for part of what took part, board meetings apart from activities, and some hours without evidence yet."""
        new: list[NewHours] = []
        parts = participations_in(year, [self.cluster.pk]).filter(activity__starts_on__year=year, activity__ends_on__year=year, hours__gt=0, body__scheme__gt="")  # fmt: skip
        for part in parts.select_related("activity").order_by("pk")[: _MOST * 2 : 2]:
            day, last, project = part.activity.starts_on, part.activity.ends_on, part.activity.ends_on > part.activity.starts_on  # fmt: skip
            evidence = HourEvidence.TIME_SHEET if project else HourEvidence.PARTICIPANT_LIST
            pay = Decimal(self.chance.randrange(260, 480)) if project else None
            reference = f"timeseddel {part.pk}" if project else f"deltagerliste {part.activity.reference}"
            new.append(NewHours(part.body_id, day, last, part.hours, part.pk, pay=pay, evidence=evidence, evidence_reference=reference, evidence_on=last, source="demo"))  # fmt: skip
        person = f"{_FIRST[self.cluster.pk % 8]} {_LAST[self.cluster.pk // 8 % 8]}"  # no two organisations claim one person's hours
        bodies = sorted({one.body_id for one in new})[:8]
        for nth, body in enumerate(bodies):
            day, begins = date(year, 2 + nth, 10 + nth), time(9 + nth % 4)
            laid = nth % 4 != 3
            new.append(
                NewHours(
                    body, day, day, Decimal(2 + nth % 3), None, person, self.chance.choice(_TASKS), begins, time(begins.hour + 2 + nth % 3),
                    evidence=HourEvidence.TIME_SHEET if laid else HourEvidence.NONE, evidence_reference=f"sag {year}-{nth + 1}" if laid else "",
                    evidence_on=day if laid else None, source="demo",
                )
            )  # fmt: skip
        return new

    def keep(self, schemes: Mapping[Payer, FundingScheme], nth: int) -> None:
        first = self.last - (_YEARS if nth < _WHOLE else _YEARS - 1) + 1
        national, region, union = (schemes[payer] for payer in (Payer.PUBLIC, Payer.REGION, Payer.EU))
        kept = [(self.grant(national, date(first, 1, 1), date(self.last + nth % 3, 12, 31), 900_000 * (3 + nth % 3), 600_000 * (3 + nth % 3)), national)]  # fmt: skip
        if nth % 2 == 0:
            kept.append((self.grant(union, date(first + 1, 4, 1), date(self.last + 1, 3, 31), 1_800_000, 450_000), union))  # fmt: skip
        if nth % 3 == 0:
            kept.append((self.grant(region, date(first, 7, 1), date(self.last, 12, 31), 750_000, 250_000), region))
        ended = self.grant(region, date(first - 2, 1, 1), date(first, 6, 30), 600_000, 0) if nth % 3 == 1 else None
        for year in range(first, self.last + 1):
            self.year(year, [(grant, scheme) for grant, scheme in kept if grant.starts_on.year <= year <= grant.ends_on.year])  # fmt: skip
            new = self.hours(year)
            ids = economy.record_many(by=self.manager, at=self.at(year), cluster_id=self.cluster.pk, many=new)
            self.claims(kept, list(zip(ids, new, strict=True)), year)
        if ended:
            economy.close_grant(by=self.manager, at=self.at(first), grant=ended, on=date(first, 9, 1))

    def claims(self, kept: Sequence[tuple[Grant, FundingScheme]], hours: Sequence[tuple[int, NewHours]], year: int) -> None:  # fmt: skip
        """Most hours with evidence are claimed: project hours under the EU's grant where there is one, the rest under the national one."""
        proved = [(pk, new) for pk, new in hours if new.evidence and self.chance.random() < 0.85]
        for grant, scheme in reversed(kept):
            by_pay = scheme.pays is Payer.EU
            mine = [
                pk for pk, new in proved
                if grant.starts_on <= new.since and new.until <= grant.ends_on and (new.pay is not None if by_pay else scheme.pays is Payer.PUBLIC)
            ]  # fmt: skip
            if mine:
                claim(by=self.manager, at=self.at(year), grant=grant, entries=mine, since=date(year, 1, 1), until=date(year, 12, 31))  # fmt: skip
            proved = [(pk, new) for pk, new in proved if pk not in set(mine)]


def keep_books(country: Country, rows: Sequence[Cluster], people: Mapping[str, Any], running: Sequence[int], say: Callable[[str], None]) -> None:  # fmt: skip
    """The books of the newest years, for every organisation that runs."""
    say("grants, income and hours")
    schemes = {one.pays: one for one in funding_schemes()}
    for nth, which in enumerate(running):
        manager = people["klyngeleder" if which == 0 else f"klyngeleder{which + 1}"]
        books = _Books(rows[which], country.organisations[which], manager, Random(nth + 31), country.size.last_year)
        books.keep(schemes, nth)


def hand_in_reports(rows: Sequence[Cluster], people: Mapping[str, Any], running: Sequence[int], last: int, say: Callable[[str], None]) -> None:  # fmt: skip
    """Reports to funders: most of the years before are handed in, some of the newest, some late; one has changed since, one stands in two editions."""
    say("reports to funders")
    for nth, which in enumerate(running):
        manager, cluster = people["klyngeleder" if which == 0 else f"klyngeleder{which + 1}"], rows[which]
        for year in (last - 1, last):
            for form in report_forms():
                if not reports_of.owes(cluster.pk, form, year) or (year == last and nth % 3 != 1):
                    continue
                at = datetime(year + 1, form.due_month, form.due_day, 9, tzinfo=UTC)
                given = {one.code: _SAID[one.meaning] for one in form.fields if one.comes is Comes.TYPED and one.meaning in _SAID}  # fmt: skip
                reports.answer(by=manager, at=at, cluster=cluster, form=form, year=year, given=given)
                if (nth + year) % 5 == 4:
                    continue  # answered, not handed in
                reports.hand_in(by=manager, at=at, cluster=cluster, form=form, year=year)
        _afterwards(cluster, manager, nth, last - 1)


def _afterwards(cluster: Cluster, manager: Any, nth: int, year: int) -> None:
    """Something is answered otherwise after the report was handed in; every second time it is handed in again."""
    form = next((one for one in report_forms() if reports_of.handed_in(cluster.pk, one.code, year)), None)
    if nth % 4 or form is None:
        return
    at = datetime(year + 1, 9, 3, 9, tzinfo=UTC)
    code = next(one.code for one in form.fields if one.comes is Comes.TYPED)
    reports.answer(by=manager, at=at, cluster=cluster, form=form, year=year, given={code: "Projektet indhentede forsinkelsen i september. (demo)"})  # fmt: skip
    if nth % 8 == 4:
        reports.hand_in(by=manager, at=at, cluster=cluster, form=form, year=year)
