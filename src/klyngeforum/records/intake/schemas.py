"""The four tables that a cluster office fills: one column schema each for template, reader, errors and export."""

from __future__ import annotations

from klyngeforum.ground.tables.terms import Column, Kind, Schema
from klyngeforum.ground.words import Term, mark


class SheetKind(Term):
    MEMBERS = "members", mark("Participants of the organisation")
    ACTIVITIES = "activities", mark("Activities")
    PARTICIPATIONS = "participations", mark("Who took part in what")
    OUTCOMES = "outcomes", mark("Outcomes in companies")


_NUMBER = Column(
    "number", "CVR-nummer", "CVR number", hint_da="Otte cifre. Uden nummer tæller organisationen ikke med i målene.",
    hint_en="Eight digits. Without a number the organisation counts in no target.", longest=24, also=("cvr", "cvr-nr", "cvr nr."),
)  # fmt: skip
_NAME = Column("name", "Navn", "Name", required=True, longest=200, also=("virksomhed", "organisation", "company"))
_REFERENCE = Column(
    "reference", "Reference", "Reference", required=True, longest=60, hint_da="Jeres eget nummer eller navn på aktiviteten; det må kun bruges én gang.",
    hint_en="Your own number or name of the activity; used only once.", also=("nr", "id", "aktivitetsnr"),
)  # fmt: skip

MEMBERS = Schema(
    "members", "Deltagere", "Participants",
    (
        _NUMBER, _NAME,
        Column("since", "Fra", "From", Kind.DATE, required=True, also=("startdato", "indmeldt")),
        Column("until", "Til", "Until", Kind.DATE, also=("slutdato", "udmeldt")),
        Column(
            "commitment", "Tilknytning", "Commitment", Kind.CHOICE,
            choices=(("participant", "deltager", "participant"), ("dedicated", "dedikeret", "dedicated")),
            hint_da="Dedikeret = en formel aftale er indgået.", hint_en="Dedicated = a formal agreement stands.",
        ),
        Column(
            "role", "Rolle", "Role", Kind.CHOICE,
            choices=(("member", "medlem", "member"), ("partner", "partner", "partner"), ("supporter", "støtte", "supporter")),
        ),
    ),
    key=("number", "name", "since"),
)  # fmt: skip

ACTIVITIES = Schema(
    "activities", "Aktiviteter", "Activities",
    (
        _REFERENCE,
        Column("title", "Titel", "Title", required=True, longest=250),
        Column(
            "kind", "Slags", "Kind", Kind.CHOICE, required=True,
            choices=(
                ("project", "projekt", "project"), ("matchmaking", "matchmaking", "matchmaking"), ("international", "international", "international"),
                ("competence", "kursus", "course"), ("knowledge", "videnspredning", "spreading of knowledge"), ("bridge", "bro", "bridge"),
                ("business", "virksomhedssamarbejde", "business collaboration"), ("education", "uddannelse", "education"),
            ),
        ),
        Column("starts_on", "Start", "Start", Kind.DATE, required=True, also=("dato", "date")),
        Column("ends_on", "Slut", "End", Kind.DATE),
        Column("place", "Kommune", "Municipality", longest=80),
        Column("country", "Land", "Country", longest=2, hint_da="To bogstaver, fx DK eller SE.", hint_en="Two letters, such as DK or SE."),
        Column(
            "attribution", "Klyngens andel", "Part of the cluster", Kind.CHOICE,
            choices=(("initiated", "sat i gang", "initiated"), ("facilitated", "hjulpet på vej", "facilitated"), ("other", "andet", "other")),
        ),
    ),
    key=("reference",),
)  # fmt: skip

PARTICIPATIONS = Schema(
    "participations", "Deltagelse", "Participations",
    (
        _REFERENCE, _NUMBER, _NAME,
        Column(
            "role", "Rolle", "Role", Kind.CHOICE,
            choices=(("participant", "deltager", "participant"), ("lead", "leder", "lead"), ("partner", "partner", "partner"), ("speaker", "oplægsholder", "speaker")),
        ),
        Column("persons", "Personer", "Persons", Kind.INTEGER),
        Column("hours", "Timer", "Hours", Kind.DECIMAL),
        Column("joined_on", "Kom med", "Joined", Kind.DATE),
    ),
    key=("reference", "number", "name"),
)  # fmt: skip

OUTCOMES = Schema(
    "outcomes", "Udbytte", "Outcomes",
    (
        _NUMBER, _NAME,
        Column("year", "År", "Year", Kind.INTEGER, required=True),
        Column(
            "step", "Trin", "Step", Kind.CHOICE, required=True,
            choices=(("1", "1 kompetencer", "1 competences"), ("2", "2 idéer", "2 ideas"), ("3", "3 nyt produkt", "3 new product")),
        ),
        Column(
            "evidence", "Grundlag", "Evidence", Kind.CHOICE,
            choices=(("organisation", "klyngen", "cluster"), ("company", "virksomheden", "company"), ("document", "dokument", "document")),
        ),
        Column("note", "Bemærkning", "Note", longest=500),
    ),
    key=("number", "name", "year"),
)  # fmt: skip

SCHEMAS: dict[SheetKind, Schema] = {
    SheetKind.MEMBERS: MEMBERS,
    SheetKind.ACTIVITIES: ACTIVITIES,
    SheetKind.PARTICIPATIONS: PARTICIPATIONS,
    SheetKind.OUTCOMES: OUTCOMES,
}
