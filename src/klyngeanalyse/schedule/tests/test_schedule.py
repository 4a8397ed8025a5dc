"""Timetables: nobody in two places, no veto broken, never more than the bound, the optimum on tiny seminars."""

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.schedule import bound as bound_module
from klyngeanalyse.schedule import days, plan, replan, seminar, summary, unmet
from klyngeanalyse.schedule.book import Book
from klyngeanalyse.schedule.bound import capacity, lacking, relaxed
from klyngeanalyse.schedule.exact import exact
from klyngeanalyse.schedule.parts import parted
from klyngeanalyse.schedule.plan import insist
from klyngeanalyse.schedule.seminar import unordered
from klyngeanalyse.schedule.tests.made_up import away, made_up
from klyngeanalyse.schedule.walking import seated


@st.composite
def asked(draw, people=8, slots=4, most_wishes=14):
    """What a seminar may be asked: wishes, vetoes, absences, table limits, breaks, most meetings, spots."""
    names = [f"p{n}" for n in range(draw(st.integers(2, people)))]
    pairs = [(a, b) for a in names for b in names if a != b]
    wished = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=most_wishes, unique=True))
    weights = draw(st.lists(st.integers(1, 5), min_size=len(wished), max_size=len(wished)))
    known = sorted({name for pair in wished for name in pair})
    count = draw(st.integers(1, slots))
    slot_names = [f"s{n}" for n in range(count)]
    some = st.lists(st.sampled_from(slot_names), max_size=count - 1, unique=True)
    return {
        "wishes": [(a, b, w) for (a, b), w in zip(wished, weights, strict=True)],
        "slots": slot_names,
        "tables": draw(
            st.one_of(st.none(), st.integers(1, 3), st.lists(st.integers(1, 3), min_size=count, max_size=count))
        ),
        "breaks": draw(some),
        "vetoes": draw(st.lists(st.sampled_from(wished), max_size=2)),
        "away": draw(st.dictionaries(st.sampled_from(known), some, max_size=4)),
        "most": draw(st.dictionaries(st.sampled_from(known), st.integers(0, 3), max_size=2)),
    }


def broken(said, made):
    """The rules that a timetable breaks, checked from its rows alone."""
    found, seen, tables = [], set(), {}
    room = said["tables"]
    limit = dict(zip(said["slots"], room if isinstance(room, list) else [room] * len(said["slots"]), strict=True))
    wished = {unordered(a, b) for a, b, _ in said["wishes"]}
    vetoed = {unordered(a, b) for a, b in said["vetoes"]}
    met = []
    for slot, table, one, other, _ in made.meetings:
        for name in (one, other):
            if (name, slot) in seen:
                found.append(f"{name} twice in {slot}")
            if slot in said["away"].get(name, ()) or slot in said["breaks"]:
                found.append(f"{name} is not there in {slot}")
            seen.add((name, slot))
        tables.setdefault(slot, []).append(table)
        met.append(unordered(one, other))
    found += [f"{pair} not wished" for pair in met if pair not in wished] + [
        f"veto {pair}" for pair in met if pair in vetoed
    ]
    found += ["met twice"] * (len(met) - len(set(met)))
    found += [f"table twice in {slot}" for slot, used in tables.items() if len(set(used)) < len(used)]
    found += [
        f"too many in {slot}" for slot, used in tables.items() if limit[slot] is not None and len(used) > limit[slot]
    ]
    count = {name: sum(name in pair for pair in met) for name in said["most"]}
    return found + [f"{name} too often" for name, most in said["most"].items() if count[name] > most]


def brute(one):
    """(people without a first wish, value) of the best timetable by trying every one."""
    best = (len(one.people) + 1, 0.0)
    options = [[-1, *np.flatnonzero(one.common[nth] & (one.tables > 0)).tolist()] for nth in range(len(one.weight))]
    for slots in itertools.product(*options):
        busy = [(p, s) for nth, s in enumerate(slots) if s >= 0 for p in one.pairs[nth].tolist()]
        if len(set(busy)) < len(busy) or any(slots.count(s) > one.tables[s] for s in set(slots) - {-1}):
            continue
        if any(sum(p == who for p, _ in busy) > one.most[who] for who in range(len(one.people))):
            continue
        met = np.array(slots) >= 0
        best = min(best, (len(lacking(one, met)), -float(one.weight[met].sum())))
    return best[0], -best[1]


