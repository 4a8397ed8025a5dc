"""A meeting of the forum on paper: what was laid before it as it was seen then, numbered, in both languages, and what was taken back said so."""

from __future__ import annotations

import io
import re

import pytest
from django.utils import timezone
from pypdf import PdfReader

from klyngeforum.steering.meetings import actions as meetings
from klyngeforum.steering.meetings.queries import tables_of
from klyngeforum.web.components.numbers import day
from tests.studied import shelved

from .test_between_story import PAIR, factories, joined, parallel
from .test_coverage_story import PAGE, populated
from .test_doors import signed_in
from .test_laid_story import called, lay_by_hand

__all__ = ["factories", "parallel", "populated"]
pytestmark = pytest.mark.django_db


def plain(text: str) -> str:
    """As a PDF's text is compared: words are broken at the ends of lines."""
    return re.sub(r"[\s\-\u00ad\u2010]", "", text)


def read(answer) -> tuple[PdfReader, list[str]]:
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/pdf"
    paper = PdfReader(io.BytesIO(answer.content))
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return paper, [plain(page.extract_text()) for page in paper.pages]


def way(client, address: str, ending: str) -> str:
    """The address of the paper, as the page gives it."""
    return re.search(rf'href="([^"]+/{ending})"', client.get(address).content.decode()).group(1)


@pytest.mark.parametrize("language", ["da", "en"])
def test_an_exhibit_on_paper_says_every_word_that_was_fixed(populated, client, language):
    stage, made = populated
    meeting = called(stage)
    signed_in(client, stage, "office")
    there = lay_by_hand(client, PAGE, meeting, note="Punkt 3").url
    client.cookies["sprog"] = language
    joined(stage, "mad", made["10", "Aarhus"][:25])
    row = meeting.laid.get()
    paper, pages = read(client.get(way(client, there, "bilag.pdf")))
    text = "".join(pages)
    assert paper.trailer["/Root"]["/Lang"].startswith(language)
    assert "Punkt3" in text and row.digest in text and plain(row.name_en if language == "en" else row.name) in text
    for table in tables_of(row, language):
        for line in table.rows:
            for words in line:
                assert plain(words) in text, (table.part, words)
    assert plain("1 af 2 stærke felter" if language == "da" else "1 of 2 strong fields") in text


def test_a_few_stay_a_range_on_the_paper_of_who_sees_the_number(parallel, client):
    meeting = called(parallel)
    signed_in(client, parallel, "office")
    there = lay_by_hand(client, PAIR, meeting).url
    text = "".join(read(client.get(way(client, there, "bilag.pdf")))[1])
    assert "Fællesvirksomheder1–4" in text and "oplysesikke" in text and "Fabrik" not in text


def test_the_whole_meeting_is_one_paper_with_its_exhibits_in_order(populated, client):
    stage, _ = populated
    codes, meeting, office = shelved(stage), called(stage), signed_in(client, stage, "office")
    for nth, where in enumerate((PAGE, "/landskab/overlap/", f"/effekter/{codes['effect_study']}/"), 4):
        assert lay_by_hand(client, where, meeting, note=f"Punkt {nth}").status_code == 302
    meetings.take_back(
        by=office, at=timezone.now(), exhibit=meeting.laid.get(position=2), because="Forkert dag", sure=True
    )
    paper, pages = read(client.get(way(client, "/forummoeder/", "moede.pdf")))
    names = {row.position: plain(row.name) for row in meeting.laid.all()}
    assert all(name in pages[0] for name in names.values()) and all(f"Punkt{nth}" in pages[0] for nth in (4, 5, 6))
    assert plain(f"Taget tilbage {day(timezone.localdate())} af {office.name}: Forkert dag") in pages[0]
    later = "".join(pages[1:])
    assert f"Bilag1:{names[1]}" in pages[1] and later.index(f"Bilag1:{names[1]}") < later.index(f"Bilag3:{names[3]}")
    assert "Bilag2:" not in later
    assert {one.title for one in paper.outline if not isinstance(one, list)} >= {"Mødets bilag"}


def test_papers_are_for_whoever_may_see_the_meeting(populated, client):
    stage, _ = populated
    meeting = called(stage)
    signed_in(client, stage, "office")
    paper = way(client, lay_by_hand(client, PAGE, meeting).url, "bilag.pdf")
    whole = f"/forummoeder/{meeting.pk}/moede.pdf"
    signed_in(client, stage, "ministry")
    assert client.get(paper).status_code == client.get(whole).status_code == 200
    assert client.get("/forummoeder/bilag/99999/bilag.pdf").status_code == client.get("/forummoeder/99999/moede.pdf").status_code == 404  # fmt: skip
    client.logout()
    assert client.get(paper).status_code == client.get(whole).status_code != 200
