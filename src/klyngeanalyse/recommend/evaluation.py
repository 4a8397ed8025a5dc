"""How good: links of later years held out, predicted from what was known before, beside popularity and text alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress, silent
from klyngeanalyse.core.results import Result, Row
from klyngeanalyse.recommend.bodies import Bodies
from klyngeanalyse.recommend.learning import learned
from klyngeanalyse.recommend.links import Links, link_parts
from klyngeanalyse.recommend.parts import Ints, Part, own_parts
from klyngeanalyse.recommend.suggest import scores
from klyngeanalyse.recommend.top import blocks, highest

# links known so far, who asks, who may be suggested, the year it is -> the parts
Featured = Callable[[Links, Bodies, Bodies, int], Sequence[Part]]
DEPTH = 1_000  # ranks looked through for the first hit; deeper counts 0


@dataclass(frozen=True)
class Question:
    """A held-out link: its leader asks with the link's text; `joined` are the candidates who joined."""

    link: str
    leader: str
    text: str
    joined: Ints


@dataclass(frozen=True)
class Held(Result):
    """Mean recall at 10 and mean reciprocal rank of the first hit over the held-out links, one row a way of ranking."""

    until: int
    tested: tuple[int, int]
    n_questions: int
    n_candidates: int
    mean_joined: float
    weights: dict[str, float]
    recall_at_10: dict[str, float]
    mrr: dict[str, float]
    new_partners_recall_at_10: dict[str, float]

    def rows(self) -> Iterable[Row]:
        return [
            {
                "ranking": name,
                "recall_at_10": value,
                "mrr": self.mrr[name],
                "new_partners_recall_at_10": self.new_partners_recall_at_10[name],
            }
            for name, value in self.recall_at_10.items()
        ]


def questions(held: Links, leaders: Mapping[str, str], candidates: Bodies, least: int = 3) -> list[Question]:
    """The held-out links of at least `least` members that have a text, a leader among the candidates and another known member."""
    number = {name: nth for nth, name in enumerate(candidates.ids)}
    members: dict[str, set[str]] = {}
    for link, member in zip(held.link.tolist(), held.member.tolist(), strict=True):
        members.setdefault(link, set()).add(member)
    asked = []
    for link in sorted(members):
        leader = leaders.get(link, "")
        joined = np.array(sorted(number[name] for name in members[link] - {leader} if name in number), dtype=np.int64)
        if len(members[link]) >= least and held.text.get(link) and leader in number and len(joined):
            asked.append(Question(link, leader, held.text[link], joined))
    return asked


def evaluate(
    links: Links, bodies: Bodies, leaders: Mapping[str, str], *, until: int, last: int, seed: int = 1,
    featured: Featured | None = None, progress: Progress = silent,
) -> Held:  # fmt: skip
    """Features from links up to `until`, weights learned on the year `until` from features up to the year before, tested after.

    Candidates are the bodies with a link up to `until`. Nothing of a held-out link is seen but its leader and its text.
    """
    make = featured or all_parts
    weights = _weights(links.until(until), bodies, leaders, until, make, seed, progress)
    known = links.until(until)
    candidates = known_bodies(bodies, known)
    asked = questions(links.between(until + 1, last), leaders, candidates)
    if not asked:
        raise Unfit(
            "no links to test on",
            where=f"{until + 1}-{last}",
            mend="choose years with links that have texts and leaders",
        )
    askers = asking(asked, bodies)
    parts = make(known, askers, candidates, until)
    text_only = own_parts(replace(askers, industry=(), area=(), kind=()), candidates)[:1]
    rankings: dict[str, tuple[Sequence[Part], dict[str, float]]] = {
        "model": (parts, weights),
        "popularity": ([part for part in parts if part.name == "known"], {"known": 1.0}),
        "tf-idf": (text_only, {"text": 1.0}),
    }
    before = _partners(known, candidates)
    found = {name: _measured(*ranking, asked, candidates, before, progress) for name, ranking in rankings.items()}
    recall, mrr, new = ({name: one[k] for name, one in found.items()} for k in range(3))
    mean = float(np.mean([len(one.joined) for one in asked]))
    return Held(until, (until + 1, last), len(asked), len(candidates), mean, weights, recall, mrr, new)


def all_parts(known: Links, askers: Bodies, candidates: Bodies, now: int) -> list[Part]:
    return [*own_parts(askers, candidates), *link_parts(known, askers, candidates, now)]


def leaks(
    links: Links,
    bodies: Bodies,
    leaders: Mapping[str, str],
    *,
    until: int,
    last: int,
    featured: Callable[[Links], Featured],
    seed: int = 1,
) -> bool:
    """Whether the future reaches the scores: they must be the same when everything after `until` is replaced by nonsense.

    `featured` is given all links, as a careless study would have them at hand, and makes the features from them.
    """
    known = links.until(until)
    candidates = known_bodies(bodies, known)
    asked = questions(links.between(until + 1, last), leaders, candidates)
    askers = asking(asked, bodies)
    later = links.last() > until
    shuffled = np.array(links.member, copy=True)
    shuffled[later] = np.random.default_rng(seed).permutation(shuffled[later])
    nonsense = replace(links, member=shuffled)
    rows = np.arange(len(asked))
    for mine, other in zip(
        *(featured(told)(known, askers, candidates, until) for told in (links, nonsense)), strict=True
    ):
        for block in blocks(len(rows), len(candidates)):
            if not np.array_equal(mine.of(rows[block]), other.of(rows[block])):
                return True
    return False


