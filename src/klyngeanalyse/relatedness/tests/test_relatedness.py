"""Proximity, density, complexity, fitness and entry: published numbers, plain counting, a peer's stored numbers."""

import csv
import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.relatedness import fitness as fitness_module
from klyngeanalyse.relatedness import space
from klyngeanalyse.relatedness.complexity import complexity, largest_part
from klyngeanalyse.relatedness.entry import entry
from klyngeanalyse.relatedness.fitness import fitness
from klyngeanalyse.relatedness.space import density, presence, proximity, relatedness
from klyngeanalyse.strengths.cells import Cells, cells
from klyngeanalyse.strengths.tests.shared import HOME, shared, table

ZEROS_ONES = arrays(np.int64, st.tuples(st.integers(3, 7), st.integers(3, 7)), elements=st.integers(0, 1))


@pytest.mark.parametrize("module", [space, fitness_module])
def test_worked_examples(module):
    done = doctest.testmod(module, extraglobs={"np": np})
    assert done.attempted and not done.failed


@pytest.fixture(scope="module")
def trade():
    rows = table("economic_complexity/world_trade_avg_1998_2000_sitc2.csv.gz", decimals=("value",))
    return relatedness(cells(rows, region="country", industry="product", value="value"))


class TestPublished:
    """World trade 1998-2000, 226 countries in 785 products."""

    def test_present_cells(self, trade):
        rows = table("economic_complexity/expected_balassa_nonzero.csv.gz")
        expected = set(zip(rows["country"].to_pylist(), rows["product"].to_pylist(), strict=True))
        at = np.nonzero(trade.present)
        assert len(expected) == 31_951
        assert set(zip(trade.regions[at[0]].tolist(), trade.industries[at[1]].tolist(), strict=True)) == expected

    def test_proximity_to_the_last_printed_bit(self, trade):
        with np.load(shared("economic_complexity/expected_proximity.npz")) as kept:
            assert kept["countries"].tolist() == trade.regions.tolist()
            assert kept["products"].tolist() == trade.industries.tolist()
            assert np.array_equal(trade.proximity.astype(np.float32), kept["product"])
            assert np.array_equal(proximity(trade.present.T).astype(np.float32), kept["country"])

    def test_fitness_after_nineteen_steps(self, trade):
        rows = table("economic_complexity/expected_fitness_country.csv", decimals=("fitness",))
        one = fitness(trade.regions, trade.industries, trade.present, steps=19, settled=0)
        assert rows["country"].to_pylist() == trade.regions.tolist()
        assert one.steps == 19
        assert np.allclose(one.regional, rows["fitness"].to_numpy(), rtol=1e-12, atol=0)

    def test_complexity_and_density_of_the_peer(self, trade):
        with (HOME / "tests" / "reference" / "strength" / "ecomplexity_world_trade.csv").open() as file:
            kept = {}
            for row in csv.DictReader(file):
                kept.setdefault(row["kind"], {})[row["name"]] = float(row["value"])
        how = trade.complexity
        assert np.allclose(how.regional, [kept["eci"][one] for one in trade.regions.tolist()], atol=1e-10, rtol=0)
        assert np.allclose(how.industrial, [kept["pci"][one] for one in trade.industries.tolist()], atol=1e-10, rtol=0)
        denmark = trade.density[trade.regions.tolist().index("dnk")]
        assert np.allclose(denmark, [kept["density dnk"][one] for one in trade.industries.tolist()], atol=1e-12, rtol=0)
        assert how.left_out == 0 and how.gap > 0


