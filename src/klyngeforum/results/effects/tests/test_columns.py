"""How columns of text are read: by what all their values say together, never by a guess."""

from __future__ import annotations

import re

import pytest

from klyngeforum.results.effects.columns import (
    FIRST,
    NOTHING,
    THEN,
    UNASKED,
    Counts,
    Way,
    askable,
    closer,
    few,
    reading_of,
)

MANY = ["7", "12", "980"]


def counted(values: list[str]) -> Counts:
    def fitting(pattern: str) -> int:
        inline = re.sub(r"\(\?i:([^)]*)\)", r"(?:\1)", pattern)
        flags = re.IGNORECASE if inline != pattern else 0
        return sum(bool(re.fullmatch(inline, one, flags)) for one in values)

    nothing = sum(one in NOTHING for one in values)
    found = {key: fitting(pattern) for key, pattern in FIRST.items()}
    first = Counts(rows=len(values), filled=len(values), nothing=nothing, **found)
    return first if not closer(first) else Counts(rows=len(values), filled=len(values), nothing=nothing, **found, **{key: fitting(pattern) for key, pattern in THEN.items()})  # fmt: skip


def reading(values: list[str], name: str = "fte"):
    return reading_of(name, counted(values), 5)


@pytest.mark.parametrize(
    ("values", "way"),
    [
        (["7", "-12", "+3"], Way.WHOLE),
        (["7", ".", "NA"], Way.WHOLE),
        (["12,5", "7"], Way.COMMA),
        (["12,5", "0,500", "1.500,25", "1.500"], Way.COMMA),
        (["1,500", "12,5", "0,125"], Way.COMMA),  # three decimals do occur
        (["1.500.000", "2.500"], Way.COMMA),
        (["50.5", "7"], Way.POINT),
        (["1.500", "50.5", "1234.567"], Way.POINT),  # three decimals do occur
        (["2.125", "1.5e-05", "3"], Way.POINT),
        (["1,500.25", "1,500", "1.5"], Way.POINT),
        (["ja", "Nej", "NULL"], Way.TRUTH),
        (["Sø", "Land"], Way.TEXT),
        (["2012.01.31", "2012.02.28"], Way.TEXT),
        (["0112", "2612"], Way.TEXT),
        (["1" * 30, "7"], Way.TEXT),
        ([], Way.TEXT),
    ],
)
def test_the_whole_column_says_how_it_is_read(values, way):
    found = reading(values)
    assert (found.way, found.problem) == (way, None)


@pytest.mark.parametrize(
    "values",
    [
        ["1.500", "50.5"],  # as the regional tables refuse it
        ["1,500", "50,5"],
        ["1.500", "900"],
        ["1,500", "900"],
        ["12,5", "50.5"],
        ["1.500,5", "50.5"],
    ],
)
def test_a_value_that_could_be_two_numbers_is_refused_with_its_column(values):
    found = reading(values)
    assert found.problem is not None and "“fte”" in found.problem.words() and "1500 and 50.5" in found.problem.words()


def test_codes_keep_their_zeros_and_are_text_by_their_name():
    assert "leading zeros" in reading(["0112", "2612"], "what").remarks[0].words()
    for name in ("region", "industry", "Branche_kode", "db07", "size_code"):
        assert reading(["1083", "1084"], name).way is Way.TEXT, name
    assert reading(["01.11", "26.12"], "industry").way is Way.TEXT
    assert reading(["1083", "1084"], "regional_sales").way is Way.WHOLE


def test_a_few_values_that_are_no_numbers_are_told_as_few():
    (remark,) = reading([*MANY, "ukendt"]).remarks
    assert "1–4 values are no numbers" in remark.words() and "ukendt" not in remark.words()
    (remark,) = reading([*MANY * 4, *["ukendt"] * 5]).remarks
    assert "5 values are no numbers" in remark.words()
    assert reading(["Sø", "Land", "7"]).remarks == ()  # mostly words: nobody meant numbers


def test_few_are_told_only_as_few():
    assert [few(n, 5) for n in (0, 1, 4, 5, 6)] == [0, "1–4", "1–4", 5, 6]


@pytest.mark.parametrize(
    ("name", "better"),
    [("omsætning", "omsaetning"), ("Antal årsværk (fte)", "Antal_aarsvaerk_fte"), ("2012", "x_2012"), ("%", "column")],
)
def test_a_name_that_no_protocol_can_hold_is_told_with_a_better_one(name, better):
    found = askable(name)
    assert found and found.reason == UNASKED and found.values == {"better": better} and askable(better) is None


@pytest.mark.parametrize("name", ["fte", "Exports_2", "_x"])
def test_of_other_names_nothing_is_said(name):
    assert askable(name) is None