def known_bodies(bodies: Bodies, known: Links) -> Bodies:
    """The bodies with a link so far; the text of each is what it says of itself and what its links so far were about."""
    about: dict[str, list[str]] = {}
    for link, member in sorted(set(zip(known.link.tolist(), known.member.tolist(), strict=True))):
        about.setdefault(member, []).append(known.text.get(link, ""))
    kept = [nth for nth, name in enumerate(bodies.ids) if name in about]
    return Bodies(
        tuple(bodies.ids[nth] for nth in kept),
        tuple(" ".join([bodies.text[nth], *about[bodies.ids[nth]]]) for nth in kept),
        tuple(bodies.industry[nth] for nth in kept),
        tuple(bodies.area[nth] for nth in kept),
        bodies.latitude[kept],
        bodies.longitude[kept],
        tuple(bodies.kind[nth] for nth in kept),
    )


def asking(asked: Sequence[Question], bodies: Bodies) -> Bodies:
    """The leaders as askers, each with the text of its link."""
    number = {name: nth for nth, name in enumerate(bodies.ids)}
    at = [number[one.leader] for one in asked]
    return Bodies(
        tuple(one.leader for one in asked),
        tuple(one.text for one in asked),
        tuple(bodies.industry[nth] for nth in at),
        tuple(bodies.area[nth] for nth in at),
        bodies.latitude[at],
        bodies.longitude[at],
    )


def _weights(
    known: Links, bodies: Bodies, leaders: Mapping[str, str], until: int, make: Featured, seed: int, progress: Progress
) -> dict[str, float]:
    progress(0, 4, "learning")
    before = known.until(until - 1)
    candidates = known_bodies(bodies, before)
    asked = questions(known.between(until, until), leaders, candidates)
    if not asked:
        raise Unfit(
            "no links to learn from",
            where=str(until),
            mend="give links of that year and of earlier ones, with texts, leaders and three members; or set the weights",
        )
    askers = asking(asked, bodies)
    parts = make(before, askers, candidates, until - 1)
    return learned(parts, {nth: one.joined for nth, one in enumerate(asked)}, len(candidates), seed)


def _partners(known: Links, candidates: Bodies) -> dict[str, set[int]]:
    number = {name: nth for nth, name in enumerate(candidates.ids)}
    members: dict[str, set[int]] = {}
    for link, member in zip(known.link.tolist(), known.member.tolist(), strict=True):
        if member in number:
            members.setdefault(link, set()).add(number[member])
    partners: dict[str, set[int]] = {}
    for group in members.values():
        for nth in group:
            partners.setdefault(candidates.ids[nth], set()).update(group)
    return partners


def _measured(
    parts: Sequence[Part], weights: dict[str, float], asked: Sequence[Question], candidates: Bodies,
    before: Mapping[str, set[int]], progress: Progress,
) -> tuple[float, float, float]:  # fmt: skip
    """Mean recall at 10, mean reciprocal rank, mean recall at 10 among those that the leader had not worked with."""
    number = {name: nth for nth, name in enumerate(candidates.ids)}
    recall, reciprocal, new = [], [], []
    for rows in blocks(len(asked), len(candidates)):
        progress(int(rows[0]), len(asked), "ranking")
        score = scores(parts, weights, rows)
        for nth, row in enumerate(rows.tolist()):
            one = asked[row]
            line = score[nth]
            line[number[one.leader]] = -np.inf
            recall.append(recall_at(highest(line[None], 10)[0], one.joined))
            reciprocal.append(first_hit(highest(line[None], DEPTH)[0], one.joined))
            old = np.array(sorted(before.get(one.leader, set())), dtype=np.int64)
            fresh = np.setdiff1d(one.joined, old)
            if len(fresh):
                line[old] = -np.inf
                new.append(recall_at(highest(line[None], 10)[0], fresh))
    return float(np.mean(recall)), float(np.mean(reciprocal)), float(np.mean(new)) if new else float("nan")


def recall_at(ranked: Ints, joined: Ints) -> float:
    """The share of those who joined that is among the ranked.

    >>> recall_at(np.array([4, 2, 9]), np.array([2, 7]))
    0.5
    """
    return float(np.isin(joined, ranked).mean())


def first_hit(ranked: Ints, joined: Ints) -> float:
    """1 / the rank of the first who joined; 0 where none is ranked.

    >>> first_hit(np.array([4, 2, 9]), np.array([2, 7])), first_hit(np.array([4]), np.array([2]))
    (0.5, 0.0)
    """
    hits = np.flatnonzero(np.isin(ranked, joined))
    return 1.0 / (1 + int(hits[0])) if len(hits) else 0.0
