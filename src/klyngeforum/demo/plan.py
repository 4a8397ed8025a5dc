"""The made-up country as plain values: the same seed gives the same country. Pure: no clock, no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import sqrt
from random import Random

from .vocabulary import BRANDS, ENDINGS, FORMS, PLACES, SUBJECTS, SURNAMES, Subject

# trades that are strong where they are and that no organisation gathers: division, municipality, the trade's word, how many companies
UNREACHED = (
    ("09", "0561", "Offshoreservice", 17),
    ("51", "0185", "Luftfart", 14),
    ("02", "0740", "Skovdrift", 12),
)
_BANDS = ((0, 0.22), (9, 0.34), (49, 0.30), (249, 0.11), (2000, 0.03))
_CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)


@dataclass(frozen=True, slots=True)
class Size:
    networks: int
    others: int
    companies: int
    first_year: int
    last_year: int


SIZES = {
    "small": Size(4, 6, 500, 2011, 2013),
    "denmark": Size(22, 30, 12_000, 2008, 2016),
}


@dataclass(slots=True)
class Company:
    name: str
    number: str
    division: str
    municipality: str
    employees: int
    protected: bool = False
    ceased_on: date | None = None


@dataclass(slots=True)
class Organisation:
    name: str
    number: str
    kind: str
    level: str
    subject: Subject
    municipality: str
    founded: int
    size: int
    purpose_da: str
    purpose_en: str
    growth: float
    closed: int | None = None
    members: dict[int, tuple[int, bool]] = field(default_factory=dict)  # company -> (year joined, dedicated)

    def runs(self, year: int) -> bool:
        return self.founded <= year and (self.closed is None or year < self.closed)


@dataclass(slots=True)
class Deed:
    """An activity with companies and knowledge institutions (indexes) that took part."""

    organisation: int
    reference: str
    kind: str
    title: str
    starts_on: date
    ends_on: date
    abroad: bool
    attribution: str
    companies: list[int]
    institutions: list[int]


@dataclass(slots=True)
class Country:
    size: Size
    companies: list[Company]
    organisations: list[Organisation]
    deeds: list[Deed]
    outcomes: list[tuple[int, int, int, int]]  # organisation, company, year, step
    unreached: list[Company] = field(default_factory=list)


def cvr_numbers(start: int = 9_800_000) -> Iterator[str]:
    """Numbers with a right check digit in a range that the register has not reached: they belong to nobody."""
    for stem in range(start, 9_999_999):
        digits = [int(c) for c in str(stem)]
        rest = sum(w * d for w, d in zip(_CVR_WEIGHTS, digits, strict=True)) % 11
        if rest != 1:
            yield f"{stem}{(11 - rest) % 11}"


def _names(chance: Random, towns: list[str]) -> Iterator[tuple[str, Subject]]:
    """Company names, none twice, each with the subject that its trade belongs to."""
    seen = set()
    while True:
        subject = chance.choice(SUBJECTS)
        trade, form = chance.choice(subject.trades), chance.choice(FORMS)
        stem = chance.choice(
            (f"{chance.choice(SURNAMES)} {trade}", f"{chance.choice(towns)} {trade}", f"{chance.choice(BRANDS)}{chance.choice(ENDINGS)} {trade}",
             f"{chance.choice(SURNAMES)} & {chance.choice(SURNAMES)} {trade}")
        )  # fmt: skip
        if stem not in seen:
            seen.add(stem)
            yield f"{stem} {form}", subject


def _unreached(chance: Random, numbers: Iterator[str]) -> list[Company]:
    """Companies that take part in nothing: the gaps in the map that a forum looks for."""
    made = []
    for division, town, trade, count in UNREACHED:
        for owner in chance.sample(SURNAMES, count):
            name = f"{owner} {trade} {chance.choice(FORMS)}"
            made.append(Company(name, next(numbers), division, town, chance.randint(20, 160)))
    return made


def _employees(chance: Random) -> int:
    draw, low = chance.random(), 0
    for high, weight in _BANDS:
        if draw < weight:
            return chance.randint(low, high)
        draw, low = draw - weight, high + 1
    return 12


def _companies(chance: Random, count: int, towns: dict[str, str], numbers: Iterator[str]) -> list[Company]:
    codes = sorted(towns)
    weights = [
        12 if code in ("0101", "0751") else 6 if code in ("0851", "0461", "0621", "0630", "0657") else 1.6
        for code in codes
    ]
    names = _names(chance, sorted(towns.values()))
    made = []
    for _ in range(count):
        name, subject = next(names)
        company = Company(
            name,
            next(numbers),
            chance.choice(subject.industries),
            chance.choices(codes, weights)[0],
            _employees(chance),
        )
        company.protected = chance.random() < 0.06
        made.append(company)
    return made


def _organisation(
    chance: Random, nth: int, network: bool, codes: list[str], numbers: Iterator[str], first: int
) -> Organisation:
    subject = SUBJECTS[nth % len(SUBJECTS)] if network else SUBJECTS[(nth * 7 + 3) % len(SUBJECTS)]
    place, beginnings = PLACES[nth % len(PLACES)]
    if not network:
        codes = [code for code in codes if code.startswith(beginnings)]
    name = (
        f"Innovationsnetværket {subject.da}"
        if network
        else f"{subject.da} {place}"
        if nth % 2
        else f"{place}klyngen for {subject.da}"
    )
    kind = "innovation_network" if network else chance.choice(("cluster", "cluster", "cluster", "network", "emerging"))
    level = "national" if network else chance.choice(("regional", "regional", "local"))
    size = chance.randint(230, 420) if network else chance.randint(40, 210)
    joined_da = (
        "virksomheder, universiteter og GTS-institutter i hele landet"
        if network
        else "virksomheder og videninstitutioner i landsdelen"
    )
    joined_en = (
        "companies, universities and GTS institutes all over the country"
        if network
        else "companies and knowledge institutions nearby"
    )
    return Organisation(
        name=name, number=next(numbers), kind=kind, level=level, subject=subject, municipality=chance.choice(codes),
        founded=first - chance.randint(0, 6) if network or nth % 3 else first + chance.randint(0, 4), size=size,
        purpose_da=f"{name} samler {joined_da} om {subject.about_da}. Vi finder partnere, sætter projekter i gang og spreder ny viden.",
        purpose_en=f"{name} brings together {joined_en} around {subject.about_en}. We find partners, start projects and spread new knowledge.",
        growth=chance.uniform(1.0, 1.09),
    )  # fmt: skip


def _organisations(chance: Random, size: Size, codes: list[str], numbers: Iterator[str]) -> list[Organisation]:
    made = [_organisation(chance, n, True, codes, numbers, size.first_year) for n in range(size.networks)]
    made += [_organisation(chance, n, False, codes, numbers, size.first_year) for n in range(size.others)]
    platform = _organisation(chance, 24, False, codes, numbers, size.first_year)
    platform.name, platform.kind = "Højteknologisk platform for Sensorer", "platform"
    merged = _organisation(chance, 8, True, codes, numbers, size.last_year - 1)
    merged.name, merged.founded, merged.size = "Materialeforum Danmark", size.last_year - 1, 420
    return [*made, platform, merged]


def merging(organisations: list[Organisation]) -> tuple[list[int], int]:
    """Which three organisations (aluminium, plastics, steel) go into the last one."""
    into = len(organisations) - 1
    wanted = ("Aluminium", "Plast", "Stål")
    found = [
        next(
            (n for n, one in enumerate(organisations[:into]) if one.subject.da == name and one.kind != "platform"), None
        )
        for name in wanted
    ]
    return [one for one in found if one is not None], into


def _enrol(chance: Random, country: Country) -> None:
    """Companies join over the years, mostly those of the trade, some from elsewhere; a fifth to a third are dedicated."""
    by_division: dict[str, list[int]] = {}
    for index, company in enumerate(country.companies):
        by_division.setdefault(company.division, []).append(index)
    for one in country.organisations:
        near = [index for division in one.subject.industries for index in by_division.get(division, [])]
        last = (one.closed or country.size.last_year + 1) - 1
        for year in range(max(one.founded, country.size.first_year), last + 1):
            goal = int(
                one.size
                * (0.62 + 0.06 * (year - country.size.first_year))
                * one.growth ** (year - country.size.first_year)
            )
            while len(one.members) < min(goal, len(near)):
                chosen = chance.choice(near) if chance.random() < 0.85 else chance.randrange(len(country.companies))
                one.members.setdefault(chosen, (year, chance.random() < 0.24))


def _day(chance: Random, year: int) -> date:
    return date(year, 1, 8) + timedelta(days=chance.randrange(340))


def _events(
    chance: Random, country: Country, nth: int, year: int, here: list[int], events: tuple[tuple[str, str], ...]
) -> Iterator[Deed]:
    one = country.organisations[nth]
    count = max(4, int(sqrt(len(here)) * 0.75))
    for event in range(count):
        kind, title = events[(event + nth) % len(events)]
        day = _day(chance, year)
        words = title.format(about=chance.choice(one.subject.about_da.replace(" og ", ", ").split(", ")), name=one.name)
        guests = chance.sample(here, min(len(here), max(6, int(len(here) * chance.uniform(0.06, 0.16)))))
        institutions = chance.sample(range(17), chance.randint(0, 4))
        yield Deed(
            nth,
            f"{year}-A{event + 1:02}",
            kind,
            words,
            day,
            day,
            kind == "international",
            "initiated",
            guests,
            institutions,
        )


def _projects(chance: Random, country: Country, nth: int, year: int, here: list[int]) -> Iterator[Deed]:
    one = country.organisations[nth]
    count = max(1, int(len(here) / 38 * (1 + 0.05 * (year - country.size.first_year))))
    for project in range(count):
        starts = _day(chance, year)
        ends = starts + timedelta(days=chance.choice((180, 365, 540, 730)))
        about = chance.choice(one.subject.about_da.replace(" og ", ", ").split(", "))
        partners = chance.sample(here, min(len(here), chance.randint(3, 8)))
        institutions = chance.sample(range(17), chance.randint(0, 2) if project % 9 == 8 else chance.randint(1, 3))
        attribution = chance.choices(("initiated", "facilitated", "other"), (6, 3, 1))[0]
        yield Deed(
            nth,
            f"{year}-P{project + 1:02}",
            "project",
            f"Projekt om {about} {year}-{project + 1}",
            starts,
            ends,
            False,
            attribution,
            partners,
            institutions,
        )


def _happen(chance: Random, country: Country, events: tuple[tuple[str, str], ...]) -> None:
    steps = (0.14, 0.11, 0.045)
    for year in range(country.size.first_year, country.size.last_year + 1):
        for nth, one in enumerate(country.organisations):
            if not one.runs(year) or one.kind == "platform":
                continue
            here = sorted(company for company, (joined, _) in one.members.items() if joined <= year)
            if len(here) < 4:
                continue
            deeds = [*_events(chance, country, nth, year, here, events), *_projects(chance, country, nth, year, here)]
            country.deeds += deeds
            active = sorted({company for deed in deeds for company in deed.companies})
            for company in active:
                draw, total = chance.random(), 0.0
                for step, likely in enumerate(steps, start=1):
                    total += likely * (1 + 0.09 * (year - country.size.first_year))
                    if draw < total:
                        country.outcomes.append((nth, company, year, step))
                        break


def plan(size: str, seed: int, towns: dict[str, str], events: tuple[tuple[str, str], ...]) -> Country:
    """The whole country: companies, organisations, who joined when, what was done, what came of it."""
    chance, wanted, numbers = Random(seed), SIZES[size], cvr_numbers()
    codes = sorted(towns)
    companies = _companies(chance, wanted.companies, towns, numbers)
    country = Country(wanted, companies, _organisations(chance, wanted, codes, numbers), [], [])
    for nth in merging(country.organisations)[0]:
        country.organisations[nth].closed = wanted.last_year - 1
    _enrol(chance, country)
    merged, into = merging(country.organisations)
    for nth in merged:
        for company, (_, dedicated) in country.organisations[nth].members.items():
            country.organisations[into].members.setdefault(company, (wanted.last_year - 1, dedicated))
    _happen(chance, country, events)
    for gone in chance.sample(companies, max(3, len(companies) // 150)):
        gone.ceased_on = date(wanted.last_year - 1, chance.randint(1, 12), 28)
    country.unreached = _unreached(Random(seed + 31), numbers)
    return country
