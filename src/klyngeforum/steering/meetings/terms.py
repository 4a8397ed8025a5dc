"""What is laid before a meeting: tables of words, as they were said on the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from klyngeforum.ground.words import Term, mark

FORM = 2  # of an exhibit: 1 kept words alone, 2 keeps also what the page had drawn


class Kind(Term):
    """What was looked at when it was laid before a meeting."""

    SCENARIO = "scenario", mark("Scenario of a merger")
    STUDY = "study", mark("Effect study")
    COVERAGE = "coverage", mark("Coverage")
    PAIR = "pair", mark("Two organisations side by side")
    OVERLAP = "overlap", mark("Between organisations")
    ORGANISATION = "organisation", mark("An organisation in the landscape")
    STRENGTHS = "strengths", mark("A region's strengths")
    STRATEGIES = "strategies", mark("The regions' strategies side by side")
    TARGETS = "targets", mark("The targets")


class Part(Term):
    """The tables of what is laid before a meeting, in their order."""

    SAID = "said", mark("In words")
    STATE = "state", mark("How it stands")
    STANDS = "stands", mark("Before and after")
    MARKS = "marks", mark("Against the marks")
    FIELDS = "fields", mark("Gaps closed")
    ACCOUNTS = "accounts", mark("The accounts as if merged")
    QUALITY = "quality", mark("What is measured of quality")
    ANSWERS = "answers", mark("What came out")
    GROUPS = "groups", mark("By groups of companies")
    AGAINST = "against", mark("What speaks against it")
    REVIEWS = "reviews", mark("Reviews")
    BEFOREHAND = "beforehand", mark("Decided beforehand")
    STRENGTHS = "strengths", mark("Strengths")
    OPENINGS = "openings", mark("Openings: related and not yet there")
    PRIORITIES = "priorities", mark("Priorities")
    PAIRS = "pairs", mark("Organisations two by two")
    INDUSTRIES = "industries", mark("Industries that both have")
    UNCOVERED = "uncovered", mark("Strong fields that nobody covers, or with too few companies to tell")
    REGIONS = "regions", mark("Region by region")
    RESTS = "rests", mark("What it rests on")


class Shape(Term):
    """How what is drawn of a page is drawn."""

    MATRIX = "matrix", mark("Everybody with everybody")
    INTERVALS = "intervals", mark("Estimates side by side, each with its interval")
    FOREST = "forest", mark("Groups under one another, each with its interval")
    CURVE = "curve", mark("Specifications side by side, each with its interval")
    BALANCE = "balance", mark("How far apart, before and after")


class Sign(Term):
    """What a spot of a picture is marked with."""

    PLAIN = "plain", mark("Nothing")
    HOLLOW = "hollow", mark("Drawn hollow")
    OVERLAP = "overlap", mark("Overlap")
    PARALLEL = "parallel", mark("Parallel structures")


@dataclass(frozen=True, slots=True)
class Spot:
    """One number that a picture was drawn from. Of a matrix: the share of a row and a column, None where it is of too few. Of intervals: the
    estimate of a row. Of a forest: column 0 a group's own answer, 1 the shrunk one, 2 (once) what the groups have in common. Of a curve: the
    estimate of a specification. Of a balance: column 0 how far apart before matching, 1 after it, where that is known."""

    row: int
    column: int
    value: float | None
    low: float | None = None
    high: float | None = None
    sign: Sign = Sign.PLAIN


@dataclass(frozen=True, slots=True)
class Picture:
    """What a page had drawn, as the numbers that it was drawn from; words in both languages (da, en). ``key``: the unit of the numbers, or
    what a cell of too few says; ``names``: of the rows, which are the columns of a matrix as well."""

    part: Part
    shape: Shape
    label: tuple[str, str]
    key: tuple[str, str]
    names: tuple[tuple[str, str], ...]
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One cell of a table in both languages; row 0 holds the headings, column 0 what the row is of."""

    part: Part
    row: int
    column: int
    da: str
    en: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it was seen: what it is called in both languages, where it stands, of which day it tells, and what it says."""

    kind: Kind
    address: str
    da: str
    en: str
    as_of: date
    cells: tuple[Said, ...]
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was said in one language."""

    part: Part
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
