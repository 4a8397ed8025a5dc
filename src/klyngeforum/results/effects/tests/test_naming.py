"""A specification has one name in the result and words in both languages beside it; an older protocol reads as it did. No database."""

from __future__ import annotations

import pytest

from klyngeforum.results.effects.rules import digest_of_text, may_take_in, read, strangers
from klyngeforum.results.effects.running import _declared

from .test_rules import SOUND

OLD = SOUND + '\n[[effects.specifications]]\nname = "Aldrig"\ncontrols = "never"\n\n[[effects.specifications]]\nname = "Pr. år"\nkind = "calendar"\n'  # fmt: skip
NEW = OLD.replace('name = "Aldrig"', 'name = "never"\nda = "Aldrig"\nen = "Never"')


def sentences(verdicts) -> list[str]:
    return [one.reason % one.values for one in verdicts]


def test_it_is_called_in_the_readers_language_and_known_by_one_name():
    one, wrong = read(NEW)
    assert one and not wrong and not strangers(one)
    assert [one.way("never", language) for language in ("da", "en")] == ["Aldrig", "Never"]
    assert [one.way("Pr. år", language) for language in ("da", "en")] == ["Pr. år", "Pr. år"], "a name alone is said as it is"  # fmt: skip
    assert one.methods["specifications"] == [{"name": "never", "controls": "never"}, {"name": "Pr. år", "kind": "calendar"}]  # fmt: skip


def test_the_library_and_an_answer_from_outside_know_the_name_alone():
    one = read(NEW)[0]
    assert [way["name"] for way in _declared(one).methods["specifications"]] == ["never", "Pr. år"]
    assert not any({"da", "en"} & set(way) for way in _declared(one).methods["specifications"])
    told = {key: {} if key in ("outcomes", "matching") else [] for key in ("study", "protocol", "companies", "dropped", "summary", "outcomes", "placebos", "refused", "hidden", "specifications", "matching")}  # fmt: skip
    told["specifications"] = [{"name": "Aldrig", "refused": "x"}, {"name": "Pr. år", "refused": "x"}]
    (wrong,) = may_take_in(told, one, 5)
    assert "Aldrig" in wrong.values["what"] and "never" in wrong.values["what"]


def test_a_protocol_from_before_reads_as_it_did():
    one, wrong = read(OLD)
    assert one and not wrong and not strangers(one)
    assert one.digest == digest_of_text(OLD) and one.ways == {}
    assert one.methods == {"design": {"controls": "never"}, "specifications": [{"name": "Aldrig", "controls": "never"}, {"name": "Pr. år", "kind": "calendar"}]}  # fmt: skip
    assert one.way("Aldrig", "en") == "Aldrig"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '\nen = "Never"',
            "",
            "Specification number 1 (“never”) lacks da or en. Write both below its name, or neither.",
        ),
        ('da = "Aldrig"', "", "Specification number 1 (“never”) lacks da or en"),
        ('da = "Aldrig"', "da = 3", "Specification number 1 (“never”) lacks da or en"),
        ('en = "Never"', 'en = " "', "Specification number 1 (“never”) lacks da or en"),
    ],
)
def test_one_language_alone_is_refused_with_its_place_and_its_mend(old, new, said):
    assert old in NEW
    one, wrong = read(NEW.replace(old, new, 1))
    assert one is None and any(said in words for words in sentences(wrong)), wrong
    assert all(verdict.field == "text" for verdict in wrong)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "Pr. år"', 'name = "never"', "Specifications number 1 and 2 have the same name, “never”. Give one of them another."),
        ('name = "Pr. år"', 'name = "year"\nda = "Aldrig"\nen = "By year"', "Specifications number 1 and 2 have the same da, “Aldrig”"),
        ('name = "Pr. år"', 'name = "year"\nda = "Pr. år"\nen = "Never"', "Specifications number 1 and 2 have the same en, “Never”"),
        ('name = "never"\nda = "Aldrig"\nen = "Never"', 'name = { da = "Aldrig", en = "Never" }', "Specification number 1: “name” must be a text"),
        ('name = "Pr. år"\n', "", "Specification number 2: “name” must be a text"),
        ("[study.names.fte]\n", '[study.names.region]\nda = "region"\n[study.names.fte]\n', "[study.names.region] lacks da or en"),
    ],
)  # fmt: skip
def test_what_would_be_taken_for_another_is_not_written_and_what_was_frozen_is_read(old, new, said):
    assert old in NEW
    one, wrong = read(NEW.replace(old, new, 1))
    assert one and not wrong
    assert any(said in words for words in sentences(strangers(one))), strangers(one)
