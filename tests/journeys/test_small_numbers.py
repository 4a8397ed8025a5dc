"""Small numbers told in public: no page, file, program or paper gives one away, nor two of them together; who may see the records still does."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.urls import reverse
from pypdf import PdfReader

from klyngeforum.cli.reading import figures as figures_verb
from klyngeforum.ground.access.queries import EVERYBODY
from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind, KnowledgeKind, Scheme
from klyngeforum.results.accounts import actions as accounts
from klyngeforum.results.accounts.nation import Slice, national
from klyngeforum.results.accounts.telling import held_cells, told_nation, told_split
from klyngeforum.web.papers.national_account import national_account
from tests.cast import AT, YEAR
from tests.told import told

pytestmark = pytest.mark.django_db
DAY = AT.date()
LEAD = "participating_companies"


def numbers(start: int, wanted: int):
    """Valid CVR numbers of the range that is never given out."""
    weights = (2, 7, 6, 5, 4, 3, 2, 1)
    valid = (n for n in range(start, 98_999_999) if sum(w * int(d) for w, d in zip(weights, str(n), strict=True)) % 11 == 0)  # fmt: skip
    return [str(next(valid)) for _ in range(wanted)]


@pytest.fixture
def country(stage):
    return told(_country, stage)


def _country(stage):
    """Vindklyngen had 12 companies and 6 universities; Madklyngen 2 companies, one of them in both, and an institute."""
    for at, number in enumerate(numbers(98_500_000, 20)):
        kind = (BodyKind.COMPANY, KnowledgeKind.NONE) if at < 12 else (BodyKind.KNOWLEDGE, KnowledgeKind.UNIVERSITY if at < 18 else KnowledgeKind.GTS)  # fmt: skip
        stage.bodies[f"e{at}"] = bodies.register(
            by=None, at=AT, body=NewBody(f"Enhed {at}", kind[0], Scheme.CVR, number, kind[1], employees=20)
        ).pk
    stage.part(stage.activity("vind", "v1"), *(f"e{at}" for at in range(18)))
    stage.part(stage.activity("mad", "m1"), "e0", "d", "e18")
    stage.open()
    stage.approved("vind"), stage.approved("mad")
    return stage


def enter(client, stage, who):
    client.force_login(stage.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")


def rows(client, address, **asked):
    return json.loads(client.get(address, asked).content)


def test_two_companies_of_an_organisation_are_nowhere_and_nor_is_what_they_could_be_subtracted_from(client, country):
    """The country's 14 participations are told; 14 less Vindklyngen's 12 would be Madklyngen's 2."""
    told = {row["name"]: row for row in rows(client, f"/api/figures/{YEAR}/{LEAD}", by="cluster")}
    assert all(row["participations"] is row["distinct"] is row["overlap"] is None and row["held_back"] for row in told.values())  # fmt: skip
    nation = next(row for row in rows(client, f"/api/figures/{YEAR}") if row["measure"] == LEAD)
    assert (nation["participations"], nation["distinct"], nation["held_back"]) == (14, 13, False)
    page = client.get(reverse("measure", args=[LEAD, YEAR]), {"opdel": "cluster"}).content.decode()
    assert page.count('<span class="quiet">oplyses ikke</span>') == 6 and "Oplyses ikke”" in page
    file = rows(client, reverse("measure", args=[LEAD, YEAR]), opdel="cluster", hent="json")
    assert [set(row.values()) & {2, 12, "2", "12"} for row in file] == [set(), set()]
    for slug in ("vindklyngen", "madklyngen"):
        tiles = client.get(reverse("cluster", args=[slug])).context["tiles"]
        assert {one.shown for one in tiles if one.label == "Deltagende virksomheder"} == {"oplyses ikke"}


def test_a_kind_of_institution_cannot_be_subtracted_out_of_all_institutions(client, country):
    """Seven institutions, six of them universities: one institute would be left."""
    told = {row["measure"]: row["value"] for row in rows(client, "/data/national.json")}
    assert told["gts_institutes"] is None and told["universities"] is None and told["knowledge_institutions"] == 7
    api = {row["measure"]: row["value"] for row in rows(client, f"/api/figures/{YEAR}")}
    assert {code: api[code] for code in ("gts_institutes", "universities")} == {"gts_institutes": None, "universities": None}  # fmt: skip
    tiles = client.get(reverse("results"), {"aar": YEAR, "hent": "json"})
    assert {row["measure"]: row["value"] for row in json.loads(tiles.content)}["universities"] in (None, "")


