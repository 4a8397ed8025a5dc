"""A house from nothing: whoever runs it welcomes the first person at the console, and she lets everybody else in."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlparse

import pytest
from django.test import Client

from klyngeforum.cli import main
from klyngeforum.ground.access import actions
from klyngeforum.ground.access.models import Person, Post
from klyngeforum.ground.access.queries import person_of
from klyngeforum.ground.access.terms import Language, Role
from klyngeforum.ground.bodies.models import Body
from klyngeforum.ground.trail.models import Act
from klyngeforum.ground.verdict import Refused
from tests.cast import AT

pytestmark = pytest.mark.django_db
HER, WORD = "sanne@agency.example", "en-lang-sætning-7"
WORDS = ["begin", HER, "--name", "Sanne Holm", "--organisation", "Styrelsen for Klynger", "--number", "10150817"]


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # slow by design elsewhere


class _Form(HTMLParser):
    """The names of a page's fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name"):
            self.fields[str(found["name"])] = found.get("value") or ""


def _said(capsys, *words: str) -> tuple[int, list[str], str]:
    code = main(list(words))
    told = capsys.readouterr()
    return code, told.out.splitlines(), told.err


def _chosen(link: str, password: str = WORD):
    """Follow the link as a browser does and choose a password."""
    client = Client()
    page = client.get(urlparse(link).path, follow=True)
    assert page.status_code == 200 and "password1" in _Form(page.content.decode()).fields, page.content.decode()[:2000]
    return client, client.post(page.request["PATH_INFO"], {"password1": password, "password2": password}, follow=True)


def test_nobody_can_sign_in_before_and_the_door_says_how_it_begins(capsys):
    assert "klyngeforum begin" in Client().get("/konto/login/").content.decode()
    assert _said(capsys, *WORDS)[0] == 0
    assert "klyngeforum begin" not in Client().get("/konto/login/").content.decode()


def test_the_first_person_chooses_a_password_and_lets_the_next_in(capsys, mailoutbox):
    code, lines, _err = _said(capsys, *WORDS)
    assert code == 0 and lines[0] == f"Sanne Holm ({HER}) chooses a password here, once and within 3 days:"
    assert Body.objects.get().name == "Styrelsen for Klynger" and Post.objects.get().role == Role.SECRETARIAT
    _chosen(lines[1])
    client = Client()
    client.post("/konto/login/", {"login": HER, "password": WORD})
    assert client.get("/hjem/")["location"] == "/sekretariat/"
    told = {
        "name": "Arne Auditor",
        "email": "arne@agency.example",
        "role": "auditor",
        "since": "2026-01-01",
        "body": "",
        "language": "en",
    }
    assert client.post("/sekretariat/personer/ny/", told).status_code == 302
    assert person_of("arne@agency.example").language == "en"


def test_a_link_works_once(capsys):
    link = _said(capsys, *WORDS)[1][1]
    _chosen(link)
    again = Client().get(urlparse(link).path, follow=True).content.decode()
    assert "password1" not in _Form(again).fields


def test_of_two_who_begin_the_second_is_told_and_nothing_is_written(capsys):
    _said(capsys, *WORDS)
    acts = Act.objects.count()
    for more in ((), ("--name", "Svend", "--organisation", "Ministeriet")):
        code, _lines, err = _said(capsys, "begin", "svend@agency.example", *more)
        assert code == 1 and "Somebody is in the secretariat already" in err and len(err.splitlines()) == 1
    assert Person.objects.count() == Body.objects.count() == 1 and Act.objects.count() == acts


def test_whoever_stands_outside_gets_a_new_link_that_stands_in_the_trail(capsys):
    _chosen(_said(capsys, *WORDS)[1][1])
    code, lines, _err = _said(capsys, "begin", HER.upper())
    assert code == 0 and Act.objects.filter(verb="people.let_in").count() == 2
    _chosen(lines[1], "en-anden-sætning-8")
    assert person_of(HER).check_password("en-anden-sætning-8")


def test_whoever_holds_no_post_gets_no_link(capsys):
    _said(capsys, *WORDS)
    actions.welcome(by=None, at=AT, email="uden@post.example", name="Uden Post")
    code, lines, err = _said(capsys, "begin", "uden@post.example")
    assert code == 1 and not lines and "holds no post" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["begin", HER], "say the person's name with --name"),
        (["begin", HER, "--name", "Sanne"], "say what the secretariat is part of with --organisation"),
        (["begin", "sanne", "--name", "Sanne", "--organisation", "X"], "'sanne' is no e-mail address"),
        (["begin", HER, "--name", "Sanne", "--organisation", "X", "--number", "12"], "not a CVR number"),
    ],
)
def test_what_is_lacking_is_said_in_one_line_and_nothing_is_written(capsys, words, told):
    code, lines, err = _said(capsys, *words)
    assert code in (1, 2) and not lines and told in err and len(err.splitlines()) == 1, err
    assert not Person.objects.exists() and not Body.objects.exists()


def test_an_organisation_that_is_known_is_not_registered_twice(capsys, stage):
    Post.objects.filter(role=Role.SECRETARIAT).delete()
    known = Body.objects.order_by("pk").first()
    before = Body.objects.count()
    assert _said(capsys, "begin", HER, "--name", "Sanne Holm", "--organisation", known.name.upper())[0] == 0
    assert Body.objects.count() == before and Post.objects.get(person__email=HER).body_id == known.pk


