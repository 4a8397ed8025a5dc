"""A secretariat and a ministry read in Danish why a part of a study has no answer, with the same numbers, also of an older result; and what
a specification is called in the language that they read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import override

from klyngeforum import demo
from klyngeforum.cli import working
from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.jobs import actions as jobs
from klyngeforum.ground.verdict import no
from klyngeforum.results.effects.models import Result, Study
from klyngeforum.results.effects.refusals import UNANSWERED
from klyngeforum.results.effects.rules import digest_of_text, read, strangers
from klyngeforum.results.effects.terms import COUNTING
from klyngeforum.steering.meetings.queries import laid_at
from klyngeforum.steering.meetings.terms import Part
from klyngeforum.web.analyst.protocol import EXAMPLE
from klyngeforum.web.components.refusals import refusal_line
from tests.cast import AT
from tests.studied import TOLD, protocol, shelved, studied

from .test_doors import signed_in
from .test_effect_story import at_desk
from .test_laid_story import called, lay_by_hand, said

pytestmark = pytest.mark.django_db
PAGE = "/effekter/published/"
BEFORE = "no effect can be estimated · outcome employment · no company never took part · use controls = 'not_yet', fewer covariates or a longer panel"  # fmt: skip
LEVEL = "the level without participation is -0.1234 · outcome employment · a per cent of nothing or less says nothing · use log points of a logarithm, or percentage points"  # fmt: skip
NOBODY = "nobody can be matched · no_control_in_cell 1212, outside_support 1 · use fewer or wider exact columns, a wider caliper or coarser bins"  # fmt: skip
ALIKE = "treated and controls can be told apart completely · covariate 'log_fte' most of all · no propensity exists between 0 and 1 · leave it out, or make it an exact column"  # fmt: skip
MOON = "no rows · the moon is full"
WHY = {
    "employment_pretrend": BEFORE,
    "employment_per_cent_of_log": LEVEL,
    "matching": NOBODY,
    "false_date": ALIKE,
    "out_of_reach": MOON,
}
DANISH = {
    "employment_pretrend": ("om de udviklede sig ens før deltagelsen: Årsværk", "ingen effekt kan beregnes · udfaldet “Årsværk” · der er ingen virksomhed, der aldrig har deltaget · brug controls = 'not_yet', færre kovariater eller et længere panel"),
    "employment_per_cent_of_log": ("siges i procent: Årsværk", "niveauet uden deltagelse er −0,1234 · udfaldet “Årsværk” · procent af nul eller mindre siger intet · brug logpoint af en logaritme, eller procentpoint"),
    "matching": ("matchning", "ingen kan matches · ingen kontrolvirksomhed i cellen: 1.212, uden for det fælles spænd: 1 · brug færre eller grovere kolonner, der skal være helt ens (exact), en større tilladt afstand (caliper) eller grovere intervaller"),
    "false_date": ("falsk dato", "deltagere og kontrolvirksomheder kan skelnes helt fra hinanden · mest af alt kovariaten “niveau før: årsværk” · ingen tilbøjelighed ligger mellem 0 og 1 · udelad den, eller gør den til en kolonne, der skal være helt ens (exact)"),
}  # fmt: skip
NAMES = '\n[study.names.fte]\nda = "årsværk"\nen = "full-time equivalents"\n'


@pytest.fixture
def told(stage):
    """A published study of which several parts could not be answered; its result is as the library wrote it."""
    shelved(stage)
    text = protocol("published").replace("\n[effects]\n", f"{NAMES}\n[effects]\n").replace('name = "never"', 'name = "never"\nda = "Aldrig"\nen = "Never"')  # fmt: skip
    Study.objects.filter(code="published").update(protocol=text, digest=digest_of_text(text))
    ways = [*TOLD["specifications"][:1], {"name": "by cohort", "refused": "too few years · sensitivity · give two years before participation and one after"}]  # fmt: skip
    raw = {**TOLD, "specifications": ways, "refused": [{"part": part, "reason": why} for part, why in WHY.items()]}
    Result.objects.filter(study__code="published").update(told=json.dumps(raw))
    return stage


def seen(client, language: str, address: str = PAGE) -> str:
    client.cookies["sprog"] = language
    return client.get(address).content.decode()


def against(page: str) -> str:
    """The list of what could not be answered, as it is read: without marks of the page but those of language."""
    part = page.split('id="against"')[1].split("</section>")[0].replace("&#x27;", "'").replace("&quot;", '"')
    return re.sub(r"\s+", " ", part)


def test_the_page_says_it_in_danish_with_the_same_numbers(told, client):
    before = Result.objects.get().told
    page = against(seen(client, "da"))
    for part, why in DANISH.values():
        assert f"{part}: {why}" in page, part
    assert "udfald uden for rækkevidde: der er ingen rækker · <span lang=\"en\">the moon is full</span>" in page, "what nobody knows is not swallowed"  # fmt: skip
    assert page.count('lang="en"') == 1
    assert "by cohort: der er for få år" in page
    assert Result.objects.get().told == before, "the result is as it was"


def test_in_english_every_letter_is_the_librarys(told, client):
    page = against(seen(client, "en"))
    assert all(why in page for why in WHY.values()) and "lang=" not in page
    assert "whether they moved alike before: Full-time equivalents" in page


def test_files_and_exhibits_say_the_same(told, client):
    rows = {row["key"]: row["said"] for row in json.loads(seen(client, "da", f"{PAGE}?hent=json")) if row["part"] == "refused"}  # fmt: skip
    assert {key: rows[key] for key in DANISH} == {key: f"{part}: {why}" for key, (part, why) in DANISH.items()}
    assert rows["out_of_reach"].endswith("der er ingen rækker · the moon is full")
    english = {row["key"]: row["said"] for row in json.loads(seen(client, "en", f"{PAGE}?hent=json")) if row["part"] == "refused"}  # fmt: skip
    assert all(english[key].endswith(f": {why}") for key, why in WHY.items())
    client.cookies["sprog"] = "da"
    meeting, office = called(told), signed_in(client, told, "office")
    assert lay_by_hand(client, PAGE, meeting).status_code == 302
    (row,) = laid_at(PAGE, seen_by=office, on=timezone.localdate())
    danish, words = dict(line[:2] for line in said(row, Part.AGAINST)), dict(line[:2] for line in said(row, Part.AGAINST, "en"))  # fmt: skip
    for part, why in DANISH.values():
        assert danish[f"Kunne ikke besvares: {part}"] == why
    assert words["Could not be answered: matching"] == NOBODY


def test_a_specification_is_called_in_the_language_of_the_reader(told, client):
    for language, name, other in (("da", "Aldrig", "Never"), ("en", "Never", "Aldrig")):
        page = seen(client, language)
        curve = page.split('id="curve"')[1].split("</section>")[0]
        assert f"<td>{name}</td>" in curve and f">{name}<" in curve.split("<table")[0] and other not in curve
        assert f"{name}: " in page.split('id="beforehand"')[1] and other not in page.split('id="beforehand"')[1]
        (row,) = (one for one in json.loads(seen(client, language, f"{PAGE}?hent=json")) if one["part"] == "specification")  # fmt: skip
        assert (row["key"], row["said"]) == ("never", name), "one key in every language"
    client.cookies["sprog"] = "da"
    signed_in(client, told, "office")
    there = lay_by_hand(client, PAGE, called(told)).url
    for language, name in (("da", "Aldrig"), ("en", "Never")):
        assert name in seen(client, language, there)


def test_a_protocol_from_before_shows_the_one_name_that_it_has(stage, client):
    shelved(stage)
    for language, odd in (("da", 'odd: <span lang="en">no such column</span>'), ("en", "odd: no such column")):
        page = seen(client, language)
        assert "<td>never</td>" in page.split('id="curve"')[1] and odd in against(page)


def test_the_desk_says_in_danish_what_is_not_understood_and_what_could_not_be_counted(stage, tmp_path, settings):
    studied(stage, tmp_path, settings)
    analyst = at_desk(stage, "analyst")
    odd = analyst.post("/analyse/studier/ny/", {"text": protocol("odd").replace('controls = "never"', 'controls = "sometimes"', 1)})  # fmt: skip
    assert "Delen [effects] kan ikke forstås: controls er &#x27;sometimes&#x27; · designet · vælg en af: never, not_yet" in odd.content.decode()  # fmt: skip
    broken = analyst.post("/analyse/studier/ny/", {"text": protocol("broken").replace("[study]", "[study")})
    assert re.search(
        r'kan ikke læses som TOML: <span lang="en">[^<]+line [0-9]+[^<]*</span>\.', broken.content.decode()
    )
    strange = analyst.post(
        "/analyse/studier/ny/", {"text": protocol("strange").replace("neighbours = 2", "neighbors = 2")}
    )
    assert "ukendt felt: neighbors · protokollen, [match] · kendte felter: adjust, " in strange.content.decode()
    letters = analyst.post("/analyse/studier/ny/", {"text": protocol("letters").replace('exact = ["industry"]', 'exact = "industry"')})  # fmt: skip
    assert "exact er &quot;industry&quot; · protokollen, [match] · skriv en liste af navne, fx [&quot;industry&quot;]" in letters.content.decode()  # fmt: skip
    half = analyst.post("/analyse/studier/ny/", {"text": protocol("half").replace('name = "never"', 'name = "never"\nda = "Aldrig"')})  # fmt: skip
    assert "Specifikation nummer 1 (“never”) mangler da eller en." in half.content.decode()
    twice = analyst.post("/analyse/studier/ny/", {"text": protocol("twice").replace('name = "by cohort"', 'name = "never"')})  # fmt: skip
    assert "Specifikation nummer 1 og 2 har samme name, “never”." in twice.content.decode()
    assert not Study.objects.filter(code__in=("odd", "strange", "half", "twice")).exists()
    analyst.post("/analyse/studier/ny/", {"text": protocol("nobody", treatment="dedicated")})  # nobody has done it
    page = "/analyse/studier/nobody/"
    for act in ("freeze", "run"):
        analyst.post(page, {"act": act})
    assert working.work({"once": True}) == 0
    shown = analyst.get(page).content.decode()
    assert "Studiet kan ikke besvares: der er ingen deltagere · den første deltagelse · brug virksomheder, der begynder i de observerede år" in shown  # fmt: skip
    analyst.cookies["sprog"] = "en"
    assert "The study cannot be answered: no participants · first participation · give companies that start" in analyst.get(page).content.decode()  # fmt: skip


def test_what_a_counting_ended_with_before_is_said_in_danish_as_well(stage, tmp_path, settings):
    made = studied(stage, tmp_path, settings)
    analyst = at_desk(stage, "analyst")
    page = f"/analyse/studier/{made['frozen'].code}/"
    analyst.post(page, {"act": "run"})
    job = jobs.take(by=None, at=AT, kinds=(COUNTING,))
    jobs.fail(by=None, at=AT, job=job, why=[no(UNANSWERED, why=MOON)])
    shown = analyst.get(page).content.decode()
    assert 'Studiet kan ikke besvares: der er ingen rækker · <span lang="en">the moon is full</span>' in shown


@pytest.mark.parametrize(
    ("why", "danish"),
    [
        ("1 companies without a value · column fte", "1 virksomhed mangler en værdi · kolonnen årsværk (fte)"),
        ("1234 companies without a value · column profit", "1.234 virksomheder mangler en værdi · kolonnen profit"),
        ("1 clusters · wild bootstrap", "usikkerheden hviler på kun 1 gruppe · usikkerheden med få grupper (wild bootstrap)"),
        ("no column fte, profit · table panel", "der mangler kolonner: årsværk (fte), profit · tabellen panel"),
        ("no year of entry has the years around it · panel.first_year · entries must lie in 2008–2012", "intet begyndelsesår har de nødvendige år omkring sig · panelet, kolonnen året for den første deltagelse (first_year) · begyndelsesåret skal ligge i 2008–2012"),
        ("covariates 'log_fte', 'growth_fte' determine one another", "disse kovariater følger af hinanden: niveau før: årsværk, vækst før: årsværk"),
        ("outcome 'change_employment' is no number · candidates, string · give a number", "udfaldet “ændring: Årsværk” er ikke et tal · kandidaterne til matchning, typen string · angiv et tal"),
        ("event times with gaps, or without one base year · sensitivity · estimated at [-3, -1, 0]", "årene omkring deltagelsen har huller eller mangler ét basisår · følsomheden for afdrift · beregnet for årene −3, −1, 0"),
        ("too many bins · 1e+07 combinations · give fewer bins or covariates", "der er for mange intervaller · 1×10⁷ kombinationer · brug færre intervaller eller kovariater"),
        ("power 0.8, alpha 1.5e-05 · power · give 0 < alpha < power < 1", "teststyrken er 0,8, alfa 1,5×10⁻⁵ · teststyrken · angiv 0 < alfa < teststyrke < 1"),
        ("no observation -1 years from participation · outcome employment · base one of [-3, -2]", "ingen er observeret i år −1 regnet fra deltagelsen · udfaldet “Årsværk” · brug et af disse år som basis: −3, −2"),
        ("no control company · candidates.treated · both treated (1) and control (0) rows are needed", "der er ingen kontrolvirksomhed · kandidaterne til matchning, kolonnen deltagelse (treated) · der skal være rækker for både deltagere (1) og kontrolvirksomheder (0)"),
        ("a company twice in a year · columns company, year, first 20000001/2010", "en virksomhed står to gange i samme år · kolonnerne virksomhed (company), år (year), de første er 20000001/2010"),
        ("no effect can be estimated · outcome profit · no_rows, overlap", "ingen effekt kan beregnes · udfaldet “profit” · der er ingen rækker at sammenligne, deltagere og andre overlapper ikke"),
        ("no specification can be estimated · specification curve · too few years · sensitivity · give two years before participation and one after", "ingen specifikation kan beregnes · specifikationerne ved siden af hinanden · der er for få år · følsomheden for afdrift · brug to år før deltagelsen og ét efter"),
        ("900 groups · the groups · name a column of at most 500 groups", "der er 900 grupper · grupperne · vælg en kolonne med højst 500 grupper"),
    ],
)  # fmt: skip
def test_numbers_one_and_several_and_names_of_columns_in_danish(why, danish):
    names = {"fte": Bilingual("årsværk", "full-time equivalents"), "employment": Bilingual("Årsværk", "Full-time equivalents")}  # fmt: skip
    with override("da"):
        assert refusal_line(why, names, "da") == danish
    with override("en"):
        assert refusal_line(why, names, "en") == why


@pytest.mark.parametrize("path", [EXAMPLE, *sorted((Path(demo.__file__).parent / "studies_of").glob("*.toml"))], ids=lambda path: path.stem)  # fmt: skip
def test_the_example_and_the_made_up_countrys_protocols_say_every_name_in_both_languages(path):
    one, wrong = read(path.read_text(encoding="utf-8"))
    assert one and not wrong and not strangers(one)
    assert one.ways and {way["name"] for way in one.methods["specifications"]} == set(one.ways)
    assert all(words.da != words.en for words in one.ways.values())