@pytest.mark.parametrize("by", list(Slice))
def test_no_split_of_any_figure_tells_a_small_number(country, by):
    for one in told_nation(YEAR, seen_by=EVERYBODY, on=DAY):
        if one.measure == "hours":
            continue
        split = told_split(YEAR, one.measure, by, seen_by=EVERYBODY, on=DAY)
        shown = [row for row in split if not row.held_back]
        assert all(row.distinct >= 5 for row in shown), (one.measure, by)
        missing = (one.participations or 0) - sum(row.participations for row in shown)
        assert one.held_back or (len(split) - len(shown) != 1 and not 0 < missing < 5), (one.measure, by)


def test_everything_told_is_the_same_as_the_open_data_tells(client, country):
    opened = {(row["measure"], row["scope"]): row["value"] for row in rows(client, "/data/organisations.json")}
    slugs = {"Vindklyngen": "vindklyngen", "Madklyngen": "madklyngen"}
    for figure in national(YEAR):
        if figure.measure != "hours":
            split = rows(client, f"/api/figures/{YEAR}/{figure.measure}", by="cluster")
            assert all(row["distinct"] == opened[figure.measure, slugs[row["name"]]] for row in split), figure.measure


def test_who_may_see_the_accounts_sees_the_numbers_and_an_office_its_own(client, country):
    enter(client, country, "office")
    told = {row["name"]: row["distinct"] for row in rows(client, f"/api/figures/{YEAR}/{LEAD}", by="cluster")}
    assert told == {"Vindklyngen": 12, "Madklyngen": 2}
    enter(client, country, "mad")
    own = {row["name"]: row["distinct"] for row in rows(client, f"/api/figures/{YEAR}/{LEAD}", by="cluster")}
    assert own == {"Vindklyngen": None, "Madklyngen": 2}
    tiles = client.get(reverse("cluster", args=["madklyngen"])).context["tiles"]
    assert "2" in {one.shown for one in tiles}


def test_the_companies_of_an_organisation_are_not_told_by_its_efforts_either(client, country):
    page = client.get(reverse("efforts"), {"aar": YEAR, "tal": "companies_per_organisation"})
    assert [(value, back) for _, _, value, back in page.context["behind"]] == [(None, True), (None, True)]
    enter(client, country, "ministry")
    page = client.get(reverse("efforts"), {"aar": YEAR, "tal": "companies_per_organisation"})
    assert sorted(value for _, _, value, _ in page.context["behind"]) == [2, 12]


def test_the_paper_holds_them_back_too(country):
    paper = national_account(YEAR, language="en", at=AT)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert "Madklyngen not told" in " ".join(text.split()) and "“Not told”" in text


@pytest.mark.parametrize(("asked", "told"), [(False, {None}), (True, {2, 12})])
def test_the_terminal_tells_them_when_it_is_asked_to(country, capsys, asked, told):
    options = {"year": YEAR, "measure": LEAD, "by": "cluster", "language": "da", "format": "json", "small_numbers": asked}  # fmt: skip
    assert figures_verb(options) == 0
    assert {row["distinct"] for row in json.loads(capsys.readouterr().out)} == told


def test_what_is_held_back_follows_a_new_edition(country):
    """Held back is counted anew when an account moves: nothing old is told of the new."""
    before = held_cells(YEAR)
    assert ("cluster", country.clusters["mad"].pk, LEAD) in before
    country.part(country.activity("mad", "m2", day=date(YEAR, 6, 1)), *(f"e{at}" for at in range(6)))
    corrected = accounts.correct(by=country.people["mad"], at=AT, account=country.account("mad"), reason="Et møde manglede.")  # fmt: skip
    accounts.submit(by=country.people["mad"], at=AT, account=corrected, comment="Nu med.")
    accounts.approve(by=country.people["office"], at=AT, account=country.account("mad"))
    assert ("cluster", country.clusters["mad"].pk, LEAD) not in held_cells(YEAR)
