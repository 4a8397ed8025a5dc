"""The analysis library's sentences, marked for translation: why a study, or a part of it, could not be answered. Pure.

The library speaks English and knows no house; a result keeps its words as they came. Here each of its sentences stands once, with named
places, so that a page can say it in the reader's language (`web/components/refusals.py`). ``tests/test_refusals.py`` reads the library's
source and names every sentence that is missing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from klyngeforum.ground.words import mark

APART = " · "  # between what, where, why and mend
# verdicts that carry the library's words, or Python's own, as their ``why``
UNREADABLE = mark("The file cannot be read: %(why)s")
NOT_UNDERSTOOD = mark("The part [effects] is not understood: %(why)s")
UNANSWERED = mark("The study cannot be answered: %(why)s")
NO_TOML = mark("The protocol cannot be read as TOML: %(why)s.")
NO_JSON = mark("The file cannot be read as JSON: %(why)s.")
NO_ANSWER = mark("The answer is not put together as a study's is (%(why)s).")
CARRYING = frozenset((UNREADABLE, NOT_UNDERSTOOD, UNANSWERED, NO_TOML, NO_JSON, NO_ANSWER))

WHAT = (
    mark("no file %(path)s"),
    mark("%(path)s cannot be read"),
    mark("memory %(value)s"),
    mark("cannot read a %(kind)s"),
    mark("unknown field %(keys)s"),
    mark("%(key)s is %(value)s"),
    mark("anticipation is %(value)s"),
    mark("level is %(value)s"),
    mark("trim is %(value)s"),
    mark("draws is %(value)s"),
    mark("%(key)s %(value)s is not known"),
    mark("by = %(value)s"),
    mark("the methods are not understood: %(foreign)s"),
    mark("the declared study cannot be read"),
    mark("the panel has no column %(columns)s"),
    mark("this is no bundle of a study"),
    mark("the bundle is of format %(value)s"),
    mark("the list of participants has other columns"),
    mark("changed in the bundle since it was made: %(keys)s"),
    mark("no rows"),
    mark("no outcomes"),
    mark("no participants"),
    mark("nobody takes part"),
    mark("no groups"),
    mark("no organisations"),
    mark("no covariates"),
    mark("no companies left"),
    mark("no column %(columns)s"),
    mark("no column for the first participation"),
    mark("no first participation"),
    mark("empty company or year"),
    mark("infinite values"),
    mark("a company twice in a year"),
    mark("a company stands twice in a cell"),
    mark("a column %(column)s is there already"),
    mark("an exact column named %(column)s"),
    mark("column %(columns)s is named twice"),
    mark("column %(column)s has two parts to play"),
    mark("column %(column)s is wholly empty"),
    mark("column %(column)s is %(kind)s"),
    mark("%(column)s varies within a company"),
    mark("%(column)s cannot be a column's name here"),
    mark("%(key)s names %(columns)s"),
    mark("%(n)s years"),
    mark("%(n)s groups"),
    mark("%(n)s clusters"),
    mark("%(n)s companies without a value"),
    mark("%(n)s rows have no company"),
    mark("no year before participation"),
    mark("no year after participation"),
    mark("no event time after participation"),
    mark("no observation %(n)s years from participation"),
    mark("no year of entry has the years around it"),
    mark("participation begins in %(n)s years"),
    mark("participation does not vary beyond companies and years"),
    mark("no company is observed in every year"),
    mark("no effect can be estimated"),
    mark("no specification can be estimated"),
    mark("no specifications, or two of one name"),
    mark("no organisation can be estimated alone"),
    mark("an organisation without a standard error"),
    mark("no matched company is in the panel"),
    mark("no matched company that takes part is in the panel"),
    mark("no outcome %(outcome)s"),
    mark("outcome %(outcome)s is no number"),
    mark("the level without participation is %(number)s"),
    mark("aggregation %(value)s"),
    mark("an aggregate of kind %(value)s"),
    mark("form %(value)s"),
    mark("controls are %(value)s"),
    mark("restriction %(value)s"),
    mark("way %(value)s with %(key)s"),
    mark("power %(number)s, alpha %(other)s"),
    mark("p-values outside 0 to 1"),
    mark("M below 0 or none"),
    mark("%(n)s years earlier"),
    mark("companies are joined into cells"),
    mark("event times with gaps, or without one base year"),
    mark("too few years"),
    mark("no spread %(years)s years before participation"),
    mark("no spread at all years before participation"),
    mark("%(n)s weights for %(years)s years after"),
    mark("nothing to match on"),
    mark("nobody can be matched"),
    mark("no cell holds both treated and controls"),
    mark("no treated company"),
    mark("no control company"),
    mark("no treated row is complete"),
    mark("no control row is complete"),
    mark("no weights of the controls balance the covariates"),
    mark("treated and controls can be told apart completely"),
    mark("treated column %(column)s holds %(value)s"),
    mark("ties 'all' needs replacement"),
    mark("%(value)s bins for %(covariate)s"),
    mark("bins for %(covariate)s, which is no covariate"),
    mark("too many bins"),
    mark("a covariate does not vary within the arms"),
    mark("the covariates determine one another"),
    mark("covariates %(covariates)s determine one another"),
    mark("covariate %(covariate)s is the same for everybody"),
    mark("covariate %(covariate)s is neither number nor text"),
    mark("covariate %(covariate)s has more than %(n)s values"),
)

WHERE = (
    mark("effects"),
    mark("design"),
    mark("design, cluster"),
    mark("panel schema"),
    mark("participants.csv"),
    mark("protocol, [%(key)s]"),
    mark("table %(table)s"),
    mark("candidates"),
    mark("candidates, %(kind)s"),
    mark("candidates.%(key)s"),
    mark("panel.%(key)s"),
    mark("outcome %(outcome)s"),
    mark("column %(column)s"),
    mark("column %(column)s, companies %(numbers)s"),
    mark("columns %(columns)s, first %(numbers)s"),
    mark("%(company)s (%(n)s rows)"),
    mark("first participation"),
    mark("pre-trend test"),
    mark("specification curve"),
    mark("sensitivity"),
    mark("false date"),
    mark("false group"),
    mark("wild bootstrap"),
    mark("adjustment"),
    mark("power"),
    mark("span"),
    mark("shrinkage"),
    mark("the groups"),
    mark("one organisation alone"),
    mark("%(number)s combinations"),
    mark("furthest off: %(covariate)s"),
    mark("furthest off: the square of a covariate"),
    mark("covariate %(covariate)s most of all"),
)

WHY = (
    mark("it has %(columns)s"),
    mark("all took part from the first year"),
    mark("no company never took part"),
    mark("no cohort has a year before participation"),
    mark("a match has no year of its own"),
    mark("other organisations' participants would be its controls"),
    mark("a per cent of nothing or less says nothing"),
    mark("estimated at %(years)s"),
    mark("nobody's outcome differs there, so no drift is measured to compare with"),
    mark("entries must lie in %(first)s–%(last)s"),
    mark("the panel has %(n)s years, and an entry needs %(before)s before it and %(after)s after it"),
    mark("the treated's means lie beyond what the controls of their cells reach"),
    mark("it must be plain letters, digits and _ and no word of SQL, to mean the same on every engine"),
    mark("the answer has a column of that name"),
    mark("their covariance has no inverse"),
    mark("no propensity exists between 0 and 1"),
    mark("the propensity cannot tell them apart"),
    mark("it says who is treated"),
    mark("not among the outcomes"),
    # why nothing was left to compare a year with
    mark("no_rows"),
    mark("overlap"),
    mark("no_control_alike"),
    # why companies had no match, and how many
    mark("missing_value %(n)s"),
    mark("score_above_limit %(n)s"),
    mark("outside_support %(n)s"),
    mark("no_control_in_cell %(n)s"),
    mark("no_control_in_support %(n)s"),
    mark("no_control_in_stratum %(n)s"),
    mark("outside_caliper %(n)s"),
    mark("outside_bandwidth %(n)s"),
    mark("controls_used_up %(n)s"),
)

MEND = (
    mark("one of %(keys)s"),
    mark("known fields: %(keys)s"),
    mark("'relative' or 'smooth'"),
    mark("give 0 or more years"),
    mark("give 1 or more"),
    mark("give a share between 0 and 1, such as 0.95"),
    mark("give a share above 0 and at most 1"),
    mark("give at least 1000"),
    mark("give numbers from 0"),
    mark("give a number"),
    mark("give a number or a text"),
    mark('write a list of names, such as ["industry"]'),
    mark("write a text in quotation marks"),
    mark("write true or false"),
    mark("write a number for each column, such as {age = 5}"),
    mark("write its settings below a line [effects.%(key)s]"),
    mark("write each below a line [[effects.specifications]]"),
    mark("give numbers, or name it in `codes`"),
    mark("give a whole number from %(n)s"),
    mark("give a whole number from 1, or cut points"),
    mark("give above 0"),
    mark("give above 0, or none"),
    mark("give a propensity above 0 up to 1, or none"),
    mark("give 1 or 2"),
    mark("give between 0 and 1"),
    mark("give 0 < alpha < power < 1"),
    mark("give one number between 0 and 1 for each test"),
    mark("give one weight a year"),
    mark("give fewer bins or covariates"),
    mark("give 2 to %(n)s years of observation"),
    mark("give two years or more before the first cohort"),
    mark("give two years before participation and one after"),
    mark("give years after participation"),
    mark("give years after the first participation"),
    mark("give the year of first participation"),
    mark("give companies that start in the years observed"),
    mark("give companies that never took part"),
    mark("give a panel with companies and years"),
    mark("give the path of a Parquet or CSV file"),
    mark("give Parquet, or CSV in UTF-8 with a header line"),
    mark("give a dataframe, an Arrow table or a mapping of columns"),
    mark("give company, weight and, where participation begins in several years, start"),
    mark("give aggregate(result, 'dynamic')"),
    mark("give 1 for treated and 0 for control in every row"),
    mark("give every row its company"),
    mark("give each field its own column"),
    mark("both treated (1) and control (0) rows are needed"),
    mark("let the span reach 0 or later"),
    mark("base one of %(years)s"),
    mark("one row for each company and year, with these columns"),
    mark("the columns are %(columns)s"),
    mark("name at least one outcome"),
    mark("name only outcomes: %(columns)s"),
    mark("name only outcomes: none declared"),
    mark("name the column with the first year of participation"),
    mark("name the columns as they stand in the table"),
    mark("name the group's column as `cluster`"),
    mark("name the organisation's column as `cluster`"),
    mark("name a column of at most %(n)s groups"),
    mark('name up to %(n)s columns, such as by = ["organisation", "region"]'),
    mark("name exact columns, covariates or both"),
    mark("name covariates, or use method 'coarsened' to match on the exact cells alone"),
    mark("name it among the covariates"),
    mark("name it once among company, treated, exact, covariates"),
    mark("declare each once by a name"),
    mark("write it as 512MB or 4GB"),
    mark("write one value in every row of the company (see panel.check)"),
    mark("fill the keys or drop the rows (see panel.check)"),
    mark("fill the missing values, or leave their columns out"),
    mark("fill the covariate, leave these companies out, or choose another year `at`"),
    mark("replace infinity by null (see panel.check)"),
    mark("keep one row a company and year, or sum them before"),
    mark("keep one row a company and cell, or make the year an exact column"),
    mark("add a column `start` with the year each row is aligned to"),
    mark("gather with design covariates, one row a company"),
    mark("draw them together"),
    mark("shorten the period"),
    mark("take a smaller lag, span or horizon"),
    mark("rename it"),
    mark("rename the column"),
    mark("rename the column to letters, digits and _"),
    mark("leave it out"),
    mark("leave it out, or fill it"),
    mark("leave it out, or make it an exact column"),
    mark("make it an exact column, or group it"),
    mark("leave one of them out"),
    mark("leave the outcome out of it; survival is such a one, where only companies that are alive take part"),
    mark("use the panel's company numbers"),
    mark("use controls = 'never'"),
    mark("use controls = 'not_yet', fewer covariates or a longer panel"),
    mark("use base = 'universal', anticipation = 0, and a span without gaps"),
    mark("use log points of a logarithm, or percentage points"),
    mark("use ties 'first', or allow replacement"),
    mark("use fewer or wider exact columns"),
    mark("use fewer or wider exact columns, a wider caliper or coarser bins"),
    mark("use fewer covariates, moments 1, or wider cells"),
    mark("use the klyngeanalyse of its day"),
    mark("ask for the bundle again"),
)

SENTENCES = (*WHAT, *WHERE, *WHY, *MEND)
# said of one; the library writes its plural
ONE = {
    "%(n)s clusters": mark("%(n)s cluster"),
    "%(n)s companies without a value": mark("%(n)s company without a value"),
    "%(n)s rows have no company": mark("%(n)s row has no company"),
    "%(n)s weights for %(years)s years after": mark("%(n)s weight for %(years)s years after"),
}

_QUOTED = r"'[^']*'|\"[^\"]*\""
# what may stand in a place; anything where nothing is said
PLACES = {
    "n": r"-?\d+", "before": r"\d+", "after": r"\d+", "first": r"-?\d+", "last": r"-?\d+", "number": r"[-+.\w]+", "other": r"[-+.\w]+", "company": r"\S+",
    "key": r"[A-Za-z_]\w*", "value": rf"{_QUOTED}|\[.*\]|\{{.*\}}|\(.*\)|\S+", "years": r"\[[-\d, ]*\]|[-\d]+(?:, [-\d]+)*",
}  # fmt: skip
PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of the library's sentences and what stands in its places; ``marked`` is empty where nobody knows it."""

    text: str
    marked: str = ""
    places: tuple[tuple[str, str], ...] = ()


