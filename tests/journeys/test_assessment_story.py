"""A manager fills a self-evaluation with a colleague, leaves, comes back, completes it, and sees the distance and the path."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.terms import Role
from klyngeforum.quality.assessments import actions, auditing, queries
from klyngeforum.quality.assessments.models import Assessment
from klyngeforum.quality.assessments.terms import AssessmentKind, Given, Part, Seat
from klyngeforum.quality.indicators.queries import versions
from klyngeforum.quality.indicators.terms import AnswerState

pytestmark = pytest.mark.django_db
DESK = "/klyngekontor/vurderinger/"
SCHEME = max(versions(), key=lambda one: len(one.labels)).scheme
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def vind(stage):
    browser = Client()
    browser.force_login(stage.people["vind"])
    return browser


@pytest.fixture
def staff(stage):
    browser = Client()
    browser.force_login(stage.people["staff"])
    return browser


def begin(browser) -> int:
    answer = browser.post(DESK, {"scheme": SCHEME, "as_of": timezone.localdate().isoformat()})
    assert answer.status_code == 302, answer.content.decode()
    return int(re.search(r"(\d+)/$", answer.url).group(1))


def save(browser, pk: int, code: str, value: str, *, part: str = "level", turn: int = 0, **more):
    return browser.post(f"{DESK}{pk}/svar/{code}/", {"part": part, "value": value, "turn": turn}, **more)


def finish(stage, pk: int, level: int = 3) -> None:
    """Everything that is still asked for, at one level, with a reason where the registers say something else."""
    now = timezone.now()
    one = queries.assessment(pk, seen_by=None, on=now.date())
    left = [line for line in queries.lines(one, seen_by=None) if not line.done]
    said = {line.indicator.code: Given(AnswerState.SCORED, min(level, line.indicator.top), "", "Ikke tastet ind.") for line in left if line.given.answered_on is None}  # fmt: skip
    actions.answer_many(by=stage.people["vind"], at=now, assessment=one, answers=said)
    for line in queries.lines(one, seen_by=None):
        if line.unexplained:
            turn = line.turns.get(Part.DIFFERS, 0)
            actions.answer(by=stage.people["vind"], at=now, assessment=one, indicator=line.indicator.code, part=Part.DIFFERS, value="Ikke tastet ind.", turn=turn)  # fmt: skip


def test_two_fill_leave_come_back_complete_and_see_the_way(stage, vind, staff):
    assert "Ingen vurdering endnu" in vind.get(DESK).content.decode()
    assert "Ingen vurdering endnu" in vind.get(f"{DESK}afstand/").content.decode()
    pk = begin(vind)
    assert save(vind, pk, "2.1", "3", **HTMX).status_code == 200
    saved = save(staff, pk, "2.1", "Siden 2003.", part="justification", **HTMX).content.decode()
    assert "Gemt kl." in saved and 'value="1"' in saved
    refused = save(staff, pk, "2.1", "5", **HTMX).content.decode()
    assert "Vind har i mellemtiden skrevet “3” her" in refused
    page = vind.get(f"{DESK}{pk}/gruppe/2/").content.decode()
    assert "Siden 2003." in page and re.search(r'value="3" checked', page)
    back = vind.get(DESK).content.decode()
    assert "1 af 31" in back
    early = vind.post(f"{DESK}{pk}/", {"act": "complete"}).content.decode()
    assert "30 spørgsmål er ikke færdige endnu" in early
    finish(stage, pk)
    assert staff.post(f"{DESK}{pk}/", {"act": "complete"}).status_code == 200  # staff may not; the page says so
    done = vind.post(f"{DESK}{pk}/", {"act": "complete"}, follow=True)
    assert done.redirect_chain[-1][0].endswith("/afstand/")
    text = done.content.decode()
    assert "Hviler på pladsholdere" in text and "120" in text
    way = vind.get(f"{DESK}vejen/?maerke=gold").content.decode()
    assert "dages arbejde" in way and "Hvad nu hvis?" in way


def test_whoever_begins_anew_is_told_how_much_of_the_last_one_still_holds(stage, vind):
    told = lambda: vind.get(DESK).content.decode()  # noqa: E731
    pk = begin(vind)
    assert "Begyndt." in told()
    finish(stage, pk)
    vind.post(f"{DESK}{pk}/", {"act": "complete"})
    told()
    begin(vind)
    assert "Begyndt. 31 svar fra" in told()
    old = Assessment.objects.get(pk=pk)
    Assessment.objects.exclude(pk=pk).delete()
    long_ago = timezone.localdate() - timedelta(days=1500)
    old.answers.update(answered_on=long_ago)
    begin(vind)
    assert "Intet af det, der blev svaret" in told()


def test_what_if_answers_with_a_part_of_the_same_page_and_saves_nothing(stage, vind):
    pk = begin(vind)
    finish(stage, pk)
    vind.post(f"{DESK}{pk}/", {"act": "complete"})
    before = queries.given(queries.assessment(pk, seen_by=None, on=timezone.localdate()), seen_by=None)
    address = f"{DESK}vejen/?maerke=gold&vurdering={pk}"
    plain = vind.get(f"{address}&n-2.1=5").content.decode()
    part = vind.get(f"{address}&n-2.1=5", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="result").content.decode()
    assert "1 niveau er prøvet" in plain and "1 niveau er prøvet" in part and "<html" not in part
    assert queries.given(queries.assessment(pk, seen_by=None, on=timezone.localdate()), seen_by=None) == before
    for nonsense in ("n-2.1=99", "n-2.1=x", "n-7.7=1", "n-2.1=-1"):
        assert "0 niveauer er prøvet" in vind.get(f"{address}&{nonsense}").content.decode()


def test_without_javascript_a_saved_answer_leads_back_and_a_refused_one_shows_both(stage, vind, staff):
    pk = begin(vind)
    assert save(vind, pk, "2.1", "3").url.endswith("/gruppe/2/#i-2-1")
    text = save(staff, pk, "2.1", "5").content.decode()
    assert "Vind har i mellemtiden skrevet" in text and "<blockquote><p>5" in text.replace(
        "<blockquote>5", "<blockquote><p>5"
    )


def test_strangers_do_not_exist_here(stage, vind):
    pk = begin(vind)
    other = Client()
    other.force_login(stage.people["mad"])
    for address in (f"{pk}/", f"{pk}/gruppe/2/", f"{pk}/regneark/", f"afstand/?vurdering={pk}", f"vejen/?vurdering={pk}", f"maalt/staff/?vurdering={pk}"):  # fmt: skip
        assert other.get(DESK + address).status_code == 404
    assert save(other, pk, "2.1", "1").status_code == 404
    for nonsense in (
        "afstand/?vurdering=99999999999999999999",
        "afstand/?maerke=platin",
        "maalt/intet/",
        f"{pk}/gruppe/9/",
    ):
        assert vind.get(DESK + nonsense).status_code == 404


def test_who_is_where(stage, vind, staff):
    pk = begin(vind)
    staff.post(f"{DESK}{pk}/her/", {"group": "2"})
    assert "Staff" in vind.post(f"{DESK}{pk}/her/", {"group": "1"}).content.decode()


def test_every_measured_value_opens_to_its_records(stage, vind):
    stage.part(stage.activity("vind", "v1"), "a", "uni")
    pk = begin(vind)
    one = queries.assessment(pk, seen_by=None, on=timezone.localdate())
    keys = {line.measured.key for line in queries.lines(one, seen_by=None) if line.measured}
    assert len(keys) >= 12
    for key in keys:
        assert vind.get(f"{DESK}maalt/{key}/?vurdering={pk}").status_code == 200
    assert "ikke registreret penge" in vind.get(f"{DESK}maalt/private_share/").content.decode()


def test_the_sheet_goes_out_and_comes_back(stage, vind, staff):
    pk = begin(vind)
    save(vind, pk, "2.1", "3")
    book = load_workbook(io.BytesIO(vind.get(f"{DESK}{pk}/regneark/").content))
    sheet = book.worksheets[0]
    heads = {str(head.value).rstrip("*"): head.column for head in sheet[2]}
    rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=3)}
    assert len(rows) == 31 and sheet.cell(rows["2.1"], heads["Niveau"]).value == "3"
    assert {sheet.cell(row, heads["Pladsholder"]).value for row in rows.values()} == {"ja"}
    for page in book.worksheets:
        assert "pladsholdere" in page.cell(1, 1).value  # said before anything else is read
    assert sheet.freeze_panes == "A3"
    sheet.cell(rows["2.2.2"], heads["Niveau"]).value = "4"
    sheet.cell(rows["2.2.2"], heads["Begrundelse"]).value = "To kurser om året."
    sheet.cell(rows["4.2"], heads["Niveau"]).value = "ved ikke"

    def send(*, dry: bool):
        out = io.BytesIO()
        book.save(out)
        data = {
            "act": "sheet",
            "file": SimpleUploadedFile("v.xlsx", out.getvalue()),
            **({"dry_run": "on"} if dry else {}),
        }
        return vind.post(f"{DESK}{pk}/", data).content.decode()

    assert "2 svar ændres" in send(dry=True)
    one = queries.assessment(pk, seen_by=None, on=timezone.localdate())
    assert set(queries.given(one, seen_by=None)) == {"2.1"}
    assert "2 svar er ændret" in send(dry=False)
    given = queries.given(one, seen_by=None)
    assert (given["2.2.2"].level, given["2.2.2"].justification, given["4.2"].state) == (4, "To kurser om året.", AnswerState.UNKNOWN)  # fmt: skip
    sheet.cell(rows["2.2.2"], heads["Niveau"]).value = "2"
    assert "Nogen har skrevet i dette svar" in send(dry=False)  # the sheet is older than what stands
    sheet.cell(rows["2.2.2"], heads["Niveau"]).value = "4"
    sheet.cell(rows["4.3"], heads["Niveau"]).value = "syv"
    sheet.cell(rows["4.5"], heads["Link til dokumentation"]).value = "C:\\aftale.pdf"
    text = send(dry=False)
    assert "Intet blev skrevet" in text and "syv" in text and "aftale.pdf" in text
    assert re.search(rf">{rows['4.3']}</td><td[^>]*>Niveau<", text)  # the row of the file, as a spreadsheet counts it
    assert "4.3" not in queries.given(one, seen_by=None)


def test_evidence_lies_beside_the_answer_and_only_there(stage, vind):
    pk = begin(vind)
    kind = queries.version_of(queries.assessment(pk, seen_by=None, on=timezone.localdate())).evidence[0].code
    file = SimpleUploadedFile("aftale.pdf", b"%PDF-1.4 x", content_type="application/pdf")
    data = {"title": "Aftale", "kind": kind, "dated": "2013-01-01", "file": file}
    assert vind.post(f"{DESK}{pk}/svar/2.1/bevis/", data).status_code == 302
    page = vind.get(f"{DESK}{pk}/gruppe/2/").content.decode()
    address = re.search(rf'href="({DESK}{pk}/bevis/\d+/)"', page).group(1)
    answer = vind.get(address)
    assert answer.content == b"%PDF-1.4 x" and "attachment" in answer["Content-Disposition"]
    other = Client()
    other.force_login(stage.people["mad"])
    assert other.get(address).status_code == 404
    wrong = vind.post(f"{DESK}{pk}/svar/2.1/bevis/", {"title": "Uden noget", "kind": kind, "dated": "2013-01-01"})
    assert "Angiv et link eller en fil" in wrong.content.decode() and "Uden noget" in wrong.content.decode()
    assert vind.post(address).status_code == 302
    assert address not in vind.get(f"{DESK}{pk}/gruppe/2/").content.decode()


def test_no_screen_shows_an_experts_score_before_both_are_in(stage, vind):
    now = timezone.now()
    for key in ("first", "second"):
        stage.people[key] = access.welcome(by=None, at=now, email=f"{key}@demo.invalid", name=key.title())
        access.appoint(by=None, at=now, person=stage.people[key], role=Role.AUDITOR, body_id=None, since=now.date())
    office = stage.people["office"]
    one = actions.begin(by=office, at=now, cluster=stage.clusters["vind"], kind=AssessmentKind.AUDIT, scheme=SCHEME, as_of=now.date())  # fmt: skip
    for key, seat in (("first", Seat.EXPERT_A), ("second", Seat.EXPERT_B)):
        auditing.seat(by=office, at=now, assessment=one, expert=stage.people[key], seat=seat)
    auditing.begin_scoring(by=office, at=now, assessment=one)
    addresses = [DESK, f"{DESK}{one.pk}/", f"{DESK}{one.pk}/gruppe/2/", f"{DESK}afstand/?vurdering={one.pk}", f"{DESK}vejen/?vurdering={one.pk}"]  # fmt: skip

    def pages() -> list[str]:
        return [
            re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", vind.get(address).content.decode())
            for address in addresses
        ]

    before = pages()
    secret = "Et tydeligt forbillede"
    for part, value in ((Part.LEVEL, "5"), (Part.JUSTIFICATION, secret)):
        actions.answer(by=stage.people["first"], at=now, assessment=one, indicator="2.1", part=part, value=value, turn=0, seat=Seat.EXPERT_A)  # fmt: skip
    assert pages() == before
    watcher = Client()
    watcher.force_login(office)
    assert secret not in watcher.get("/sekretariat/spor/").content.decode()
