"""What a page has drawn is laid before the forum with it: the same picture stands when the registers move, and tells of no few."""

from __future__ import annotations

import json
import re

import pytest

from klyngeforum.results.effects.models import Result
from klyngeforum.results.effects.terms import Group, Grouped, Outcome, Point
from klyngeforum.steering.meetings.models import LaidName, LaidPicture, LaidSpot
from klyngeforum.steering.meetings.queries import pictures_of
from klyngeforum.steering.meetings.rules import fingerprint
from klyngeforum.steering.meetings.terms import Part, Shape, Sign
from klyngeforum.web.components.intervals import forest, intervals, love_plot
from klyngeforum.web.public.exhibits.pictures import (
    of_balance,
    of_estimates,
    of_groups,
    picture_shown,
    pictures_in_both,
    short,
)
from klyngeforum.web.public.saying import number
from tests.studied import shelved

from .test_between_story import LIST, factories, joined, overlapping, parallel
from .test_doors import signed_in
from .test_laid_paper import read, way
from .test_laid_story import called, lay_by_hand

__all__ = ["factories", "overlapping", "parallel"]
EVENTS = (Point("-2", 0.01, -0.02, 0.03), Point("0", 0.05, 0.01, 0.09), Point("1", 0.071234567, 0.02, 0.12))


def drawing(page: str, css: str = "matrix") -> str:
    return re.search(rf'<svg class="chart {css}.*?</svg>' if css else r'<svg class="chart".*?</svg>', page, re.DOTALL).group(0)  # fmt: skip


def own_words(sketch):
    return pictures_in_both(lambda: [sketch])[0]


def test_estimates_are_drawn_again_as_they_were():
    kept = own_words(of_estimates(Part.ANSWERS, "Vækst", EVENTS, lambda one: one.key, lambda one: int(one.key) < 0))
    shown = picture_shown(kept, "da")
    assert shown.intervals == intervals(EVENTS, lambda one: one.key, number, label="Vækst", later=lambda one: int(one.key) >= 0)  # fmt: skip
    assert [bar.later for bar in shown.intervals.bars] == [False, True, True] and shown.matrix is shown.forest is None
    assert [(row.name, row.said) for row in shown.rows] == [("-2", "0,010"), ("0", "0,050"), ("1", "0,071")]


def test_groups_are_drawn_again_as_they_were_and_stand_in_their_unit():
    def group(key, own, shrunk):
        return Group(key, 120, Point(key, own, own - 3, own + 3), Point(key, shrunk, shrunk - 1, shrunk + 1), 0.2, 0.5, None)  # fmt: skip

    groups = (group("a", 6.0, 4.5), group("b", -1.0, 2.0))
    found = Grouped("region", Outcome("fte", None, "per_cent_of_log"), groups, ("c",), (), 0, 3.2, 1.0, "")
    kept = own_words(of_groups(Part.GROUPS, "Grupper", "procent", found, {"a": "Nord", "b": "Syd"}.get))
    shown = picture_shown(kept, "da")
    named = [("Nord", groups[0].own, groups[0].shrunk), ("Syd", groups[1].own, groups[1].shrunk)]
    assert shown.forest == forest(named, 3.2, short, label="Grupper", unit="procent")
    assert next((row.name, row.other, row.said) for row in shown.rows) == ("", "Fælles", "+3,2")
    assert "c" not in {row.name for row in shown.rows}, "too few to be told of, so not drawn"


def test_the_fingerprint_knows_the_picture_and_that_of_words_alone_stays():
    one = own_words(of_estimates(Part.ANSWERS, "Vækst", EVENTS, lambda one: one.key, lambda _: False))
    moved = own_words(of_estimates(Part.ANSWERS, "Vækst", (*EVENTS[:2], Point("1", 0.08, 0.02, 0.12)), lambda one: one.key, lambda _: False))  # fmt: skip
    assert len({fingerprint([]), fingerprint([], [one]), fingerprint([], [moved])}) == 3
    assert fingerprint([], []) == fingerprint([])


@pytest.mark.django_db
def test_the_matrix_stands_as_everybody_saw_it_when_the_registers_move(overlapping, client):
    seen_then = drawing(client.get(LIST).content.decode())
    meeting = called(overlapping)
    signed_in(client, overlapping, "office")
    there = lay_by_hand(client, LIST, meeting).url
    row = meeting.laid.get()
    joined(overlapping, "mad", overlapping.members_of[0][:6])
    client.logout()
    assert drawing(client.get(LIST).content.decode()) != seen_then
    signed_in(client, overlapping, "ministry")
    page = client.get(there).content.decode()
    assert drawing(page) == seen_then and "Sådan var det tegnet" in page and "1–4 fælles virksomheder" in page
    (kept,) = pictures_of(row)
    assert kept.shape is Shape.MATRIX and {at.value for at in kept.spots} == {0.6, 1.0} and {at.sign for at in kept.spots} == {Sign.OVERLAP}  # fmt: skip
    listed = [one for one in json.loads(client.get(f"{there}?hent=json").content) if one["table"] == kept.label[0]]
    names = [da for da, _ in kept.names]
    assert {(one["row"], one["column"], one["said"]) for one in listed} == {
        (names[0], names[1], "0,600"), (names[1], names[0], "1,000"), (names[0], "Læses som", "Overlap"), (names[1], "Læses som", "Overlap"),
    }  # fmt: skip
    text = "".join(read(client.get(way(client, there, "bilag.pdf")))[1])
    assert "Sådanvardettegnet" in text and all(f"{name}{nth}" in text for nth, name in enumerate(names, 1))


