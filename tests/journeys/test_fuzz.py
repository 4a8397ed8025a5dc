"""Every form of the house with anything at all in it: a page or a refusal, never a fault, and nothing half written."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import strategies as some

from klyngeforum.ground.trail.queries import breaks, length
from klyngeforum.results.accounts.nation import disagreements
from tests.forms import POSTED, QUALITY, forms_of, own_part, unlisted
from tests.furnished import WAY, furnish, of_quality
from tests.studied import shelved
from tests.trying import tries

from .test_doors import WRITES, filled, furnished, screens, signed_in, things

__all__ = ["filled", "furnished"]
pytestmark = pytest.mark.django_db
NASTY = (
    "", " ", "0", "-1", "1", "2", "12", "99999", "99999999999999999999999", "1e400", "NaN", "-Infinity", "²", "1,5", "1.234,5", "\x00", "a\x00b", "'; DROP TABLE x;--",
    "=HYPERLINK(\"x\")", "<script>", "æøå", "\u202e", "😀" * 50, "x" * 3000, "2012-02-30", "2012-05-05", "0001-01-01", "9999-12-31", "12345678", "26507138",
    "SE556043420001", "%s %(x)s {0}", "new", "skip", "on", "describe", "DK", "dk", "../../x", "Vinger og Tårne A/S", "Odense", "Mølleby ApS", "1003388394",
)  # fmt: skip
FILES = ("file",)


def filled_in(fields: dict[str, list[str]], data) -> dict[str, object]:
    """Something for every field: what the page offers, something nasty, any text, or nothing at all."""
    sent: dict[str, object] = {}
    text = some.text(max_size=40)
    for name, offered in fields.items():
        if name in FILES:
            content = data.draw(
                some.one_of(some.binary(min_size=1, max_size=200), some.text(min_size=1).map(str.encode))
            )
            sent[name] = SimpleUploadedFile("ark.xlsx", content)
            continue
        kinds = [some.sampled_from(NASTY), text, *([some.sampled_from(offered)] * 3 if offered else [])]
        value = data.draw(some.one_of(some.none(), *kinds))
        if value is not None:
            sent[name] = value
    return sent


def snapshot() -> dict[str, int]:
    """Rows of every table that records something; where somebody looks just now and what is derived are no records."""
    silent = ("django_", "auth_", "account_", "intake_", "assessments_presence", "landscape_")
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if not name.startswith(silent)]
        counts = {}
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return counts


# the pasted list has a second page with a row of fields for each line
PASTED = {
    "count": ["1", "2", "501"], "list": ["Mølleby ApS"],
    **{f"{field}_{row}": [] for field in ("name", "number", "choice", "persons", "hours") for row in (0, 1)},
}  # fmt: skip
ANY = {
    "act": ["undo", "apart", "merge", "approve", "return", "rename", "withdraw", "lay"],
    "pk": ["1", "2"],
    "turn": ["0", "1", "2"],
    "measure": [],
    "text": [],
    "part": ["level", "justification", "differs_because"],
    "value": ["1", "4", "unknown", "not_applicable", "yes"],
    "named": ["yes", "no"],
    "about": ["comment", "warning", "answer", "nothing"],
    "key": ["", "outcomes", "nothing:", "jump:hours"],
    **{name: [] for name in ("group", "fact", "because")},
}
ASKED = ("front", "strengths", "find", "map", "landscape", "overlap", "overlap_map", "pair", "merger", "meetings", "lay", "coverage", "clusters", "results", "efforts", "targets", "effects", "effects_map", "leagues", "lines", "members", "activities", "outcomes", "economy", "incomes", "hours", "hours_waiting", "hours_new", "reports", "report", "reports_of_all", "register", "bodies", "unverified", "people", "round", "flags", "trail", "labels", "peers", "cases", "expiry", "proposals", "distance", "path", "apply")  # fmt: skip
OF_THE_OFFICE = (
    "members",
    "activities",
    "outcomes",
    "economy",
    "incomes",
    "hours",
    "hours_waiting",
    "hours_new",
    "distance",
    "path",
    "rescored",
    "measured",
    "apply",
)


def post_anything(client, url, name, data):
    page = client.get(url)
    assert page.status_code == (404 if name in WRITES else 302 if name == "consent" else 200)
    forms = [*forms_of(own_part(page), url), *([(url, PASTED)] if name == "paste" else [])] or [(url, ANY)]
    goes, fields = data.draw(some.sampled_from(forms))
    sent = filled_in(fields, data)
    before, acts = snapshot(), length()
    answer = client.post(goes, sent, headers={"HX-Request": "true"} if data.draw(some.booleans()) else {})
    assert answer.status_code in (200, 302, 404), (sent, answer.status_code)
    if length() == acts:
        assert snapshot() == before, (sent, "written without an act in the trail")
    else:
        assert list(breaks()) == [] and list(disagreements()) == []


@pytest.mark.parametrize("who", sorted({who for who, _ in POSTED}))
@tries(10, 3, suppress_health_check=list(HealthCheck))
@given(data=some.data())
def test_anything_in_a_form_gets_a_page_or_a_refusal(filled, client, who, data):
    stage, activity = filled
    named = things(stage, activity)
    for name in (name for one, name in POSTED if one == who):
        with transaction.atomic():  # each form begins with the same house
            signed_in(client, stage, who)
            post_anything(client, reverse(name, kwargs=named.get(name)), name, data)
            transaction.set_rollback(True)


@pytest.fixture
def on_its_way(filled, upto):
    furnish(filled[0], upto)
    filled[0].studies = shelved(filled[0])
    return filled


@pytest.mark.parametrize("upto", QUALITY)
@tries(10, 3, suppress_health_check=list(HealthCheck))
@given(data=some.data())
def test_anything_in_a_form_of_quality_gets_a_page_or_a_refusal(on_its_way, client, upto, data):
    stage, activity = on_its_way
    named = things(stage, activity)
    for who, name in QUALITY[upto]:
        with transaction.atomic():
            signed_in(client, stage, who)
            post_anything(client, reverse(name, kwargs=named.get(name)), name, data)
            transaction.set_rollback(True)


QUERY = some.lists(some.tuples(some.sampled_from(("q", "tabel", "inddeling", "vis", "kind", "region", "aar", "year", "page", "sort", "hent", "by", "state", "sted", "branche", "commitment", "type", "del", "dato", "maerke", "med", "vurdering", "fra", "version", "indikator", "label", "within", "move", "n-2.1", "n-5.2", "payer", "standing", "form", "dag", "slags", "org1", "org2")), some.one_of(some.sampled_from(NASTY), some.text(max_size=20))), max_size=4)  # fmt: skip


def ask_anything(stage, named, client, name, values):
    signed_in(client, stage, "vind" if name in OF_THE_OFFICE else "auditor" if name == "areas" else "office")
    answer = client.get(reverse(name, kwargs=named.get(name)), dict(values))
    assert answer.status_code in (200, 302, 404), (name, values, answer.status_code)


@tries(10, 3, suppress_health_check=list(HealthCheck))
@given(data=some.data())
def test_anything_in_an_address_gets_a_page(filled, client, data):
    named = things(*filled)
    for name in ASKED:
        ask_anything(filled[0], named, client, name, data.draw(QUERY))


@tries(20, 6, suppress_health_check=list(HealthCheck))
@given(values=QUERY)
def test_anything_in_an_address_of_quality_gets_a_page(furnished, client, values):
    named = things(*furnished)
    for name in (
        "distance",
        "path",
        "rescored",
        "measured",
        "areas",
        "apply",
        "proposals",
        "effect_study",
        "strengths",
        "region_strengths",
        "strength_rows",
        "specialisation",
    ):
        ask_anything(furnished[0], named, client, name, values)


@pytest.mark.parametrize("upto", [one for one in WAY if one != "reported"])
def test_every_form_on_the_way_to_a_label_is_in_the_list(on_its_way, client, upto):
    """Those of a reported case and of all other screens are looked for where every role meets every address."""
    stage, activity = on_its_way
    of_a_case, named = of_quality(stage), things(stage, activity)
    ways = [(one.name, reverse(one.name, kwargs=named.get(one.name))) for one in screens() if one.name in of_a_case]
    for who in ("office", "vind", "auditor", "analyst"):
        signed_in(client, stage, who)
        assert [name for name, url in ways if unlisted(name, url, client.get(url))] == []


@pytest.mark.parametrize("name", ["activities", "outcomes"])
def test_a_year_that_no_calendar_has_narrows_nothing(filled, client, name):
    stage, _ = filled
    signed_in(client, stage, "vind")
    for year in ("1003388394", "0", "-1", "99999", "2012.5", "1e400"):
        assert client.get(reverse(name), {"aar": year}).status_code == 200, year
