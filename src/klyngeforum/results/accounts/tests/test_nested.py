"""Measures within measures: whoever subtracts one from the other finds who is left."""

from __future__ import annotations

from itertools import product

from klyngeforum.ground.bodies.terms import KnowledgeKind
from klyngeforum.results.accounts.rules import COUNTINGS, NESTED, PARTS, LineValues
from klyngeforum.results.accounts.terms import CountsAs


def lines():
    """Every line that the books can hold, by what a counting looks at: what starts or is new has taken part, a step may stand alone."""
    truth = (False, True)
    for kind, part, dedicated, start, new, step in product(CountsAs, truth, truth, (0, 1, 2), truth, range(4)):
        if not part and (start or new):
            continue
        sizes = (("1-9", None), ("10-49", True), ("250+", True), ("250+", False)) if kind == CountsAs.COMPANY else (("", None),)  # fmt: skip
        learned = KnowledgeKind if kind == CountsAs.KNOWLEDGE else (KnowledgeKind.NONE,)
        for (size, sme), knowledge, near in product(sizes, learned, (None, False, True)):
            yield LineValues(
                1, kind, size, sme, participated=part, dedicated=dedicated, started=start > 0, started_first_time=start > 1, new_here=new,
                step=step, knowledge_kind=knowledge, near=near,
            )  # fmt: skip


def told_beside(code):
    """What a measure is bound to as a part, however far up."""
    up = {whole for kin in (PARTS, NESTED) for whole, parts in kin.items() if code in parts}
    return up | {more for one in up for more in told_beside(one)}


def test_every_measure_that_holds_nobody_else_is_bound_to_the_one_around_it():
    bodies = [code for code, counting in COUNTINGS.items() if not counting.sums]
    held = {code: {nth for nth, line in enumerate(lines()) if COUNTINGS[code].holds(line)} for code in bodies}
    assert all(held.values())
    unbound = {(inside, around) for inside in bodies for around in bodies if held[inside] < held[around] and around not in told_beside(inside)}  # fmt: skip
    assert unbound == set()


def test_what_is_bound_is_within_save_the_dedicated_who_need_not_take_part():
    for around, parts in NESTED.items():
        for inside in parts:
            beyond = [line for line in lines() if COUNTINGS[inside].holds(line) and not COUNTINGS[around].holds(line)]
            assert (inside == "dedicated_companies") == bool(beyond), (inside, around)