@settings(max_examples=150, deadline=None)
@given(asked())
def test_no_rule_is_broken_and_the_value_is_within_the_bound(said):
    one = seminar(**said)
    made = plan(one)
    assert broken(said, made) == []
    assert made.value <= made.bound + 1e-6 and made.n_without_first_wish >= made.fewest_without_first_wish
    assert made.value == pytest.approx(sum(weight for *_, weight in made.meetings))
    assert 0 <= made.gap <= 1 and made.n_meetings == len(made.meetings)
    refused = {(who, whom) for who, whom, *_ in unmet(one, made).entries}
    assert refused == {(a, b) for a, b, _ in said["wishes"] if unordered(a, b) not in made.pairs()}
    assert len(days(one, made).entries) == 2 * made.n_meetings


@settings(max_examples=60, deadline=None)
@given(asked(people=5, slots=3, most_wishes=6))
def test_tiny_seminars_reach_the_optimum_that_trying_everything_finds(said):
    one = seminar(**said)
    made = plan(one)
    assert (made.n_without_first_wish, made.value) == brute(one)


@settings(max_examples=60, deadline=None)
@given(asked(), st.randoms())
def test_the_order_of_the_rows_changes_nothing(said, chance):
    first = plan(seminar(**said))
    chance.shuffle(said["wishes"])
    chance.shuffle(said["vetoes"])
    assert plan(seminar(**said)) == first


@settings(max_examples=60, deadline=None)
@given(asked(), st.integers(0, 3), st.data())
def test_a_new_plan_keeps_what_the_change_does_not_touch(said, moves, data):
    one = seminar(**said)
    earlier = plan(one).pairs()
    if not earlier:
        return
    gone = data.draw(st.sampled_from(sorted({name for pair in earlier for name in pair})))
    said["away"] = {**said["away"], gone: list(said["slots"])}
    again = replan(seminar(**said), earlier, moves=moves)
    assert broken(said, again) == []
    assert again.value <= again.bound + 1e-6
    now = again.pairs()
    unaffected = {pair: place for pair, place in earlier.items() if gone not in pair}
    assert sum(now.get(pair, (None,))[0] != place[0] for pair, place in unaffected.items()) == again.n_moved <= moves
    assert all(pair in now for pair in unaffected) and not any(gone in pair for pair in now)
    if not moves:
        assert all(now[pair] == place for pair, place in unaffected.items())
    assert (again.n_kept, again.n_lost) == (len(unaffected) - again.n_moved, len(earlier) - len(unaffected))


def test_a_freed_hour_goes_to_the_heaviest_wish_that_fits():
    wishes = [("a", "b", 5), ("c", "b", 2), ("d", "b", 3)]
    made = plan(seminar(wishes, slots=1))
    assert made.pairs() == {("a", "b"): ("1", "1")}
    again = replan(seminar(wishes, slots=1, away={"a": ["1"]}), made.pairs())
    assert again.pairs() == {("b", "d"): ("1", "1")} and (again.n_kept, again.n_lost, again.n_new) == (0, 1, 1)


def test_one_move_can_win_a_meeting():
    wishes = [("a", "b", 1), ("c", "d", 1), ("a", "d", 1)]
    before = {("a", "b"): ("1", "1"), ("c", "d"): ("2", "1")}
    one = seminar(wishes, slots=2)
    assert replan(one, before).n_meetings == 2
    again = replan(one, before, moves=1)
    assert (again.n_meetings, again.n_moved, again.n_kept) == (3, 1, 1)


@pytest.mark.parametrize(("tables", "seed"), [(None, 1), (30, 2), (7, 3)])
def test_two_sides_that_are_all_there_reach_the_bound(tables, seed):
    wishes = made_up(80, 12, seed, two_sides=True)
    made = plan(seminar(wishes, slots=10, tables=tables, sides={f"p{n:04d}": str(n % 2) for n in range(80)}))
    assert made.value == pytest.approx(made.bound) and made.gap < 1e-12
    assert made.n_without_first_wish == made.fewest_without_first_wish


