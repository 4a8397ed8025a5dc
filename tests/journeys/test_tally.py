"""All measures of all organisations in one pass: the same as the rules count line by line, and as the database counts."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from klyngeforum.ground.bodies.models import Body
from klyngeforum.ground.bodies.terms import KnowledgeKind, SizeBand
from klyngeforum.ground.counts.models import Count
from klyngeforum.ground.keeping import forget
from klyngeforum.results.accounts.models import Account, Line
from klyngeforum.results.accounts.nation import approved_lines, counted_nation, kinds_of, national, tally, together
from klyngeforum.results.accounts.queries import booked_lines
from klyngeforum.results.accounts.rules import COUNTINGS, counted
from klyngeforum.results.accounts.tallying import BODIES, tallied
from klyngeforum.results.accounts.terms import CountsAs
from tests.cast import YEAR

pytestmark = pytest.mark.django_db


def any_line(chance: random.Random, account: Account, body: int) -> Line:
    company, part = chance.random() < 0.6, chance.random() < 0.8
    return Line(
        account=account, year=YEAR, body_id=body, current=True, counts_as=CountsAs.COMPANY if company else chance.choice(list(CountsAs)),
        size_band=chance.choice(list(SizeBand)), eu_sme=chance.choice([None, True, False]), participated=part, dedicated=chance.random() < 0.3,
        started=part and chance.random() < 0.3, started_first_time=part and chance.random() < 0.2, new_here=part and chance.random() < 0.2,
        step=chance.randrange(4), hours=Decimal(chance.randrange(400)) / 4, knowledge_kind=chance.choice(list(KnowledgeKind)),
        near=chance.choice([None, True, False]),
    )  # fmt: skip


@pytest.fixture
def booked(stage):
    """Lines of three organisations of two types, over bodies that many of them share."""
    stage.part(stage.activity("vind", "v1"), "a")
    stage.open()
    chance, bodies = random.Random(5), list(Body.objects.values_list("pk", flat=True))
    accounts = list(Account.objects.filter(year=YEAR))
    assert len(accounts) >= 2 and len(bodies) >= 6
    for account in accounts:
        Line.objects.filter(account=account).delete()
        Line.objects.bulk_create(
            any_line(chance, account, body) for body in chance.sample(bodies, len(bodies) * 2 // 3)
        )
    return accounts


def test_everybody_each_organisation_and_each_type_as_the_rules_count(booked):
    found, of_kind, everybody = tallied(approved_lines(YEAR), kinds_of(YEAR)), defaultdict(list), []
    organisations = {cluster: (kind, values) for cluster, kind, values in found.organisations}
    for account in booked:
        lines = list(booked_lines(account))
        kind, values = organisations.pop(account.cluster_id)
        assert kind == account.cluster.kind and values == {code: counted(lines, code).distinct for code in BODIES}
        of_kind[kind] += lines
        everybody += lines
    assert not organisations
    assert found.kinds == {kind: {code: counted(lines, code).distinct for code in BODIES} for kind, lines in of_kind.items()}  # fmt: skip
    assert found.lines == {code: counted(everybody, code).participations for code in BODIES}
    assert found.bodies == {code: counted(everybody, code).distinct for code in BODIES}
    assert sum(found.bodies.values()) < sum(found.lines.values()), "some body stands in several accounts"


def test_the_nation_is_what_the_database_counts_over_the_same_lines(booked):
    nation = {one.measure: (one.participations, one.distinct) for one in counted_nation(YEAR)}
    asked = together(YEAR, [one.cluster_id for one in booked])
    assert nation == {code: (int(asked[code][0]), int(asked[code][1])) for code in COUNTINGS}
    assert nation["hours"][0] > 0


def test_a_year_without_lines_has_no_organisations(stage):
    assert tally(1999).organisations == [] and set(tally(1999).bodies.values()) == {0}


def test_what_is_stored_is_numbers_alone_whether_they_are_final_is_asked_anew(booked, settings, monkeypatch):
    """An organisation that closes makes a year complete without any account moving."""
    settings.COUNTED_LATER = 0
    first = national(YEAR)
    assert Count.objects.filter(name="tally of accounts").exists()
    monkeypatch.setattr("klyngeforum.results.accounts.nation.standing", lambda year: SimpleNamespace(complete=first[0].provisional))  # fmt: skip
    monkeypatch.setattr("klyngeforum.results.accounts.tallying.tallied", None)  # it is found, not counted
    cache.clear()
    forget()
    again = national(YEAR)
    assert [one.value for one in again] == [one.value for one in first]
    assert {one.provisional for one in again} == {not first[0].provisional}
