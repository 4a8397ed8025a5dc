"""How the finder reads words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeforum.results.landscape import rules


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("virksomhederne", "virksomhed"),
        ("møbler", "møbel"),
        ("energien", "energi"),
        ("robots", "robot"),
        ("aalborg", "ålborg"),
        ("fødevarer", "fødevare"),
    ],
)
def test_forms_of_a_word_meet_in_one_stem(one: str, other: str) -> None:
    assert rules.stem(one) == rules.stem(other)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøå", min_size=1, max_size=30))
def test_a_stem_is_its_own_stem(word: str) -> None:
    assert rules.stem(rules.stem(word)) == rules.stem(word)


def test_small_words_say_nothing() -> None:
    assert rules.need_words("Vi har brug for hjælp til at spare energi") == {
        rules.stem("spare"): "spare",
        rules.stem("energi"): "energi",
    }


def test_compounds_meet_their_parts_from_both_sides() -> None:
    assert rules.closeness("energi", "energibesparelse") == rules.INSIDE_INDEX
    assert rules.closeness("energibesparelse", "energi") == rules.INSIDE_NEED
    assert "energi" in rules.beginnings("energibesparelse")
    assert rules.closeness("robot", "energi") == 0


def test_a_rare_word_tells_more_and_every_word_tells_something() -> None:
    assert rules.rarity(1, 50) > rules.rarity(40, 50) >= 1


def test_copenhagen_to_aarhus_is_157_km() -> None:
    assert rules.kilometres((12.5683, 55.6761), (10.2039, 56.1629)) == pytest.approx(157, abs=1)
    assert rules.nearness(75) == 0.5


def test_repeats_of_a_word_count_less_and_less() -> None:
    once, often = rules.weigh([("mad", "mad", 1.0)]), rules.weigh([("mad", "mad", 1.0)] * 10)
    assert once["mad"][1] < often["mad"][1] < 10
