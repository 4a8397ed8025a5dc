"""When a reminder is due: each step once, the newest only, late ones repeated and then no more; and the programme's file."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings as settings_of
from hypothesis import given
from hypothesis import strategies as some

from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.results.accounts.schedule import Schedule, Step, schedule, schedule_in

PLAN = Schedule(1, 14, 30, 7, 2, (Step(-28, False), Step(-7, False), Step(0, True), Step(1, True)), {})
DUE = date(2014, 5, 15)


@pytest.mark.parametrize(
    ("late", "step"),
    [
        (-29, None), (-28, Step(-28, False)), (-8, Step(-28, False)), (-7, Step(-7, False)), (-1, Step(-7, False)), (0, Step(0, True)), (1, Step(1, True)),
        (7, Step(1, True)), (8, Step(8, False)), (14, Step(8, False)), (15, Step(15, False)), (22, Step(15, False)), (400, Step(15, False)),
    ],
)  # fmt: skip
def test_the_step_that_a_day_has_reached(late, step):
    assert PLAN.reached(DUE, DUE + timedelta(days=late)) == step


@given(some.integers(-60, 400), some.integers(0, 20))
def test_a_later_day_never_reaches_an_earlier_step(late, more):
    first, then = (PLAN.reached(DUE, DUE + timedelta(days=days)) for days in (late, late + more))
    assert first is None or (then is not None and then.days >= first.days)


def test_no_step_no_reminder_and_an_answer_has_its_days():
    assert replace(PLAN, steps=()).reached(DUE, DUE) is None
    assert PLAN.answer_by(date(2014, 5, 20), DUE) == date(2014, 6, 3)
    assert PLAN.answer_by(date(2014, 3, 1), DUE) == DUE
    assert PLAN.correct_by(date(2014, 5, 1)) == date(2014, 5, 31)
    assert [PLAN.weekly(date(2014, 5, day)) for day in (12, 13)] == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weekly_on = 1\n", "weekly_on = 8\n", "write a weekday from 1"), ("answer_days = 14", "", "answer_days: it is missing"),
        ("days = -7\n", "days = -28\n", "two reminders have the same days"), ("days = 0\n", 'days = "x"\n', "not a number"),
        ("days = 0\n", "days = 367\n", "days"), ("days = -28\n", "days = -367\n", "days"),
        ("late_most = 8", "late_most = 8\nlate_least = 2", "nothing is called so here"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_file_is_named_with_its_mend(tmp_path, old, new, said):
    shutil.copytree(settings_of.PROGRAMME, tmp_path / "programme")
    file = tmp_path / "programme" / "rounds.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(ProgrammeError, match=said):
        schedule_in(tmp_path / "programme")
    assert schedule().weekly_on == 1
