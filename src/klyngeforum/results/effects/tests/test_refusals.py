"""Every sentence in which the analysis library says why it cannot answer is known here and has Danish words."""

from __future__ import annotations

import ast
import re
from itertools import product
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from klyngeanalyse.bundle.declared import Declared, checked
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.several import holm
from klyngeanalyse.matching import Design as Matched
from klyngeanalyse.matching.history import History
from klyngeforum.results.effects.refusals import APART, ONE, PLACE, SENTENCES, parts_of

from .library import CLOSE, HOLE, LIBRARY, OPEN, Module, Said, modules_of

ROOT = Path(__file__).resolve().parents[4]
PO = ROOT / "klyngeforum" / "locale" / "da" / "LC_MESSAGES" / "django.po"
DOORS = (
    "bundle.declared",
    "bundle.packet",
    "bundle.parts",
    "core.engines",
    "core.errors",
)  # what the room uses of the library
# parts of which only the counting knows every word, by module: whose words they are
OTHERS = {
    ("bundle.declared", "where", HOLE): "a path, or Python's words",
    ("bundle.packet", "where", HOLE): "a path or the name of a file",
    ("bundle.packet", "why", HOLE): "Python's words of an archive that is none",
    ("core.engines", "why", HOLE): "DuckDB's words of a file that it cannot read",
    ("effects.curve", "why", HOLE): "a specification's own refusal, whose parts are sentences of their own",
    ("effects.grouptime", "why", HOLE): "codes of why nothing was left: `codes_of_years`",
    ("matching.study", "why", f"{HOLE} {HOLE}"): "codes of why companies had no match: `codes_of_matches`",
    ("matching.rows", "where", HOLE): "a table: the house names it candidates",
    ("matching.rows", "where", f"{HOLE}, {HOLE}"): "the same and a type",
    ("matching.rows", "where", f"{HOLE}.{HOLE}"): "the same and a column",
    ("matching.history", "where", f"{HOLE}.{HOLE}"): "a table and a column: the house names it panel",
}
_ONE = rf"(?:{HOLE}|{OPEN}\w+{CLOSE})"
_SAMPLES = {"n": "7", "number": "-0.25", "other": "1e-05", "years": "[-3, -1]", "value": "'x'", "key": "lag", "before": "3", "after": "2", "first": "2008", "last": "2012"}  # fmt: skip


def strict(marked: str) -> re.Pattern[str]:
    """A sentence whose places hold only what varies: words that the library writes must stand in the sentence."""
    parts = re.split(r"%\((\w+)\)s", marked)
    held = (rf"(?P<{one}>{_ONE}(?:[, /]+{_ONE})*{'|[0-9]+' if one == 'n' else ''})" if nth % 2 else re.escape(one) for nth, one in enumerate(parts))  # fmt: skip
    return re.compile("".join(held))


STRICT = [(one, strict(one)) for one in sorted(SENTENCES, key=lambda one: -len(PLACE.sub("", one)))]


def bare(way: str) -> list[str]:
    """A sentence with what the library itself puts in it taken for a place, or for its own words."""
    parts = re.split(f"{OPEN}(.*?){CLOSE}", way)
    ways = [(f"{OPEN}{one}{CLOSE}", one) if nth % 2 else (one,) for nth, one in enumerate(parts)]
    return ["".join(one) for one in product(*ways)]


def marked_of(way: str) -> re.Match[str] | None:
    return next((found for _, known in STRICT for one in bare(way) if (found := known.fullmatch(one))), None)


def readable(way: str) -> str:
    return way.replace(HOLE, "…").replace(OPEN, "").replace(CLOSE, "")


def strangers(said: list[Said]) -> list[str]:
    """Sentences that a page could only tell in English, with where they stand."""
    return [
        f"{one.module}, line {one.line}: “{readable(way)}” ({one.part}) has no Danish: add it to results/effects/refusals.py, then make messages"
        for one in said for way in one.ways
        if (one.module.removeprefix(f"{LIBRARY}."), one.part, way) not in OTHERS and not marked_of(way)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def said() -> list[Said]:
    modules = modules_of(ROOT, tuple(f"{LIBRARY}.{one}" for one in DOORS))
    return [one for name in modules for one in Module(ROOT, name).said()]


def test_every_sentence_that_a_study_can_meet_is_known(said):
    assert len(said) > 250, "the library's source is read"
    assert strangers(said) == []


def test_nothing_is_left_to_others_that_is_not_there(said):
    there = {(one.module.removeprefix(f"{LIBRARY}."), one.part, way) for one in said for way in one.ways}
    assert set(OTHERS) - there == set()


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ('raise Unfit("no moon")', "no moon"),
        ('raise Unfit("no rows", where="the sky", mend="look again")', "the sky"),
        ('raise Unfit("no rows", mend=f"give {n} stars")', "give … stars"),
        ('raise Unfit(f"no column {n} in the sky")', "no column … in the sky"),
        ('for word in ("moon", "sun"):\n        raise Unfit(f"no {word} company")', "no moon company"),
        ('raise Unfit("no rows", why=n)', "…"),
        ('raise Unfit("no rows", why="it is new" if n else "it is old")', "it is old"),
        ('raise Unfit(f"{n} is not well")', "… is not well"),
    ],
)
def test_a_new_sentence_without_danish_is_found(tmp_path, source, missing):
    path = tmp_path / LIBRARY / "new.py"
    path.parent.mkdir()
    path.write_text(f"def f(n):\n    {source}\n", encoding="utf-8")
    found = strangers(list(Module(tmp_path, f"{LIBRARY}.new").said()))
    assert found and any(f"“{missing}”" in one and "klyngeanalyse.new, line" in one for one in found), found


