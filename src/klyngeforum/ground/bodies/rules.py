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
    (re.compile(r"\b(euc|tec|vuc|amu|eucsj|handelsskole|tekniske? skole|erhvervsskole|business college|landbrugsskole|college|campus)\b"), KnowledgeKind.VOCATIONAL),
    (re.compile(r"teknologisk institut|gts|force technology|alexandra inst|dhi\b|bioneer|delta\b|agrotech"), KnowledgeKind.GTS),
    (re.compile(r"hospital|sygehus"), KnowledgeKind.HOSPITAL),
    (re.compile(r"forskerpark|science park|udviklingspark|scion dtu"), KnowledgeKind.SCIENCE_PARK),
)  # fmt: skip
_AUTHORITY_NAMES = re.compile(r"kommune\b|^region |\bministeri|styrelsen\b|vækstforum|folketing|municipality")
_ASSOCIATION_NAMES = re.compile(
    r"forening|\bdi\b|dansk industri|håndværksråd|erhvervsråd|brancheorg|landbrug.*fødevarer|væksthus|erhvervscenter|udviklingsråd|netværk|\blo\b|\b3f\b|turist"
)
_FORMS = re.compile(
    r"(?:^|\s)(a\s?s|aps|p\s?s|i\s?s|k\s?s|ivs|a\s?m\s?b\s?a|fmba|smba|gmbh|ltd|limited|ab|oy|bv|inc|s\s?a|spa|srl|plc)(?=\s|$)"
)
NAME_LENGTH = 200


@lru_cache(maxsize=200_000)
def name_key(name: str) -> str:
    """The name reduced to what people agree on: "Århus Plast A/S" and "AARHUS PLAST" have one key."""
    text = _plain(name)
    bare = _LEGAL.sub("", text).strip()
    return (bare or text)[:NAME_LENGTH]


def _plain(name: str) -> str:
    """The name in small letters a to z and digits, everything else a space."""
    text = unicodedata.normalize("NFC", name).lower().translate(_LETTERS)
    text = unicodedata.normalize("NFD", text)
    return _APART.sub(" ", "".join(c for c in text if not unicodedata.combining(c))).strip()


@lru_cache(maxsize=50_000)
def legal_form(name: str) -> str:
    """The legal form that a name bears: "Nordtek A/S" is "as", "Nordtek" is none."""
    found = _FORMS.findall(_plain(name))
    return found[-1].replace(" ", "") if found else ""


def names_the_same(written: str, name: str, country: str) -> bool:
    """Whether two names of one key are surely one body: the forms agree, or the written one has none and the body is at home."""
    one, other = legal_form(written), legal_form(name)
    return one == other or (country == "DK" and not (one and other))


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
        fits = bool(re.fullmatch(r"[0-9]{9}", number))
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


def scheme_of(number: str) -> Scheme:
    """Which register a number is from, by its form: two letters other than DK begin an EU VAT number; the rest is CVR."""
    bare = normal_number(Scheme.NONE, number)
    return Scheme.EU_VAT if re.match(r"^[A-Z]{2}", bare) and not bare.startswith("DK") else Scheme.CVR


def check_unit(number: str) -> Verdict:
    """A P-number has ten digits; no check digit is published."""
    if re.fullmatch(r"[0-9]{10}", number):
        return YES
    return no(mark("“%(number)s” is not a P-number: it has ten digits."), on="number", number=number)


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
