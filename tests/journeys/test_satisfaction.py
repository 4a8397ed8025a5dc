"""Satisfaction as everybody reads it: page, organisation, paper, program and file say the same number, each with its response rate."""

from __future__ import annotations

import io
import json

import pytest
from django.urls import reverse
from pypdf import PdfReader

from klyngeforum.ground.bodies.actions import NewBody, register
from klyngeforum.records.survey.models import Asked, Part, Round
from klyngeforum.web.papers.national_account import national_account
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(stage):
    """An approved account; 20 companies of Vindklyngen in the survey, 8 answered: 5 of the 10 small ones, 3 of the 10 large."""
    stage.part(stage.activity("vind", "v1"), "a")
    stage.open()
    stage.approved("vind")
    one = Round.objects.create(code="company", version="2012-1", kind="yearly", year=YEAR, state="published", opened_on=AT.date())  # fmt: skip
    for at in range(20):
        size, value = ("1-9", (5, 4, 4, 3, 4)[at] if at < 5 else None) if at < 10 else ("250+", (2, 3, 3)[at - 10] if at < 13 else None)  # fmt: skip
        said = value is not None
        row = Asked.objects.create(
            round=one, body_id=register(by=None, at=AT, body=NewBody(f"Firma {at}")).pk, size=size, state="handed_in" if said else "waiting",
            handed_in_at=AT if said else None, answers={"satisfaction": value} if said else {},
        )  # fmt: skip
        Part.objects.create(asked=row, cluster=stage.clusters["vind"])
    return stage


def test_the_same_number_everywhere_and_never_without_its_response_rate(client, published):
    """5 + 4 + 4 + 3 + 4 + 2 + 3 + 3 = 28 over 8 is 3,5; fewer than ten answers are one group, so the weighted mean is the same."""
    for address in (reverse("results") + f"?aar={YEAR}", reverse("cluster", args=["vindklyngen"]), reverse("web_edition", args=["vindklyngen", YEAR])):  # fmt: skip
        tile = client.get(address).context["said"][0]
        assert tile.shown == "3,50" and "8 af 20 virksomheder svarede (40\N{NO-BREAK SPACE}pct.)" in tile.note and "uvægtet 3,50" in tile.note  # fmt: skip
        assert client.get(tile.href).status_code == 200
    for table, scope in (("national", "DK"), ("organisations", "vindklyngen")):
        row = next(row for row in json.loads(client.get(f"/data/{table}.json").content) if row["measure"] == "satisfaction")  # fmt: skip
        assert (row["scope"], row["value"], row["unweighted"], row["companies"], row["answered"], row["response_rate"]) == (scope, 3.5, 3.5, 20, 8, 40)  # fmt: skip
    rows = json.loads(client.get(f"/api/survey-figures/{YEAR}").content)
    assert [(row["scope"], float(row["value"]), float(row["response_rate"])) for row in rows] == [("DK", 3.5, 40), ("vindklyngen", 3.5, 40)]  # fmt: skip
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(national_account(YEAR, language="da", at=AT))).pages).split())  # fmt: skip
    assert "Virksomhedernes tilfredshed" in text and "3,50" in text and "8 af 20 virksomheder svarede (40 pct.)" in text


def test_before_a_survey_is_published_nothing_is_said(client, published):
    Round.objects.update(state="closed")
    assert client.get(reverse("results"), {"aar": YEAR}).context["said"] == []
    assert json.loads(client.get(f"/api/survey-figures/{YEAR}").content) == []
    paper = national_account(YEAR, language="da", at=AT)
    assert "Virksomhedernes tilfredshed" not in " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)  # fmt: skip


def test_few_answers_are_told_nowhere(client, published):
    Asked.objects.filter(size="1-9").update(state="waiting", handed_in_at=None)
    tile = client.get(reverse("results"), {"aar": YEAR}).context["said"][0]
    assert (tile.shown, tile.note) == ("oplyses ikke", "For få svar til at oplyse noget")
    row = json.loads(client.get(f"/api/survey-figures/{YEAR}").content)[0]
    assert [row[key] for key in ("value", "unweighted", "companies", "answered", "response_rate")] == [None] * 5
