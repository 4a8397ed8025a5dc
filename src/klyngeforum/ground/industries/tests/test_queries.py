"""Codes are text with leading zeros, and versions are never mixed."""

from __future__ import annotations

import pytest
from django.conf import settings

from klyngeforum.ground.industries.actions import take_in
from klyngeforum.ground.industries.queries import by_code, industries, section_map, sections_said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _taken_in(db):
    take_in(folder=settings.PROGRAMME)


def test_a_leading_zero_counts():
    farming = by_code("DB07", "01")
    assert farming.code == "01" and farming != by_code("DB07", "11")


def test_a_finer_code_finds_the_nearest_wider_one():
    assert by_code("DB07", "28.11.00").code == "28"
    assert by_code("DB07", "zz") is None


def test_versions_have_their_own_rows():
    assert {one.version for one in industries("DB07", 2)} == {"DB07"}
    assert {one.version for one in industries("DB25", 2)} == {"DB25"}
    assert by_code("DB07", "28").pk != by_code("DB25", "28").pk


def test_every_division_lies_in_a_section():
    sections = section_map("DB07")
    tops = {sections[one.pk] for one in industries("DB07", 2)}
    assert len(tops) == 21
    assert all(said[0].isalpha() and said[1] == " " for said in sections_said(tops, "en").values())