def test_the_language_that_a_person_chooses_is_theirs_and_a_new_browser_speaks_it(stage):
    client = Client()
    client.force_login(stage.people["office"])
    client.post("/sprog/", {"sprog": "en", "next": "/"})
    assert person_of("office@demo.invalid").language == "en"
    client.post("/sprog/", {"sprog": "en", "next": "/"})
    assert Act.objects.filter(verb="people.speak").count() == 1
    stage.people["office"].set_password(WORD)
    stage.people["office"].language = "en"
    stage.people["office"].save()
    elsewhere = Client()
    elsewhere.post("/konto/login/", {"login": "office@demo.invalid", "password": WORD})
    assert elsewhere.cookies["sprog"].value == "en"
    strange = Client()
    strange.cookies["sprog"] = "da"
    strange.post("/konto/login/", {"login": "office@demo.invalid", "password": WORD})
    assert strange.cookies["sprog"].value == "da"


def test_only_whoever_runs_the_house_makes_links(stage):
    with pytest.raises(Refused):
        actions.let_in(by=stage.people["office"], at=AT, person=stage.people["vind"])
    with pytest.raises(Refused):
        actions.begin(
            by=stage.people["vind"], at=AT, email=HER, name="S", body_id=stage.bodies["vind"], language=Language.ENGLISH
        )


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [("da", "vælg din adgangskode", "Kære Office"), ("en", "choose your password", "Dear Office")],
)
def test_a_forgotten_password_is_mailed_in_the_persons_language_and_leads_to_the_desk(
    stage, mailoutbox, language, subject, words
):
    Person.objects.filter(email="office@demo.invalid").update(language=language)
    client = Client()
    assert client.post("/konto/password/reset/", {"email": "office@demo.invalid"}).status_code == 302
    (mail,) = mailoutbox
    assert subject in mail.subject and words in mail.body and "example.com" not in mail.body
    link = next(word for word in mail.body.split() if word.startswith("http"))
    page = client.get(urlparse(link).path, follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password1": WORD, "password2": WORD})
    assert answer["location"] == "/hjem/" and client.get("/hjem/")["location"] == "/sekretariat/"


def test_an_address_that_nobody_has_is_told_who_opens_accounts(stage, mailoutbox):
    client = Client()
    client.cookies["sprog"] = "en"
    client.post("/konto/password/reset/", {"email": "nobody@demo.invalid"})
    (mail,) = mailoutbox
    assert "the forum secretariat knows" in mail.body and "sign up" not in mail.body and "http" not in mail.body


@pytest.mark.parametrize(
    ("language", "words"),
    [("da", "E-mailadressen eller adgangskoden er ikke rigtig."), ("en", "The e-mail or the password is not right.")],
)
def test_a_wrong_password_is_refused_in_the_houses_own_words_and_a_field_says_its_name_once(stage, language, words):
    client = Client()
    client.cookies["sprog"] = language
    page = client.post("/konto/login/", {"login": "office@demo.invalid", "password": "forkert"}).content.decode()
    assert words in page and "placeholder=" not in page


def test_the_first_desk_says_what_comes_first(capsys):
    _chosen(_said(capsys, *WORDS)[1][1])
    client = Client()
    client.post("/konto/login/", {"login": HER, "password": WORD})
    page = client.get("/sekretariat/").content.decode()
    assert (
        "Her er endnu ingen klyngeorganisationer" in page
        and "/sekretariat/register/ny/" in page
        and "/sekretariat/personer/" in page
    )
    assert "/sekretariat/runder/ny/" not in page.split("<main")[1]


def test_from_nothing_to_an_office_at_its_desk(capsys):
    """The secretariat registers the first organisation and gives its manager a post; he finds out what comes first for him."""
    _chosen(_said(capsys, *WORDS)[1][1])
    client = Client()
    client.post("/konto/login/", {"login": HER, "password": WORD})
    client.post(
        "/sekretariat/organisationer/ny/",
        {"name": "Klynge Vind", "kind": "cluster", "scheme": "cvr", "number": "13585628"},
    )
    assert (
        "/sekretariat/organisationer/ny/" in client.get("/sekretariat/register/ny/").content.decode().split("<main")[1]
    )
    told = {
        "body": "Klynge Vind",
        "name": "Klynge Vind",
        "kind": "cluster",
        "level": "local",
        "founded_on": "2010-01-01",
    }
    answer = client.post("/sekretariat/register/ny/", told)
    assert answer.status_code == 302 and answer["location"].endswith("/klynge-vind/"), [
        line for line in answer.content.decode().splitlines() if "error" in line
    ]
    assert "<strong>1</strong> klyngeorganisation<" in Client().get("/").content.decode()
    told = {
        "name": "Klaus Leder",
        "email": "klaus@vind.example",
        "role": "manager",
        "since": "2012-01-01",
        "body": "Klynge Vind",
    }
    assert client.post("/sekretariat/personer/ny/", told).status_code == 302
    manager, answer = _chosen(_said(capsys, "begin", "klaus@vind.example")[1][1])
    page = answer.content.decode()
    assert "Klynge Vind" in page and "er ikke åbnet endnu" in page and manager.get("/klyngekontor/").status_code == 200


def test_a_desk_of_the_demo_is_everybodys_and_keeps_nobodys_language(stage, settings):
    settings.DEMO = True
    first, second = Client(), Client()
    for client in (first, second):
        client.post("/demo/", {"skrivebord": "office"})
        assert "sprog" not in client.cookies
        client.post("/sprog/", {"sprog": "en", "next": "/"})
    assert person_of("office@demo.invalid").language == "da" and second.cookies["sprog"].value == "en"
