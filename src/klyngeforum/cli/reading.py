"""find, figures, account, places, check, take-in, import: the house's questions and answers at a terminal."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from klyngeforum.ground.access.queries import EVERYBODY
from klyngeforum.ground.bodies import queries as bodies
from klyngeforum.ground.figure import Figure
from klyngeforum.ground.places import queries as places_of
from klyngeforum.ground.places.actions import take_in_postcodes
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.programme import actions as programme
from klyngeforum.ground.programme.queries import measure, measures
from klyngeforum.ground.tables.queries import NotATable
from klyngeforum.ground.trail.queries import breaks, length, newest_act, newest_hash, stands
from klyngeforum.quality import take_in as founding
from klyngeforum.quality.indicators import actions as schemes
from klyngeforum.quality.indicators import queries as schemes_of
from klyngeforum.quality.labels.peering import take_in_peers
from klyngeforum.quality.labels.reading import certification
from klyngeforum.records.survey.questionnaires import questionnaires_in
from klyngeforum.registers.clusters.queries import of_bodies
from klyngeforum.results.accounts import nation
from klyngeforum.results.accounts import queries as accounts
from klyngeforum.results.accounts.rules import COUNTINGS
from klyngeforum.results.accounts.schedule import schedule
from klyngeforum.results.accounts.telling import told_nation
from klyngeforum.results.landscape.queries import indexed_upto
from klyngeforum.results.strengths import programme as strengths
from klyngeforum.web.components.slices import slice_rows

from .printing import Row, show
from .stopping import Options, Stop


def find(options: Options) -> int:
    """0 when something fits, 1 when nothing does."""
    hits = bodies.find(str(options["text"]), limit=int(str(options["limit"])))
    clusters = of_bodies(hit.body.pk for hit in hits)
    rows: list[Row] = [
        {
            "score": hit.score, "name": hit.body.name, "kind": hit.body.kind, "number": f"{hit.body.scheme} {hit.body.number}".strip(),
            "place": hit.body.place.name_da if hit.body.place else "", "cluster": clusters.get(hit.body.pk, ""), "no_advertising": hit.body.protected, "reason": hit.reason,
        }
        for hit in hits
    ]  # fmt: skip
    show(rows, str(options["format"]))
    return 0 if rows else 1


def _figure(one: Figure, language: str) -> Row:
    found = measure(one.measure)
    return {
        "measure": one.measure, "name": found.name.say(language) if found else "", "definition_version": one.version,
        "scope": one.scope.code, "year": one.year, "value": one.value, "unit": one.unit, "participations": one.participations,
        "distinct": one.distinct, "overlap": one.overlap, "provisional": one.provisional, "placeholder": one.placeholder,
        "held_back": one.held_back, "accounts": one.sources, "digest": one.digest,
    }  # fmt: skip


def _split(year: int, by: nation.Slice, wanted: str, options: Options) -> int:
    """Every measure by region, size, industry, kind or organisation, over the lines of approved accounts; small numbers are held back unless asked for."""
    language, reader = str(options["language"]), None if options["small_numbers"] else EVERYBODY
    provisional = (stand := accounts.standing(year)) is None or not stand.complete
    rows, waits = list[Row](), nation.rests_on_placeholders(year, by)
    with override(language):
        for one in accounts.ordered_measures():
            if wanted not in ("", one.code) or COUNTINGS[one.code].sums:
                continue
            rows += [
                {
                    "measure": one.code, "definition_version": one.version, "scope": f"{by.value}: {name}", "year": year, "participations": n,
                    "distinct": distinct, "overlap": None if n is None or distinct is None else n - distinct, "provisional": provisional,
                    "held_back": distinct is None, "placeholder": waits,
                }
                for name, _, n, distinct in slice_rows(year, one.code, by, language, seen_by=reader, on=timezone.localdate())
            ]  # fmt: skip
    show(rows, str(options["format"]))
    return 0


def figures(options: Options) -> int:
    year, wanted = int(str(options["year"])), options["measure"]
    if wanted and measure(str(wanted)) is None:
        raise Stop(f"no measure is called {wanted!r}; there are: {', '.join(one.code for one in measures())}")
    if options["by"]:
        return _split(year, nation.Slice(str(options["by"])), str(wanted or ""), options)
    reader = None if options["small_numbers"] else EVERYBODY
    booked = accounts.standing(year) is not None
    found = told_nation(year, seen_by=reader, on=timezone.localdate()) if booked else nation.from_records(year)
    rows = [_figure(one, str(options["language"])) for one in found if wanted in (None, one.measure)]
    show(rows, str(options["format"]))
    return 0


def places(options: Options) -> int:
    day = options["on"] if isinstance(options["on"], date) else timezone.localdate()
    rows: list[Row] = [
        {"code": one.code, "name": one.name_da, "from": one.valid_from, "to": one.valid_to}
        for one in places_of.areas(AreaKind(str(options["kind"])), on=day)
    ]
    show(rows, str(options["format"]))
    return 0


def _peers(file: Path) -> int:
    """A table of European peers: all of it or nothing."""
    if not file.is_file():
        raise Stop(f"{file} is no file")
    try:
        run = take_in_peers(by=None, at=timezone.now(), content=file.read_bytes(), dry_run=False)
    except NotATable as wrong:
        said = [text % wrong.values if wrong.values else text for text in (wrong.why, wrong.mend)]
        raise Stop(f"{file.name}: {' '.join(said)}") from wrong
    for one in run.problems:
        said = [text % one.values if one.values else text for text in (one.why, one.mend)]
        print(
            f"klyngeforum: {file.name}, row {one.row}, {one.column}, {one.value!r}: {' '.join(said)}", file=sys.stderr
        )
    print(f"peers taken in: {run.new} new, {run.changed} changed, {run.unchanged} unchanged")
    return 1 if run.problems else 0


def take_in(options: Options) -> int:
    if options.get("peers"):
        return _peers(Path(str(options["peers"])))
    folder = Path(str(options["folder"])) if options["folder"] else settings.PROGRAMME
    if schemes_of.is_scheme(folder):
        one = schemes.take_in_official(by=None, at=timezone.now(), folder=folder)
        print(
            f"scheme {one.scheme} taken in as version {one.version}; a server that runs reads it when it starts again"
        )
        return 0
    taken = founding.take_in(folder=folder, at=timezone.now())
    print(f"programme taken in: {taken.new} new, {taken.changed} changed, {taken.unchanged} unchanged")
    if options["postcodes"]:
        file = Path(str(options["postcodes"]))
        try:
            print(f"postcodes taken in: {take_in_postcodes(file=file)} new")
        except (KeyError, ValueError) as error:
            raise Stop(
                f"{file.name}: {error} does not fit; the file has the columns postnr, by, kommune_kode, lon, lat"
            ) from error
    return 0


def _cut_off(noted: str) -> list[Row]:
    """Whether the newest acts are gone: a chain cut at its end is whole in itself, so something outside it must remember how far it went."""
    newest, seen = newest_act(), indexed_upto()
    rows: list[Row] = []
    if seen > newest:
        rows.append(
            {"part": "trail", "what": f"acts {newest + 1} to {seen}", "why": "gone: the finder was indexed after them"}
        )
    if noted and not stands(noted):
        rows.append({"part": "trail", "what": f"act {noted}", "why": "gone: it was noted as the newest"})
    return rows


def check(options: Options) -> int:
    """0 when everything holds, 1 with a row for each thing that does not."""
    programme.validate(folder=settings.PROGRAMME)
    certification(), schedule()  # raise what is wrong with certification.toml and rounds.toml
    questionnaires_in(settings.PROGRAMME)
    strengths.validate(folder=settings.PROGRAMME)
    rows: list[Row] = [
        {"part": "programme", "what": f"{one.where}, {one.key}".removesuffix(", "), "why": one.why}
        for one in schemes_of.problems()
    ]
    if not options["programme"]:
        rows += [{"part": "trail", "what": f"act {one.act_id}", "why": one.why} for one in breaks()]
        rows += _cut_off(str(options["newest"] or ""))
        rows += [{"part": "figures", "what": what, "why": why} for what, why in nation.disagreements()]
    if rows or options["format"] == "json":
        show(rows, str(options["format"]))
    if rows:
        return 1
    if options["format"] == "table":
        rest = (
            ""
            if options["programme"]
            else f"; trail whole ({length()} acts, the newest {newest_hash()[:16]}); figures agree with their lines"
        )
        print(f"programme sound ({len(measures())} measures, {len(schemes_of.versions())} versions of schemes){rest}")
    return 0