def test_a_sentence_with_its_places_filled_is_told_back_letter_by_letter(said):
    for one in said:
        for way in one.ways:
            found = marked_of(way)
            if found:
                filled = re.sub(f"{OPEN}(.*?){CLOSE}", r"\1", way)
                for place, held in found.groupdict().items():
                    filled = filled.replace(HOLE, _SAMPLES.get(place, "x"), held.count(HOLE))
                (sentences,) = parts_of(filled)
                assert all(known.marked for known in sentences), filled
                back = ", ".join(known.marked % dict(known.places) if known.places else known.marked for known in sentences)  # fmt: skip
                assert back == filled


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_taken_for_itself_and_no_other(sentence):
    filled = PLACE.sub(lambda found: _SAMPLES.get(found[1], "x"), sentence)
    ((one,),) = parts_of(filled)
    assert one.marked == sentence


def test_danish_has_every_one_of_them():
    with PO.open("rb") as file:
        known = read_po(file, locale="da")
    same = {"participants.csv"}  # the name of a file
    missing = [one for one in (*SENTENCES, *ONE.values()) if not (held := known.get(one)) or not held.string or (held.string == one and one not in same)]  # fmt: skip
    assert missing == []
    assert set(ONE) <= set(SENTENCES)


def constants(module: str, call: str) -> set[str]:
    """The texts that a module hands to a call or lists under a name."""
    tree = Module(ROOT, f"{LIBRARY}.{module}").tree
    found: set[str] = set()
    for node in ast.walk(tree):
        own = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == call
        named = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == call
        if own or named:
            found |= {
                one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
    return found


def test_codes_of_years():
    codes = constants("effects.scores", "Unidentified") | {"no_rows"}
    assert {"overlap", "no_control_alike"} <= codes and codes <= set(SENTENCES)


def test_codes_of_matches():
    codes = constants("matching.results", "Reason")
    assert "outside_caliper" in codes and {f"{one} %(n)s" for one in codes} <= set(SENTENCES)


def plain(error: pytest.ExceptionInfo[Unfit]) -> list[str]:
    """What nobody knows of a refusal."""
    return [one.text for part in parts_of(str(error.value)) for one in part if not one.marked]


@pytest.mark.parametrize(
    "act",
    [
        lambda: Design(controls="sometimes"),
        lambda: Design(method=["dr"]),
        lambda: Design(level=1.5),
        lambda: Design(trim=0),
        lambda: Design(anticipation=-1),
        lambda: Design.of({"contrls": "never"}),
        lambda: Matched(covariates=("x",), method="best"),
        lambda: Matched(covariates=("x",), caliper=-1.0),
        lambda: Matched(covariates=("x",), limit=2),
        lambda: Matched(covariates=("select",)),
        lambda: Matched(exact=("x",), covariates=("x",)),
        lambda: Matched(),
        lambda: Matched(covariates=("x",), bins={"y": 3}),
        lambda: Matched(covariates=("x",), ties="all", replacement=False),
        lambda: History(levels=("a b",)),
        lambda: History(levels=("fte",), lag=0),
        lambda: holm([0.5, 2.0]),
        lambda: checked(Declared("x", "0", (("y", "per_cent"),), 1, {"by": ["company"]})),
        lambda: checked(Declared("x", "0", (("y", "per_cent"),), 1, {"specifications": [{"controls": "never"}]})),
        lambda: checked(Declared("x", "0", (("y", "per_cent"),), 1, {"match": {"neighbors": 3}})),
    ],
)
def test_what_the_library_really_says_is_known(act):
    with pytest.raises(Unfit) as refused:
        act()
    assert plain(refused) == []


@pytest.mark.parametrize("words", ["Parquet is not what it was", "Invalid Input Error: No magic bytes found at end of file", "no such column", "give up", "it"])  # fmt: skip
def test_another_programs_words_are_not_taken_for_the_librarys(words):
    ((one,),) = parts_of(words)
    assert (one.marked, one.text) == ("", words)


def test_what_nobody_knows_is_kept_as_it_came():
    text = f"no rows{APART}the moon is full{APART}rename it"
    ((first,), (moon,), (last,)) = parts_of(text)
    assert (first.marked, moon.text, moon.marked, last.marked) == ("no rows", "the moon is full", "", "rename it")
    ((several,),) = parts_of("no_rows, the moon")
    assert several.text == "no_rows, the moon" and not several.marked, "half a list is not told in two languages"
