"""Every screen on desktop and phone: it answers, axe-core finds nothing, nothing spills over the edge; and the main story by hand."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve

pytestmark = pytest.mark.browser
HOME = Path(__file__).resolve().parents[2]
AXE = (HOME / "node_modules" / "axe-core" / "axe.min.js").read_text()
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# what stands there before anything is recorded
FIRST_DAY = (
    "/", "/find/", "/find/?behov=energi&sted=Odense", "/find/?behov=qqqq", "/kort/", "/landskab/", "/landskab/overlap/", "/landskab/overlap/kort/", "/landskab/daekning/", "/styrker/", "/styrker/strategier/",
    "/klynger/", "/klynger/?q=zzz", "/resultater/", "/maal/", "/effekter/", "/effekter/kort/", "/ligaer/", "/maerker/", "/data/",
)  # fmt: skip
PUBLIC = [
    "/", "/styrker/", "/styrker/1083/", "/styrker/1083/?vis=alle&inddeling=brancher", "/styrker/DK031/?tabel=1", "/styrker/1083/machinery/", "/styrker/strategier/", "/find/", "/find/?behov=energi&sted=Odense", "/find/?behov=qqqq", "/kort/", "/landskab/", "/landskab/?dag=2012-06-30&masse=ja", "/landskab/overlap/", "/landskab/overlap/?dag=2012-06-30&slags=flag", "/landskab/overlap/kort/", "/landskab/overlap/kort/?slags=alle", "/landskab/daekning/", "/landskab/daekning/?slags=hul", "/landskab/daekning/?slags=faa", "/klynger/", "/klynger/?q=zzz", "/resultater/", "/maal/", "/effekter/", "/effekter/vaekst-i-beskaeftigelse/", "/effekter/eksport/", "/effekter/kort/", "/effekter/kort/?niveau=region&tal=outcome_2", "/effekter/kort/?niveau=landet", "/maerker/europa/", "/ligaer/",
    "/resultater/undersoegelser/", "/resultater/undersoegelser/company/2012/0/", "/demo/undersoegelse/", "/data/", "/om/", "/was/", "/konto/login/", "/konto/password/reset/", "/resultater/participating_companies/2012/", "/resultater/hours/2012/",
    "/find/?cvr=98000003", "/find/?cvr=12345678", "/kort/?antal=200-499", "/findes-ikke/", "/maerker/", "/maerker/?dato=2013-06-01", "/maerker/?q=zzz",
    "/resultater/serie/", "/resultater/serie/knowledge_institutions/", "/resultater/serie/hours/", "/data/ordbog/",
    "/resultater/indsats/", "/resultater/indsats/?tal=staff",
]  # fmt: skip
SECRETARIAT = [
    "/sekretariat/", "/sekretariat/runder/", "/sekretariat/runder/2013/", "/sekretariat/runder/2012/tjek/", "/sekretariat/vurderinger/", "/sekretariat/runder/ny/", "/sekretariat/ubekraeftede/", "/sekretariat/dubletter/",
    "/sekretariat/personer/", "/sekretariat/personer/ny/", "/sekretariat/indlaes/", "/sekretariat/spor/", "/sekretariat/register/", "/sekretariat/register/ny/",
    "/sekretariat/register/ark/", "/sekretariat/organisationer/", "/sekretariat/organisationer/ny/", "/resultater/participating_companies/2012/linjer/",
    "/sekretariat/indberetninger/", "/resultater/serie/participating_companies/?nu=1",
    "/landskab/sammenlaegning/", "/landskab/sammenlaegning/1/", "/landskab/sammenlaegning/2/", "/forummoeder/", "/forummoeder/bilag/1/", "/forummoeder/bilag/2/", "/forummoeder/bilag/4/", "/forummoeder/bilag/5/", "/forummoeder/laeg-frem/landskab/daekning/", "/forummoeder/laeg-frem/styrker/1083/", "/landskab/sammenlaegning/?org1=findes-ikke", "/sekretariat/undersoegelser/", "/sekretariat/undersoegelser/grundlag/", "/sekretariat/undersoegelser/1/", "/sekretariat/undersoegelser/3/", "/sekretariat/sager/", "/sekretariat/sager/?q=zzz", "/sekretariat/udloeb/", "/sekretariat/ligaer/",
]  # fmt: skip
OFFICE = [
    "/klyngekontor/", "/klyngekontor/organisation/", "/klyngekontor/deltagere/", "/klyngekontor/deltagere/ny/", "/klyngekontor/aktiviteter/", "/klyngekontor/aktiviteter/ny/",
    "/klyngekontor/udbytte/", "/klyngekontor/udbytte/ny/", "/klyngekontor/regneark/", "/noegler/", "/klyngekontor/regnskab/", "/klyngekontor/regnskab/2013/", "/klyngekontor/regnskab/2012/",
    "/klyngekontor/oekonomi/", "/klyngekontor/oekonomi/indtaegter/", "/klyngekontor/oekonomi/indtaegter/ny/", "/klyngekontor/oekonomi/timer/", "/klyngekontor/oekonomi/timer/nye/",
    "/klyngekontor/oekonomi/timer/mangler/", "/klyngekontor/oekonomi/tilskud/nyt/", "/klyngekontor/oekonomi/tal/cofinancing/2012/", "/klyngekontor/indberetninger/", "/klyngekontor/indberetninger/innovation-network-year/2012/",
    "/klyngekontor/undersoegelse/", "/klyngekontor/undersoegelse/kontakter/", "/klyngekontor/undersoegelse/2/", "/klyngekontor/vurderinger/", "/klyngekontor/vurderinger/afstand/", "/klyngekontor/vurderinger/vejen/", "/klyngekontor/maerker/", "/klyngekontor/maerker/soeg/",
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


LOOKED_AT: set[str] = set()


def sound(page, path: str, sizes=(DESKTOP, PHONE)) -> list[str]:
    """What is wrong with the screen, on both sizes."""
    wrong = []
    for size in sizes:
        page.set_viewport_size(size)
        response = page.goto(path)
        if response.status != (404 if path == "/findes-ikke/" else 200):
            return [f"{path}: {response.status}"]
        LOOKED_AT.update((path, response.url))
        wrong += [f"{path} {size['width']}: {line}" for line in axe(page)]
        if wide(page) > 0:
            wrong.append(f"{path} {size['width']}: {wide(page)} pixels too wide")
    return wrong


def sit_down(page, desk: str) -> None:
    page.context.clear_cookies()
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
    paths[:0] = first_links(page, "/landskab/overlap/", r"/landskab/overlap/[\w-]+/[\w-]+/\?dag=[\d-]+")
    page.goto("/ligaer/")
    placed = page.get_attribute("main table a >> nth=0", "href")
    decisions = first_links(page, placed, r"/ligaer/afgoerelse/\d+/")
    assert decisions
    paths += [
        placed,
        *decisions,
        "/ligaer/?fra=2013",
        f"{paths[-1]}serie/",
        *first_links(page, paths[-1], r"/klynger/[\w-]+/regnskab/\d+/"),
    ]
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
        ("/sekretariat/register/", r"/sekretariat/register/om/[\w-]+/"), ("/sekretariat/organisationer/?q=a", r"/sekretariat/organisationer/\d+/"),
        *((f"/sekretariat/sager/?state={state}", r"/sekretariat/sager/\d+/") for state in CASE_STATES), ("/sekretariat/ligaer/", r"/sekretariat/ligaer/[\w-]+/"),
        ("/sekretariat/indberetninger/?aar=2012", r"/sekretariat/indberetninger/\d+/"),
    ):  # fmt: skip
        paths += first_links(page, listing, pattern)
    assert len(paths) == len(SECRETARIAT) + 8 + len(CASE_STATES)
    review = paths[len(SECRETARIAT)]
    paths += first_links(page, review, r"/regnskab/\d+/[a-z_0-9]+/")
    paths += [f"{again}forskel/".replace("/sekretariat", "") for again in (review, *handed_in_again(page))]
    (interview,) = first_links(page, "/sekretariat/vurderinger/", r"/klyngekontor/vurderinger/\d+/")
    (group,) = first_links(page, interview, rf"{interview}gruppe/1/")
    (measured,) = first_links(page, group, rf"{interview}maalt/\w+/")
    paths += [interview, group, measured]
    assert [line for path in paths for line in sound(page, path)] == []


def handed_in_again(page) -> list[str]:
    """An account that was sent back in part and handed in again: its review shows what was asked and what was done."""
    page.goto("/sekretariat/runder/2013/?state=submitted")
    every = page.eval_on_selector_all("table tbody a", "all => all.map(a => a.getAttribute('href'))")
    for review in every:
        page.goto(review)
        if page.locator("#answers").count():
            return [review]
    return []


def test_the_cluster_offices_screens(page):
    sit_down(page, "klyngeleder")
    paths = list(OFFICE)
    for listing, pattern in (
        ("/klyngekontor/deltagere/", r"/klyngekontor/deltagere/\d+/"), ("/klyngekontor/aktiviteter/", r"/klyngekontor/aktiviteter/\d+/"),
        ("/klyngekontor/udbytte/", r"/klyngekontor/udbytte/\d+/"), ("/klyngekontor/maerker/", r"/klyngekontor/maerker/\d+/"),
        ("/klyngekontor/vurderinger/", r"/klyngekontor/vurderinger/\d+/"), ("/klyngekontor/regnskab/2013/", r"/regnskab/\d+/participating_companies/"),
        ("/klyngekontor/regnskab/2012/", r"/regnskab/\d+/participating_companies/"),
    ):  # fmt: skip
        paths += first_links(page, listing, pattern)
    paths += first_links(page, paths[-2], r"/regnskab/\d+/deltager/\d+/") + first_links(page, paths[-1], r"/linje/\d+/")
    assert len(paths) == len(OFFICE) + 9
    for listing in ("tilskud", "indtaegter", "timer"):
        start = "/klyngekontor/oekonomi/" if listing == "tilskud" else f"/klyngekontor/oekonomi/{listing}/"
        (found,) = first_links(page, start, rf"/klyngekontor/oekonomi/{listing}/\d+/")
        paths += [found, *([f"{found}ret/", f"{found}budget/"] if listing == "tilskud" else [])]
    activity = next(path for path in paths if re.fullmatch(r"/klyngekontor/aktiviteter/\d+/", path))
    paths += [activity + "deltagere/", activity + "ret/"]
    assert [line for path in paths for line in sound(page, path)] == []


ANALYST = [
    "/analyse/", "/analyse/tabeller/", "/analyse/udtraek/", "/analyse/studier/ny/", "/analyse/studier/foerste-udkast/", "/analyse/studier/foerste-udkast/protokol/", "/analyse/studier/formaliseret-samarbejde/",
    "/analyse/studier/eksport/", "/analyse/studier/loen-i-statistikken/",
]  # fmt: skip


def test_the_analysts_screens(page):
    """A protocol is frozen, counted in front of the person who asked, and its result is there."""
    sit_down(page, "analytiker")
    assert urlsplit(page.url).path == "/analyse/"
    assert [line for path in ANALYST for line in sound(page, path)] == []
    page.goto("/analyse/studier/formaliseret-samarbejde/")
    page.click("button[value=run]")
    # a worker counts; the page asks by itself
    page.wait_for_selector("text=Resultatet er inde, ikke vurderet", timeout=60_000)
    page.click("main a:has-text('Se resultatet')")
    assert "Ikke offentliggjort" in page.content() and page.locator("svg.chart").count() >= 2
    assert axe(page) == []


def test_an_extract_is_looked_at_and_taken_in_at_the_desk(page, tmp_path):
    """What was looked at, what is wrong and what was taken in are read by everybody, at a desk and on a telephone."""
    rows = "".join(f"{71_000_000 + nth};{year};{nth},5;{nth % 4:02d}\n" for nth in range(40) for year in (2010, 2011))
    sit_down(page, "analytiker")
    for head, tick, said in (
        ("cvr;year;fte;industry\n", True, "Intet blev indlæst"), ("company;year;fte;industry\n", True, "Filen kan indlæses"),
        ("company;year;fte;industry\n", False, "Indlæst som udtræk"),
    ):  # fmt: skip
        (tmp_path / "sent.csv").write_text(head + rows)
        page.goto("/analyse/udtraek/")
        page.fill("input[name=source]", "Statistikkontoret, 12. marts")
        page.set_input_files("input[name=file]", tmp_path / "sent.csv")
        page.set_checked("input[name=dry_run]", tick)
        page.click("main form button.button-primary")
        assert said in page.inner_text("main [role=status] h2") and axe(page) == []
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size(DESKTOP)


QUALITY = [
    "/klyngekontor/vurderinger/", "/klyngekontor/vurderinger/afstand/", "/klyngekontor/vurderinger/afstand/?maerke=gold&med=alle",
    "/klyngekontor/vurderinger/vejen/?maerke=gold", "/klyngekontor/vurderinger/maalt/contacts/", "/klyngekontor/vurderinger/maalt/private_share/",
]  # fmt: skip


def test_the_quality_screens(page):
    sit_down(page, "klyngeleder")
    page.goto("/klyngekontor/vurderinger/")
    one = page.get_attribute("main .panel--due a.button", "href")
    groups = first_links(page, one, rf"{one}gruppe/2/")
    evidence = first_links(page, groups[0], rf"{one}svar/2\.1/bevis/")
    assert groups and evidence
    page.goto("/klyngekontor/vurderinger/")
    done = page.get_attribute("main table tr:has-text('Afsluttet') a", "href")
    page.goto(done)
    page.click("main a[href$='/omregnet/']")
    for by in ("af 150 point", "af 120 point er sikre"):  # judged by both versions
        assert page.locator(f".big:has-text('{by}')").count() == 1
    assert page.locator(".house-table--told tbody tr").count() > 10
    paths = (*QUALITY, one, *groups, *evidence, f"{one}omregnet/", f"{done}omregnet/")
    assert [line for path in paths for line in sound(page, path)] == []


def test_two_fill_a_group_at_once_and_nobody_loses_anything(page, browser, address):
    """Answers save themselves; who writes in the same place as a colleague is told, with both values there."""
    sit_down(page, "klyngeleder")
    page.goto("/klyngekontor/vurderinger/")
    group = page.get_attribute("main .panel--due a.button", "href") + "gruppe/5/"
    other = browser.new_context(base_url=address, viewport=DESKTOP).new_page()
    sit_down(other, "medarbejder")
    page.goto(group), other.goto(group)
    page.click("#i-5-2 .levels__list li:nth-child(3) label")
    page.wait_for_selector("#saved-5-2-level:has-text('Gemt kl.')")
    other.fill("#t-5-2-justification", "Tre historier på hjemmesiden.")
    other.wait_for_selector("#saved-5-2-justification:has-text('Gemt kl.')", timeout=8000)  # by itself, without a click
    other.click("#i-5-2 .levels__list li:nth-child(5) label")
    other.wait_for_selector("#saved-5-2-level.saved--refused")
    assert "Klara Klyngeleder 1 har i mellemtiden skrevet" in other.inner_text("#saved-5-2-level")
    assert axe(other) == []
    other.click("#saved-5-2-level button")
    other.wait_for_selector("#saved-5-2-level:has-text('Gemt kl.')")
    page.goto(group)
    assert page.is_checked("#i-5-2 .levels__list li:nth-child(5) input")
    assert page.input_value("#t-5-2-justification") == "Tre historier på hjemmesiden."
    page.wait_for_selector("#here:has-text('Morten Medarbejder')")
    other.context.close()


def test_what_if_answers_at_once(page):
    sit_down(page, "klyngeleder")
    page.goto("/klyngekontor/vurderinger/vejen/?maerke=gold")
    before = page.inner_text("#result .bullet__value")
    page.evaluate(
        "const one = document.querySelector('#w-5-2'); one.value = one.max; one.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    page.wait_for_selector("#result:has-text('1 niveau er prøvet')")
    assert int(page.inner_text("#result .bullet__value")) > int(before)


def test_the_desks_in_english(page):
    """On the phone, where long words spill first."""
    for desk, screens_of in (("sekretariat", SECRETARIAT), ("klyngeleder", OFFICE)):
        page.set_viewport_size(DESKTOP)
        sit_down(page, desk)
        page.goto("/")
        page.click("text=English")
        assert [line for path in screens_of for line in sound(page, path, (PHONE,))] == []
        assert page.get_attribute("html", "lang") == "en"


def sit_down_as(page, name: str) -> None:
    """A person of the bare house, through a demo door of another name."""
    page.context.clear_cookies()
    page.goto("/konto/login/")
    page.evaluate("name => { document.querySelector('button[name=skrivebord]').value = name; }", name)
    page.click("button[name=skrivebord] >> nth=0")


def test_the_first_day_is_empty_and_teaches(browser, bare):
    """Before anything is recorded every list says what to do next."""
    page = browser.new_context(base_url=bare, locale="da-DK").new_page()
    assert [line for path in FIRST_DAY for line in sound(page, path)] == []
    page.goto("/resultater/")
    assert "Ingen tal endnu" in page.inner_text("main")
    sit_down_as(page, "office")
    paths = [path for path in SECRETARIAT if not re.search(r"/\d+/", path)]
    assert [line for path in paths for line in sound(page, path)] == []
    page.goto("/sekretariat/runder/")
    assert page.url.endswith("/sekretariat/runder/ny/")
    page.goto("/sekretariat/dubletter/")
    assert page.locator("main .button").count() <= 1 and "Intet par venter" in page.inner_text("main")
    sit_down_as(page, "vind")
    paths = [path for path in OFFICE if not re.search(r"/\d+/", path)]
    assert [line for path in paths for line in sound(page, path)] == []
    page.goto("/klyngekontor/regnskab/")
    assert "Sekretariatet åbner årets runde" in page.inner_text("main")
    page.goto("/klyngekontor/aktiviteter/")
    assert page.locator("main a.button").count() >= 1
    page.goto("/klyngekontor/vurderinger/afstand/")
    assert "Ingen vurdering endnu" in page.inner_text("main")
    sit_down_as(page, "auditor")
    assert sound(page, "/auditor/") == []
    assert "Intet venter på dig" in page.inner_text("main")
    page.context.close()


def test_errors_stand_beside_the_field(page):
    sit_down(page, "klyngeleder")
    page.goto("/klyngekontor/aktiviteter/ny/")
    page.eval_on_selector("main form", "form => { form.noValidate = true; }")
    page.fill("#id_title", "Uden slags og dato")
    page.fill("#id_place", "Gotham")
    page.click("main button.button-primary")
    beside = page.eval_on_selector_all(".form-group.form-error", "all => all.map(one => one.querySelector('input, select').id)")  # fmt: skip
    assert beside == ["id_kind", "id_starts_on", "id_place"]
    assert page.input_value("#id_title") == "Uden slags og dato" and axe(page) == []


def test_eighty_participants_in_three_minutes(page):
    """Eighty lines as people write them; the machine's part is seconds, and a person decides only what is unsure."""
    sit_down(page, "klyngeleder")
    known = page.request.get("/klyngekontor/deltagere/?hent=json&kind=company").json()
    names = [row["Navn"] for row in known][:70]
    assert len(names) == 70, len(known)
    lines = [
        f"Person {n}, {name}" if n % 4 == 0 else f"Person {n}\t{name}\tp{n}@demo.invalid\t08:{n % 60:02}" if n % 4 == 1
        else name.upper() if n % 4 == 2 else name.rsplit(" ", 1)[0]
        for n, name in enumerate(names)
    ]  # fmt: skip
    lines += [f"Helt Fremmed Firma {n} ApS" for n in range(10)]
    began = time.monotonic()
    page.goto("/klyngekontor/aktiviteter/ny/")
    page.fill("#id_title", "Temadag med firs deltagere")
    page.select_option("#id_kind", "knowledge")
    page.fill("#id_starts_on", "2013-10-05")
    page.click("main button.button-primary")
    page.fill("#list", "\n".join(lines))
    page.click("text=Find dem")
    waiting = page.locator("tr.row--waits")
    assert waiting.count() <= 14 and page.locator(".paste tbody tr").count() >= 78
    assert page.locator(".paste tbody tr >> nth=0").get_attribute("class") == "row--waits"
    page.click("text=Sæt dem på listen")
    assert time.monotonic() - began < 30
    assert "står på listen" in page.inner_text("body")


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
    group = kinds["/auditor/sag/0/gruppe/0/"]
    measured = first_links(page, group, r"/auditor/sag/\d+/maalt/\w+/")
    assert measured and {"/auditor/sag/0/faelles/", "/auditor/sag/0/indsats/"} <= set(kinds)
    assert [line for path in ["/auditor/", *cases, *kinds.values(), *measured] for line in sound(page, path)] == []


