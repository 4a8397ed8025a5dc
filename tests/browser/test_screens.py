"""Every screen on desktop and phone: it answers, axe-core finds nothing, nothing spills over the edge; and the main story by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
HOME = Path(__file__).resolve().parents[2]
AXE = (HOME / "node_modules" / "axe-core" / "axe.min.js").read_text()
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PUBLIC = [
    "/", "/find/", "/find/?behov=energi&sted=Odense", "/find/?behov=qqqq", "/kort/", "/klynger/", "/klynger/?q=zzz", "/resultater/", "/ligaer/", "/maerker/", "/maerker/?dato=2013-06-01", "/maerker/?q=zzz",
    "/data/", "/om/", "/was/", "/konto/login/", "/konto/password/reset/", "/resultater/participating_companies/2012/", "/resultater/hours/2012/",
]  # fmt: skip
SECRETARIAT = [
    "/sekretariat/", "/sekretariat/runder/2013/", "/sekretariat/runder/ny/", "/sekretariat/ubekraeftede/", "/sekretariat/dubletter/",
    "/sekretariat/personer/", "/sekretariat/personer/ny/", "/sekretariat/indlaes/", "/sekretariat/spor/", "/sekretariat/sager/", "/sekretariat/sager/?q=zzz", "/sekretariat/udloeb/", "/sekretariat/ligaer/",
    "/resultater/participating_companies/2012/linjer/",
]  # fmt: skip
OFFICE = [
    "/klyngekontor/", "/klyngekontor/deltagere/", "/klyngekontor/deltagere/ny/", "/klyngekontor/aktiviteter/", "/klyngekontor/aktiviteter/ny/",
    "/klyngekontor/udbytte/", "/klyngekontor/udbytte/ny/", "/klyngekontor/regneark/", "/klyngekontor/regnskab/2013/", "/klyngekontor/regnskab/2012/",
    "/klyngekontor/vurderinger/", "/klyngekontor/vurderinger/afstand/", "/klyngekontor/vurderinger/vejen/", "/klyngekontor/maerker/", "/klyngekontor/maerker/soeg/",
]  # fmt: skip


CASE_STATES = ("applied", "assigning", "auditing", "reported", "awarded", "declined", "withdrawn")


def axe(page) -> list[str]:
    """What axe-core finds, as lines: rule, element."""
    seen = len(page.faults) if page.evaluate("true") and hasattr(page, "faults") else 0
    result = page.evaluate(AXE + "; axe.run({resultTypes: ['violations']})")
    if hasattr(page, "faults"):
        del page.faults[seen:]  # axe sets styles of its own, which the page's content security policy rightly refuses
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in result["violations"]]


def wide(page) -> int:
    """By how many pixels the page spills over the right edge."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def sound(page, path: str) -> list[str]:
    """What is wrong with the screen, on both sizes."""
    wrong = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        response = page.goto(path)
        if response.status != 200:
            return [f"{path}: {response.status}"]
        wrong += [f"{path} {size['width']}: {line}" for line in axe(page)]
        if wide(page) > 0:
            wrong.append(f"{path} {size['width']}: {wide(page)} pixels too wide")
    return wrong


def sit_down(page, desk: str) -> None:
    page.goto("/konto/login/")
    page.click(f'button[value="{desk}"]')


def first_links(page, listing: str, pattern: str) -> list[str]:
    """The first thing that a list leads to."""
    page.goto(listing)
    found = [
        link
        for link in page.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href'))")
        if link and re.fullmatch(pattern, link)
    ]
    return found[:1]


def test_public_screens(page):
    paths = PUBLIC + first_links(page, "/klynger/", r"/klynger/[\w-]+/")
    assert [line for path in paths for line in sound(page, path)] == []


def test_public_screens_in_english(page):
    page.goto("/")
    page.click("text=English")
    assert "What does your company need?" in page.content()
    assert [line for path in PUBLIC[:8] for line in sound(page, path)] == []
    assert page.get_attribute("html", "lang") == "en"


def test_the_secretariats_screens(page):
    sit_down(page, "sekretariat")
    paths = list(SECRETARIAT)
    for listing, pattern in (
        ("/sekretariat/runder/2013/", r"/sekretariat/regnskab/\d+/"), ("/sekretariat/ubekraeftede/", r"/sekretariat/ubekraeftede/\d+/"),
        ("/sekretariat/personer/", r"/sekretariat/personer/\d+/"), ("/resultater/participating_companies/2012/linjer/", r"/linje/\d+/"),
        *((f"/sekretariat/sager/?state={state}", r"/sekretariat/sager/\d+/") for state in CASE_STATES), ("/sekretariat/ligaer/", r"/sekretariat/ligaer/[\w-]+/"),
    ):  # fmt: skip
        paths += first_links(page, listing, pattern)
    assert len(paths) == len(SECRETARIAT) + 5 + len(CASE_STATES)
    assert [line for path in paths for line in sound(page, path)] == []


