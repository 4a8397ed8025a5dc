"""A protocol with anything at all in any place is read or refused with its reason, never a fault."""

import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
import tomli_w

import klyngeforum.demo
import klyngeforum.web.analyst
from klyngeforum.ground.verdict import Refused
from klyngeforum.results.effects.rules import read, strangers
from klyngeforum.results.effects.running import checked, columns_of
from klyngeforum.results.effects.writing import answers_of
from klyngeforum.web.components.protocols import protocol_parts
from tests.trying import THOROUGH

DEMO = sorted((Path(klyngeforum.demo.__file__).parent / "studies_of").glob("*.toml"))
EXAMPLE = Path(klyngeforum.web.analyst.__file__).with_name("example.toml")
WHOLE = [tomllib.loads(file.read_text("utf-8")) for file in (EXAMPLE, *DEMO)]
ODD = (
    0, 1, -1, 3, 10**12, 0.5, float("nan"), float("inf"), True, False, "", " ", "x", "æ ø", "employment", "organisation", "a" * 300, date(2014, 1, 1),
    [], [[]], ["x"], ["x", "x"], [1, "x"], [{}], {}, {"da": "x"}, {"da": 1, "en": 2}, {"x": {"y": [1]}}, [{"name": "x"}, {"name": "x"}], [{"name": 1}],
)  # fmt: skip


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything that stands in a document."""
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*above, key)
        yield from places(one, (*above, key))


def put(document: Any, way: tuple[Any, ...], value: Any) -> None:
    for key in way[:-1]:
        document = document[key]
    document[way[-1]] = value


def met(text: str) -> list[str]:
    """What writing, freezing and showing a protocol asks of it: the reasons why it is refused, or none."""
    protocol, wrong = read(text)
    answers_of(text)
    if protocol is None:
        return [one.words() for one in wrong]
    wrong = strangers(protocol)
    if wrong:
        return [one.words() for one in wrong]
    try:
        checked(protocol)
    except Refused as refused:
        return [one.words() for one in refused.verdicts]
    assert columns_of(protocol)
    for language in ("da", "en"):
        assert protocol_parts(protocol, language)
    return []


@pytest.fixture(autouse=True)
def _no_database(monkeypatch):
    monkeypatch.setattr("klyngeforum.web.components.protocols.names_by_slug", lambda slugs: {})


@pytest.mark.thorough
@pytest.mark.parametrize("whole", WHOLE, ids=lambda one: one["study"]["code"])
def test_each_place_with_each_odd_value(whole):
    assert met(tomli_w.dumps(whole)) == []
    tried = [(way, value) for way in places(whole) for value in ODD]
    refused, faults = 0, []
    for way, value in tried if THOROUGH else Random(3).sample(tried, 150):
        document = deepcopy(whole)
        put(document, way, value)
        try:
            reasons = met(tomli_w.dumps(document))
        except Exception as fault:
            faults.append((way, value, repr(fault)))
            continue
        refused += bool(reasons)
        # what Python says of a value helps nobody who wrote a protocol
        faults += [
            (way, value, one) for one in reasons if re.search(r"object|argument|NoneType|instances|iterable", one)
        ]
    assert faults == [] and refused > 100


SLIPS = {
    'exact = "industry"': ("match", 'exact is "industry"', 'write a list of names, such as ["industry"]'),
    'neighbours = "3"': ("match", 'neighbours is "3"', "give a whole number from 0"),
    'support = "nobody"': ("match", 'support is "nobody"', "one of treated, both, none"),
    "replacement = 1": ("match", "replacement is 1", "write true or false"),
    "caliper = true": ("match", "caliper is true", "give a number"),
    "bins = 5": ("match", "bins is 5", "write a number for each column, such as {age = 5}"),
    'nieghbours = 3': ("match", "unknown field nieghbours", "known fields: adjust, bandwidth,"),
    "at = 2012.5": ("design", "at is 2012.5", "give a whole number from 0"),
    'name = "x"\nkind = "grupp"': ("specifications", 'kind is "grupp"', "one of simple, dynamic, group, calendar"),
    'name = "x"\noutcome = 3': ("specifications", 'outcome is 3', "write a text in quotation marks"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_of_the_pen_is_told_where_it_is_and_how_to_mend_it(slip):
    table, what, mend = SLIPS[slip]
    head = f"[[effects.{table}]]" if table == "specifications" else f"[effects.{table}]"
    text = EXAMPLE.read_text("utf-8").partition("[effects]")[0]
    (said,) = met(f"{text}\n{head}\n{slip}\n")
    assert f"{what} · protocol, [{table}] · {mend}" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('da = "Årsværk (logaritme)"', 'da = " "', "called nothing"),
        ("[study.names.region]", 'names = "x"\n[other]', "no part [other]"),
        ("[effects]", "[[effects]]", "“effects” is a value"),
    ],
)
def test_what_would_be_read_as_if_it_were_not_there_is_refused(old, new, said):
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    assert said in "; ".join(met(text.replace(old, new, 1).partition("[effects.")[0]))