@pytest.mark.parametrize(
    "desk", ["ministerium", "raadgiver", "universitet", "virksomhed", "auditor", "analytiker", "medarbejder"]
)
def test_the_other_desks_land_somewhere(page, desk):
    sit_down(page, desk)
    assert sound(page, "/hjem/") == []


def test_three_write_in_the_account_and_nobody_loses_anything(page, browser, address):
    """Fields save themselves; who writes where a colleague just wrote is told, with both texts there; the account is not handed in by that."""
    own = "/klyngekontor/regnskab/2013/"
    sit_down(page, "klyngeleder")
    staff, again = (browser.new_context(base_url=address, viewport=DESKTOP).new_page() for _ in range(2))
    sit_down(staff, "medarbejder"), sit_down(again, "klyngeleder")
    for one in (page, staff, again):
        one.goto(own)
    page.fill("#id_comment", "Fra lederen")
    page.wait_for_selector("#saved-comment:has-text('Gemt kl.')", timeout=8000)
    for other, field in ((staff, "#t-comment"), (again, "#id_comment")):
        other.fill(field, f"Fra {field}")
        other.wait_for_selector("#saved-comment.saved--refused", timeout=8000)
        assert "har i mellemtiden skrevet" in other.inner_text("#saved-comment") and axe(other) == []
        other.click("#saved-comment button")
        other.wait_for_selector("#saved-comment:has-text('Gemt kl.')")
    page.goto(own)
    assert page.input_value("#id_comment") == "Fra #id_comment" and "Åbent" in page.inner_text("main")
    page.fill("#id_comment", "")
    page.wait_for_selector("#missing:has-text('kræver en bemærkning')", timeout=8000)
    staff.context.close(), again.context.close()


