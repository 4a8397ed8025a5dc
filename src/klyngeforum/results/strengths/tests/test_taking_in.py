"""A regional table comes in whole or not at all, once, with who and when; only analysts and the secretariat take one in."""

from __future__ import annotations

from hashlib import sha256

import pytest

from klyngeforum.ground.trail.queries import length
from klyngeforum.ground.verdict import Refused
from klyngeforum.results.strengths.actions import take_in_table
from klyngeforum.results.strengths.queries import cells_of, names_in, tables
from klyngeforum.results.strengths.terms import NameKind
from tests.cast import AT

from .test_reading import STATBANK

pytestmark = pytest.mark.django_db


def take(stage, text=STATBANK, who="analyst", *, recipe="statbank-regions", dry=False, **more):
    return take_in_table(by=stage.people[who], at=AT, recipe_code=recipe, content=text.encode(), file_name="ras.csv", dry_run=dry, **more)  # fmt: skip


def test_a_dry_run_says_what_the_file_holds_and_writes_nothing(stage):
    acts = length()
    run = take(stage, dry=True)
    assert (len(run.read.cells), run.number, run.known) == (2, None, False)
    assert not tables().exists() and length() == acts


def test_a_table_is_numbered_with_source_person_day_and_fingerprint(stage):
    run = take(stage, source="Statistikbanken, 1. marts 2013")
    one = tables().get()
    assert (run.number, one.number, one.source, one.taken_by, one.taken_at) == (1, 1, "Statistikbanken, 1. marts 2013", stage.people["analyst"], AT)  # fmt: skip
    assert one.checksum == sha256(STATBANK.encode()).hexdigest()
    assert (one.rows, one.left_out, one.cells_held, one.withheld, one.regions, one.first_year) == (7, 3, 2, 1, 2, 2012)
    assert cells_of(one.pk).get(region="1083").line == 3
    assert names_in(one.pk, NameKind.INDUSTRY) == {"28": "Maskinindustri"}


def test_the_same_file_again_changes_nothing(stage):
    take(stage)
    acts = length()
    again = take(stage)
    assert (again.number, again.known) == (1, True)
    assert (tables().count(), cells_of(tables().get().pk).count(), length()) == (1, 2, acts)


def test_the_same_file_by_another_recipe_is_another_table(stage):
    take(stage)
    assert take(stage, recipe="statbank-landsdele").number == 2


def test_with_one_problem_nothing_is_written(stage):
    run = take(stage, STATBANK + "Region Syddanmark;29 Biler;Ansatte;2012;mange\n")
    assert len(run.read.problems) == 1 and run.number is None and not tables().exists()


@pytest.mark.parametrize("who", ["vind", "ministry", "adviser", "auditor", "company"])
def test_others_take_nothing_in(stage, who):
    with pytest.raises(Refused):
        take(stage, who=who)
    assert not tables().exists()


def test_a_recipe_that_is_not_there(stage):
    with pytest.raises(Refused) as refused:
        take(stage, recipe="nothing")
    assert refused.value.verdicts[0].field == "recipe"
    assert take(stage, who="office").number == 1
