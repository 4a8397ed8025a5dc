"""Danish and English text into words and pieces of words: stems to their fixpoint, and runs of four letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

DANISH = frozenset("af at alle blive bliver da de den der deres det dig din du efter eller en end er et fra før for gennem have har hos hvad hvor i ikke inden ind ja jeg kan kun man med mellem men mere mod ned nu når og også om op os over på samt sig sin skal som så til ud under ved vi vil være være var".split())  # fmt: skip
ENGLISH = frozenset("a about all an and are as at be been between but by can for from has have how in into is it its more new not of on or our so such than that the their them these this to toward towards under using via was we were what when which who will with within".split())  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_STEMMERS = {"da": snowballstemmer.stemmer("danish"), "en": snowballstemmer.stemmer("english")}
RUN = 4


def words(text: str) -> list[str]:
    """Letters and digits, lower case; é written in two signs is one."""
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold())


def language(said: Iterable[str]) -> str:
    """`da` or `en` by the small words and the letters æ, ø, å; English where nothing speaks for Danish.

    >>> language(words("Vi søger partnere til test af vindmøller")), language(words("We look for partners in wind energy"))
    ('da', 'en')
    """
    listed = list(said)
    danish = sum(word in DANISH for word in listed) + sum(any(sign in "æøå" for sign in word) for word in listed)
    return "da" if danish > sum(word in ENGLISH for word in listed) else "en"


@lru_cache(maxsize=200_000)
def stem(word: str, tongue: str) -> str:
    """Snowball again and again until nothing changes, so that a stem is its own stem.

    >>> stem("virksomhederne", "da") == stem("virksomheder", "da"), stem("connections", "en")
    (True, 'connect')
    """
    while (shorter := _STEMMERS[tongue].stemWord(word)) != word and shorter:
        word = shorter
    return word


def stems(text: str) -> list[str]:
    """The stems of a text without small words and single letters."""
    said = words(text)
    tongue = language(said)
    return [stem(word, tongue) for word in said if len(word) > 1 and word not in DANISH and word not in ENGLISH]


@lru_cache(maxsize=200_000)
def runs(word: str) -> tuple[str, ...]:
    """Every run of four signs of a word with its ends marked: compounds share runs with their parts.

    >>> runs("hav"), runs("havvind")[:2]
    (('_hav', 'hav_'), ('_hav', 'havv'))
    """
    marked = f"_{word}_"
    return tuple(marked[nth : nth + RUN] for nth in range(max(1, len(marked) - RUN + 1)))