class TestSpace:
    @given(ZEROS_ONES)
    def test_proximity_and_density_by_plain_counting(self, present):
        near = proximity(present)
        rows, kinds = present.tolist(), range(present.shape[1])
        for i in kinds:
            for j in kinds:
                both = sum(row[i] and row[j] for row in rows)
                most = max(sum(row[i] for row in rows), sum(row[j] for row in rows))
                assert near[i, j] == (both / most if most else 0.0)
        around = density(present, near)
        for r, row in enumerate(rows):
            for i in kinds:
                total = sum(near[i, j] for j in kinds)
                expected = sum(near[i, j] * row[j] for j in kinds) / total if total else 0.0
                assert around[r, i] == pytest.approx(expected, abs=1e-14)

    @given(ZEROS_ONES)
    def test_bounds_and_the_diagonal(self, present):
        with_own, without = proximity(present), proximity(present, diagonal=False)
        assert (without.diagonal() == 0).all()
        assert np.array_equal(with_own.diagonal(), present.any(0).astype(float))
        assert np.array_equal(with_own, with_own.T) and with_own.min() >= 0 and with_own.max() <= 1
        around = density(present, with_own)
        assert (around >= 0).all() and (around <= 1 + 1e-12).all()

    def test_a_region_with_everything_has_density_one(self):
        present = np.array([[1, 1, 1], [1, 0, 1], [0, 1, 0]])
        assert np.allclose(density(present, proximity(present))[0], 1.0)

    def test_empty_regions_stay_and_are_absent(self):
        one = relatedness(Cells(np.array(["a", "b", "c"]), np.array(["x", "y"]), np.array([[1.0, 0], [0, 3], [0, 0]])))
        assert one.present[2].tolist() == [0, 0] and np.isnan(one.quotient[2]).all()
        assert one.complexity is None
        assert len(list(one.rows())) == 6 and list(one.links().rows()) == []
        assert one.chart()["mark"] == "point" and one.links(0.0).chart()["mark"] == "rect"

    def test_links_are_sorted(self):
        one = relatedness(Cells(np.arange(3), np.array(["x", "y", "z"]), np.array([[5.0, 5, 0], [5, 5, 0], [0, 0, 9]])))
        assert [(row["one"], row["other"], row["proximity"]) for row in one.links().rows()] == [("x", "y", 1.0)]

    def test_the_diagonal_can_be_left_out(self):
        values = np.random.default_rng(1).lognormal(0, 2, (70, 9))
        kept, bare = (
            relatedness(Cells(np.arange(70), np.arange(9), values), diagonal=truth) for truth in (True, False)
        )
        assert (bare.proximity.diagonal() == 0).all() and not np.allclose(kept.density, bare.density)
        assert np.allclose(kept.complexity.regional, bare.complexity.regional)

    def test_many_industries_are_counted_in_blocks(self):
        """Three hundred, and at the edges of the blocks of 256 as anywhere."""
        present = np.random.default_rng(2).integers(0, 2, (40, 300))
        both, alone = present.T @ present, present.sum(0)
        for diagonal in (True, False):
            wanted = both / np.maximum(alone[:, None], alone) * (1 - (not diagonal) * np.eye(300))
            assert np.array_equal(proximity(present, diagonal=diagonal), wanted)

    def test_so_many_regions_that_counts_are_no_longer_exact(self, monkeypatch):
        """Single numbers count every region up to 16,777,215; with the limit at four regions, three are counted."""
        with pytest.raises(Unfit) as error:
            proximity(np.broadcast_to(np.zeros(1, dtype=np.float32), (2**24, 1)))
        assert str(error.value) == "16777216 regions · counts are exact up to 16,777,215 · merge regions"
        monkeypatch.setattr(space, "EXACT_IN_SINGLE", 4)
        assert proximity(np.ones((3, 2))).tolist() == [[1.0, 1.0], [1.0, 1.0]]
        with pytest.raises(Unfit, match="4 regions"):
            proximity(np.ones((4, 2)))

    def test_links_by_hand(self):
        """Present: w and x in the same two regions, y with them in one of them, z with y in another: all nearest first,
        equals in the order of the industries, each pair once."""
        values = np.array([[6.0, 6, 0, 0], [6, 6, 6, 0], [0, 0, 6, 6]])
        one = relatedness(Cells(np.arange(3), np.array(["w", "x", "y", "z"]), values))
        assert one.present.tolist() == [[1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 1]]
        half = [("w", "x", 1.0), ("w", "y", 0.5), ("x", "y", 0.5), ("y", "z", 0.5)]
        assert [tuple(row.values()) for row in one.links().rows()] == half
        assert [tuple(row.values()) for row in one.links(0.51).rows()] == half[:1]
        assert [tuple(row.values()) for row in one.links(0.0).rows()] == [*half, ("w", "z", 0.0), ("x", "z", 0.0)]
        assert one.links().least == 0.5 and one.links(0.51).least == 0.51

    def test_what_is_asked_of_a_quotient_to_be_present(self):
        """Quotients of 1.6 and 0.4 in a table of 4, 1, 1, 4: present from 1, or from 0.4, or from 1.61 nowhere."""
        table = Cells(np.arange(2), np.arange(2), np.array([[4.0, 1], [1, 4]]))
        for least, present in ((1.0, np.eye(2)), (0.4, np.ones((2, 2))), (1.61, np.zeros((2, 2)))):
            one = relatedness(table, least=least)
            assert np.array_equal(one.present, present) and one.quotient == pytest.approx(
                np.array([[1.6, 0.4], [0.4, 1.6]])
            )
            assert one.diagonal and one.density.shape == (2, 2)

    @pytest.mark.parametrize(
        ("regions", "least", "ranked"), [(59, 60, False), (60, 60, True), (9, 9, True), (9, 10, False)]
    )
    def test_complexity_needs_so_many_regions(self, regions, least, ranked):
        values = np.random.default_rng(1).lognormal(0, 2, (regions, 9))
        said = {} if least == 60 else {"least_regions": least}
        one = relatedness(Cells(np.arange(regions), np.arange(9), values), **said)
        assert (one.complexity is not None) == ranked
        if ranked:
            assert one.complexity.regions.tolist() == list(
                range(regions)
            ) and one.complexity.industries.tolist() == list(range(9))


