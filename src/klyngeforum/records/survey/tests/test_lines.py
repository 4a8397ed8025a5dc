"""Each refusal of a survey's rules in full: its words, and the field beside which it is said."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.verdict import YES, no
from klyngeforum.records.survey.rules import (
    EARLIEST,
    LONGEST,
    MOST,
    asked_now,
    fingerprint,
    left_out,
    may_answer,
    may_ask,
    may_have_new_link,
    may_move,
    may_name,
    may_note_basis,
    may_recall,
    may_renew,
    may_write,
    read_answers,
    step_said,
)
from klyngeforum.records.survey.terms import LeftOut, Question, QuestionKind, RoundState

DAY = date(2013, 3, 1)
NEXT, BEFORE = DAY + timedelta(days=1), DAY - timedelta(days=1)
WAY = list(RoundState)


@pytest.mark.parametrize("state", WAY)
@pytest.mark.parametrize("to", WAY)
def test_a_round_goes_one_step_and_never_back(state, to):
    wrong = no("The round is not in the state from which this is possible; look at it again.")
    assert may_move(state.value, to) == (YES if WAY.index(to) == WAY.index(state) + 1 else wrong)


def test_a_round_is_drawn_up_for_a_known_distance_and_a_year_that_has_begun():
    distance = no("The programme does not ask so many months after.", on="months")
    year = no("The year must lie between 2000 and now.", on="year")
    stands = no("This round stands already.", on="year")
    assert EARLIEST == 2000
    assert may_ask((6, 12), 12, 2000, 2013, stands=False) == may_ask((6, 12), 6, 2013, 2013, stands=False) == [YES, YES, YES]  # fmt: skip
    assert may_ask((6, 12), 7, 1999, 2013, stands=True) == [distance, year, stands]
    assert may_ask((6,), 6, 2014, 2013, stands=False) == [YES, year, YES]


def test_addresses_are_held_on_a_basis():
    basis = no("Say on what lawful basis you hold the addresses.", on="basis")
    lines = no("No line names a company and an address.", on="lines")
    assert may_name(["a@example.com"], "Aftale") == [YES, YES]
    assert may_name([], "Aftale") == [YES, lines] and may_name(["a@example.com"], " ") == [basis, YES]


def test_a_basis_says_where_it_stands_and_has_begun():
    where = no("Say where the basis stands: a letter, an agreement, a paragraph.", on="source")
    begun = no("A basis cannot begin later than today.", on="since")
    assert may_note_basis("Brev", DAY, DAY) == [YES, YES]
    assert may_note_basis(" ", NEXT, DAY) == [where, begun]


def test_a_protected_company_is_not_written_to_without_one():
    wrong = no("The company is protected against advertising. Record on what lawful basis it is asked, or leave it out.", on="email")  # fmt: skip
    assert may_write(protected=True, basis=False) == wrong
    assert all(may_write(protected=a, basis=b) is YES for a, b in [(True, True), (False, True), (False, False)])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ""), ({"opens": BEFORE, "until": NEXT}, ""), ({"revoked": True}, "The link does not hold."), ({"state": "prepared"}, "The link does not hold."),
        ({"opens": NEXT}, "The link does not hold."), ({"revoked": True, "handed_in": True}, "The link does not hold."),
        *[(one, "The survey is over. Write to the organisation if you have more to say.") for one in ({"state": "closed"}, {"state": "published"}, {"until": None}, {"until": BEFORE})],
        ({"handed_in": True}, "The answers are handed in."),
    ],
)  # fmt: skip
def test_whoever_may_not_answer_is_told_why(changed, words):
    known = {"state": "open", "opens": DAY, "until": DAY, "revoked": False, "handed_in": False, "on": DAY, **changed}
    assert may_answer(**known) == (no(words) if words else YES)


def test_a_new_link_takes_the_place_of_one_that_is_not_used_up():
    done = no("The company has handed in; its link opens nothing but its own copy.", on="body")
    assert may_have_new_link(linked=True, handed_in=True) == may_have_new_link(linked=False, handed_in=True) == done
    assert may_have_new_link(linked=False, handed_in=False) == no("The company has no link yet.", on="body")
    assert may_have_new_link(linked=True, handed_in=False) is YES


def test_all_links_are_taken_back_with_a_reason_and_on_purpose():
    none, why, sure = (
        no("No link of this round was given out."), no("Say why the links are taken back; it stands in the trail.", on="reason"),
        no("Say that all links are meant.", on="sure"),
    )  # fmt: skip
    assert may_recall(state="prepared", links=1, reason=" ", sure=False) == [none, why, sure]
    assert may_recall(state="open", links=0, reason="Fordi", sure=True) == [none]
    assert may_recall(state="closed", links=1, reason="Fordi", sure=True) == []


def test_new_links_go_out_while_the_round_is_open():
    over = no("The round is not open, so nobody is sent a new link.")
    assert may_renew(state="closed", waiting=1) == may_renew(state="prepared", waiting=0) == over
    assert may_renew(state="open", waiting=0) == no("Nobody waits for a new link.")
    assert may_renew(state="open", waiting=1) is YES


@pytest.mark.parametrize(
    ("said", "step", "reported", "found"),
    [("right", "2", "1", "1"), ("right", "2", "", "0"), ("wrong", "2", "1", "2"), ("wrong", "", "1", ""), ("", "2", "1", "")],
)  # fmt: skip
def test_the_highest_step_by_the_company(said, step, reported, found):
    assert step_said(said, step, reported) == found


def test_of_a_link_only_a_fingerprint_is_kept():
    assert fingerprint("abc") == hashlib.sha256(b"abc").hexdigest() and len(fingerprint("")) == 64


def question(kind, **more):
    options = tuple((code, Bilingual(code)) for code in ("a", "b", "c"))
    return Question("q", kind, Bilingual("?"), options, 1, 5, **more)


@pytest.mark.parametrize(
    ("kind", "given", "answer"),
    [
        (QuestionKind.CHOICE, ["b"], "b"), (QuestionKind.CHOICE, ["d"], None), (QuestionKind.SEVERAL, ["c", "a", "c"], ["a", "c"]),
        (QuestionKind.SEVERAL, ["a", "b", "c"], ["a", "b", "c"]), (QuestionKind.SEVERAL, ["a", "d"], None), (QuestionKind.SCALE, [" 1 "], 1),
        (QuestionKind.SCALE, ["5"], 5), (QuestionKind.SCALE, ["0"], None), (QuestionKind.SCALE, ["6"], None), (QuestionKind.SCALE, ["many"], None),
        (QuestionKind.SCALE, ["²"], None), (QuestionKind.SCALE, ["٣"], None), (QuestionKind.SCALE, ["-1"], None), (QuestionKind.SCALE, ["0000000005"], None),
        (QuestionKind.SCALE, ["000000005"], 5), (QuestionKind.NUMBER, ["0"], 0), (QuestionKind.NUMBER, [str(MOST)], MOST),
        (QuestionKind.NUMBER, [str(MOST + 1)], None), (QuestionKind.TEXT, [" Tak "], "Tak"), (QuestionKind.TEXT, ["x" * LONGEST], "x" * LONGEST),
        (QuestionKind.TEXT, ["x" * (LONGEST + 1)], None),
    ],
)  # fmt: skip
def test_what_is_written_is_an_answer_of_the_question_or_is_refused_beside_it(kind, given, answer):
    refused = no("This answer is not possible here; choose again or leave it empty.", on="q")
    assert read_answers((question(kind),), {"q": given}) == (({}, [refused]) if answer is None else ({"q": answer}, []))


def test_a_question_is_asked_after_one_of_several_choices():
    one = question(QuestionKind.TEXT, when="needs", being=("funding", "partners"))
    assert asked_now(one, {"needs": ["staff", "partners"]}) and asked_now(one, {"needs": "funding"})
    assert not asked_now(one, {"needs": ["staff"]}) and not asked_now(one, {})


def test_who_was_asked_today_is_let_rest():
    known = {"contact": True, "protected": False, "basis": False, "ceased": None, "on": DAY, "rest_days": 90}
    assert left_out(**known, asked=DAY) is LeftOut.RESTING and left_out(**known, asked=NEXT) is LeftOut.NO
