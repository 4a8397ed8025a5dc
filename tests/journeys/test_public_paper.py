"""One organisation's published account on paper: the numbers of its web edition in both languages, and nothing that the web edition holds back."""

from __future__ import annotations

import io
import re

import pytest
from django.utils.translation import gettext, override
from pypdf import PdfReader

from klyngeforum.web.components.numbers import grouped
from tests.cast import YEAR

pytestmark = pytest.mark.django_db
EDITION = f"/klynger/vindklyngen/regnskab/{YEAR}/"
PAPER = f"{EDITION}regnskab.pdf"


def plain(text: str) -> str:
    """As a PDF's text is compared: words are broken at the ends of lines."""
    return re.sub(r"[\s-]", "", text)


@pytest.fixture
def published(stage):
    """Vindklyngen: 1,234.5 hours, and a step of the ladder that two companies came to; approved."""
    stage.part(stage.activity("vind", "v1"), "a", "b", "c", "x", "uni", hours="1234.5")
    stage.open()
    stage.approved("vind")
    return stage


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_paper_tells_what_the_web_edition_tells(client, published, language):
    client.cookies["sprog"] = language
    shown = client.get(EDITION).context
    answer = client.get(PAPER)
    assert answer.headers["Content-Type"] == "application/pdf" and ".pdf" in answer.headers["Content-Disposition"]
    paper = PdfReader(io.BytesIO(answer.content))
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"] and paper.trailer["/Root"]["/Lang"].startswith(language)
    text = plain(" ".join(page.extract_text() for page in paper.pages))
    rows = [row for _, rows in shown["chapters"] for row in rows]
    held = [row for row in rows if row.held_back]
    assert held and len(held) < len(rows), "a held-back number and one that is told"
    with override(language):
        for row in rows:
            said = gettext("not told") if row.held_back else grouped(row.value)
            assert plain(f"{row.name} {said} {grouped(row.before)} – {row.unit}") in text, row
        for own, name, unit in shown["own"]:
            if own.value is not None and not own.held_back:
                assert plain(f"{name} {grouped(own.value)} {unit}") in text, name
    # the limit is a placeholder in the programme, on paper as on the page
    assert ("(pladsholder)" if language == "da" else "(placeholder)") in text and shown["rule"].placeholder
    assert ("6.172,5" in text) is (language == "da") and ("6,172.5" in text) is (language == "en")


def test_whoever_may_see_all_gets_the_same_paper_as_everybody(client, published):
    first = client.get(PAPER).content
    client.force_login(published.people["vind"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert PdfReader(io.BytesIO(client.get(PAPER).content)).pages[0].extract_text() == PdfReader(io.BytesIO(first)).pages[0].extract_text()  # fmt: skip
    assert f'href="{PAPER}"' in client.get(EDITION).content.decode()


def test_there_is_none_of_what_is_not_published(client, stage):
    stage.open()
    assert client.get(PAPER).status_code == 404
    assert client.get(f"/klynger/nowhere/regnskab/{YEAR}/regnskab.pdf").status_code == 404
