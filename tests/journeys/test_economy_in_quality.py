"""What the books of economy say is what the assessment measures, and opens to the grant and the income themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from klyngeforum.ground.programme.funding import Payer
from klyngeforum.quality.assessments.measured import measured
from klyngeforum.quality.indicators.terms import MeasuredKey
from klyngeforum.records.economy import actions, queries
from klyngeforum.records.economy.actions import NewGrant, NewIncome
from klyngeforum.records.economy.terms import Form, Standing

pytestmark = pytest.mark.django_db
NOW, TODAY = timezone.now(), timezone.localdate()
ENDS = date(TODAY.year + 2, 12, 31)
GRANT = NewGrant("T-1", "Netværket", "innovation-network", date(2012, 1, 1), ENDS, Decimal(1_000_000), Decimal(500_000))


@pytest.fixture
def books(stage):
    """A grant to the end of the year after next; last year 300 from private ones and 700 from the state; a budget that is no income."""
    by, one = stage.people["vind"], stage.clusters["vind"]
    grant = actions.receive_grant(by=by, at=NOW, cluster=one, new=GRANT)
    private = NewIncome(TODAY.year - 1, Standing.RECEIVED, Form.CASH, Payer.PRIVATE, Decimal(300))
    rows = [actions.book_income(by=by, at=NOW, cluster=one, new=new) for new in (private, replace(private, payer=Payer.PUBLIC, amount=Decimal(700)), replace(private, standing=Standing.BUDGET, amount=Decimal(9000)))]  # fmt: skip
    return stage, grant, rows


def test_the_measured_values_are_those_of_the_economy_room(books):
    stage, _, _ = books
    pk = stage.clusters["vind"].pk
    found = measured(pk, TODAY)
    assert found[MeasuredKey.MONTHS_SECURED].value == queries.secured(pk, on=TODAY) > 11
    assert found[MeasuredKey.PRIVATE_SHARE].value * 100 == queries.figures_of(pk, TODAY.year - 1)["private_share"] == 30
    assert measured(stage.clusters["mad"].pk, TODAY)[MeasuredKey.PRIVATE_SHARE].value is None


def test_it_follows_the_books_at_once_and_a_closed_grant_secures_nothing(books):
    stage, grant, rows = books
    pk, by = stage.clusters["vind"].pk, stage.people["vind"]
    assert measured(pk, TODAY)[MeasuredKey.PRIVATE_SHARE].value == Decimal("0.300")
    actions.take_back_income(by=by, at=NOW, income=rows[1])
    assert measured(pk, TODAY)[MeasuredKey.PRIVATE_SHARE].value == 1
    actions.close_grant(by=by, at=NOW, grant=grant, on=TODAY)
    assert measured(pk, TODAY)[MeasuredKey.MONTHS_SECURED].value is None
    before = measured(pk, date(2013, 1, 1))[MeasuredKey.MONTHS_SECURED]
    assert before.value > 11, "on a day before it was closed it stood"


def test_the_page_opens_to_the_grant_and_to_each_income(client, books):
    stage, grant, rows = books
    client.force_login(stage.people["vind"], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("measured", args=["months_secured"])).content.decode()
    assert reverse("grant", args=[grant.pk]) in page and "Netværket" in page
    page = client.get(reverse("measured", args=["private_share"])).content.decode()
    assert "30\N{NO-BREAK SPACE}pct." in page and all(reverse("income", args=[one.pk]) in page for one in rows[:2])
    assert reverse("income", args=[rows[2].pk]) not in page and "300 kr." in page and "Private" in page