def plain_eci(present):
    """The second eigenvector of the unsymmetric matrix, straight from its definition."""
    d, u = present.sum(1), present.sum(0)
    values, vectors = np.linalg.eig(present / d[:, None] @ (present / u).T)
    eci = np.real(vectors[:, np.argsort(-np.real(values))[1]])
    eci = (eci - eci.mean()) / eci.std()
    return eci * np.sign(np.corrcoef(eci, d)[0, 1])


class TestComplexity:
    @pytest.mark.parametrize("shape", [(60, 25), (25, 60), (260, 240)])
    def test_against_the_definition(self, shape):
        chance = np.random.default_rng(sum(shape) + shape[0])
        present = (
            chance.random(shape) < np.linspace(0.2, 0.8, shape[0])[:, None] * np.linspace(0.5, 1, shape[1])
        ).astype(float)
        one = complexity(np.arange(shape[0]), np.arange(shape[1]), present)
        assert np.allclose(one.regional, plain_eci(present), atol=1e-8)
        assert one.regional.mean() == pytest.approx(0, abs=1e-12) and one.regional.std() == pytest.approx(1)
        assert np.allclose(present @ one.industrial / present.sum(1), one.regional, atol=1e-9)
        assert np.corrcoef(one.regional, one.diversity)[0, 1] > 0
        assert one.diversity.tolist() == present.sum(1).tolist() and one.ubiquity.tolist() == present.sum(0).tolist()
        scaled = present / np.sqrt(present.sum(1))[:, None] / np.sqrt(present.sum(0))
        values = np.sort(np.linalg.svd(scaled, compute_uv=False) ** 2)
        assert one.eigenvalue == pytest.approx(values[-2], abs=1e-10)
        assert one.gap == pytest.approx(values[-2] - values[-3], abs=1e-5)

    @given(st.randoms(use_true_random=False))
    def test_order_does_not_matter(self, chance):
        present = (np.random.default_rng(8).random((30, 20)) < 0.4).astype(float)
        rows, columns = list(range(30)), list(range(20))
        chance.shuffle(rows), chance.shuffle(columns)
        one = complexity(np.arange(30), np.arange(20), present)
        two = complexity(np.array(rows), np.array(columns), present[np.ix_(rows, columns)])
        assert np.allclose(two.regional, one.regional[rows], atol=1e-8)
        assert np.allclose(two.industrial, one.industrial[columns], atol=1e-8)

    def test_only_the_largest_connected_part_is_ranked(self):
        present = np.zeros((9, 8))
        present[:6, :5] = (np.random.default_rng(2).random((6, 5)) < 0.6) | np.eye(6, 5, dtype=bool)
        present[5, 0] = 1
        present[6:8, 5:7] = 1
        rows, columns = largest_part(present)
        assert rows.tolist() == [True] * 6 + [False] * 3 and columns.tolist() == [True] * 5 + [False] * 3
        one = complexity(np.arange(9), np.arange(8), present)
        assert np.isnan(one.regional[6:]).all() and np.isfinite(one.regional[:6]).all() and one.left_out == 6
        assert len(list(one.rows())) == 17

    def test_two_equal_worlds_side_by_side_have_no_gap(self):
        """Two copies of one table joined by an industry that everybody has: an order between the copies is arbitrary or clear, never half."""
        chance = np.random.default_rng(6)
        one = (chance.random((130, 110)) < 0.3).astype(float)
        hubs = np.ones((390, 1))
        present = np.hstack([np.kron(np.eye(3), one), hubs])
        found = complexity(np.arange(390), np.arange(331), present)
        values = np.linalg.eigvalsh(
            (present / np.sqrt(present.sum(1))[:, None] / np.sqrt(present.sum(0))).T
            @ (present / np.sqrt(present.sum(1))[:, None] / np.sqrt(present.sum(0)))
        )
        assert found.eigenvalue == pytest.approx(values[-2], abs=1e-10)
        assert found.gap == pytest.approx(0, abs=1e-6) and values[-2] - values[-3] < 1e-10

    def test_three_are_enough(self):
        one = complexity(np.arange(3), np.arange(3), np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0]]))
        assert (np.diff(one.regional) < 0).all() and (np.diff(one.industrial) > 0).all()

    def test_nothing_to_rank(self):
        for present in (np.eye(4), np.ones((2, 5)), np.ones((5, 2)), np.zeros((3, 3))):
            with pytest.raises(Unfit) as error:
                complexity(np.arange(len(present)), np.arange(present.shape[1]), present)
            assert str(error.value) == (
                "fewer than three connected regions or industries · there is no order to find · give a larger table"
            )

    def test_nested_regions_by_hand(self):
        """Regions with three, two and one of three industries. D^-1 M U^-1 M^T is [[11, 5, 2], [7.5, 7.5, 3], [6, 6, 6]] / 18, whose
        trace is 24.5 / 18 and whose determinant is 1 / 36: the other two values are the roots of x² - 6.5 / 18 x + 1 / 36, that is 1/4 and 1/9."""
        one = complexity(np.arange(3), np.arange(3), np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0]]))
        assert (one.eigenvalue, one.gap) == (pytest.approx(1 / 4), pytest.approx(1 / 4 - 1 / 9))
        # of 1/4 the vector is (2, -1, -4): 22 - 5 - 8 = 9, 15 - 7.5 - 12 = -4.5, 12 - 6 - 24 = -18, each 18 / 4 times it
        eci = np.array([2.0, -1, -4])
        assert one.regional == pytest.approx((eci - eci.mean()) / eci.std())
        assert one.diversity.tolist() == [3, 2, 1] and one.ubiquity.tolist() == [3, 2, 1] and one.left_out == 0
        # an industry's is the mean over those who have it, but for the scale, which a region's mean over its industries sets
        regions = [[0, 1, 2], [0, 1], [0]]
        means = np.array([eci[who].mean() for who in regions])
        pci = (means * 4 - eci.mean()) / eci.std()
        assert one.industrial == pytest.approx(pci)

    def test_where_all_are_as_diverse_the_farthest_off_is_above(self):
        """Each region has two of six industries, along a line with a branch: diversity gives no sign."""
        present = np.zeros((6, 6))
        for region, pair in enumerate([(0, 1), (1, 2), (2, 3), (3, 4), (1, 5), (0, 5)]):
            present[region, list(pair)] = 1
        for order in (slice(None), slice(None, None, -1)):
            one = complexity(np.arange(6), np.arange(6), present[order])
            assert one.regional[np.argmax(np.abs(one.regional))] == one.regional.max() > -one.regional.min()

    def test_of_parts_as_large_the_first_is_ranked(self):
        block = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0]])
        present = np.kron(np.eye(2), block)
        rows, columns = largest_part(present)
        assert rows.tolist() == columns.tolist() == [True] * 3 + [False] * 3
        one = complexity(np.arange(6), np.arange(6), present)
        assert one.left_out == 6 and np.isfinite(one.regional[:3]).all() and np.isnan(one.industrial[3:]).all()
        larger = present.copy()
        larger[5, 5] = 1  # the second has one more now
        assert largest_part(larger)[0].tolist() == [False] * 3 + [True] * 3

    def test_a_part_reached_by_several_steps(self):
        """A chain: the last region is joined to the first by four others."""
        rows, columns = largest_part(np.eye(6) + np.eye(6, k=1))
        assert rows.all() and columns.all()


