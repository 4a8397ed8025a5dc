"""A participant list as people paste it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from klyngeforum.records.intake.rules import MOST_LINES, pasted


def test_from_a_spreadsheet_a_mail_and_a_sign_in_sheet():
    found = pasted(
        "Danfoss A/S\t20165715\t2\t14\nVestas Wind Systems A/S; CVR 10 40 37 82; 3 pers.; 7,5 timer\n  Jens Hansens Smedje 09:15  \n\n---\n"
    )
    assert [(one.name, one.number, one.persons, one.hours) for one in found] == [
        ("Danfoss A/S", "20165715", 2, Decimal(14)),
        ("Vestas Wind Systems A/S", "10403782", 3, Decimal("7.5")),
        ("Jens Hansens Smedje", "", 1, Decimal(0)),
    ]


def test_the_same_twice_is_one_with_the_larger_figures():
    assert [(one.name, one.persons) for one in pasted("Novo; 2 pers.\nnovo; 5 pers.")] == [("Novo", 5)]


@given(some.text(max_size=4000))
def test_anything_can_be_pasted(text):
    found = pasted(text)
    assert len(found) <= MOST_LINES
    assert all(one.name and len(one.name) <= 200 and one.persons >= 0 and one.hours >= 0 for one in found)
