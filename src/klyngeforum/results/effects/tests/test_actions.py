"""A study from protocol to publication: frozen before it is counted, counted once, reviewed by others, and right about what is known."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import IntegrityError, transaction

from klyngeforum.ground.trail.queries import acts
from klyngeforum.ground.verdict import Refused
from klyngeforum.results.effects import actions
from klyngeforum.results.effects.models import Extract, Result, Review, Study
from klyngeforum.results.effects.queries import begun, documenting, path_of, protocol_of, studies, told
from klyngeforum.results.effects.terms import Claim, Judgement, StudyState
from tests.cast import AT, YEAR
from tests.studied import EFFECT, protocol, studied

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(stage, tmp_path, settings):
    return studied(stage, tmp_path, settings)


def seen(code: str) -> Study:
    return studies(seen_by=None, on=AT.date()).get(code=code)


def test_the_known_effect_and_the_known_null_are_both_found(made):
    effect, null = told(seen("published")), told(seen("counted"))
    (one,), (other,) = effect.lines, null.lines
    assert one.low < EFFECT < one.high and one.found and one.claim is Claim.FULL and one.participants == 350
    assert other.low < 0 < other.high and not other.found
    assert one.relative == pytest.approx(8.3, abs=1.0)  # per cent of the level
    assert {key for key, _ in effect.balance.items()} == {"log_fte", "growth_fte"}
    assert len(effect.specifications) == 2 and len(effect.placebos) == 1 and effect.failures == ()


def test_nothing_can_be_counted_before_the_protocol_is_frozen(stage, made):
    analyst = stage.people["analyst"]
    with pytest.raises(Refused, match="that cannot be done to it now"):
        actions.run(by=analyst, at=AT, study=made["draft"])
    assert not Result.objects.filter(study=made["draft"]).exists() and told(made["draft"]) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Study.objects.filter(code="draft").update(state=StudyState.RUN)  # the database says no as well


def test_frozen_words_cannot_change_by_any_way(stage, made):
    analyst = stage.people["analyst"]
    with pytest.raises(Refused, match="that cannot be done"):
        actions.write(by=analyst, at=AT, text=protocol("frozen", column="exports"), study=made["frozen"])
    Study.objects.filter(code="frozen").update(protocol=protocol("frozen", column="exports"))  # by hand in the database
    with pytest.raises(Refused, match="not the one that was frozen"):
        actions.run(by=analyst, at=AT, study=seen("frozen"))


def test_it_is_counted_once_and_the_same_again_is_the_same(stage, made, monkeypatch):
    analyst, kept = stage.people["analyst"], Result.objects.get(study=made["published"])
    again = actions.run(by=analyst, at=AT + timedelta(days=9), study=made["published"])
    assert again.pk == kept.pk and Result.objects.filter(study=made["published"]).count() == 1
    twin = actions.freeze(by=analyst, at=AT, study=actions.write(by=analyst, at=AT, text=protocol("twin")))
    first, second = json.loads(actions.run(by=analyst, at=AT, study=twin).told), json.loads(kept.told)
    assert {**first, "study": "", "protocol": ""} == {**second, "study": "", "protocol": ""}


def test_an_extract_is_numbered_once_and_a_changed_file_is_noticed(stage, made):
    analyst, one = stage.people["analyst"], Extract.objects.get()
    path = path_of(one)
    assert actions.take_in_extract(by=analyst, at=AT, path=path, source="Igen").pk == one.pk
    assert (one.number, one.companies, one.rows, one.first_year) == (1, 900, 900 * 5, YEAR - 3)
    pq.write_table(pq.read_table(path).slice(1), path)
    with pytest.raises(Refused, match="not the one that was taken in"):
        actions.run(by=analyst, at=AT, study=made["frozen"])
    path.unlink()
    with pytest.raises(Refused, match="is not here"):
        actions.run(by=analyst, at=AT, study=made["frozen"])
    assert seen("frozen").state == StudyState.FROZEN


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"firm": [1], "year": [2010]}, "no column company"),
        ({"company": [1, 1], "year": [2010, 2010]}, "1 rows stand twice"),
        ({"company": pa.array([], pa.int64()), "year": pa.array([], pa.int64())}, "The file is empty"),
    ],
)
def test_a_file_that_is_no_panel_is_refused(stage, tmp_path, settings, table, said):
    settings.EXTRACTS, path = tmp_path / "extracts", tmp_path / "x.parquet"
    pq.write_table(pa.table(table), path)
    with pytest.raises(Refused, match=said):
        actions.take_in_extract(by=stage.people["analyst"], at=AT, path=path, source="x")
    broken = tmp_path / "y.parquet"
    broken.write_bytes(b"no\0parquet")
    with pytest.raises(Refused, match="neither CSV nor Parquet"):
        actions.take_in_extract(by=stage.people["analyst"], at=AT, path=broken, source="x")
    with pytest.raises(Refused, match="There is no file"):
        actions.take_in_extract(by=stage.people["analyst"], at=AT, path=tmp_path / "z.parquet", source="x")
    assert not Extract.objects.exists()


def test_freezing_asks_for_an_extract_with_the_columns(stage, made):
    """All of them: a frozen protocol cannot be mended, and one whose extract lacks a column can never be answered."""
    analyst = stage.people["analyst"]

    def adjusted(what: str) -> str:
        return protocol("other").replace('controls = "never"', f'controls = "never"\n{what}', 1)

    for text, said in (
        (protocol("other", extract=7), "no extract number 7"),
        (protocol("other", column="profit"), "no column profit"),
        (adjusted('covariates = ["ftee"]'), "no column ftee"),
        (adjusted('covariates = ["fte"]\ncodes = ["branch"]'), "no column branch"),
        (f'{protocol("other")}\n[[effects.specifications]]\nname = "x"\noutcome = "profits"\n', "no column profits"),
    ):
        one = Study.objects.filter(code="other").first()
        one = actions.write(by=analyst, at=AT, text=text, study=one)
        with pytest.raises(Refused, match=said):
            actions.freeze(by=analyst, at=AT, study=one)
    with pytest.raises(Refused, match="is not understood"):
        actions.write(
            by=analyst, at=AT, text=protocol("odd").replace('controls = "never"', 'controls = "sometimes"', 1)
        )


def test_who_had_a_part_does_not_review_and_an_earlier_review_stays(stage, made):
    analyst, office = stage.people["analyst"], stage.people["office"]
    with pytest.raises(Refused, match="does not review it"):
        actions.review(by=analyst, at=AT, study=made["counted"], verdict=Judgement.SOUND, text="Fint.")
    with pytest.raises(Refused, match="that cannot be done"):
        actions.publish(by=analyst, at=AT, study=made["counted"])
    actions.review(by=office, at=AT, study=made["counted"], verdict=Judgement.NOT_SOUND, text="For kort tid.")
    actions.review(
        by=office, at=AT + timedelta(days=1), study=made["counted"], verdict=Judgement.RESERVATIONS, text="Nok."
    )
    assert Review.objects.filter(study=made["counted"]).count() == 2
    assert actions.publish(by=analyst, at=AT, study=made["counted"]).state == StudyState.PUBLISHED


def test_only_a_published_effect_that_was_decided_before_counts_to_the_target(stage, made):
    assert [(one.code, line.outcome.column) for one, line in documenting()] == [("published", "employment")]
    Review.objects.create(
        study=made["published"], verdict=Judgement.NOT_SOUND, text="x", reviewed_at=AT + timedelta(days=99)
    )
    assert documenting() == []


def test_others_may_not_and_every_step_is_in_the_trail(stage, made):
    for who in ("office", "vind", "ministry", "company"):
        with pytest.raises(Refused):
            actions.write(by=stage.people[who], at=AT, text=protocol("theirs"))
        with pytest.raises(Refused):
            actions.freeze(by=stage.people[who], at=AT, study=made["draft"])
        with pytest.raises(Refused):
            actions.run(by=stage.people[who], at=AT, study=made["published"])
    verbs = [row.verb for row in acts().filter(thing="study", thing_id=made["published"].pk).order_by("pk")]
    assert verbs == ["effects.write", "effects.freeze", "effects.run", "effects.review", "effects.publish"]
    with pytest.raises(Refused, match="Say why"):
        actions.give_up(by=stage.people["analyst"], at=AT, study=made["draft"], reason=" ")
    assert (
        actions.give_up(by=stage.people["analyst"], at=AT, study=made["draft"], reason="Ændret spørgsmål").state
        == StudyState.WITHDRAWN
    )


def test_killed_while_counting_nothing_is_kept(stage, made, monkeypatch):
    def dies(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr("klyngeforum.results.effects.moving.record", dies)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        actions.run(by=stage.people["analyst"], at=AT, study=made["frozen"])
    assert seen("frozen").state == StudyState.FROZEN and not Result.objects.filter(study=made["frozen"]).exists()


def test_who_began_when_follows_merges_and_the_kind_of_collaboration(stage, made):
    took = begun(protocol_of(seen("published")))
    assert (
        len(took) == 350
        and {one.year for one in took} == {YEAR}
        and {one.organisation for one in took} == {"vindklyngen"}
    )
    draft = protocol_of(
        actions.write(by=stage.people["analyst"], at=AT, text=protocol("dedicated", treatment="dedicated"))
    )
    assert begun(draft) == []  # an event is no formal collaboration


def test_a_result_holds_no_company(made):
    raw = Result.objects.get(study=made["published"]).told
    # the digits of a broken number may hold any others: a company's number stands by itself
    assert re.search(r"(?<![\d.])97000\d*", raw) is None and "Panel" not in raw
