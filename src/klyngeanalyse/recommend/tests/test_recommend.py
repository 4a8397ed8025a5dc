"""Suggestions: parts that add up, exact order, stems that are their own, weights found again, no view of the future."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.recommend import Bodies, Links, clusters, evaluate, leaks, learned, link_parts, own_parts, suggest
from klyngeanalyse.recommend.evaluation import all_parts
from klyngeanalyse.recommend.learning import logistic
from klyngeanalyse.recommend.parts import IndustryPart, KindPart, PlacePart
from klyngeanalyse.recommend.tests.cordis import FOLDER, cordis
from klyngeanalyse.recommend.text import Texts, unit
from klyngeanalyse.recommend.top import highest, nearest
from klyngeanalyse.recommend.words import language, runs, stem, stems

DANISH = "virksomhederne klyngeorganisationer udviklingen samarbejder vindmøllernes bæredygtighed fødevarerne løsninger".split()
ENGLISH = "companies connections sustainability organisations generalizations developing relational turbines".split()


@pytest.mark.parametrize(("tongue", "listed"), [("da", DANISH), ("en", ENGLISH)])
def test_a_stem_is_its_own_stem(tongue, listed):
    for word in listed:
        assert stem(stem(word, tongue), tongue) == stem(word, tongue) != word


@given(st.text(max_size=30), st.sampled_from(["da", "en"]))
def test_any_sign_can_be_read(text, tongue):
    for word in stems(text):
        assert word
    assert stem(stem(text, tongue), tongue) == stem(text, tongue)
    assert all(len(run) <= 4 for run in runs(text))


def test_danish_and_english_are_told_apart_and_one_word_in_two_writings_is_one():
    assert language("smart production".split()) == "en" and language("bæredygtig produktion".split()) == "da"
    assert stems("Re\u0301sume\u0301 af møllen") == stems("Résumé af møllen")


def slow_closeness(one, other, texts):
    """The cosine of each family written out with dictionaries."""
    total = 0.0
    for family in (texts.stems, texts.runs):
        vectors = []
        for text in (one, other):
            held = family.of(text)
            vectors.append(
                {
                    name: (1 + math.log(held.count(name))) * family.weight[nth]
                    for name, nth in family.number.items()
                    if name in held
                }
            )
        lengths = [math.sqrt(sum(value**2 for value in vector.values())) for vector in vectors]
        if all(lengths):
            both = sum(value * vectors[1].get(name, 0.0) for name, value in vectors[0].items())
            total += 0.5 * both / (lengths[0] * lengths[1])
    return total


TEXTS = (
    "Vindmøller og havvind",
    "Havvind: test af møllevinger",
    "Food and robots",
    "robots for food, robots for all",
    "",
)


def test_closeness_is_the_cosine_written_out():
    texts = Texts.of(TEXTS)
    made = (texts.rows(TEXTS) @ texts.rows(TEXTS).T).toarray()
    for i, one in enumerate(TEXTS):
        for j, other in enumerate(TEXTS):
            assert made[i, j] == pytest.approx(slow_closeness(one, other, texts), abs=1e-12)
    assert made[0, 1] > 0.1 > made[0, 2] and made[0, 0] == pytest.approx(1) and made[4].sum() == 0
    assert texts.shared([TEXTS[2]], [TEXTS[3]])[0][:1] in (("food",), ("robot",))


def slow_shared(one, other, texts, most):
    """Every stem that both have, by what it adds to their closeness."""
    both = {*texts.stems.of(one)} & {*texts.stems.of(other)} & texts.stems.number.keys()
    mine, yours = ({
        name: (1 + math.log(texts.stems.of(text).count(name))) * texts.stems.weight[texts.stems.number[name]] for name in both
    } for text in (one, other))  # fmt: skip
    return tuple(sorted(both, key=lambda name: (-mine[name] * yours[name], name))[:most])


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from((*TEXTS, "Havvind og robotter", "x"))), max_size=8))
def test_the_stems_that_pairs_share_are_those_of_each_pair_alone(pairs):
    texts = Texts.of(TEXTS)
    found = texts.shared([one for one, _ in pairs], [other for _, other in pairs], most=2)
    assert found == [slow_shared(*pair, texts, 2) for pair in pairs]


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 8), st.integers(1, 30), st.integers(1, 12), st.integers(0, 10_000))
def test_the_highest_are_those_of_a_full_sort(rows, columns, k, seed):
    scores = np.random.default_rng(seed).integers(0, 4, (rows, columns)) / 4.0
    wanted = [sorted(range(columns), key=lambda c, line=line: (-line[c], c))[:k] for line in scores]
    assert highest(scores, k).tolist() == wanted


def zipf_rows(n, seed, width=400, each=12):
    """Rows of length one with some features that nearly all have and many that few have."""
    chance = np.random.default_rng(seed)
    columns = np.minimum((chance.pareto(0.8, n * each) * 3).astype(np.int64), width - 1)
    made = sparse.csr_array((np.ones(n * each), columns, np.arange(0, n * each + 1, each)), shape=(n, width))
    made.sum_duplicates()
    held = np.bincount(made.indices, minlength=width)
    made.data *= np.log((1 + n) / np.maximum(held, 1))[made.indices]
    return unit(made)


@pytest.mark.parametrize(("n", "k"), [(3000, 10), (3000, 1), (40, 40), (5, 10)])
def test_nearest_is_the_same_as_all_products_sorted(n, k):
    offered, asked = zipf_rows(n, 1), zipf_rows(150, 2)
    where, products = nearest(asked, offered, k)
    full = (asked @ offered.T).toarray()
    assert np.allclose(products, np.take_along_axis(full, highest(full, k), 1), atol=1e-12)
    assert np.allclose(np.take_along_axis(full, where, 1), products, atol=1e-12)
    assert all(len(set(line)) == len(line) for line in where.tolist())


def test_nearest_of_nothing_and_of_negative_entries():
    empty = sparse.csr_array((2, 3))
    where, products = nearest(empty, empty, 5)
    assert where.tolist() == [[0, 1], [0, 1]] and not products.any()
    with pytest.raises(Unfit, match="negative entries"):
        nearest(sparse.csr_array([[-1.0]]), sparse.csr_array([[1.0]]), 1)


def body(ids="abc", **said):
    n = len(ids)
    return Bodies(tuple(ids), said.pop("text", ("",) * n), **said)


def test_industry_place_and_kind_are_close_as_worked_by_hand():
    ask = body("a", industry=(("28.11",),), area=("DK011",), kind=("need",))
    offer = body("xyz", industry=(("2812",), ("2811", "62"), ()), area=("DK012", "DE", ""), kind=("offer", "need", ""))
    rows = np.array([0])
    assert IndustryPart(ask, offer).of(rows)[0].tolist() == pytest.approx([2 / 3, 3 / math.sqrt(12), 0])
    assert PlacePart(ask, offer).of(rows)[0].tolist() == pytest.approx([3 / 4, 0, 0])
    assert KindPart(ask, offer).of(rows)[0].tolist() == [1, 0, 0]
    near = PlacePart(
        body("a", latitude=np.array([55.0]), longitude=np.array([10.0]), area=("DK",)),
        body("xy", latitude=np.array([55.0, np.nan]), longitude=np.array([10.0, np.nan]), area=("", "DK")),
    )
    assert near.of(rows)[0].tolist() == pytest.approx([1, 1])


@st.composite
def anybody(draw):
    n = draw(st.integers(2, 9))
    text = tuple(draw(st.sampled_from(TEXTS)) for _ in range(n))
    codes = tuple(tuple(draw(st.lists(st.sampled_from(["2811", "2812", "6201", "62"]), max_size=2))) for _ in range(n))
    kind = tuple(draw(st.sampled_from(["", "need", "offer"])) for _ in range(n))
    area = tuple(draw(st.sampled_from(["", "DK011", "DK032", "SE"])) for _ in range(n))
    return Bodies(tuple(f"b{nth}" for nth in range(n)), text, codes, area, kind=kind)


@settings(max_examples=60, deadline=None)
@given(anybody(), st.integers(1, 5))
def test_the_parts_add_up_to_the_score_and_nobody_is_suggested_to_themselves(bodies, k):
    made = suggest(own_parts(bodies, bodies), bodies, bodies, k=k)
    for one in made.suggestions:
        assert sum(one.brought.values()) == pytest.approx(one.score, rel=1e-12)
        assert one.asker != one.suggested and one.score > 0
        assert all(value >= 0 for value in one.brought.values())
    for asker in bodies.ids:
        ranks = [(one.rank, -one.score) for one in made.suggestions if one.asker == asker]
        assert ranks == sorted(ranks) and len(ranks) <= k


def test_who_is_named_is_not_suggested_and_weights_are_checked():
    bodies = Bodies(("a", "b", "c"), ("wind energy", "wind energy park", "wind turbine energy"))
    parts = own_parts(bodies, bodies)
    made = suggest(parts, bodies, bodies, not_these={"a": ["b"]})
    assert [one.suggested for one in made.suggestions if one.asker == "a"] == ["c"]
    assert made.suggestions[0].shared[0] in ("wind", "energi")
    assert made.chart()["data"]["values"][0]["part"] == "text"
    for weights, line in (({"txt": 1}, "no part txt"), ({"text": -1}, "weight -1"), ({"text": 0}, "all weights are 0")):
        with pytest.raises(Unfit, match=line):
            suggest(parts, bodies, bodies, weights=weights)
    with pytest.raises(Unfit, match="0 suggestions"):
        suggest(parts, bodies, bodies, k=0)


def test_a_cluster_is_its_members_with_the_middle_one_s_place():
    bodies = body(
        "abc",
        text=("wind", "sea", "food"),
        latitude=np.array([55.0, 55.1, 57.0]),
        longitude=np.array([10.0, 10.0, 10.0]),
    )
    made = clusters({"W": ["a", "b", "c"], "N": []}, bodies)
    assert made.ids == ("N", "W") and made.text[1] == "wind sea food" and made.latitude[1] == 55.1
    assert math.isnan(made.latitude[0])
    with pytest.raises(Unfit, match="unknown member z"):
        clusters({"W": ["z"]}, bodies)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"kind": ("want", "", "")}, "kind 'want' · a"),
        ({"area": ("DK",)}, "1 of area for 3 bodies"),
        ({"latitude": np.array([91.0, 0, 0]), "longitude": np.zeros(3)}, "not on the globe"),
    ],
)
def test_bodies_that_cannot_be_are_refused(said, line):
    with pytest.raises(Unfit, match=line):
        body(**said)


def linked(rows, text=None):
    link, member, year = zip(*rows, strict=True)
    return Links(np.array(link), np.array(member), np.array(year), text or {})


def test_what_earlier_links_tell_as_worked_by_hand():
    links = linked(
        [("p", "a", 2019), ("p", "b", 2019), ("q", "b", 2018), ("q", "c", 2018), ("q", "d", 2018)],
        {"p": "wind", "q": "food"},
    )
    asker = Bodies(("a", "z"), ("wind", "wind"))
    parts = {part.name: part.of(np.array([0, 1])) for part in link_parts(links, asker, body("abcd"), 2019)}
    # a and b shared p alone: 1; b with c and d shared q: 0.8 / 2 each
    assert parts["together"][0].tolist() == pytest.approx([0, 1, 0, 0])
    # a -> b -> a with 1 / 1.8, -> c and -> d with 0.4 / 1.8
    assert parts["around"][0].tolist() == pytest.approx([math.log1p(1000 / 1.8), 0, *[math.log1p(400 / 1.8)] * 2])
    assert parts["known"][0].tolist() == pytest.approx(np.log1p([1, 2, 1, 1]))
    assert parts["alike"][0].tolist() == pytest.approx([1, 1, 0, 0])
    assert not parts["together"][1].any() and not parts["around"][1].any()
    with pytest.raises(Unfit, match="after the year"):
        link_parts(links, asker, body("abcd"), 2018)


def test_a_link_is_known_only_when_all_of_it_is():
    links = linked([("p", "a", 2018), ("p", "b", 2020), ("q", "a", 2019)])
    assert links.until(2019).link.tolist() == ["q"] and set(links.between(2020, 2020).link.tolist()) == {"p"}


def test_the_weights_that_made_the_links_are_found_again():
    chance = np.random.default_rng(1)
    table = chance.random((20_000, 3)) * [1.0, 10.0, 1.0]
    linear = -3 + table @ [2.0, 0.3, 0.0]
    answer = (chance.random(20_000) < 1 / (1 + np.exp(-linear))).astype(float)
    # a few standard errors and the small ridge
    assert logistic(table, answer) == pytest.approx([2.0, 0.3, 0.0], abs=0.15)
    with pytest.raises(Unfit, match="no links to learn from"):
        learned([], {}, 3)


def made_up_world(n=60, links=240, seed=2):
    """Two halves that work among themselves on subjects of their own, years 2015 to 2020."""
    chance = np.random.default_rng(seed)
    rows, text, leaders = [], {}, {}
    for nth in range(links):
        half = nth % 2
        members = chance.choice(n // 2, 4, replace=False) * 2 + half
        name = f"l{nth:03d}"
        rows += [(name, f"b{who:02d}", 2015 + nth * 6 // links) for who in members]
        text[name] = f"{('wind turbine blade', 'food dairy protein')[half]} study {nth % 7}"
        leaders[name] = f"b{members[0]:02d}"
    ids = tuple(f"b{nth:02d}" for nth in range(n))
    return linked(rows, text), Bodies(ids, ("",) * n, area=tuple(("DK", "SE")[nth % 2] for nth in range(n))), leaders


def test_the_model_finds_what_popularity_cannot():
    links, bodies, leaders = made_up_world()
    held = evaluate(links, bodies, leaders, until=2019, last=2020)
    assert held.n_questions == 40 and held.mean_joined == pytest.approx(3)
    # by chance 10 of 29 in one's own half, 10 of 59 over all
    assert held.recall_at_10["model"] > 0.25 > held.recall_at_10["popularity"]
    assert held.weights["text"] + held.weights["place"] + held.weights["alike"] > 0
    assert [row["ranking"] for row in held.rows()] == ["model", "popularity", "tf-idf"]
    with pytest.raises(Unfit, match="no links to test on"):
        evaluate(links, bodies, leaders, until=2020, last=2030)


def test_a_planted_leak_is_caught_and_the_model_has_none():
    links, bodies, leaders = made_up_world()

    def honest(told):
        return all_parts

    def careless(told):
        """Makes its features from all links at hand: the held-out ones among them."""
        return lambda known, askers, candidates, now: all_parts(told, askers, candidates, int(told.year.max()))

    when = {"until": 2019, "last": 2020}
    assert not leaks(links, bodies, leaders, **when, featured=honest)
    assert leaks(links, bodies, leaders, **when, featured=careless)
    fair = evaluate(links, bodies, leaders, **when)
    peeped = evaluate(links, bodies, leaders, **when, featured=careless(links))
    assert peeped.recall_at_10["model"] > fair.recall_at_10["model"] + 0.1  # why it must be caught


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER.exists(), reason=f"no real projects in {FOLDER}")
def test_real_projects_of_later_years_are_found_better_than_by_popularity_or_text():
    links, bodies, leaders = cordis()
    held = evaluate(links, bodies, leaders, until=2019, last=2021)
    print(held, held.weights)  # noqa: T201
    for name in ("popularity", "tf-idf"):
        assert held.recall_at_10["model"] > 1.5 * held.recall_at_10[name]
        assert held.mrr["model"] > 1.5 * held.mrr[name]


def test_a_word_weighs_by_how_few_have_it():
    texts = Texts.of(("wind sea", "wind food"))
    weight = {name: float(texts.stems.weight[nth]) for name, nth in texts.stems.number.items()}
    assert weight == pytest.approx({"wind": math.log(3 / 2), "sea": math.log(3), "food": math.log(3)})
