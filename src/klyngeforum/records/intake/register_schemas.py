"""The register of cluster organisations as five tables: what the secretariat fills, takes in and gets out."""

from __future__ import annotations

from klyngeforum.ground.tables.terms import Column, Kind, Schema
from klyngeforum.ground.words import Term, mark


class RegisterKind(Term):
    CLUSTERS = "clusters", mark("Cluster organisations")
    STAFF = "staff", mark("Staff years of the secretariats")
    BOARD = "board", mark("Boards")
    GROUPS = "groups", mark("Interest groups")
    LINEAGE = "lineage", mark("Mergers, splits and renewals")


_NUMBER = Column("number", "CVR-nummer", "CVR number", longest=24, also=("cvr", "cvr-nr", "cvr nr."))
_NAME = Column("name", "Klyngeorganisation", "Cluster organisation", required=True, longest=160, also=("navn", "name", "organisation"))  # fmt: skip
_SINCE = Column("since", "Fra", "From", Kind.DATE, required=True)
_UNTIL = Column("until", "Til", "Until", Kind.DATE)

CLUSTERS = Schema(
    "clusters", "Klyngeorganisationer", "Cluster organisations",
    (
        _NUMBER, _NAME,
        Column(
            "kind", "Type", "Type", Kind.CHOICE, required=True,
            choices=(
                ("cluster", "klyngeorganisation", "cluster organisation"), ("innovation_network", "innovationsnetværk", "innovation network"),
                ("network", "erhvervsnetværk", "business network"), ("emerging", "spirende klynge", "emerging cluster"),
                ("platform", "højteknologisk platform", "high-tech platform"), ("spir", "spir-center", "spir centre"),
            ),
        ),
        Column(
            "level", "Rækkevidde", "Reach", Kind.CHOICE, required=True,
            choices=(("local", "lokal", "local"), ("regional", "regional", "regional"), ("national", "national", "national"), ("international", "international", "international")),
        ),
        Column("place", "Kommune", "Municipality", longest=80),
        Column("host", "Vært", "Host", longest=200, hint_da="Navn eller CVR-nummer på den organisation, som sekretariatet sidder hos.", hint_en="Name or CVR number of the organisation that houses the secretariat."),
        Column("founded_on", "Stiftet", "Founded", Kind.DATE), Column("closed_on", "Lukket", "Closed", Kind.DATE),
        Column("themes", "Felter", "Fields", longest=200, hint_da="Programmets felter, adskilt af komma.", hint_en="Fields of the programme, apart by commas."),
        Column("industries", "Brancher", "Industries", longest=200, hint_da="Version og kode, adskilt af komma, fx DB07 26, DB07 27. Versioner blandes ikke.", hint_en="Version and code, apart by commas, such as DB07 26, DB07 27. Versions are not mixed."),
        Column("contact_name", "Kontaktperson", "Contact person", longest=120), Column("contact_email", "E-mail", "E-mail", longest=200),
        Column("contact_phone", "Telefon", "Telephone", longest=30), Column("website", "Hjemmeside", "Website", longest=200),
        Column("purpose_da", "Formål (dansk)", "Purpose (Danish)", longest=2000), Column("purpose_en", "Formål (engelsk)", "Purpose (English)", longest=2000),
    ),
    key=("number", "name"),
)  # fmt: skip

STAFF = Schema(
    "staff", "Årsværk", "Staff years",
    (
        _NUMBER, _NAME, Column("year", "År", "Year", Kind.INTEGER, required=True),
        Column("full_time", "Årsværk", "Full-time staff", Kind.DECIMAL, required=True),
    ),
    key=("number", "name", "year"),
)  # fmt: skip

BOARD = Schema(
    "board", "Bestyrelser", "Boards",
    (
        _NUMBER, _NAME, Column("person_name", "Person", "Person", required=True, longest=120),
        Column("body", "Kommer fra", "Comes from", longest=200, hint_da="Navn eller CVR-nummer.", hint_en="Name or CVR number."),
        Column("chair", "Formand", "Chair", Kind.YES_NO), _SINCE, _UNTIL,
    ),
    key=("number", "name", "person_name", "since"),
)  # fmt: skip

GROUPS = Schema(
    "groups", "Interessefællesskaber", "Interest groups",
    (_NUMBER, _NAME, Column("group", "Fællesskab", "Group", required=True, longest=120), _SINCE, _UNTIL),
    key=("number", "name", "group"),
)  # fmt: skip

LINEAGE = Schema(
    "lineage", "Fusioner og spaltninger", "Mergers and splits",
    (
        Column("number", "Forgængerens CVR-nummer", "CVR number of the predecessor", longest=24),
        Column("name", "Forgænger", "Predecessor", required=True, longest=160),
        Column("successor_number", "Efterfølgerens CVR-nummer", "CVR number of the successor", longest=24),
        Column("successor", "Efterfølger", "Successor", required=True, longest=160),
        Column("kind", "Hvordan", "How", Kind.CHOICE, required=True, choices=(("merger", "fusion", "merger"), ("split", "spaltning", "split"), ("renewal", "videreført", "renewal"))),
        Column("on", "Dato", "Day", Kind.DATE, required=True),
    ),
    key=("number", "name", "successor_number", "successor"),
)  # fmt: skip

REGISTER_SCHEMAS: dict[RegisterKind, Schema] = {
    RegisterKind.CLUSTERS: CLUSTERS, RegisterKind.STAFF: STAFF, RegisterKind.BOARD: BOARD, RegisterKind.GROUPS: GROUPS,
    RegisterKind.LINEAGE: LINEAGE,
}  # fmt: skip
