"""Two people at the same moment: the row as it stands now, gone or changed, and what can stand once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from klyngeforum.ground.bodies.models import Body, ProductionUnit
from klyngeforum.ground.holding import held, held_all, once
from klyngeforum.ground.verdict import Refused, no
from tests.cast import AT

pytestmark = pytest.mark.django_db


def test_a_row_is_held_as_it_stands_now(stage):
    one, other = (Body.objects.get(pk=stage.bodies[key]) for key in "ab")
    Body.objects.filter(pk__in=[one.pk, other.pk]).update(city="Odense", founded_on=AT.date())
    held_all(other, one)
    assert {(row.city, row.founded_on) for row in (one, other)} == {("Odense", AT.date())}


def test_a_row_that_is_gone_is_refused_and_not_an_error(stage):
    unit = ProductionUnit.objects.create(body_id=stage.bodies["a"], number="1000000001")
    ProductionUnit.objects.all().delete()
    with pytest.raises(Refused, match="gone"):
        held(unit)


@pytest.mark.parametrize(("why", "said"), [({}, "at the same moment"), ({"again": lambda: no("It is Ida's.")}, "Ida")])
def test_what_stands_once_is_refused_to_the_second_who_writes_it(stage, why, said):
    unit = {"body_id": stage.bodies["a"], "number": "1000000001"}
    with once(**why):
        ProductionUnit.objects.create(**unit)
    with pytest.raises(Refused, match=said), once(**why):
        ProductionUnit.objects.create(**unit)
    assert ProductionUnit.objects.count() == 1


def test_what_is_wrong_in_another_way_stays_an_error(stage):
    with pytest.raises(IntegrityError), transaction.atomic(), once():
        ProductionUnit.objects.create(
            body_id=stage.bodies["a"], number="1", valid_from=AT.date(), valid_to=AT.date().replace(year=2000)
        )
