"""Cluster definitions: planted groups are found, scores are those of plain counting, real states beat chance."""

import doctest

import numpy as np
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.relatedness import definitions as module
from klyngeanalyse.relatedness.definitions import colocation, combined, definitions, exchange, validity
from klyngeanalyse.strengths.cells import Cells, cells
from klyngeanalyse.strengths.tests.shared import table


def test_worked_example():
    done = doctest.testmod(module, extraglobs={"np": np})
    assert done.attempted and not done.failed


def planted(seed=1, kinds=5, each=6, regions=150):
    chance = np.random.default_rng(seed)
    of = np.repeat(np.arange(kinds), each)
    return of, Cells(
        np.arange(regions),
        np.arange(len(of)),
        np.exp(chance.normal(0, 1, (regions, kinds))[:, of] + chance.normal(0, 0.6, (regions, len(of)))),
    )


def same_groups(one, other):
    return (
        len(set(zip(one.tolist(), other.tolist(), strict=True))) == len(set(one.tolist())) == len(set(other.tolist()))
    )


@pytest.mark.parametrize("method", ["ward", "kmeans"])
def test_planted_groups_are_found(method):
    of, one = planted()
    found = definitions(one.industries, colocation(one), groups=range(3, 9), methods=(method,))
    assert same_groups(found.best, of) and found.score[0] == 1.0
    assert found.groups[0] == 5 and (np.diff(found.score) <= 0).all()
    assert len(list(found.rows())) == 6 and found.chart()["mark"] == "point"


def test_colocation_is_the_correlation():
    _, one = planted(regions=40)
    assert np.allclose(colocation(one), np.corrcoef(one.values.T), atol=1e-12)
    flat = Cells(np.arange(3), np.arange(2), np.array([[1.0, 2], [1, 3], [1, 5]]))
    assert np.allclose(colocation(flat), [[0.0, 0.0], [0.0, 1.0]])


@given(st.lists(st.integers(0, 3), min_size=5, max_size=9), st.integers(0, 999))
def test_validity_by_plain_counting(groups, seed):
    labels, n = np.array(groups), len(groups)
    likeness = np.random.default_rng(seed).normal(0, 1, (n, n))
    likeness = (likeness + likeness.T) / 2
    passed, clusters, gaps = 0, [], []
    for i in range(n):
        inside = [likeness[i, j] for j in range(n) if j != i and labels[j] == labels[i]]
        outside = [likeness[i, j] for j in range(n) if labels[j] != labels[i]]
        if inside and outside:
            gaps.append(np.mean(inside) - np.mean(outside))
        passed += bool(inside and outside and np.mean(inside) > np.mean(outside))
    for group in set(groups):
        mine = [i for i in range(n) if labels[i] == group]
        inside = [likeness[i, j] for i in mine for j in mine if i != j]
        outside = [likeness[i, j] for i in mine for j in range(n) if labels[j] != group]
        clusters.append(bool(inside and outside and np.mean(inside) > np.mean(outside)))
    assert validity(likeness, labels) == pytest.approx((np.mean(clusters), passed / n, np.mean(gaps) if gaps else 0.0))


def test_exchange_by_hand():
    flows = np.array([[0.0, 6, 4], [1, 0, 0], [0, 2, 0]])
    found = exchange(flows)
    # the first sells 0.6 of its output to the second, whose inputs come to 0.75 from it
    assert found[0, 1] == found[1, 0] == 1.0 and found[0, 2] == 1.0 and found[1, 2] == 1.0
    assert exchange(np.array([[0.0, 1, 1], [1, 0, 1], [1, 1, 0]]))[0, 1] == 0.5


def test_combined_standardises():
    _, one = planted(regions=60)
    first = colocation(one)
    assert np.allclose(combined([first]), combined([10 * first + 3]))
    assert np.allclose(combined([first, first]), combined([first]))
    pairs = np.triu_indices(len(first), 1)
    assert combined([first])[pairs].std() == pytest.approx(1)


def test_american_states_beat_chance():
    rows = table("us_qcew/qcew_state_naics_2019.parquet")
    rows = rows.filter(pc.and_(pc.equal(rows["own_code"], 5), pc.equal(rows["agglvl_code"], 56)))
    jobs, plants = (
        cells(rows, region="area_fips", industry="industry_code", value=value)
        for value in ("annual_avg_emplvl", "annual_avg_estabs")
    )
    likeness = combined([colocation(jobs), colocation(plants)])
    found = definitions(jobs.industries, likeness, groups=(30, 45, 60), methods=("ward",))
    shuffled = np.random.default_rng(1).permutation(found.best)
    assert found.score[0] > 0.8 > np.mean(validity(likeness, shuffled)[:2]) + 0.2


def test_refusals():
    with pytest.raises(Unfit, match="groups of 4 industries"):
        definitions(np.arange(4), np.eye(4))
    with pytest.raises(Unfit, match="no table of industries"):
        exchange(np.ones((2, 3)))
    with pytest.raises(Unfit, match="of one value"):
        combined([np.ones((3, 3))])
    with pytest.raises(Unfit, match="do not fit"):
        combined([])
