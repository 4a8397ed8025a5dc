"""The open tables: what each column means, in which unit, by which definition; the same for every form of file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from klyngeforum.ground.programme.queries import own_figures, small_cells, survey_figures
from klyngeforum.ground.programme.surveyed import SurveyFigure
from klyngeforum.ground.programme.terms import Measure, OwnFigure
from klyngeforum.ground.tables.terms import Column, Kind, Schema
from klyngeforum.registers.clusters.queries import names
from klyngeforum.results.accounts.opening import OpenFigure, open_nation, open_organisations
from klyngeforum.results.accounts.queries import ordered_measures

Rows = list[Sequence[object]]

COLUMNS = (
    Column("measure", "Tal", "Figure", hint_da="Kode for tallet; definitionen står i ordbogen", hint_en="Code of the figure; the dictionary holds its definition"),
    Column("name_da", "Navn på dansk", "Name in Danish", hint_da="Tallets navn", hint_en="Name of the figure"),
    Column("name_en", "Navn på engelsk", "Name in English", hint_da="Tallets navn", hint_en="Name of the figure"),
    Column("definition_version", "Definitionsversion", "Definition version", hint_da="Version af den definition, som tallet er opgjort efter", hint_en="Version of the definition by which the figure was counted"),
    Column("scope", "Hvem der er talt", "Who is counted", hint_da="DK for hele landet, ellers klyngeorganisationens adresse", hint_en="DK for the whole country, otherwise the address of the cluster organisation"),
    Column("scope_name", "Navn", "Name of who is counted", hint_da="Hele landet eller klyngeorganisationens navn", hint_en="The whole country or the name of the cluster organisation"),
    Column("year", "Dataår", "Data year", Kind.INTEGER, hint_da="Det år, som tallet handler om", hint_en="The year that the figure is about"),
    Column("edition_year", "Udgaveår", "Edition year", Kind.INTEGER, hint_da="Det år, regnskabet udkom", hint_en="The year in which the account came out"),
    Column("edition", "Udgave", "Edition", Kind.INTEGER, hint_da="Regnskabets udgave; 0 for hele landet, som tæller hver organisations nyeste", hint_en="Edition of the account; 0 for the country, which counts the newest of each organisation"),
    Column("value", "Værdi", "Value", Kind.DECIMAL, hint_da="Hver talt én gang; tom, hvor tallet ikke er opgjort eller holdes tilbage", hint_en="Each counted once; empty where it was not counted or is held back"),
    Column("unit_da", "Enhed på dansk", "Unit in Danish", hint_da="Hvad værdien er et antal af", hint_en="What the value is a number of"),
    Column("unit_en", "Enhed på engelsk", "Unit in English", hint_da="Hvad værdien er et antal af", hint_en="What the value is a number of"),
    Column("participations", "Deltagelser", "Participations", Kind.DECIMAL, hint_da="Summen over organisationerne; kun for hele landet", hint_en="The sum over the organisations; of the country only"),
    Column("accounts_counted", "Regnskaber med tallet", "Accounts with the figure", Kind.INTEGER, hint_da="Antal godkendte regnskaber, der har opgjort tallet", hint_en="How many approved accounts counted the figure"),
    Column("accounts_approved", "Godkendte regnskaber", "Approved accounts", Kind.INTEGER, hint_da="Antal godkendte regnskaber for året", hint_en="How many accounts of the year are approved"),
    Column("accounts_owed", "Regnskaber i alt", "Accounts called for", Kind.INTEGER, hint_da="Antal regnskaber, der skal afleveres for året", hint_en="How many accounts of the year are called for"),
    Column("provisional", "Foreløbigt", "Provisional", Kind.YES_NO, hint_da="Ikke alle årets regnskaber er godkendt", hint_en="Not every account of the year is approved"),
    Column("placeholder", "Pladsholder", "Placeholder", Kind.YES_NO, hint_da="Tallet hviler på en værdi, som ingen kilde har bekræftet", hint_en="The figure rests on a value that no source has confirmed"),
    Column("held_back", "Holdes tilbage", "Held back", Kind.YES_NO, hint_da="Værdien er lille eller kunne bruges til at regne en lille værdi ud", hint_en="The value is small, or a small one could be worked out from it"),
    Column("unweighted", "Uvægtet værdi", "Unweighted value", Kind.DECIMAL, hint_da="Gennemsnittet uden vægte, hvor værdien er vægtet til alle virksomheder; ellers tom", hint_en="The mean without weights, where the value is weighted to all companies; otherwise empty"),
    Column("companies", "Virksomheder i undersøgelsen", "Companies in the survey", Kind.INTEGER, hint_da="Antal virksomheder, som undersøgelsen handler om; tom for tal fra regnskaber", hint_en="How many companies the survey is about; empty for figures from accounts"),
    Column("answered", "Virksomheder, der svarede", "Companies that answered", Kind.INTEGER, hint_da="Antal virksomheder, der svarede på undersøgelsen", hint_en="How many companies answered the survey"),
    Column("response_rate", "Svarprocent", "Response rate", Kind.DECIMAL, hint_da="Hvor mange af virksomhederne der svarede, i procent", hint_en="How many of the companies answered, in per cent"),
    Column("digest", "Fingeraftryk", "Fingerprint", hint_da="Fingeraftryk af det, tallet er talt ud fra", hint_en="Fingerprint of what the figure was counted from"),
)  # fmt: skip
FIGURES = Schema("figures", "Regnskabernes tal", "Figures of the accounts", COLUMNS, ("measure", "scope", "year"))
DICTIONARY = Schema(
    "dictionary", "Ordbog over data", "Data dictionary",
    tuple(Column(key, da, en) for key, da, en in (
        ("kind", "Slags", "Kind"), ("key", "Kode", "Code"), ("type", "Type", "Type"), ("name_da", "Navn på dansk", "Name in Danish"), ("name_en", "Navn på engelsk", "Name in English"),
        ("meaning_da", "Betydning på dansk", "Meaning in Danish"), ("meaning_en", "Betydning på engelsk", "Meaning in English"), ("unit_da", "Enhed på dansk", "Unit in Danish"),
        ("unit_en", "Enhed på engelsk", "Unit in English"), ("definition_version", "Definitionsversion", "Definition version"), ("source_da", "Kilde på dansk", "Source in Danish"),
        ("source_en", "Kilde på engelsk", "Source in English"), ("provenance", "Kildens art", "Provenance"),
    )),
)  # fmt: skip


def _number(value: Decimal | None) -> int | float | None:
    """As every form of file writes a number."""
    return None if value is None else int(value) if value == value.to_integral_value() else float(value)


def _figures(found: list[OpenFigure]) -> Rows:
    known, clusters = _entries(), names(one.cluster for one in found if one.cluster)
    rows: Rows = []
    for one in found:
        entry = known[one.measure]
        scope, name = clusters[one.cluster] if one.cluster else ("DK", "Hele landet")
        rows.append((
            one.measure, entry.name.da, entry.name.en, one.version, scope, name, one.year, one.edition_year, one.edition, _number(one.value), entry.unit.da,
            entry.unit.en, _number(one.participations), one.counted, one.approved, one.owed, one.provisional, one.placeholder, one.held_back, _number(one.unweighted),
            one.companies, one.answered, _number(one.response_rate), one.digest,
        ))  # fmt: skip
    return rows


def _meaning(one: Measure | OwnFigure | SurveyFigure) -> tuple[str, str]:
    text = one.numerator if isinstance(one, Measure) else one.counted
    return text.da, text.en


def _entries() -> dict[str, Measure | OwnFigure | SurveyFigure]:
    """Everything that the tables hold figures of, in their order."""
    every: list[Measure | OwnFigure | SurveyFigure] = [*ordered_measures(), *own_figures(), *survey_figures()]
    return {one.code: one for one in every}


def dictionary() -> Rows:
    """Every column, every figure and the rule of what is held back."""
    rows: Rows = [
        ("column", one.key, one.kind.value, one.da, one.en, one.hint_da, one.hint_en, "", "", "", "", "", "")
        for one in COLUMNS
    ]
    rows += [
        (
            "measure", one.code, Kind.DECIMAL.value, one.name.da, one.name.en, *_meaning(one), one.unit.da, one.unit.en, one.version,
            one.source_da, one.source, one.provenance.value,
        )
        for one in _entries().values()
    ]  # fmt: skip
    rule = small_cells()
    da = f"Antal under {rule.least}, men ikke 0, holdes tilbage, og så mange flere, at de ikke kan regnes ud. Navne på virksomheder, også reklamebeskyttede, er aldrig med."
    en = f"Numbers below {rule.least}, but not 0, are held back, and as many more as it takes that they cannot be worked out. Names of companies, advertising-protected ones included, are never in."
    rows.append(("rule", rule.code, "", rule.name.da, rule.name.en, da, en, "", "", "", rule.source_da, rule.source, rule.provenance.value))  # fmt: skip
    return rows


def open_table(name: str) -> tuple[Schema, Rows] | None:
    """The table of that name with its columns; None: there is none."""
    if name == "national":
        return FIGURES, _figures(open_nation())
    if name == "organisations":
        return FIGURES, _figures(open_organisations())
    return (DICTIONARY, dictionary()) if name == "dictionary" else None
