"""The national account on paper: the numbers that can be read out of it are those of the figures, in both languages."""

from __future__ import annotations

import io
import re

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from klyngeforum.ground.access.queries import EVERYBODY
from klyngeforum.ground.programme.queries import measures
from klyngeforum.results.accounts.telling import told_nation
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.papers.national_account import national_account
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db


def text_of(paper: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages))


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_paper_holds_the_numbers_of_the_figures(stage, language):
    stage.part(stage.activity("vind", "v1"), "a", "b", "c", "x", "uni", hours="1234.5")
    stage.part(stage.activity("mad", "m1"), "a", "d", hours="0.25")
    stage.open()
    stage.approved("vind")
    stage.approved("mad")
    paper = national_account(YEAR, language=language, at=AT)
    assert paper is not None
    text, known = text_of(paper), {one.code: one for one in measures()}
    with override(language):
        for one in told_nation(YEAR, seen_by=EVERYBODY, on=AT.date()):
            entry = known[one.measure]
            row = f"{entry.name.say(language)} {grouped(one.value)} {entry.unit.say(language)} {grouped(one.participations)} {grouped(one.overlap)}"
            assert re.search(re.escape(row), text), row
    assert ("6.173" in text) is (language == "da") and ("6,173" in text) is (language == "en")