@pytest.mark.parametrize(
    ("n", "share", "tables", "least"), [(60, 1.0, None, 0.995), (60, 0.9, 25, 0.99), (60, 0.7, None, 0.97)]
)
def test_middling_seminars_come_near_the_bound(n, share, tables, least):
    made = plan(seminar(made_up(n, 12, 5), slots=10, tables=tables, away=away(n, 10, share, 6)))
    assert least * made.bound <= made.value <= made.bound + 1e-6
    assert made.n_without_first_wish == made.fewest_without_first_wish


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "slots", "wished", "share", "tables", "least"),
    [
        (200, 20, 25, 1.0, None, 0.995),
        (200, 20, 25, 0.9, 90, 0.995),
        (150, 12, 5, 0.95, 50, 0.995),
        (500, 20, 25, 1.0, None, 0.995),
    ],
)
def test_real_sizes_come_within_half_a_per_cent_of_the_bound(n, slots, wished, share, tables, least):
    made = plan(seminar(made_up(n, wished, 1), slots=slots, tables=tables, away=away(n, slots, share, 2)))
    assert made.value >= least * made.bound
    assert made.n_without_first_wish == made.fewest_without_first_wish


def test_a_first_wish_goes_before_a_higher_sum():
    # without fairness b would meet c twice-wished (9) and leave a alone
    wishes = [("a", "b", 1), ("b", "c", 4), ("c", "b", 5)]
    made = plan(seminar(wishes, slots=1))
    assert made.n_without_first_wish == made.fewest_without_first_wish == 1 and made.value == 9
    fair = plan(seminar([("a", "b", 1), ("b", "c", 5), ("b", "a", 5), ("c", "d", 5), ("d", "c", 1)], slots=1))
    assert fair.n_without_first_wish == 0 and set(fair.pairs()) == {("a", "b"), ("c", "d")}


def test_the_bound_of_the_relaxation_is_above_the_optimum_and_odd_rings_show_why():
    ring = [(f"p{n}", f"p{(n + 1) % 5}", 1) for n in range(5)]
    one = seminar(ring, slots=2)
    assert relaxed(one).bound == pytest.approx(4.0)  # two of five pairs a slot
    assert plan(one).value == 4.0
    slot, bound = exact(one)
    assert (slot >= 0).sum() == 4 and bound.bound == pytest.approx(4.0)


@settings(max_examples=40, deadline=None)
@given(asked(people=7, slots=3))
def test_the_prices_prove_the_bound(said):
    """Weak duality: what all hours and tables cost at their prices, and what each pair is worth beyond the price of its ends, is no
    less than any plan is worth; and it is the linear bound itself, so the prices are not too high either."""
    one = seminar(
        **{**said, "breaks": [], "away": {}}
    )  # everybody is there in every slot: one part, one price a person
    found = relaxed(one)
    hours, tables = capacity(one)
    assert (found.price == found.price[:, :1]).all() and (found.table_price == found.table_price[:1]).all()
    assert found.price.min(initial=0) >= -1e-9 and found.table_price.min() >= -1e-9
    price, table_price = found.price[:, 0], float(found.table_price[0])
    beyond = np.maximum(one.weight - price[one.pairs].sum(1) - table_price, 0).sum() if len(one.weight) else 0.0
    assert hours @ price + tables * table_price + beyond == pytest.approx(linear_bound(one))


def linear_bound(one):
    """Pairs as far as hours and tables go, in parts of a pair if need be."""
    if not len(one.weight):
        return 0.0
    hours, tables = capacity(one)
    ends = np.array([[who in pair for pair in one.pairs.tolist()] for who in range(len(one.people))], dtype=float)
    rows = np.vstack([ends, np.ones(len(one.weight))])
    return -linprog(-one.weight, A_ub=rows, b_ub=[*hours, tables], bounds=(0, 1)).fun