def test_the_cluster_offices_screens(page):
    sit_down(page, "klyngeleder")
    paths = list(OFFICE)
    for listing, pattern in (
        ("/klyngekontor/deltagere/", r"/klyngekontor/deltagere/\d+/"), ("/klyngekontor/aktiviteter/", r"/klyngekontor/aktiviteter/\d+/"),
        ("/klyngekontor/udbytte/", r"/klyngekontor/udbytte/\d+/"), ("/klyngekontor/maerker/", r"/klyngekontor/maerker/\d+/"),
        ("/klyngekontor/vurderinger/", r"/klyngekontor/vurderinger/\d+/"),
    ):  # fmt: skip
        paths += first_links(page, listing, pattern)
    assert [line for path in paths for line in sound(page, path)] == []


def test_the_auditors_screens(page):
    """Every case on the demo auditor's desk, each waiting for something else, and what each leads to."""
    sit_down(page, "auditor")
    page.goto("/auditor/")
    hrefs = "all => all.map(a => a.getAttribute('href'))"
    cases = [one for one in page.eval_on_selector_all("main a", hrefs) if re.fullmatch(r"/auditor/sag/\d+/", one or "")]
    assert len(cases) >= 7
    deeper = set()
    for one in cases:
        page.goto(one)
        links = [link for link in page.eval_on_selector_all("main a", hrefs) if (link or "").startswith(one)]
        deeper |= {link for link in links if not link.endswith(".pdf")}
    kinds = {re.sub(r"\d+", "0", one): one for one in sorted(deeper)}  # one of each kind of screen
    assert {"/auditor/sag/0/gruppe/0/", "/auditor/sag/0/faelles/", "/auditor/sag/0/indsats/"} <= set(kinds)
    assert [line for path in ["/auditor/", *cases, *kinds.values()] for line in sound(page, path)] == []


@pytest.mark.parametrize(
    "desk", ["ministerium", "raadgiver", "universitet", "virksomhed", "auditor", "analytiker", "medarbejder"]
)
def test_the_other_desks_land_somewhere(page, desk):
    sit_down(page, desk)
    assert sound(page, "/hjem/") == []


def test_record_paste_hand_in_approve(page, browser, address):
    """A cluster manager notes an event with its participants and hands in; the secretariat approves; the nation counts it."""
    sit_down(page, "klyngeleder")
    page.goto("/klyngekontor/aktiviteter/ny/")
    page.fill("#id_title", "Temadag om drift")
    page.select_option("#id_kind", "knowledge")
    page.fill("#id_starts_on", "2013-11-05")
    page.click("main button.button-primary")
    page.click("text=Notér, hvem der deltog")
    page.fill("#list", "Helt Ukendt Smedje; 2; 14\nEndnu en Fremmed ApS\n")
    page.click("text=Find dem")
    assert axe(page) == []
    page.click("text=Sæt dem på listen")
    assert "Helt Ukendt Smedje" in page.content() and "Ubekræftet" in page.content()
    page.goto("/klyngekontor/regnskab/2013/")
    page.fill("#id_comment", "Alt er talt op og set efter.")
    page.click("text=Indsend regnskabet >> nth=-1")
    assert "Indsendt" in page.inner_text("main")
    office = browser.new_context(base_url=address, viewport=DESKTOP).new_page()
    sit_down(office, "sekretariat")
    office.goto("/sekretariat/runder/2013/?state=submitted")
    office.click("table tbody a >> nth=0")
    office.click("text=Godkend regnskabet")
    assert "Godkendt" in office.inner_text("main")
    office.context.close()


def test_every_address_works_without_javascript(browser, address):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.fill("#need", "energi")
    page.click("main button.button-primary")
    assert page.locator(".found > li").count() > 0
    sit_down(page, "sekretariat")
    assert page.locator("h1").inner_text() == "Sekretariatets skrivebord"
    context.close()


def test_the_pictures_of_the_readme(page):
    """Fresh every time the tests run; a person looks at them before they are committed."""
    folder = HOME / "var" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": 1280, "height": 1180})
    page.goto("/")
    page.screenshot(path=folder / "front.png")
    assert (folder / "front.png").stat().st_size > 20_000
