"""What a protocol must say, what a result may be called, and who may review: every case, without a database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeanalyse.bundle.declared import shown_rows
from klyngeforum.results.effects.grouping import grouped
from klyngeforum.results.effects.rules import (
    called,
    claim_of,
    digest_of_text,
    documented,
    inputs_of,
    may_review,
    read,
    strangers,
)
from klyngeforum.results.effects.terms import MOVES, Claim, Limits, StudyState, Treatment

LIMITS = Limits(Decimal(100), Decimal(300), Decimal("0.10"), Decimal("0.05"))
LIMITS_LAST = (Decimal("0.10"), Decimal("0.05"))
SOUND = """
[study]
code = "vaekst-2012"
treatment = "participation"
horizon = 3
causal = true
counts_to_target = true
extract = 1
question = { da = "Voksede de?", en = "Did they grow?" }
population = { da = "Alle", en = "All" }
stop_rules = { da = "Under 100: intet", en = "Under 100: nothing" }

[[study.outcome]]
column = "employment"
da = "Årsværk"
en = "Full-time equivalents"
form = "per_cent_of_log"

[study.names.fte]
da = "årsværk"
en = "full-time equivalents"

[effects.design]
controls = "never"
"""


def test_a_sound_protocol_is_read_whole():
    found, wrong = read(SOUND)
    assert wrong == [] and found is not None
    assert (found.code, found.treatment, found.horizon, found.extract) == ("vaekst-2012", Treatment.PARTICIPATION, 3, 1)
    assert found.question.da == "Voksede de?" and found.outcomes[0].form == "per_cent_of_log"
    assert found.names["employment"].en == "Full-time equivalents" and found.names["fte"].da == "årsværk"
    assert found.methods["design"]["controls"] == "never"
    assert found.digest == digest_of_text(SOUND.replace("\n", "\r\n"))  # another machine's line ends are the same words


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("code = ", "code == ", "cannot be read as TOML"),
        ('code = "vaekst-2012"', 'code = "Vækst 2012"', "must be a short name"),
        ('"participation"', '"membership"', "must be one of: participation, dedicated, organisation"),
        ('"participation"', '"organisation"', "“organisation” is missing"),
        ("horizon = 3", "horizon = 30", "“horizon” must be a whole number from 1 to 10"),
        ("horizon = 3", "horizon = true", "“horizon” must be a whole number"),
        ('code = "vaekst-2012"', 'code = "kort"', "“kort” is an address of the house"),
        ("extract = 1", 'extract = "1"', "“extract” must be a whole number"),
        ("causal = true", 'causal = "yes"', "“causal” must be true or false"),
        ("causal = true", "causal = false", "Only a study that is causal"),
        ('en = "Did they grow?"', 'en = ""', "“question” is missing in Danish or English"),
        ("population = ", "group = ", "[study] has no value “group”"),
        ('column = "employment"\n', "", "Outcome number 1 lacks column"),
        ('column = "employment"', 'column = "em; drop"', "Outcome number 1 lacks column"),
        ("per_cent_of_log", "percent", "form must be one of"),
    ],
)
def test_each_mistake_is_named_with_its_mend(old, new, said):
    assert old in SOUND
    found, wrong = read(SOUND.replace(old, new, 1))
    assert found is None
    assert any(said in (one.reason % one.values if one.values else one.reason) for one in wrong), wrong
    assert all(one.field == "text" for one in wrong)


def test_a_text_about_something_else_is_told_how_to_begin():
    found, wrong = read(SOUND.replace("study", "studie"))
    assert found is None and "has no part [study]" in wrong[0].reason


def test_no_outcome_and_one_named_twice_are_refused():
    start = SOUND.index("[[study.outcome]]")
    outcome = SOUND[start : SOUND.index("[study.names")]
    assert any("No outcome" in one.reason for one in read(SOUND.replace(outcome, ""))[1])
    assert any("named twice" in one.reason for one in read(SOUND.replace(outcome, outcome * 2))[1])
    assert any("longer than" in one.reason for one in read(SOUND + "#" * 50_000)[1])


def test_every_mistake_is_said_at_once():
    text = (
        SOUND.replace("horizon = 3", "horizon = 0")
        .replace("extract = 1", "extract = 0")
        .replace('en = "All"', "en = 1")
    )
    assert len(read(text)[1]) == 3


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading(text):
    found, wrong = read(text)
    assert (found is None) == bool(wrong)


@pytest.mark.parametrize(
    ("n", "claim"),
    [(0, Claim.NONE), (99, Claim.NONE), (100, Claim.PRELIMINARY), (299, Claim.PRELIMINARY), (300, Claim.FULL)],
)
def test_the_sample_gate(n, claim):
    assert claim_of(n, LIMITS) is claim


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("claim", list(Claim))
def test_it_is_called_an_effect_only_where_the_protocol_said_cause_and_there_were_enough(causal, claim):
    assert (called(causal, claim) == "effect") == (causal and claim is not Claim.NONE)


@given(st.booleans(), st.booleans(), st.sampled_from(list(Claim)), st.floats(-1, 1), st.booleans())
def test_only_what_was_decided_before_documents_an_effect(causal, counts, claim, low, sound):
    told = documented(causal, counts, claim, low, sound)
    assert told == all((causal, counts, claim is Claim.FULL, low > 0, sound))


@given(st.integers(1, 9), st.sets(st.integers(1, 9)))
def test_who_had_a_part_does_not_review(reviewer, involved):
    assert bool(may_review(reviewer, involved)) == (reviewer not in involved)


@given(st.lists(st.one_of(st.none(), st.integers(0, 20))))
def test_nothing_is_shown_of_fewer_than_five(counts):
    kept, hidden = shown_rows([{"n_treated": n} for n in counts], 5)
    assert len(kept) + hidden == len(counts)
    assert all(row["n_treated"] is None or row["n_treated"] >= 5 for row in kept)


def test_no_state_leads_to_a_result_but_a_frozen_protocol():
    assert [state for state, verbs in MOVES.items() if "take_result" in verbs] == [StudyState.FROZEN]
    assert [state for state, verbs in MOVES.items() if "write" in verbs] == [StudyState.DRAFT]
    assert MOVES[StudyState.PUBLISHED] == MOVES[StudyState.WITHDRAWN] == {}


def test_another_input_is_another_digest():
    one = inputs_of("a", "b", "c", "d")
    assert (
        one == inputs_of("a", "b", "c", "d")
        and len({one, inputs_of("b", "a", "c", "d"), inputs_of("a", "b", "c", "e"), inputs_of("ab", "", "c", "d")}) == 4
    )


def group(key: str, n: float, shrunk: float) -> dict[str, object]:
    rest = dict.fromkeys(("estimate", "low", "high", "relative", "relative_low", "relative_high", "p", "p_holm", "p_bh", "shrunk_low", "shrunk_high", "weight"), 0.5)  # fmt: skip
    return {"outcome": "employment", "group": key, "n_treated": n, "shrunk": shrunk, **rest}


BY = {
    "groups": [group("a", 500.0, 7.0), group("b", 120.0, 6.0), group("c", 99.0, 5.0)], "refused": "",
    "untold": [{"outcome": "employment", "group": "e", "why": "unfit"}, {"outcome": "employment", "group": "d", "why": "few"}],
    "common": [{"outcome": "employment", "form": "per_cent_of_log", "mean": 6.0, "spread": 0.4, "unnamed": 2}],
}  # fmt: skip
ASKED = SOUND.replace("[effects.design]", '[effects]\nby = ["region"]\n[effects.design]')


@pytest.mark.parametrize(("fewest", "told", "few"), [(100, "ab", "cd"), (99, "abc", "d"), (121, "a", "bcd"), (501, "", "abcd")])  # fmt: skip
def test_a_group_with_fewer_than_the_programme_asks_for_is_only_named(fewest, told, few):
    protocol, _ = read(ASKED)
    (one,) = grouped({"by": {"region": BY}}, protocol, Limits(Decimal(fewest), Decimal(max(fewest, 300)), *LIMITS_LAST))
    assert ("".join(row.key for row in one.groups), "".join(one.few), one.unfit) == (told, few, ("e",))
    assert one.unnamed == 2 and one.mean == 6.0
    claims = {row.key: row.claim for row in one.groups}
    assert claims.get("a", Claim.FULL) is Claim.FULL or fewest > 300
    assert claims.get("b", Claim.PRELIMINARY) is Claim.PRELIMINARY


def test_nothing_is_told_by_groups_that_the_protocol_did_not_ask_by():
    asked, silent = read(ASKED)[0], read(SOUND)[0]
    assert asked.by == ("region",)
    assert silent.by == () and grouped({"by": {"region": BY}}, silent, LIMITS) == ()
    assert grouped({}, asked, LIMITS) == (), "counted before groups could be asked by"
    assert read(SOUND.replace("[effects.design]", '[effects]\nby = "region"\n[effects.design]'))[0].by == ()


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("[effects]\nfalse_year = 2", "[effects] has no value “false_year”. Known are: beyond, by"),
        ("[efects.match]\nneighbours = 3", "The protocol has no part [efects]. Known are: [study] and [effects]."),
    ],
)
def test_what_nobody_would_read_is_not_frozen(added, said):
    found, wrong = read(SOUND.replace("[effects.design]", f"{added}\n[effects.design]"))
    assert found and not wrong  # what was frozen before is still read
    (stranger,) = strangers(found)
    assert said in stranger.reason % stranger.values and not strangers(read(SOUND)[0])
