"""How words are read: one tokeniser for what people ask and for what organisations say of themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from math import asin, cos, log, radians, sin, sqrt

import snowballstemmer

from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

from .terms import FEWEST_PARTS, MOST_PARTS

_WEAK_E = re.compile(r"([^aeiouyæøå])e([lnr])$")
_WORD = re.compile(r"[^\W\d_]{2,}")
_STOP = frozenset(
    "af alle at blive bliver da de dem den der deres det dig din dit du efter eller en end er et få får for fordi fra gerne gøre ham han har hen her hos hun "
    "hvad hvem hvis hvor hvordan i ikke ind jeg kan kunne man med mere mig min mod mange ned nogen nogle nok nu når og også om op os over på samt sig "
    "sin skal skulle som så søger til ud uden under var ved vi vil ville vores være "
    "a an and are as at be but by can do for from has have help hjælp how i in is it its like more my need needs of on or our so some that the their them "
    "they this to us want wants we what who will with would you your virksomhed virksomheder company companies brug behov".split()
)
_DANISH, _ENGLISH = snowballstemmer.stemmer("danish"), snowballstemmer.stemmer("english")
_SHORTEST_COMPOUND = 5
EXACT, INSIDE_INDEX, INSIDE_NEED = 1.0, 0.6, 0.55


def _settled(word: str, shorten: Callable[[str], str]) -> str:
    """The word shortened again and again until nothing changes, never below three letters."""
    while (shorter := shorten(word)) != word and len(shorter) >= 3:
        word = shorter
    return word


def _contracted(word: str) -> str:
    """møbel -> møbl, as in møbler: an e before a last l, n or r falls out in the plural."""
    return _WEAK_E.sub(r"\1\2", word)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The word with å for aa, stemmed in Danish, then in English, until nothing changes (virksomhederne -> virksom)."""

    def once(text: str) -> str:
        return _contracted(_settled(_settled(text, _DANISH.stemWord), _ENGLISH.stemWord))

    return _settled(word.replace("aa", "å"), once)[:60]


def words(text: str) -> Iterator[tuple[str, str]]:
    """Every meaningful word of the text as (stem, word as written in lower case)."""
    for match in _WORD.finditer(text.lower()):
        word = match.group()
        if word not in _STOP:
            yield stem(word), word


def need_words(text: str) -> dict[str, str]:
    """What is asked for: stem -> word as written, each stem once, in the order asked."""
    found: dict[str, str] = {}
    for token, word in words(text):
        found.setdefault(token, word)
    return found


def beginnings(token: str) -> list[str]:
    """Shorter words that the token may be compounded from: energibesparelse begins with energi."""
    return [token[:end] for end in range(_SHORTEST_COMPOUND, len(token))]


def after(prefix: str) -> str:
    """The smallest text that sorts after everything that begins with the prefix (for index ranges)."""
    return prefix + "\U0010ffff"


def closeness(asked: str, indexed: str) -> float:
    """How near an indexed token is to an asked one: the same, a compound of it, or inside it."""
    if asked == indexed:
        return EXACT
    if len(asked) >= _SHORTEST_COMPOUND - 1 and indexed.startswith(asked):
        return INSIDE_INDEX
    return INSIDE_NEED if asked.startswith(indexed) else 0.0


def rarity(holders: int, everyone: int) -> float:
    """How much a word tells: 1 + ln((N+1)/(n+1)), so a word that everyone uses still counts a little."""
    return 1.0 + log((everyone + 1) / (holders + 1))


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (longitude, latitude) points."""
    (lon_a, lat_a), (lon_b, lat_b) = (tuple(map(radians, point)) for point in (a, b))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(h))


def nearness(distance: float) -> float:
    """1 next door, a half at 75 km, a third at 150 km."""
    return 1 / (1 + distance / 75)


def weigh(entries: Iterable[tuple[str, str, float]]) -> dict[str, tuple[str, float]]:
    """Token -> (most telling word, summed weight) of the words of one source; repeats count less and less."""
    weights: dict[str, tuple[str, float]] = {}
    for token, word, weight in entries:
        best, total = weights.get(token, (word, 0.0))
        weights[token] = (min(best, word, key=len), total + weight / (1 + 2 * total))
    return weights


def may_amend(*, own: bool, office: bool, withdrawn: bool) -> Verdict:
    """Who kept a scenario renames and withdraws it, and the secretariat; a withdrawn one stays as it is."""
    if withdrawn:
        return no(mark("The scenario is withdrawn. It stays as it was."))
    return YES if own or office else no(mark("Only who kept the scenario and the secretariat may do that."))


def may_merge(clusters: Sequence[int]) -> Verdict:
    """A merger is of two to five different organisations."""
    if not FEWEST_PARTS <= len(set(clusters)) == len(clusters) <= MOST_PARTS:
        return no(mark("Choose %(fewest)s to %(most)s different organisations."), fewest=FEWEST_PARTS, most=MOST_PARTS)
    return YES
