"""Building the made-up country through the front doors of the rooms, in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

from stdnum.iso7064 import mod_11_10

from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind, KnowledgeKind, Scheme
from klyngeforum.ground.industries.queries import industries as industries_of
from klyngeforum.ground.period import date_of
from klyngeforum.ground.places.queries import areas, by_code
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.pouring import take_stock
from klyngeforum.ground.programme.queries import institutions
from klyngeforum.quality.labels import actions as labels
from klyngeforum.quality.take_in import take_in
from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities.actions import NewActivity, NewPart
from klyngeforum.records.activities.terms import ActivityKind, Attribution, PartRole
from klyngeforum.records.outcomes import actions as outcomes
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.terms import Step
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.registers.clusters.actions import NewCluster
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.registers.clusters.terms import ClusterKind, Level, LineageKind
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.registers.memberships.terms import Commitment
from klyngeforum.results.landscape import actions as landscape

from . import league_years
from .accounts import hand_in
from .assessments import assess
from .certification import certify
from .economy import hand_in_reports, keep_books
from .europe import build_europe
from .exhibits import lay_pages
from .people import appoint
from .plan import Company, Country, Organisation, cvr_numbers, merging, plan
from .regional import tabulate
from .scenarios import think_of_mergers
from .studies import conduct
from .surveys import survey
from .vocabulary import ABROAD, CAMPUS, COLLEGES, EVENTS, GROUPS, LEARNED_ABROAD, OTHER_LEARNED, PEOPLE

SOURCE = "demo"
_LOOKED_AT = 2029  # labels are renewed into the years in which people look at the demo
Say = Callable[[str], None]


_DEPARTMENTS = ("Institut for Fysik", "Institut for Kemi", "Institut for Energiteknik", "Institut for Datalogi", "Institut for Økonomi", "Institut for Fødevarer")  # fmt: skip


def _departments(activity: int, body: int) -> tuple[str, ...]:
    """Which departments of a university came: one or two, and of every fourth activity nobody noted it."""
    first, second = (activity * 7 + body) % len(_DEPARTMENTS), (activity * 3 + body) % len(_DEPARTMENTS)
    return () if activity % 4 == 0 else tuple(dict.fromkeys((_DEPARTMENTS[first], _DEPARTMENTS[second])))


def _spoiled(name: str, chance: Random) -> str:
    """The name as somebody half remembers it."""
    bare = name.rsplit(" ", 1)[0]
    at = chance.randrange(2, len(bare) - 1)
    return chance.choice(
        (bare[:at] + bare[at + 1 :], bare.replace("aa", "å").replace("ø", "oe"), bare.lower(), f"Firmaet {bare}")
    )


def _declared(company: Company) -> bool | None:
    """SME by the EU's definition: below 250 employees and not part of a larger group (one in seventeen is); a few have declared nothing."""
    owned, silent = int(company.number) % 17 == 0, int(company.number) % 31 == 0
    return None if silent else company.employees < 250 and not owned


def _german_numbers(start: int = 99_990_000) -> Iterator[str]:
    """German VAT numbers with a right check digit, from the end of the range."""
    for stem in range(start, 99_999_999):
        yield f"DE{stem}{mod_11_10.calc_check_digit(str(stem))}"