def pattern_of(marked: str, admits: str = "") -> re.Pattern[str]:
    """What a sentence looks like with its places filled; ``admits``: what each place may hold besides."""
    parts, last = [], 0
    for found in PLACE.finditer(marked):
        held = PLACES.get(found[1], ".+")
        parts += [re.escape(marked[last : found.start()]), f"(?P<{found[1]}>{held}{'|' + admits if admits else ''})"]
        last = found.end()
    return re.compile("".join((*parts, re.escape(marked[last:]))))


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Those that say most themselves first."""
    return tuple((one, pattern_of(one)) for one in sorted(SENTENCES, key=lambda one: -len(PLACE.sub("", one))))


def _known(text: str) -> Sentence | None:
    for marked, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return Sentence(text, marked, tuple(found.groupdict().items()))
    return None


def _sentences(part: str) -> Iterator[Sentence]:
    """One part: a sentence, or several apart by commas, all of them known; else the part as it is."""
    if whole := _known(part):
        yield whole
        return
    several = [_known(one) for one in part.split(", ")]
    known = [one for one in several if one]
    yield from known if len(known) == len(several) else [Sentence(part)]


def parts_of(text: str) -> list[tuple[Sentence, ...]]:
    """What the library said, part by part (what, where, why, mend): of each part its sentences."""
    return [tuple(_sentences(part)) for part in text.split(APART) if part]