@pytest.mark.django_db
def test_of_a_few_no_share_is_kept_of_who_sees_it(parallel, client):
    meeting = called(parallel)
    signed_in(client, parallel, "office")
    there = lay_by_hand(client, LIST, meeting).url
    (kept,) = pictures_of(meeting.laid.get())
    over = [at for at in kept.spots if at.row < at.column]
    assert over and all(at.value is None for at in over) and any(at.value for at in kept.spots if at.row > at.column)
    assert "shade--few" in drawing(client.get(there).content.decode())
    assert "0,250" not in client.get(f"{there}?hent=json").content.decode()


@pytest.mark.django_db
def test_a_study_is_laid_with_what_its_page_has_drawn(stage, client):
    codes = shelved(stage)
    meeting = called(stage)
    signed_in(client, stage, "office")
    where = f"/effekter/{codes['effect_study']}/"
    live = drawing(client.get(where).content.decode(), "")
    there = lay_by_hand(client, where, meeting).url
    assert drawing(client.get(there).content.decode(), "") == live
    client.cookies["sprog"] = "en"
    assert "As it was drawn" in client.get(there).content.decode()
    assert next(one.shape for one in pictures_of(meeting.laid.get())) is Shape.INTERVALS


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["da", "en"])
def test_specifications_and_balance_are_kept_and_drawn_as_they_were(stage, client, language):
    codes, meeting = shelved(stage), called(stage)
    told = json.loads(Result.objects.get().told)
    signed_in(client, stage, "office")
    client.cookies["sprog"] = language
    where = f"/effekter/{codes['effect_study']}/"
    live = drawings(client.get(where).content.decode())
    there = lay_by_hand(client, where, meeting).url
    told["specifications"][0]["estimate"] = told["matching"]["balance"][0]["before"] = 0.2
    Result.objects.update(told=json.dumps(told))  # nobody can; were it counted anew, the exhibit stands
    assert drawings(client.get(where).content.decode())[-2:] != live[-2:]
    page = client.get(there).content.decode()
    assert drawings(page) == live and len(live) == 3
    kept = pictures_of(meeting.laid.get())
    assert [one.shape for one in kept] == [Shape.INTERVALS, Shape.CURVE, Shape.BALANCE]
    assert [(at.column, at.value) for at in kept[-1].spots] == [(0, 0.4), (1, 0.02)]
    curve, balance = (one.label[language == "en"] for one in kept[-2:])
    listed = json.loads(client.get(f"{there}?hent=json").content)
    said = [(one["row"], one["column"], one["said"]) for one in listed if one["table"] in (curve, balance)]
    words, what = WORDS[language], kept[-1].names[0][language == "en"]
    assert said == [("never", words[0], words[3]), ("never", words[1], words[4]), (what, words[2], words[5]), (what, words[6], words[7])]  # fmt: skip
    text = "".join(read(client.get(way(client, there, "bilag.pdf")))[1])
    assert all(one.replace(" ", "") in text for one in (curve, balance)) and "never" in text


WORDS = {
    "da": ("Estimat", "Interval", "Før", "0,080", "0,050 – 0,110", "0,400", "Efter", "0,020"),
    "en": ("Estimate", "Interval", "Before", "0.080", "0.050 – 0.110", "0.400", "After", "0.020"),
}


def drawings(page: str) -> list[str]:
    """What is drawn on a page from estimates, in its order."""
    return re.findall(r'<svg class="chart" viewBox="0 0 640.*?</svg>', page, re.DOTALL)


def test_what_could_not_be_matched_has_no_dot_after():
    found = {"a": (-0.31, None), "b": (0.12, -0.05)}
    kept = own_words(of_balance(Part.AGAINST, "Ens?", found))
    shown = picture_shown(kept, "da")
    assert shown.balance == love_plot(found, number, label="Ens?") and shown.intervals is shown.forest is None
    assert [row.after is None for row in shown.balance.rows] == [True, False]
    assert [(row.name, row.other, row.said) for row in shown.rows] == [("a", "Før", "−0,310"), ("b", "Før", "0,120"), ("b", "Efter", "−0,050")]  # fmt: skip


@pytest.mark.django_db
def test_an_exhibit_of_words_alone_still_opens_and_says_so(overlapping, client):
    meeting = called(overlapping)
    signed_in(client, overlapping, "office")
    there = lay_by_hand(client, LIST, meeting).url
    assert "men ikke det, siden havde tegnet" not in client.get(there).content.decode()
    for rows in (LaidSpot, LaidName, LaidPicture):
        rows.objects.all().delete()
    meeting.laid.update(form=1)
    page = client.get(there).content.decode()
    assert "men ikke det, siden havde tegnet" in page and '<svg class="chart matrix' not in page
    assert "Sådanvardettegnet" not in "".join(read(client.get(way(client, there, "bilag.pdf")))[1])


def test_long_names_of_specifications_are_slanted_and_none_is_cut_off():
    def drawn(*names):
        return intervals([Point(name, 0.1, 0.0, 0.2) for name in names], lambda at: at.key, number, label="x")

    plain, long = drawn("never", "by cohort"), drawn("never, in all industries", *"abcdefg")
    assert not plain.slanted and plain.box == "0 0 640 260"
    assert long.slanted and long.over > 0 and long.height > plain.height and long.box.startswith(f"-{long.over} 0 ")
