"""An invisible zero character, pasted or sent by a machine, reaches no room: not by an address, a question or a form."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.test import RequestFactory

from klyngeforum.web.typed import TypedText, without_zeros
from tests.cast import YEAR


def test_only_the_zeros_go_and_order_and_repetition_stay():
    asked = QueryDict("b=1&a%00=x%00y&b=2&b=%00")
    assert list(without_zeros(asked).lists()) == [("b", ["1", "2", ""]), ("a", ["xy"])]
    clean = QueryDict("b=1&b=2")
    assert without_zeros(clean) is clean


def test_an_address_a_question_and_a_form(stage, client):
    stage.open()
    client.force_login(stage.people["vind"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/klynger/vind%00/").status_code == 404
    assert client.get("/klynger/", {"q": "vi\x00nd"}).status_code == 200
    sent = client.post(f"/klyngekontor/regnskab/{YEAR}/felt/", {"about": "nothing", "key": "activities", "text": "\x00", "turn": "0"})  # fmt: skip
    assert sent.status_code < 500


def test_what_a_room_meets_of_a_form_and_of_a_question():
    met = []
    door = TypedText(lambda request: met.append((request.GET.dict(), request.POST.dict())) or HttpResponse())
    door(RequestFactory().post("/?q=x%00y", {"te\x00xt": "a\x00b"}))
    assert met == [({"q": "xy"}, {"text": "ab"})]
