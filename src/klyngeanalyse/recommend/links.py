"""What earlier links tell (projects, events, meetings that several joined): who worked together, around whom, on what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.recommend.bodies import Bodies
from klyngeanalyse.recommend.parts import Floats, Ints, Part
from klyngeanalyse.recommend.text import Sparse, Texts

FADE = 0.8  # a link counts so much of what one a year younger counts
ALIKE = 0.05  # links whose texts are further from the asker's than this say nothing


@dataclass(frozen=True)
class Links:
    """One row a link and member: `link`, `member` (ids), `year`; `text` says what a link is about ({} where unknown)."""

    link: NDArray[np.str_]
    member: NDArray[np.str_]
    year: Ints
    text: dict[str, str]

    def __post_init__(self) -> None:
        if not len(self.link) == len(self.member) == len(self.year):
            raise Unfit("links, members and years of different lengths", mend="give one row a link and member")

    def __len__(self) -> int:
        return len(self.link)

    def until(self, year: int) -> Links:
        """The links of the year and before; a link belongs to the latest year that any of its rows says."""
        return self._of(self.last() <= year)

    def between(self, first: int, last: int) -> Links:
        said = self.last()
        return self._of((said >= first) & (said <= last))

    def last(self) -> Ints:
        """(rows,) the latest year of each row's link: a link is not known before all of it is."""
        _, nth = np.unique(self.link, return_inverse=True)
        latest = np.full(nth.max(initial=-1) + 1, np.iinfo(np.int64).min)
        np.maximum.at(latest, nth, self.year)
        return np.asarray(latest[nth])

    def _of(self, kept: NDArray[np.bool_]) -> Links:
        link = self.link[kept]
        held = set(link.tolist())
        text = {name: said for name, said in self.text.items() if name in held}
        return Links(link, self.member[kept], self.year[kept], text)


@dataclass(frozen=True)
class Past:
    """Links as matrices over the candidates: `joined` (links, candidates) 0/1, `size` members of each link, `counts` its weight now."""

    names: tuple[str, ...]
    joined: Sparse
    size: Floats
    counts: Floats

    @classmethod
    def of(cls, links: Links, candidates: Sequence[str], now: int) -> Past:
        names, nth = np.unique(links.link, return_inverse=True)
        number = {name: k for k, name in enumerate(candidates)}
        column = np.array([number.get(name, -1) for name in links.member.tolist()], dtype=np.int64)
        size = np.bincount(nth, minlength=len(names)).astype(float)
        year = np.zeros(len(names), dtype=np.int64)
        np.maximum.at(year, nth, links.year)
        known = column >= 0
        joined = sparse.csr_array(
            sparse.coo_array((np.ones(known.sum()), (nth[known], column[known])), shape=(len(names), len(candidates)))
        )
        joined.data[:] = 1.0  # a member twice in a link is one member
        return cls(tuple(names.tolist()), joined, size, np.asarray(FADE ** (now - year) * (size > 1), dtype=np.float64))


def link_parts(links: Links, askers: Bodies, candidates: Bodies, now: int) -> list[Part]:
    """The parts that earlier links give, seen from the year `now`; later links than `now` are refused."""
    if len(links) and int(links.year.max()) > now:
        raise Unfit(
            "links from after the year they are to be used in", why=f"{int(links.year.max())} > {now}", mend="cut them"
        )
    past = Past.of(links, candidates.ids, now)
    number = {name: nth for nth, name in enumerate(candidates.ids)}
    who = np.array([number.get(name, -1) for name in askers.ids], dtype=np.int64)
    together = _together(past)
    parts: list[Part] = [Together(together, who), Around(together, who), Known(past, len(askers))]
    if links.text:
        parts.append(Alike(past, links, askers))
    return parts


def _together(past: Past) -> Sparse:
    """(candidates, candidates) Σ over links of both: weight now / (members - 1); nobody with oneself."""
    share = past.counts / np.maximum(past.size - 1, 1)
    both = sparse.coo_array(past.joined.T @ sparse.diags_array(share) @ past.joined)
    off = both.coords[0] != both.coords[1]
    return sparse.csr_array(
        sparse.coo_array((both.data[off], (both.coords[0][off], both.coords[1][off])), shape=both.shape)
    )


class Together:
    """√Σ of the links that both were in, each shared among its members and fading with the years."""

    name = "together"

    def __init__(self, together: Sparse, who: Ints) -> None:
        self.together, self.who = together, who

    def of(self, rows: Ints) -> Floats:
        return np.asarray(np.sqrt(_picked(self.together, self.who[rows]).toarray()))


class Around:
    """log(1 + 1000 p), p the chance to come to the candidate in two steps from partner to partner."""

    name = "around"

    def __init__(self, together: Sparse, who: Ints) -> None:
        total = np.asarray(together.sum(axis=1)).ravel()
        self.step = sparse.csr_array(sparse.diags_array(1 / np.where(total > 0, total, 1.0)) @ together)
        self.who = who

    def of(self, rows: Ints) -> Floats:
        return np.asarray(np.log1p(1000 * (_picked(self.step, self.who[rows]) @ self.step).toarray()))


class Known:
    """log(1 + links so far): who joins much joins more."""

    name = "known"

    def __init__(self, past: Past, askers: int) -> None:
        self.count = np.log1p(np.asarray(past.joined[past.size > 1].sum(axis=0)).ravel())

    def of(self, rows: Ints) -> Floats:
        return np.tile(self.count, (len(rows), 1))


class Alike:
    """√√Σ closeness² of the asker's text to the texts of the links that the candidate was in."""

    name = "alike"

    def __init__(self, past: Past, links: Links, askers: Bodies) -> None:
        told = [nth for nth, name in enumerate(past.names) if links.text.get(name)]
        said = [links.text[past.names[nth]] for nth in told]
        texts = Texts.of(said)
        self.asked, self.told = texts.rows(askers.text), texts.rows(said).T.tocsr()
        self.joined = past.joined[told]

    def of(self, rows: Ints) -> Floats:
        close = sparse.csr_array(self.asked[rows] @ self.told)
        close.data = np.where(close.data > ALIKE, close.data**2, 0.0)
        close.eliminate_zeros()
        return np.asarray(np.sqrt(np.sqrt((close @ self.joined).toarray())))


def _picked(matrix: Sparse, who: Ints) -> Sparse:
    """Rows of a matrix, empty ones for askers who are no candidate."""
    known = np.flatnonzero(who >= 0)
    pick = sparse.coo_array((np.ones(len(known)), (known, who[known])), shape=(len(who), matrix.shape[0]))
    return sparse.csr_array(pick.tocsr() @ matrix)