def test_hours_and_tables_that_can_be_used():
    """Four people, two slots and a break; d is away in the second, so three are there and one pair can sit."""
    one = seminar(
        [("a", "b", 1), ("c", "d", 1)], slots=["1", "2", "3"], breaks=["3"], away={"d": ["2"]}, most={"a": 1}, tables=2
    )
    hours, tables = capacity(one)
    assert dict(zip(one.people, hours.tolist(), strict=True)) == {"a": 1, "b": 2, "c": 2, "d": 1}
    assert tables == 2 + 1


def test_who_asks_for_fewer_without_a_first_wish_than_can_be_gets_the_fewest():
    one = seminar(
        [("a", "b", 2), ("c", "b", 3), ("d", "b", 4)], slots=2
    )  # b has two hours for three who wish nobody else
    limits, rows = bound_module._rows(one)
    for allowed, (some, worth, more) in {n: bound_module._fair(one, rows, limits, n) for n in range(4)}.items():
        assert more == max(allowed, 1) and worth == pytest.approx(7.0)
        assert some.sum() == 2 and len(lacking(one, some)) == 1
    assert (relaxed(one).fewest, relaxed(one).allowed) == (1, 1)


def test_the_solver_knows_every_option_it_is_given():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert relaxed(seminar([("a", "b", 2), ("c", "b", 3)], slots=1)).fewest == 1


def test_nobody_to_meet_is_worth_nothing():
    one = seminar([("a", "b", 3)], slots=2, vetoes=[("a", "b")])
    found = relaxed(one)
    assert (found.bound, found.fewest, found.allowed) == (0.0, 0, 2)
    assert found.chosen.tolist() == [] and not found.price.any() and not found.table_price.any()
    assert found.price.shape == (2, 2) and found.table_price.shape == (2,)


def test_two_days_are_bounded_day_by_day():
    # a is there on both days, b and c only on the first, which has one slot
    one = seminar([("a", "b", 1), ("a", "c", 1)], slots=["mon", "tue"], away={"b": ["tue"], "c": ["tue"]})
    assert relaxed(one).bound == pytest.approx(1.0)
    fine = parted(one)
    assert (fine.price[0] + fine.table_price).tolist() == pytest.approx([1.0, 0.0])
    assert parted(seminar([("a", "b", 1)], slots=2)) is None
    days_of = {f"p{n:04d}": [str(s + 1) for s in range(10) if (s < 5) == (n % 3 == 0)] for n in range(60) if n % 3 < 2}
    made = plan(seminar(made_up(60, 15, 4), slots=10, away=days_of))
    assert made.value >= 0.99 * made.bound


def test_people_without_a_first_wish_get_one_where_somebody_can_step_aside():
    one = seminar([("a", "b", 2), ("c", "b", 2), ("b", "d", 9), ("d", "b", 9), ("b", "a", 1)], slots=2)
    book = Book(one)
    pairs = {tuple(one.people[p] for p in pair): nth for nth, pair in enumerate(one.pairs.tolist())}
    book.put(pairs[("b", "d")], 0)
    book.put(pairs[("a", "b")], 1)
    insist(one, book, one.weight)
    # b's two hours cannot serve a, c and d: nobody else may lose an only first wish for it
    assert {one.people[p] for p in lacking(one, book.slots() >= 0)} == {"c"}
    book.take(pairs[("b", "d")])
    insist(one, book, one.weight)
    assert len(lacking(one, book.slots() >= 0)) == 1


