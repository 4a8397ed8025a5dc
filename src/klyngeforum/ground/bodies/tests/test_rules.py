from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeforum.ground.bodies.rules import check_number, guessed_kind, name_key, normal_number, size_band
from klyngeforum.ground.bodies.terms import BodyKind, KnowledgeKind, Scheme, SizeBand

SAME = [
    ("Århus Plast A/S", "AARHUS PLAST"),
    ("Smed & Søn ApS", "smed og soen"),
    ("Ærø Færger I/S", "aeroe faerger"),
    ("Café Noël", "cafe noel"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_name_have_one_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Nordtek A/S", "Nordtek Holding Vest A/S"), ("Dansk Plast", "Dansk Plads")]
)
def test_two_names_have_two_keys(one, other):
    assert name_key(one) != name_key(other)


@given(st.text(max_size=300))
def test_a_key_of_a_key_is_the_key_and_never_too_long(text):
    key = name_key(text)
    assert len(key) <= 200 and key == key.lower()
    assert name_key(text) == key


@pytest.mark.parametrize("text", ["26507138", "26 50 71 38", "DK26507138", "26-50-71-38"])
def test_a_cvr_number_is_read_as_people_write_it(text):
    assert check_number(Scheme.CVR, normal_number(Scheme.CVR, text))


@pytest.mark.parametrize("text", ["26507139", "2650713", "265071380", "abcdefgh", "00000000"])
def test_a_wrong_cvr_number_is_refused_with_what_it_is(text):
    verdict = check_number(Scheme.CVR, normal_number(Scheme.CVR, text))
    assert not verdict and verdict.field == "number"


@given(st.integers(0, 99_999_999), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number, at, shift):
    """The check digit's promise: every single wrong digit shows."""
    text = f"{number:08}"
    if not check_number(Scheme.CVR, text):
        return
    wrong = text[:at] + str((int(text[at]) + shift) % 10) + text[at + 1 :]
    assert not check_number(Scheme.CVR, wrong)


def test_other_registers():
    assert check_number(Scheme.EU_VAT, "DE136695976")
    assert not check_number(Scheme.EU_VAT, "DE136695977")
    assert check_number(Scheme.PIC, "999999999") and not check_number(Scheme.PIC, "99999999")
    assert check_number(Scheme.NONE, "") and not check_number(Scheme.NONE, "1")
    assert check_number(Scheme.LEI, "213800KUD8LAJWSQ9D15")


@pytest.mark.parametrize(
    ("employees", "band"),
    [(None, SizeBand.UNKNOWN), (0, SizeBand.NONE), (1, SizeBand.MICRO), (9, SizeBand.MICRO), (10, SizeBand.SMALL), (49, SizeBand.SMALL),
     (50, SizeBand.MEDIUM), (249, SizeBand.MEDIUM), (250, SizeBand.LARGE), (90_000, SizeBand.LARGE)],
)  # fmt: skip
def test_the_bands_meet_without_a_gap(employees, band):
    assert size_band(employees) is band


@pytest.mark.parametrize(
    ("name", "kind", "knowledge"),
    [("Syddansk Universitet", BodyKind.KNOWLEDGE, KnowledgeKind.UNIVERSITY), ("Teknologisk Institut", BodyKind.KNOWLEDGE, KnowledgeKind.GTS),
     ("Odense Kommune", BodyKind.AUTHORITY, KnowledgeKind.NONE), ("Dansk Industri", BodyKind.ASSOCIATION, KnowledgeKind.NONE),
     ("Smedjen i Ry ApS", BodyKind.COMPANY, KnowledgeKind.NONE)],
)  # fmt: skip
def test_what_a_name_suggests(name, kind, knowledge):
    assert guessed_kind(name) == (kind, knowledge)
