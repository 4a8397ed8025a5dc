"""Numbers, names and sizes of bodies: pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from stdnum import lei
from stdnum.dk import cvr
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

from .terms import BodyKind, KnowledgeKind, Scheme, SizeBand

_LEGAL = re.compile(
    r"\b(a\s?s|aps|p\s?s|i\s?s|k\s?s|ivs|amba|fmba|smba|a\.?m\.?b\.?a|gmbh|ltd|limited|ab|oy|bv|inc|as|s\s?a|spa|srl|plc|holding)$"
)
_APART = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "&": " og "}
)
_BANDS = ((0, SizeBand.NONE), (9, SizeBand.MICRO), (49, SizeBand.SMALL), (249, SizeBand.MEDIUM))
_KNOWLEDGE_NAMES = (
    (re.compile(r"universitet|university|handelsh[øo]jskole|business school"), KnowledgeKind.UNIVERSITY),
    (re.compile(r"professionsh[øo]jskole|university college|ucn\b|via university"), KnowledgeKind.UNIVERSITY_COLLEGE),
    (re.compile(r"erhvervsakademi"), KnowledgeKind.ACADEMY),
    (re.compile(r"\b(euc|tec|vuc|amu|eucsj|handelsskole|tekniske? skole|erhvervsskole|business college|landbrugsskole|college)\b"), KnowledgeKind.VOCATIONAL),
    (re.compile(r"teknologisk institut|gts|force technology|alexandra inst|dhi\b|bioneer|delta\b|agrotech"), KnowledgeKind.GTS),
    (re.compile(r"hospital|sygehus"), KnowledgeKind.HOSPITAL),
    (re.compile(r"forskerpark|science park|udviklingspark"), KnowledgeKind.SCIENCE_PARK),
)  # fmt: skip
_AUTHORITY_NAMES = re.compile(r"\bkommune\b|^region |\bministeri|styrelsen\b|vækstforum|folketing|municipality")
_ASSOCIATION_NAMES = re.compile(
    r"forening|\bdi\b|dansk industri|håndværksråd|erhvervsråd|brancheorg|landbrug.*fødevarer|væksthus|erhvervscenter|udviklingsråd|netværk|\blo\b|\b3f\b|turist"
)
NAME_LENGTH = 200


@lru_cache(maxsize=200_000)
def name_key(name: str) -> str:
    """The name reduced to what people agree on: "Århus Plast A/S" and "AARHUS PLAST" have one key."""
    text = unicodedata.normalize("NFC", name).lower().translate(_LETTERS)
    text = unicodedata.normalize("NFD", text)
    text = _APART.sub(" ", "".join(c for c in text if not unicodedata.combining(c))).strip()
    bare = _LEGAL.sub("", text).strip()
    return (bare or text)[:NAME_LENGTH]


def normal_number(scheme: Scheme, text: str) -> str:
    """The number as the register writes it: digits alone for CVR, capitals without spaces otherwise."""
    bare = re.sub(r"[\s.\-]", "", text).upper()
    return bare.removeprefix("DK") if scheme is Scheme.CVR else bare


def check_number(scheme: Scheme, number: str) -> Verdict:
    """Whether the number can exist in the register: check digits for CVR, EU VAT and LEI; nine digits for PIC."""
    checks = {Scheme.CVR: cvr.validate, Scheme.EU_VAT: vat.validate, Scheme.LEI: lei.validate}
    if scheme is Scheme.NONE:
        return YES if not number else no(mark("A number needs the register that gave it."), on="scheme")
    if not number:
        return no(mark("The number is missing."), on="number")
    if scheme is Scheme.PIC:
        fits = number.isdigit() and len(number) == 9
        return (
            YES
            if fits
            else no(mark("“%(number)s” is not a participant number: it has nine digits."), on="number", number=number)
        )
    try:
        checks[scheme](number)
    except ValidationError:
        if scheme is Scheme.CVR:
            return no(
                mark(
                    "“%(number)s” is not a CVR number: eight digits, and the check digit must fit. Look it up in the company register."
                ),
                on="number",
                number=number,
            )
        return no(
            mark("“%(number)s” is not a valid number in this register. Check each digit."), on="number", number=number
        )
    return YES


def size_band(employees: int | None) -> SizeBand:
    """The band of a number of employees; nothing known is its own band."""
    if employees is None:
        return SizeBand.UNKNOWN
    return next((band for most, band in _BANDS if employees <= most), SizeBand.LARGE)


def guessed_kind(name: str) -> tuple[BodyKind, KnowledgeKind]:
    """What a name alone suggests; a person or a register number decides later."""
    text = name.lower()
    for pattern, kind in _KNOWLEDGE_NAMES:
        if pattern.search(text):
            return BodyKind.KNOWLEDGE, kind
    if _AUTHORITY_NAMES.search(text):
        return BodyKind.AUTHORITY, KnowledgeKind.NONE
    if _ASSOCIATION_NAMES.search(text):
        return BodyKind.ASSOCIATION, KnowledgeKind.NONE
    return BodyKind.COMPANY, KnowledgeKind.NONE