class Builder:
    """Writes one planned country; keeps the ids that later steps need."""

    def __init__(self, country: Country, seed: int, say: Say) -> None:
        self.country, self.chance, self.say = country, Random(seed + 1), say
        self.at = datetime(country.size.last_year + 1, 6, 1, 9, tzinfo=UTC)
        self.place = by_code(AreaKind.MUNICIPALITY)
        self.industry = {one.code: one.pk for one in industries_of("DB07", 2)}
        self.company: list[int] = []
        self.institution: list[int] = []
        self.academic: set[int] = set()
        self.abroad: list[int] = []
        self.seldom: list[int] = []  # hospitals, research institutes and science parks
        self.learned_abroad: list[int] = []
        self.cluster: list[int] = []
        self.rows: list[Cluster] = []

    def write_bodies(self) -> None:
        self.say(f"{len(self.country.companies)} companies, universities and institutes")
        new = [self._company(one) for one in self.country.companies]
        self.company = bodies.register_many(by=None, at=self.at, bodies=new, trusted=True)
        numbers = cvr_numbers(9_700_000)
        known = [(one.name.da, one.kind, CAMPUS.get(one.code, "0101")) for one in institutions()] + list(COLLEGES)
        learned = [
            NewBody(
                name,
                BodyKind.KNOWLEDGE,
                Scheme.CVR,
                next(numbers),
                KnowledgeKind(kind),
                place_id=self.place[code],
                source=SOURCE,
            )
            for name, kind, code in known
        ]
        authorities = [
            NewBody(
                f"{area.name_da} Kommune",
                BodyKind.AUTHORITY,
                Scheme.CVR,
                next(numbers),
                place_id=area.pk,
                source=SOURCE,
            )
            for area in areas(AreaKind.MUNICIPALITY, on=date_of(self.at))[:20]
        ]
        self.institution = bodies.register_many(by=None, at=self.at, bodies=[*learned, *authorities], trusted=True)
        self.academic = {pk for pk, one in zip(self.institution, learned, strict=False) if one.knowledge_kind == KnowledgeKind.UNIVERSITY}  # fmt: skip
        foreign = [
            NewBody(f"{name} GmbH", BodyKind.COMPANY, Scheme.EU_VAT, number, country="DE", source=SOURCE)
            for name, number in zip(ABROAD, _german_numbers(), strict=False)
        ]
        self.abroad = bodies.register_many(by=None, at=self.at, bodies=foreign)
        others = [
            NewBody(name, BodyKind.KNOWLEDGE, Scheme.CVR, next(numbers), KnowledgeKind(kind), place_id=self.place[code], source=SOURCE)
            for name, kind, code in OTHER_LEARNED
        ]  # fmt: skip
        others += [
            NewBody(name, BodyKind.KNOWLEDGE, Scheme.PIC, number, KnowledgeKind(kind), country=country, source=SOURCE)
            for name, kind, country, number in LEARNED_ABROAD
        ]
        made = bodies.register_many(by=None, at=self.at, bodies=others)
        self.seldom, self.learned_abroad = made[: len(OTHER_LEARNED)], made[len(OTHER_LEARNED) :]
        alone = [self._company(one) for one in self.country.unreached]
        bodies.register_many(by=None, at=self.at, bodies=alone, trusted=True)

    def _company(self, one: Company) -> NewBody:
        return NewBody(
            one.name, BodyKind.COMPANY, Scheme.CVR, one.number, employees=one.employees, industry_id=self.industry[one.division],
            place_id=self.place[one.municipality], protected=one.protected, ceased_on=one.ceased_on, source=SOURCE,
            eu_sme=_declared(one),
        )  # fmt: skip

    def write_clusters(self) -> None:
        self.say(f"{len(self.country.organisations)} cluster organisations")
        own = [
            NewBody(
                one.name, BodyKind.CLUSTER, Scheme.CVR, one.number, place_id=self.place[one.municipality], source=SOURCE
            )
            for one in self.country.organisations
        ]
        for one, body_id in zip(
            self.country.organisations, bodies.register_many(by=None, at=self.at, bodies=own, trusted=True), strict=True
        ):
            row = clusters.register(by=None, at=self.at, new=self._cluster(one, body_id))
            self.cluster.append(row.pk)
            self.rows.append(row)
            for year in range(max(one.founded, self.country.size.first_year), self.country.size.last_year + 1):
                if one.runs(year):
                    staff = Decimal(str(round(max(0.5, one.size / 62 + self.chance.uniform(-0.6, 0.9)), 1)))
                    clusters.note_staff(by=None, at=self.at, cluster=row, year=year, full_time=staff)
            for at, name in enumerate(GROUPS[len(self.rows) % len(GROUPS) :][: one.size // 80]):
                since = date(max(one.founded, self.country.size.first_year) + at, 3, 1)
                last = date(one.closed - 1, 12, 31) if one.closed else None
                if last is None or since < last:
                    clusters.form_group(by=None, at=self.at, cluster=row, name=name, since=since, until=last)
        merged, into = merging(self.country.organisations)
        day = date(self.country.size.last_year - 1, 1, 1)
        clusters.succeed(
            by=None,
            at=self.at,
            predecessors=[self.rows[n] for n in merged],
            successor=self.rows[into],
            kind=LineageKind.MERGER,
            on=day,
        )

    def _cluster(self, one: Organisation, body_id: int) -> NewCluster:
        person = self.chance.choice(PEOPLE)
        return NewCluster(
            body_id, one.name, ClusterKind(one.kind), Level(one.level), one.purpose_da, one.purpose_en, self.place[one.municipality],
            founded_on=date(one.founded, 1, 1), contact_name=person, contact_email=f"{person.split()[0].lower()}@demo.invalid",
            contact_phone=f"00 {self.chance.randint(10, 99)} {self.chance.randint(10, 99)} {self.chance.randint(10, 99)}", source=SOURCE,
            themes=[one.subject.theme], industry_ids=[self.industry[code] for code in one.subject.industries],
        )  # fmt: skip

    def write_members(self) -> None:
        new = []
        for nth, one in enumerate(self.country.organisations):
            last = date(one.closed - 1, 12, 31) if one.closed else None
            for company, (year, dedicated) in one.members.items():
                commitment = Commitment.DEDICATED if dedicated else Commitment.PARTICIPANT
                new.append(
                    NewMember(
                        self.cluster[nth], self.company[company], date(year, 1, 1), last, commitment, source=SOURCE
                    )
                )
            since = date(max(one.founded, self.country.size.first_year), 1, 1)
            for index in sorted(self.chance.sample(range(23), self.chance.randint(3, 14))):
                new.append(
                    NewMember(
                        self.cluster[nth], self.institution[index], since, last, Commitment.DEDICATED, source=SOURCE
                    )
                )
        self.say(f"{len(new)} memberships")
        memberships.enrol_many(by=None, at=self.at, members=new)

    def write_deeds(self) -> None:
        deeds = self.country.deeds
        self.say(f"{len(deeds)} activities")
        new = [
            NewActivity(
                self.cluster[d.organisation], d.reference, ActivityKind(d.kind), d.title, d.starts_on, d.ends_on, country="DE" if d.abroad else "DK",
                place_id=None if d.abroad else self.place[self.country.organisations[d.organisation].municipality],
                international=d.abroad, attribution=Attribution(d.attribution), source=SOURCE,
            )
            for d in deeds
        ]  # fmt: skip
        ids = activities.hold_many(by=None, at=self.at, activities=new)
        strangers, academic = self._strangers(), self.academic
        parts = []
        for deed in deeds:
            pk, project = ids[(self.cluster[deed.organisation], deed.reference)], deed.kind == "project"
            role = PartRole.PARTNER if project else PartRole.PARTICIPANT
            hours = Decimal(self.chance.randrange(20, 300) if project else self.chance.randrange(2, 8))
            known = [self.company[c] for c in deed.companies] + [self.institution[i] for i in deed.institutions]
            if not project and self.chance.random() < 0.15:
                known.append(self.chance.choice(strangers))
            if deed.abroad:
                known += [*self.chance.sample(self.abroad, 2), self.chance.choice(self.learned_abroad)]
            if self.chance.random() < 0.06:
                known.append(self.chance.choice(self.seldom))
            if not project and self.chance.random() < 0.10:
                known.append(self.institution[23 + self.chance.randrange(20)])
            parts += [
                NewPart(pk, body, role, 1 + (body + pk) % 3 // 2, hours, source=SOURCE, units=_departments(pk, body) if body in academic else None)
                for body in known
            ]  # fmt: skip
        self.say(f"{len(parts)} participations")
        activities.take_part_many(by=None, at=self.at, parts=parts)
        seen = [
            NewOutcome(self.cluster[n], self.company[c], year, Step(str(step)), source=SOURCE)
            for n, c, year, step in self.country.outcomes
        ]
        idle = [
            NewOutcome(
                self.cluster[n],
                self.company[-1 - n],
                self.country.size.last_year,
                Step.IDEA,
                note="Skal findes: har ikke deltaget i noget",
                source=SOURCE,
            )
            for n in range(0, 4)
        ]
        self.say(f"{len(seen)} outcomes")
        outcomes.note_many(by=None, at=self.at, outcomes=[*seen, *idle])

    def _strangers(self) -> list[int]:
        """Participants without a number: names that somebody half remembered, waiting to be found out."""
        wrong = [
            NewBody(_spoiled(one.name, self.chance), source=SOURCE)
            for one in self.chance.sample(self.country.companies, max(8, len(self.company) // 200))
        ]
        abroad = [NewBody(f"Nordmaschinen {n} GmbH", country="DE", source=SOURCE) for n in range(4)]
        return bodies.register_many(by=None, at=self.at, bodies=[*wrong, *abroad])

    def running(self) -> list[int]:
        """Organisations that are no platforms and were there before the last year."""
        last = self.country.size.last_year
        return [
            n
            for n, one in enumerate(self.country.organisations)
            if one.closed is None and one.kind != "platform" and one.founded < last
        ]

    def write_quality(self) -> None:
        """Labels that rise over the years, and placements that follow them."""
        size = self.country.size
        running = self.running()
        best = sorted(running, key=lambda n: -self.country.organisations[n].size)
        golds = [(n, max(size.first_year + 1, 2012 + i // 2)) for i, n in enumerate(best[: max(2, len(best) // 5)])]
        others = [n for n in best if n not in dict(golds)]
        silvers = [(n, max(size.first_year + 1, 2013 + i // 2)) for i, n in enumerate(others[: len(others) // 6])]
        bronzes = [
            (n, max(size.first_year, 2011 + i // 8))
            for i, n in enumerate(others[len(others) // 6 : len(others) * 3 // 4])
        ]
        for label, months, holders in (("gold", 36, golds), ("silver", 24, silvers), ("bronze", 24, bronzes)):
            for n, year in holders:
                ends = _LOOKED_AT - 2 if n % 3 == 0 else _LOOKED_AT  # some have not renewed yet
                for begins in range(year, ends, months // 12):
                    since = date(begins, 1 + n % 12, 1)
                    until = date(begins + months // 12, 1 + n % 12, 1)
                    labels.note(
                        by=None,
                        at=self.at,
                        cluster=self.rows[n],
                        label=label,
                        issuer="European Secretariat for Cluster Analysis (demo)",
                        valid_from=since,
                        valid_to=until,
                    )


def build(*, size: str, seed: int, folder: Path, say: Say) -> None:
    """The whole country into the database that the settings name."""
    if size == "europe":
        build_europe(seed, folder, say)
        return
    at = datetime(2013, 1, 2, 8, tzinfo=UTC)
    say("places, industries, programme")
    take_in(folder=folder, at=at)
    towns = {area.code: area.name_da for area in areas(AreaKind.MUNICIPALITY, on=date_of(at))}
    builder = Builder(plan(size, seed, towns, EVENTS), seed, say)
    builder.write_bodies()
    builder.write_clusters()
    builder.write_members()
    builder.write_deeds()
    builder.write_quality()
    people = appoint(builder.country, [row.body_id for row in builder.rows], builder.institution, builder.company)
    hand_in(builder.country, builder.cluster, people, say)
    keep_books(builder.country, builder.rows, people, builder.running(), say)
    hand_in_reports(builder.rows, people, builder.running(), builder.country.size.last_year, say)
    assess(builder.rows, people, size=builder.country.size, running=builder.running(), say=say)
    certify(builder.rows, people, last_year=builder.country.size.last_year, running=builder.running(), say=say)
    survey(builder.rows, last_year=builder.country.size.last_year, say=say)
    say("meetings of the forum")
    last = builder.country.size.last_year + 1
    league_years.play(max(2013, builder.country.size.first_year), last)
    league_years.follow_up(last)
    think_of_mergers(builder.country, builder.rows, people, builder.running(), say)
    conduct(builder.country, people, seed=seed, say=say)
    tabulate(builder.country, people, seed=seed, say=say)
    lay_pages(builder.rows, people, builder.country.size.last_year, _LOOKED_AT, say)
    say("possible duplicates")
    bodies.look_for_candidates(by=None, at=builder.at)
    say("the finder's words")
    landscape.index_clusters()
    take_stock()