def test_walking_is_short_and_a_break_gives_time():
    spots = {f"t{n}": (10.0 * n, 0.0) for n in range(4)}
    wishes = [("a", f"x{n}", 1) for n in range(4)] + [("b", f"y{n}", 1) for n in range(4)]
    one = seminar(wishes, slots=4, spots=spots)
    made = plan(one)
    assert made.n_meetings == 8 and made.walked == 0 and len({t for _, t, *_ in made.meetings}) == 2
    crossing = seminar([("a", "b", 1), ("c", "d", 1), ("a", "c", 1), ("b", "d", 1)], slots=2, spots=spots)
    assert plan(crossing).walked == 20  # of four people two stay and two walk ten metres
    pause = seminar([("a", "b", 1), ("c", "d", 1), ("a", "c", 1), ("b", "d", 1)], slots=3, breaks=["2"], spots=spots)
    assert plan(pause).walked == 0


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"wishes": []}, "no wishes"),
        ({"wishes": [("a", "a", 1)]}, "a wish for oneself · a"),
        ({"wishes": [("a", "b", 0)]}, "not positive · a -> b: 0.0"),
        ({"wishes": [("a", "b", float("nan"))]}, "not positive"),
        ({"wishes": [("a", "b", 1), ("a", "b", 2)]}, "the same wish twice · a -> b"),
        ({"vetoes": [("a", "z")]}, "unknown person z · a veto"),
        ({"away": {"z": ["1"]}}, "unknown person z · who is away"),
        ({"away": {"a": ["9"]}}, "unknown slot 9 · a is away"),
        ({"breaks": ["9"]}, "unknown slot 9 · the breaks"),
        ({"slots": []}, "slots must have names"),
        ({"slots": ["1", "1"]}, "slots must have names"),
        ({"tables": 0}, "tables 0"),
        ({"tables": [1]}, "one for each of the 2 slots"),
        ({"tables": 2, "spots": {"t": (0, 0)}}, "2 tables in a slot, 1 places"),
        ({"most": {"a": -1}}, "a takes -1 meetings"),
        ({"sides": {"a": "x", "b": "x"}}, "a and b are on the same side"),
    ],
)
def test_nonsense_is_refused_with_a_line_that_says_how_to_mend_it(said, line):
    with pytest.raises(Unfit, match=line.replace("?", r"\?")):
        seminar(**{"wishes": [("a", "b", 1)], "slots": 2, **said})


def test_a_new_plan_needs_an_old_one():
    with pytest.raises(Unfit, match="no earlier meetings"):
        replan(seminar([("a", "b", 1)], slots=1), {})


def test_the_summary_is_one_line_and_the_chart_counts_the_slots():
    made = plan(seminar([("a", "b", 1), ("a", "c", 1)], slots=2))
    assert summary(made).as_dict()["n_meetings"] == 2
    assert made.chart()["data"]["values"] == [{"slot": "1", "meetings": 1}, {"slot": "2", "meetings": 1}]


@settings(max_examples=80, deadline=None)
@given(asked(), st.data())
def test_every_insertion_keeps_the_tables_and_one_place_a_person(said, data):
    one = seminar(**{**said, "tables": 1})
    book = Book(one)
    for pair in data.draw(st.permutations(range(len(one.weight)))):
        before = {nth for nth, slot in enumerate(book.slot) if slot >= 0}
        placed = book.insert(pair)
        assert {nth for nth, slot in enumerate(book.slot) if slot >= 0} == before | ({pair} if placed else set())
        assert all(held <= room for held, room in zip(book.held, book.room, strict=True))
        assert all(
            book.at[end][slot] == nth for nth, slot in enumerate(book.slot) if slot >= 0 for end in one.pairs[nth]
        )


def test_a_chain_does_not_fill_a_slot_beyond_its_tables():
    # a-b in 1; c-d free in 2 only by taking a-b there, where the one table is taken
    one = seminar([("a", "b", 1), ("c", "d", 1), ("a", "c", 1)], slots=2, tables=1, away={"c": ["2"]})
    book = Book(one)
    pairs = {tuple(one.people[p] for p in pair): nth for nth, pair in enumerate(one.pairs.tolist())}
    book.put(pairs[("a", "b")], 1)
    book.put(pairs[("c", "d")], 0)
    assert not book.insert(pairs[("a", "c")]) and book.held == [1, 1]


def test_a_meeting_sits_where_the_next_one_is_bound_to_be():
    spots = {f"t{n}": (10.0 * n, 0.0) for n in range(3)}
    one = seminar([("a", "b", 1), ("a", "c", 1)], slots=2, spots=spots)
    assert seated(one, np.array([0, 1]), fixed={1: 2}).tolist() == [2, 2]
