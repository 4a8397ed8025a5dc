"""When something may be laid before a meeting and taken back, and reading again what was laid."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from klyngeforum.steering.meetings.rules import may_lay, may_lay_page, may_take_back, tables
from klyngeforum.steering.meetings.terms import Part, Said, Table

DAY = date(2016, 3, 12)


@pytest.mark.parametrize(("after", "withdrawn", "laid", "cells"), list(product((-30, 0, 1), (False, True), (False, True), (0, 4))))  # fmt: skip
def test_only_what_stands_once_and_until_the_day_itself(after, withdrawn, laid, cells):
    verdict = may_lay(held_on=DAY, today=DAY + timedelta(days=after), withdrawn=withdrawn, laid=laid, cells=cells)
    assert bool(verdict) == (after <= 0 and not withdrawn and not laid and cells > 0)


@pytest.mark.parametrize(("after", "laid", "cells", "long"), list(product((-30, 0, 1), (False, True), (0, 4), (0, 1, 300, 301))))  # fmt: skip
def test_a_page_is_laid_once_until_the_day_itself_where_it_says_something(after, laid, cells, long):
    verdict = may_lay_page(held_on=DAY, today=DAY + timedelta(days=after), laid=laid, cells=cells, address="x" * long)
    assert bool(verdict) == (after <= 0 and not laid and cells > 0 and 0 < long <= 300)
    assert not verdict or not verdict.reason


@pytest.mark.parametrize(("after", "taken_back"), list(product((-400, -1, 0, 1, 400), (False, True))))
def test_an_exhibit_is_taken_back_once_and_until_the_day_itself(after, taken_back):
    verdict = may_take_back(held_on=DAY, today=DAY + timedelta(days=after), taken_back=taken_back)
    assert bool(verdict) == (after <= 0 and not taken_back)
    assert "already" in verdict.reason if taken_back else ("held" in verdict.reason) == (after > 0)


def test_tables_come_back_in_both_languages_in_the_order_of_the_parts():
    said = [
        Said(Part.QUALITY, 0, 0, "Hvad", "What"), Said(Part.STANDS, 1, 1, "1.234", "1,234"), Said(Part.STANDS, 0, 0, "Hvad", "What"),
        Said(Part.STANDS, 1, 0, "Deltagere", "Participants"), Said(Part.STANDS, 0, 1, "Samlet", "As one"),
    ]  # fmt: skip
    assert tables(said, "da") == [
        Table(Part.STANDS, ("Hvad", "Samlet"), (("Deltagere", "1.234"),)), Table(Part.QUALITY, ("Hvad",), ()),
    ]  # fmt: skip
    assert tables(said, "en")[0].rows == (("Participants", "1,234"),)
    assert tables([Said(Part.MARKS, 0, 0, "a", "a"), Said(Part.MARKS, 1, 1, "b", "b")], "da")[0].rows == (("", "b"),)
    assert tables([], "da") == []