def test_record_paste_hand_in_approve(page, browser, address):
    """A cluster manager notes an event with its participants and hands in; the secretariat approves; the nation counts it."""
    sit_down(page, "klyngeleder")
    page.goto("/klyngekontor/aktiviteter/ny/")
    page.fill("#id_title", "Temadag om drift")
    page.select_option("#id_kind", "knowledge")
    page.fill("#id_starts_on", "2013-11-05")
    page.click("main button.button-primary")
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


NO_SCREENS = {
    "language",
    "demo_door",
    "health",
    "account_paper",
    "edition_paper",
    "exhibit_paper",
    "meeting_paper",
    "account_dossier",
    "account_remark",
    "open_file",
    "assessment_sheet",
    "assessment_answer",
    "assessment_fact",
    "evidence",
    "here",
    "consent",
    "labels_calendar",
    "certification_report",
    "case_report",
    "auditor_report",
    "case_evidence",
    "score",
    "sheet_template",
    "sheet_export",
    "register_file",
    "rounds",
    "own_accounts",
}


def test_every_screen_of_the_house_was_looked_at():
    """Runs last: an address that no test above opened has no accessibility test."""
    names = {pattern.name for pattern in screens()}
    seen = {resolve(urlsplit(path).path).url_name for path in LOOKED_AT if path != "/findes-ikke/" and not path.endswith("/findes-ikke/")}  # fmt: skip
    assert names - seen - NO_SCREENS == set()


def screens() -> list[URLPattern]:
    """Every address of our own desks."""
    own = [
        one
        for one in get_resolver().url_patterns
        if isinstance(one, URLResolver) and getattr(one.urlconf_module, "__name__", "").startswith("klyngeforum.web")
    ]
    return [pattern for one in own for pattern in one.url_patterns]
