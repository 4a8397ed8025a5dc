"""One body once: registering, verifying, merging and taking a merge back."""

from __future__ import annotations

import json

import pytest

from klyngeforum.ground.bodies import actions
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.queries import (
    candidates,
    find,
    match_names,
    merged,
    merges,
    one_body,
    roots_of,
    unverified,
)
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.ground.trail.queries import of
from klyngeforum.ground.verdict import Refused
from tests.cast import AT

pytestmark = pytest.mark.django_db
DAY = AT.date()


def unknown(name, **more):
    return actions.register(by=None, at=AT, body=NewBody(name, **more))


def test_a_number_names_one_body_and_the_refusal_says_whose_it_is(stage):
    number = one_body(stage.bodies["a"]).number
    with pytest.raises(Refused, match="Vinger og Tårne"):
        actions.register(
            by=stage.people["office"], at=AT, body=NewBody("En anden", BodyKind.COMPANY, Scheme.CVR, number)
        )


def test_a_cluster_manager_may_not_register_or_merge(stage):
    with pytest.raises(Refused):
        actions.merge(
            by=stage.people["vind"], at=AT, kept=one_body(stage.bodies["a"]), absorbed=one_body(stage.bodies["x"])
        )


def test_registering_many_again_registers_nobody_twice(stage):
    new = [NewBody("Nyt Firma ApS"), NewBody("NYT FIRMA"), NewBody("Et helt andet"), NewBody("  Nyt firma Aps ")]
    first = actions.register_many(by=None, at=AT, bodies=new)
    assert first[0] == first[1] == first[3] != first[2]
    assert actions.register_many(by=None, at=AT, bodies=new) == first


def test_many_with_one_wrong_number_register_nobody(stage):
    before = len(list(unverified(seen_by=None, on=DAY)))
    with pytest.raises(Refused):
        actions.register_many(
            by=None, at=AT, bodies=[NewBody("God nok"), NewBody("Gal", BodyKind.COMPANY, Scheme.CVR, "12345678")]
        )
    assert len(list(unverified(seen_by=None, on=DAY))) == before


def test_a_stranger_gets_a_number_and_leaves_the_work_list(stage):
    stranger = one_body(stage.bodies["x"])
    assert stranger in unverified(seen_by=stage.people["office"], on=DAY)
    actions.verify(by=stage.people["office"], at=AT, body=stranger, scheme=Scheme.CVR, number="26507138")
    assert stranger not in unverified(seen_by=stage.people["office"], on=DAY)
    act = of("body", stranger.pk).last()
    assert json.loads(act.before) == {"scheme": "", "number": ""} and json.loads(act.after)["number"] == "26507138"


def test_a_number_that_another_holds_merges_the_two_and_the_merge_can_be_undone(stage):
    holder, stranger = one_body(stage.bodies["a"]), one_body(stage.bodies["x"])
    kept = actions.verify(by=stage.people["office"], at=AT, body=stranger, scheme=Scheme.CVR, number=holder.number)
    assert kept == holder and merged() == {stranger.pk: holder.pk}
    actions.undo_merge(by=stage.people["office"], at=AT, merge=merges(seen_by=None, on=DAY)[0])
    assert merged() == {} and one_body(stranger.pk) is not None


def test_merges_in_a_row_are_followed_to_the_end_and_undone_one_by_one(stage):
    one, two, three = unknown("Første"), unknown("Anden"), unknown("Tredje")
    office = stage.people["office"]
    actions.merge(by=office, at=AT, kept=two, absorbed=one)
    two.refresh_from_db()
    actions.merge(by=office, at=AT, kept=three, absorbed=two)
    assert roots_of([one.pk, two.pk, three.pk]) == dict.fromkeys([one.pk, two.pk, three.pk], three.pk)
    last = merges(seen_by=None, on=DAY).get(absorbed=two)
    actions.undo_merge(by=office, at=AT, merge=last)
    assert roots_of([one.pk, two.pk, three.pk]) == {one.pk: two.pk, two.pk: two.pk, three.pk: three.pk}
    with pytest.raises(Refused):
        actions.undo_merge(by=office, at=AT, merge=last)


