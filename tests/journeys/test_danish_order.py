"""Lists stand in the order of the Danish alphabet, in memory and in either database: Aabenraa, Aalborg and Aarhus last."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from klyngeforum.ground.bodies.actions import NewBody, register_many
from klyngeforum.ground.bodies.queries import bodies
from klyngeforum.ground.danish import danish_key
from klyngeforum.ground.places.queries import areas
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.registers.take_in import take_in
from tests.cast import AT

RIGHT = [
    "Albertslund Vand",
    "Éclair ApS",
    "Zebra",
    "Ærø Værft",
    "Ødsted Plast",
    "Ørsted",
    "åben Kilde",
    "Aabenraa El",
    "Åge",
    "Aalborg",
    "Aarhus",
]


def test_the_key_puts_the_danish_letters_last():
    assert sorted(set(RIGHT), key=danish_key) == RIGHT


@pytest.mark.django_db
def test_the_database_keeps_the_same_key():
    register_many(by=None, at=AT, bodies=[NewBody(name) for name in reversed(RIGHT)])
    listed = list(bodies().order_by("sorted_as").values_list("name", "sorted_as"))
    assert [key for _, key in listed] == [danish_key(name) for name, _ in listed]
    assert [name for name, _ in listed] == RIGHT


@pytest.mark.django_db
def test_municipalities_end_with_the_double_a():
    take_in(folder=settings.PROGRAMME, at=AT)
    names = [one.name_da for one in areas(AreaKind.MUNICIPALITY, on=date(2013, 1, 1))]
    assert names[0] == "Albertslund" and names[-3:] == ["Aabenraa", "Aalborg", "Aarhus"]
