"""A country of Europe's size, made row by row so that it never stands in memory: 3,000 organisations, a million companies, ten million participations."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.rules import size_band
from klyngeforum.ground.bodies.terms import BodyKind, KnowledgeKind, Scheme
from klyngeforum.ground.industries.queries import industries as industries_of
from klyngeforum.ground.period import date_of
from klyngeforum.ground.places.queries import areas, by_code
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.pouring import Plain, take_stock
from klyngeforum.ground.programme.queries import institutions
from klyngeforum.quality.take_in import take_in
from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities.actions import NewActivity
from klyngeforum.records.outcomes import actions as outcomes
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.registers.clusters.actions import NewCluster
from klyngeforum.registers.clusters.terms import ClusterKind, Level
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.results.accounts import actions as accounts
from klyngeforum.results.accounts import queries as accounts_of
from klyngeforum.results.landscape import actions as landscape

from .europe_quality import excel
from .people import appoint
from .plan import Country, Size, cvr_numbers
from .vocabulary import BRANDS, ENDINGS, EVENTS, FORMS, SUBJECTS, SURNAMES

SOURCE = "demo"
_SEATS = 20  # organisations with a manager who signs in
Row = tuple[Plain, ...]
Say = Callable[[str], None]


class Europe:
    """The build, step by step; what later steps need is kept as plain arrays of ids."""

    def __init__(
        self, seed: int, say: Say, *, organisations: int, companies: int, first_year: int, last_year: int, yearly: int
    ) -> None:
        """``yearly`` is about how many participations an organisation has in a year."""
        self.chance, self.say, self.years = Random(seed), say, range(first_year, last_year + 1)
        self.organisations, self.companies, self.yearly = organisations, companies, yearly
        self.at = datetime(last_year + 1, 6, 1, 9, tzinfo=UTC)
        self.towns = [(area.pk, area.name_da) for area in areas(AreaKind.MUNICIPALITY, on=date(first_year, 1, 2))]
        self.industry = {one.code: one.pk for one in industries_of("DB07", 2)}
        self.by_division: dict[str, array[int]] = {}
        self.cluster: list[int] = []
        self.members: list[array[int]] = []
        self.learned: list[int] = []

    def _company_rows(self) -> Iterator[Row]:
        chance, numbers = self.chance, cvr_numbers(8_800_000)
        for n in range(self.companies):
            subject = SUBJECTS[chance.randrange(len(SUBJECTS))]
            division = subject.industries[chance.randrange(len(subject.industries))]
            self.by_division.setdefault(division, array("q")).append(n)
            stem = BRANDS[n % len(BRANDS)] + ENDINGS[n // len(BRANDS) % len(ENDINGS)]
            name = f"{stem} {subject.trades[n % len(subject.trades)]} {SURNAMES[chance.randrange(len(SURNAMES))]} {n} {FORMS[n % len(FORMS)]}"
            employees = int(chance.paretovariate(0.9)) - 1
            yield (
                name, BodyKind.COMPANY.value, "", Scheme.CVR.value, next(numbers), min(employees, 30_000), size_band(min(employees, 30_000)).value,
                self.industry[division], self.towns[chance.randrange(len(self.towns))][0], chance.random() < 0.06,
            )  # fmt: skip

    def write_bodies(self) -> range:
        self.say(f"{self.companies} companies")
        ids = bodies.take_over(by=None, at=self.at, rows=self._company_rows(), source=SOURCE)
        for division, found in self.by_division.items():
            self.by_division[division] = array("q", (ids.start + n for n in found))
        numbers, place = cvr_numbers(9_900_000), by_code(AreaKind.MUNICIPALITY)
        known = [
            NewBody(one.name.da, BodyKind.KNOWLEDGE, Scheme.CVR, next(numbers), KnowledgeKind(one.kind), place_id=place["0101"], source=SOURCE)
            for one in institutions()
        ]  # fmt: skip
        self.learned = bodies.register_many(by=None, at=self.at, bodies=known, trusted=True)
        return ids

    def write_clusters(self) -> list[int]:
        self.say(f"{self.organisations} cluster organisations")
        numbers, own, chance = cvr_numbers(9_950_000), [], self.chance
        for n in range(self.organisations):
            subject, (place, town) = SUBJECTS[n % len(SUBJECTS)], self.towns[n // len(SUBJECTS) % len(self.towns)]
            again = n // (len(SUBJECTS) * len(self.towns))
            name = f"{subject.da} {town}" + (f" {again + 1}" if again else "")
            own.append(
                (subject, NewBody(name, BodyKind.CLUSTER, Scheme.CVR, next(numbers), place_id=place, source=SOURCE))
            )
        ids = bodies.register_many(by=None, at=self.at, bodies=[body for _, body in own], trusted=True)
        for pk, (subject, body) in zip(ids, own, strict=True):
            new = NewCluster(
                pk, body.name, ClusterKind("cluster"), Level("regional"), f"{body.name} samler virksomheder om {subject.about_da}.",
                f"{body.name} brings companies together around {subject.about_en}.", body.place_id, founded_on=date(self.years[0], 1, 1),
                source=SOURCE, themes=[subject.theme], industry_ids=[self.industry[code] for code in subject.industries],
            )  # fmt: skip
            row = clusters.register(by=None, at=self.at, new=new)
            self.cluster.append(row.pk)
            pool = self.by_division[chance.choice(subject.industries)]
            self.members.append(
                array("q", chance.sample(pool, min(len(pool), chance.randint(self.yearly // 3, self.yearly * 2))))
            )
        return ids

    def _member_rows(self) -> Iterator[Row]:
        for cluster, members in zip(self.cluster, self.members, strict=True):
            for nth, body in enumerate(members):
                year = self.years[nth * len(self.years) // len(members)]
                yield cluster, body, f"{year}-01-01", None, "dedicated" if nth % 4 == 0 else "participant"

    def _activity_rows(self, year: int, cast: list[tuple[int, list[int]]]) -> Iterator[Row]:
        """Activities of the year; who takes part in each is remembered in ``cast`` until their ids are known."""
        chance, share = self.chance, (year - self.years[0] + 2) / (len(self.years) + 1)
        for cluster, members in zip(self.cluster, self.members, strict=True):
            here = members[: max(6, int(len(members) * share))]
            for n in range(12):
                kind, title = EVENTS[n % len(EVENTS)]
                guests = chance.sample(
                    here,
                    min(len(here), max(4, int(len(here) * self.yearly / 12 / len(members) * chance.uniform(0.6, 1.9)))),
                )
                day = (date(year, 1, 8) + timedelta(days=chance.randrange(340))).isoformat()
                cast.append((0, guests))
                yield cluster, f"{year}-A{n + 1:02}", kind, title.format(about="nye muligheder", name="netværket"), day, day, None, "initiated", kind == "international"  # fmt: skip
            for n in range(max(1, len(here) // 60)):
                begins = date(year, 1, 8) + timedelta(days=chance.randrange(340))
                cast.append((1, [*chance.sample(here, min(len(here), 5)), *chance.sample(self.learned, 2)]))
                yield cluster, f"{year}-P{n + 1:02}", "project", f"Projekt {year}-{n + 1}", begins.isoformat(), (begins + timedelta(days=365)).isoformat(), None, "initiated", False  # fmt: skip

    def write_records(self) -> None:
        self.say("memberships")
        memberships.take_over(by=None, at=self.at, rows=self._member_rows(), source=SOURCE)
        total = 0
        for year in self.years:
            cast: list[tuple[int, list[int]]] = []
            ids = activities.take_over(by=None, at=self.at, rows=self._activity_rows(year, cast), source=SOURCE)
            parts = (
                (pk, body, "partner" if project else "participant", 60 if project else 4)
                for pk, (project, guests) in zip(ids, cast, strict=True)
                for body in guests
            )
            total += activities.take_over_parts(by=None, at=self.at, rows=parts, source=SOURCE)
            self.say(f"records of {year}: {total} participations so far")
            outcomes.take_over(by=None, at=self.at, rows=self._outcome_rows(year), source=SOURCE)
        take_stock()

    def _outcome_rows(self, year: int) -> Iterator[Row]:
        for cluster, members in zip(self.cluster, self.members, strict=True):
            for body in self.chance.sample(members, max(1, len(members) // 20)):
                yield cluster, body, year, str(self.chance.choices((1, 2, 3), (6, 4, 2))[0])

    def write_strangers(self) -> None:
        """Names without a number, each taking part once: the unverified list."""
        names = [NewBody(f"Ukendt {SURNAMES[n % len(SURNAMES)]} {n}", source=SOURCE) for n in range(500)]
        ids = bodies.register_many(by=None, at=self.at, bodies=names)
        new = NewActivity(self.cluster[0], "STRANGERS", activities.ActivityKind("knowledge"), "Åbent hus", date(self.years[-1], 3, 3), date(self.years[-1], 3, 3), source=SOURCE)  # fmt: skip
        held = activities.hold_many(by=None, at=self.at, activities=[new])
        first = next(iter(held[key] for key in held if key[1] == "STRANGERS"))
        activities.take_over_parts(
            by=None, at=self.at, rows=((first, pk, "participant", 2) for pk in ids), source=SOURCE
        )

    def hand_in(self, office: Actor) -> None:
        """The last three years' accounts approved, except some of the newest."""
        for year in self.years[-3:]:
            at = datetime(year + 1, 5, 20, 10, tzinfo=UTC)
            accounts.open_round(
                by=None, at=datetime(year + 1, 2, 1, 9, tzinfo=UTC), year=year, due_on=date(year + 1, 5, 15)
            )
            rows = list(
                accounts_of.accounts(seen_by=None, on=date_of(at)).filter(year=year).values_list("id", flat=True)
            )
            waiting = {pk for pk in rows if year == self.years[-1] and pk % 7 == 0}
            part = [pk for pk in rows if pk not in waiting]
            accounts.settle_many(
                by=None, at=at, year=year, submitted=dict.fromkeys(part, None), approved=dict.fromkeys(part, office)
            )
            self.say(f"accounts of {year}")
        take_stock()


def build_europe(
    seed: int, folder: Path, say: Say, *, organisations: int = 3_000, companies: int = 1_000_000, years: tuple[int, int] = (2012, 2016), yearly: int = 750
) -> None:  # fmt: skip
    """The whole country into the database that the settings name; smaller numbers make a smaller one."""
    say("places, industries, programme")
    take_in(folder=folder, at=datetime(2013, 1, 2, 8, tzinfo=UTC))
    one = Europe(
        seed,
        say,
        organisations=organisations,
        companies=companies,
        first_year=years[0],
        last_year=years[1],
        yearly=yearly,
    )
    companies_of = one.write_bodies()
    own = one.write_clusters()
    one.write_records()
    one.write_strangers()
    country = Country(Size(0, organisations, companies, *years), [], [], [], [])
    seats = min(_SEATS, organisations)
    people = appoint(country, own[:seats], one.learned, list(companies_of[:1]))
    one.hand_in(people["sekretariat"])
    excel(people, seats=seats, years=years, seed=seed, say=say)
    say("the finder's words")
    landscape.index_clusters()
    take_stock()