def test_two_numbers_are_two_bodies(stage):
    with pytest.raises(Refused, match=r"."):
        actions.merge(
            by=stage.people["office"], at=AT, kept=one_body(stage.bodies["a"]), absorbed=one_body(stage.bodies["b"])
        )


def test_candidates_have_a_score_and_a_reason_and_are_not_proposed_twice(stage):
    unknown("Havvind Servise")
    assert actions.look_for_candidates(by=None, at=AT) == 1
    pair = candidates(seen_by=stage.people["office"], on=DAY)[0]
    assert pair.score >= 82 and pair.reason
    actions.set_apart(by=stage.people["office"], at=AT, candidate=pair)
    assert actions.look_for_candidates(by=None, at=AT) == 0
    assert not candidates(seen_by=stage.people["office"], on=DAY)
    assert not candidates(seen_by=stage.people["vind"], on=DAY)


def test_a_half_remembered_name_is_found(stage):
    assert find("havvind")[0].body.pk == stage.bodies["c"]
    assert find("Havvind Sevice")[0].body.pk == stage.bodies["c"]
    assert find(one_body(stage.bodies["c"]).number)[0].score == 100
    assert find("") == [] and find("!!!") == []


def test_a_list_of_names_says_which_are_certain(stage):
    exact, unsure, none = match_names(["mølleby", "Vinger og Tårn", "Zzzz Qqqq"])
    assert exact.certain and exact.body_id == stage.bodies["b"]
    assert not unsure.certain and unsure.body_id == stage.bodies["a"]
    assert none.body_id is None


def test_taking_over_a_register_keeps_the_constraints_and_leaves_one_act(stage):
    rows = [(f"Firma {n}", "company", "", "cvr", f"9910{n:04}", 5, "1-9", None, None, False) for n in range(300)]
    ids = actions.take_over(by=None, at=AT, rows=rows, source="prøve")
    assert len(ids) == 300 and one_body(ids[7]).name == "Firma 7" and one_body(ids[7]).postcode == ""
    assert unknown("Kommer bagefter").pk > ids[-1]
    assert find("Firma 299")[0].body.pk == ids[-1]


class TestSomebodyActedMeanwhile:
    """A page holds a body as it was read; the act goes by what stands."""

    def pair(self):
        first, second = unknown("Mølle A/S"), unknown("Møllen A/S")
        return one_body(first.pk), one_body(second.pk)

    def test_two_bodies_are_merged_one_way_alone(self, stage):
        (first, second), (kept, absorbed) = (pair := self.pair()), tuple(one_body(one.pk) for one in pair)
        actions.merge(by=None, at=AT, kept=first, absorbed=second)
        with pytest.raises(Refused, match="already merged"):
            actions.merge(by=None, at=AT, kept=absorbed, absorbed=kept)

    def test_a_body_gets_one_number(self, stage):
        first, _ = self.pair()
        again = one_body(first.pk)
        actions.verify(by=None, at=AT, body=first, scheme=Scheme.CVR, number="10103940")
        with pytest.raises(Refused, match="already has a number"):
            actions.verify(by=None, at=AT, body=again, scheme=Scheme.CVR, number="10150817")
        assert one_body(first.pk).number == "10103940"

    def test_what_is_merged_is_not_set_apart(self, stage):
        unknown("Mølleby")
        actions.look_for_candidates(by=None, at=AT)
        pair = candidates(seen_by=None, on=DAY)[0]
        again = type(pair).objects.get(pk=pair.pk)
        left, right = (one_body(pk) for pk in (pair.left_id, pair.right_id))
        kept, absorbed = (left, right) if left.verified else (right, left)
        actions.merge(by=None, at=AT, kept=kept, absorbed=absorbed)
        with pytest.raises(Refused, match="are merged"):
            actions.set_apart(by=None, at=AT, candidate=again)

    def test_a_merge_is_undone_once(self, stage):
        first, second = self.pair()
        one = actions.merge(by=None, at=AT, kept=first, absorbed=second)
        again = type(one).objects.get(pk=one.pk)
        actions.undo_merge(by=None, at=AT, merge=one)
        with pytest.raises(Refused, match="already undone"):
            actions.undo_merge(by=None, at=AT, merge=again)