class TestFitness:
    def test_a_region_with_all_of_another_and_more_is_fitter(self):
        present = np.tril(np.ones((8, 8)))
        one = fitness(np.arange(8), np.arange(8), present, steps=30)
        assert (np.diff(one.regional) > 0).all() and (np.diff(one.industrial) > 0).all()

    def test_values_that_fall_for_ever_are_told(self):
        one = fitness(np.arange(3), np.arange(3), np.tril(np.ones((3, 3))), steps=5)
        assert one.steps == 5 and one.moved > 1e-3
        assert np.isfinite(fitness(np.arange(3), np.arange(3), np.tril(np.ones((3, 3))), steps=5000).regional).all()

    def test_empty_places_are_nan_and_nothing_is_refused(self):
        one = fitness(np.arange(3), np.arange(2), np.array([[1, 1], [1, 0], [0, 0]]), steps=3)
        assert np.isnan(one.regional[2]) and len(list(one.rows())) == 5
        with pytest.raises(Unfit, match="nothing is present"):
            fitness(np.arange(2), np.arange(2), np.zeros((2, 2)))


class TestEntry:
    def world(self, seed, slope):
        chance = np.random.default_rng(seed)
        kinds = np.repeat(np.arange(6), 10)
        likes = chance.dirichlet(np.ones(6), 150)
        before = (chance.random((150, 60)) < 0.1 + 0.6 * likes[:, kinds]).astype(float)
        near = density(before, proximity(before, diagonal=False))
        absent = before == 0
        scaled = (near - near[absent].mean()) / near[absent].std()
        enters = chance.random(before.shape) < 1 / (1 + np.exp(2.5 - slope * scaled))
        return before, np.where(absent, enters, before)

    def test_the_true_slope_is_found_and_no_slope_where_there_is_none(self):
        one = entry(*self.world(1, 0.8))
        assert one.interval[0] < 0.8 < one.interval[1] and one.slope > 0.5 and one.auc > 0.6
        assert one.tenths[-1] > one.tenths[0] and len(list(one.rows())) == 10 and one.chart()["mark"] == "bar"
        none = entry(*self.world(2, 0.0))
        assert none.interval[0] < 0 < none.interval[1] and abs(none.auc - 0.5) < 0.05

    def test_errors_and_auc_by_plain_counting(self):
        before, after = self.world(3, 0.4)
        one = entry(before, after)
        near = density(before, proximity(before, diagonal=False))
        cells = [(r, near[r, c], after[r, c]) for r, c in np.argwhere(before == 0).tolist()]
        x, y = np.array([cell[1] for cell in cells]), np.array([cell[2] for cell in cells])
        scaled = (x - x.mean()) / x.std()
        bread, meat = np.zeros((2, 2)), np.zeros((2, 2))
        for region in range(before.shape[0]):
            score = np.zeros(2)
            for (where, _, came), z in zip(cells, scaled, strict=True):
                if where == region:
                    p = 1 / (1 + np.exp(-one.constant - one.slope * z))
                    score += (came - p) * np.array([1, z])
                    bread += p * (1 - p) * np.outer([1, z], [1, z])
            meat += np.outer(score, score)
        cover = np.linalg.inv(bread) @ meat @ np.linalg.inv(bread) * before.shape[0] / (before.shape[0] - 1)
        assert one.stderr == pytest.approx(np.sqrt(cover[1, 1]), rel=1e-6)
        entered, stayed = x[y == 1], x[y == 0]
        wins = (entered[:, None] > stayed).mean() + (entered[:, None] == stayed).mean() / 2
        assert one.auc == pytest.approx(wins, abs=1e-12)
        assert (one.n_absent, one.n_entered) == (len(y), int(y.sum()))

    @pytest.mark.slow
    def test_the_interval_covers(self):
        covered = 0
        for seed in range(1000):
            low, high = entry(*self.world(seed, 0.5)).interval
            covered += low <= 0.5 <= high
        assert 0.935 <= covered / 1000 <= 0.965

    def test_refusals(self):
        present = np.array([[1, 0], [0, 1], [1, 1]])
        with pytest.raises(Unfit, match="0 of 2 absent"):
            entry(present, present)
        with pytest.raises(Unfit) as error:
            entry(present, present[:2])
        assert str(error.value) == "tables of (3, 2) and (2, 2) · read both years in one table"

    @pytest.mark.parametrize("entered", ["nothing", "everything", "half of what is equally near"])
    def test_there_must_be_something_to_explain_and_something_to_explain_it_by(self, entered):
        before, _ = self.world(4, 0.5)
        after = {"nothing": before, "everything": np.ones_like(before)}.get(entered)
        if after is None:  # alone in its region, each industry is as far from all others
            before, after = np.eye(6), np.triu(np.ones((6, 6)))
        absent = before == 0
        with pytest.raises(Unfit) as error:
            entry(before, after)
        came = int(after[absent].sum())
        said = f"{came} of {absent.sum()} absent industries entered"
        assert str(error.value) == f"{said} · there is nothing to explain · give years further apart"

    def test_density_that_separates_entirely_has_no_slope(self):
        before, _ = self.world(4, 0.5)
        near = density(before, proximity(before, diagonal=False))
        absent = before == 0
        with pytest.raises(Unfit) as error:
            entry(before, np.where(absent, near > np.median(near[absent]), before))
        assert str(error.value) == (
            "the logit does not settle · density separates entries from the rest entirely · give a larger table"
        )


def test_presence_counts_the_least_itself():
    assert presence(np.array([[1.0, 0.999, np.nan]])).tolist() == [[1, 0, 0]]
