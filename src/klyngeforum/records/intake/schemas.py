"""The five tables that a cluster office fills: one column schema each for template, reader, errors and export."""

from __future__ import annotations

from dataclasses import replace

from klyngeforum.ground.tables.terms import Column, Kind, Schema
from klyngeforum.ground.words import Term, mark


class SheetKind(Term):
    MEMBERS = "members", mark("Participants of the organisation")
    ACTIVITIES = "activities", mark("Activities")
    PARTICIPATIONS = "participations", mark("Who took part in what")
    OUTCOMES = "outcomes", mark("Outcomes in companies")
    HOURS = "hours", mark("Hours with their evidence")


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
        Column("themes", "Felter", "Fields", longest=200, hint_da="Et eller flere af programmets felter, adskilt af komma.", hint_en="One or more fields of the programme, apart by commas.", also=("tema", "temaer", "themes")),
        Column("budget", "Budget i kr.", "Budget in DKK", Kind.DECIMAL, hint_da="Kun for projekter.", hint_en="For projects only."),
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
        replace(_REFERENCE, hint_da="Aktivitetens reference, som den står i arket Aktiviteter; én række for hver deltager.", hint_en="The activity's reference as it stands in the sheet Activities; one row for each participant."),
        _NUMBER, _NAME,
        Column(
            "role", "Rolle", "Role", Kind.CHOICE,
            choices=(("participant", "deltager", "participant"), ("lead", "leder", "lead"), ("partner", "partner", "partner"), ("speaker", "oplægsholder", "speaker")),
        ),
        Column("persons", "Personer", "Persons", Kind.INTEGER),
        Column("hours", "Timer", "Hours", Kind.DECIMAL),
        Column("joined_on", "Kom med", "Joined", Kind.DATE),
        Column("units", "Enheder", "Units", longest=2000, hint_da="En videninstitutions institutter eller afdelinger, der deltog, adskilt af semikolon.", hint_en="Departments or institutes of a knowledge institution that took part, apart by semicolons.", also=("institutter", "departments")),
    ),
    key=("reference", "number", "name"),
)  # fmt: skip

OUTCOMES = Schema(
    "outcomes", "Udbytte", "Outcomes",
    (
        _NUMBER, _NAME,
        Column("year", "År", "Year", Kind.INTEGER, required=True, hint_da="Året, hvor udbyttet kom, med fire cifre.", hint_en="The year in which the outcome came, in four digits."),
        Column(
            "step", "Trin", "Step", Kind.CHOICE, required=True,
            choices=(("1", "1 kompetencer", "1 competences"), ("2", "2 idéer", "2 ideas"), ("3", "3 nyt produkt", "3 new product")),
        ),
        Column(
            "evidence", "Grundlag", "Evidence", Kind.CHOICE,
            choices=(("organisation", "klyngen", "cluster"), ("company", "virksomheden", "company"), ("document", "dokument", "document")),
        ),
        Column("note", "Bemærkning", "Note", longest=500),
        Column(
            "reference", "Reference", "Reference", longest=60, hint_da="Aktiviteten, som udbyttet kom af.", hint_en="The activity that the outcome came of.",
            also=("aktivitet", "activity"),
        ),
    ),
    key=("number", "name", "year"),
)  # fmt: skip

HOURS = Schema(
    "hours", "Timer", "Hours",
    (
        _NUMBER, _NAME,
        Column(
            "reference", "Reference", "Reference", longest=60, hint_da="Aktiviteten, som timerne er lagt i; tom for timer uden for aktiviteterne.",
            hint_en="The activity that the hours were given in; empty for hours apart from activities.", also=("aktivitet", "activity", "nr"),
        ),
        Column("person", "Person", "Person", longest=120, hint_da="Som på timesedlen.", hint_en="As on the time sheet."),
        Column("task", "Formål", "For", longest=160, hint_da="Hvad timerne gik til.", hint_en="What the hours were given to.", also=("til",)),
        Column("since", "Dag", "Day", Kind.DATE, required=True, also=("dato", "date", "fra")),
        Column("until", "Sidste dag", "Last day", Kind.DATE),
        Column("begins", "Fra kl.", "From (time)", longest=8, also=("fra kl",)),
        Column("ends", "Til kl.", "To (time)", longest=8, also=("til kl",)),
        Column("hours", "Timer", "Hours", Kind.DECIMAL, required=True),
        Column(
            "evidence", "Bevis", "Evidence", Kind.CHOICE,
            choices=(("time_sheet", "timeseddel", "time sheet"), ("participant_list", "deltagerliste", "participant list")),
        ),
        Column("evidence_reference", "Hvor beviset ligger", "Where it lies", longest=200),
        Column("evidence_on", "Bevisets dato", "Dated", Kind.DATE),
        Column("pay", "Timeløn i kr.", "Hourly pay, DKK", Kind.DECIMAL, hint_da="Kun hvor satsen følger lønnen.", hint_en="Only where the rate goes by pay."),
    ),
    key=("number", "name", "reference", "person", "since", "begins"),
)  # fmt: skip

SCHEMAS: dict[SheetKind, Schema] = {
    SheetKind.MEMBERS: MEMBERS,
    SheetKind.ACTIVITIES: ACTIVITIES,
    SheetKind.PARTICIPATIONS: PARTICIPATIONS,
    SheetKind.OUTCOMES: OUTCOMES,
    SheetKind.HOURS: HOURS,
}
