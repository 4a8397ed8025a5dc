"""The whole case of one account: figures, who they count, what the checks found, what was written, what was done; for print, for a
spreadsheet, for a program, or all of it in one archive. Names stand in the archive and the files, never on the paper, which may be shown."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.timezone import localdate
from django.utils.translation import gettext, override

from klyngeforum.ground.programme.queries import checks, measures, own_figures
from klyngeforum.ground.tables.actions import export, workbook
from klyngeforum.ground.tables.terms import Format
from klyngeforum.ground.trail.queries import of
from klyngeforum.results.accounts.own_sheet import own_rows
from klyngeforum.results.accounts.queries import Account, lines, messages, series
from klyngeforum.results.accounts.rules import COUNTINGS
from klyngeforum.results.accounts.sheets import AccountSheet, SheetRow, sheet
from klyngeforum.results.accounts.terms import About, AccountState, CountsAs
from klyngeforum.results.accounts.validation import Severity
from klyngeforum.results.accounts.working import Remark, remarks, warning_key
from klyngeforum.web.components.account_sheet import finding_said
from klyngeforum.web.components.acts import done, who
from klyngeforum.web.components.editions import edition_said
from klyngeforum.web.components.numbers import day, grouped, share

from .rows import by_year
from .setting import pdf

Rows = list[Sequence[object]]
LEAD = ("participating_companies", "starting_companies", "outcome_1")


@dataclass(frozen=True, slots=True)
class Dossier:
    """One account with everything that belongs to it, as rows (header first) by the name of their part."""

    account: Account
    language: str
    at: datetime
    sheet: AccountSheet
    parts: dict[str, Rows]


def dossier(account: Account, *, language: str, at: datetime) -> Dossier:
    """Read the whole case; words are in the language, values stay values."""
    with override(language):
        shown = sheet(account)
        parts = {
            "figures": _figures(shown, language), "organisation": _own(account, language), "bodies": _bodies(account), "checks": _checks(account, shown, language),
            "messages": _messages(account, language), "acts": _acts(account), "definitions": _definitions(language),
        }  # fmt: skip
    return Dossier(account, language, at, shown, parts)


def _in_order(shown: AccountSheet) -> list[SheetRow]:
    """As the figures are read: a part follows its whole."""
    return sorted(shown.rows, key=lambda row: list(COUNTINGS).index(row.measure))


def _figures(shown: AccountSheet, language: str) -> Rows:
    known = {one.code: one for one in measures()}
    rows: Rows = [("measure", "name", "definition_version", "value", "last_year", "records_now", "unit")]
    for one in _in_order(shown):
        entry = known[one.measure]
        rows.append((one.measure, entry.name.say(language), entry.version, one.value, one.last_year, one.since_booking, entry.unit.say(language)))  # fmt: skip
    return rows


def _own(account: Account, language: str) -> Rows:
    """What the organisation did and had; nothing stated is an empty value."""
    rows: Rows = [("figure", "name", "definition_version", "value", "last_year", "records_now", "unit")]
    return rows + [
        (one.figure.code, one.figure.name.say(language), one.version, one.value, one.last_year, one.now if one.moved else None, one.figure.unit.say(language))
        for one in own_rows(account)
    ]  # fmt: skip


def _bodies(account: Account) -> Rows:
    rows: Rows = [(
        "name", "number", "counts_as", "size_band", "place", "industry", "participated", "dedicated", "started", "started_first_time",
        "new_here", "step", "activities", "hours", "records", "knowledge_kind", "near",
    )]  # fmt: skip
    for line in lines(account):
        counts_as = gettext(CountsAs(line.counts_as).label)
        rows.append((
            line.body.name, line.body.number, counts_as, line.size_band, line.place.name_da if line.place else "",
            f"{line.industry.version} {line.industry.code}" if line.industry else "", line.participated, line.dedicated, line.started,
            line.started_first_time, line.new_here, line.step, line.activities, line.hours, line.records, line.knowledge_kind, line.near,
        ))  # fmt: skip
    return rows


def _checks(account: Account, shown: AccountSheet, language: str) -> Rows:
    """What the checks find, each warning with its comment, who wrote it and when; and comments on what is not found any more."""
    about = {one.code: one.name.say(language) for one in checks()}
    said = {key: row for (what, key), row in remarks(account).items() if what == About.WARNING and row.text.strip()}
    rows: Rows = [("severity", "check", "measure", "what", "comment", "comment_by", "comment_at")]
    for one in shown.findings:
        comment = said.pop(warning_key(one), None) if one.severity is Severity.WARNING else None
        rows.append((gettext(one.severity.label), about[one.check], one.measure, finding_said(one), *_comment(comment)))
    for key, row in sorted(said.items()):
        check, _, measure = key.partition(":")
        rows.append(("", about.get(check, check), measure, gettext("Not found any more"), *_comment(row)))
    return rows


def _comment(row: Remark | None) -> tuple[str, str, datetime | None]:
    return (row.text.strip(), row.by.name if row.by else gettext("the operator"), row.at) if row else ("", "", None)


def _explained(row: Sequence[object]) -> list[str]:
    """A finding as the paper has it: the comment stands under it with name and day."""
    severity, check, _, what, comment, by, at = row
    text = f"{what}\n“{comment}” – {by}, {day(localdate(at))}" if isinstance(at, datetime) else str(what)
    return [str(severity), str(check), text]


def _messages(account: Account, language: str) -> Rows:
    names = {one.code: one.name.say(language) for one in measures()}
    rows: Rows = [("at", "by", "figure", "section", "text", "answer", "answered_at")]
    return rows + [
        (
            one.at,
            one.by.name if one.by else "",
            names.get(one.measure, ""),
            one.section,
            one.text,
            one.answer,
            one.resolved_at,
        )
        for one in messages(account)
    ]


def _acts(account: Account) -> Rows:
    rows: Rows = [("act", "at", "by", "what", "reason", "hash")]
    return rows + [
        (one.pk, one.at, who(one.by_name), done(one.verb), one.reason, one.hash) for one in of("account", account.pk)
    ]


def _definitions(language: str) -> Rows:
    rows: Rows = [("measure", "version", "what_is_counted", "source", "provenance")]
    return rows + [(one.code, one.version, one.numerator.say(language), one.sourced(language), one.provenance.value) for one in measures()] + [
        (one.code, one.version, one.counted.say(language), one.sourced(language), one.provenance.value) for one in own_figures()
    ]  # fmt: skip


def as_workbook(case: Dossier) -> bytes:
    return workbook(case.parts)


def as_json(case: Dossier) -> bytes:
    one = case.account
    about = {
        "organisation": one.cluster.name, "slug": one.cluster.slug, "year": one.year, "edition": one.edition, "state": one.state,
        "submitted_at": one.submitted_at, "approved_at": one.approved_at, "comment": one.comment, "digest": one.digest,
    }  # fmt: skip
    tables = {
        name: [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]] for name, rows in case.parts.items()
    }
    return json.dumps(about | tables, ensure_ascii=False, default=_plain, indent=1).encode()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def _signed(one: Account) -> list[str]:
    """Who signed what, day by day."""
    said = []
    if one.submitted_at:
        said.append(gettext("Handed in on %(day)s by %(who)s") % {"day": day(localdate(one.submitted_at)), "who": one.submitted_by.name if one.submitted_by else gettext("the operator")})  # fmt: skip
    if one.approved_at:
        said.append(gettext("Approved on %(day)s by %(who)s") % {"day": day(localdate(one.approved_at)), "who": one.approved_by.name if one.approved_by else gettext("the operator")})  # fmt: skip
    return said or [gettext("Not handed in: the figures are what the records say right now.")]


def _own_said(case: Dossier) -> list[list[str]]:
    return [
        [
            row.figure.name.say(case.language), gettext("not stated") if row.value is None else grouped(row.value), grouped(row.last_year),
            row.figure.unit.say(case.language), gettext("records now: %(n)s") % {"n": grouped(row.now)} if row.moved else "",
        ]
        for row in own_rows(case.account)
    ]  # fmt: skip


def _content(case: Dossier) -> dict[str, object]:
    one, known = case.account, {entry.code: entry for entry in measures()}
    values = {row.measure: row for row in case.sheet.rows}
    figures = [
        [
            known[row.measure].name.say(case.language), grouped(row.value), grouped(row.last_year),
            "–" if row.change is None else share(Decimal(row.change) / 100), known[row.measure].unit.say(case.language),
            "" if row.since_booking is None else gettext("records now: %(n)s") % {"n": grouped(row.since_booking)},
        ]
        for row in _in_order(case.sheet)
    ]  # fmt: skip
    past = series(one.cluster_id)
    drawn = []
    for code in LEAD:
        found = {year: int(value) for year, value in past.get(code, {}).items() if year < one.year} | {
            one.year: int(values[code].value)
        }
        drawn.append(by_year(known[code].name.say(case.language), found, chosen=one.year, language=case.language))
    return {
        "language": case.language, "page": gettext("page"),
        "title": gettext("Performance account of %(name)s, %(edition)s") % {"name": one.cluster.name, "edition": edition_said(one.year, one.edition)},
        "state": gettext(AccountState(one.state).label), "signed": _signed(one),
        "provisional": "" if one.state == AccountState.APPROVED else gettext("Provisional: the account is not approved."),
        "lead": [[grouped(values[code].value), known[code].name.say(case.language)] for code in LEAD],
        "words": {
            "figures": gettext("The figures"), "own": gettext("What the organisation did"), "series": gettext("Year by year"), "checks": gettext("What the checks found"),
            "comment": gettext("Comment of the cluster organisation"), "how": gettext("How the figures are counted"),
        },
        "columns": {
            "figures": [gettext("Figure"), str(one.year), str(one.year - 1), gettext("Change"), gettext("Unit"), gettext("Remark")],
            "own": [gettext("Figure"), str(one.year), str(one.year - 1), gettext("Unit"), gettext("Remark")],
            "checks": [gettext("Weight"), gettext("What the check looks at"), gettext("What it found")],
            "definitions": [gettext("Figure"), gettext("Code and version"), gettext("What is counted"), gettext("Source")],
        },
        "figures": figures, "own": _own_said(case), "series": drawn, "checks": [_explained(row) for row in case.parts["checks"][1:]], "comment": one.comment,
        "definitions": [
            [known[code].name.say(case.language), f"{code} {known[code].version}", known[code].numerator.say(case.language), known[code].sourced(case.language)]
            for code in COUNTINGS if code in known
        ],
        "digest": gettext("Fingerprint of the figures: %(digest)s") % {"digest": one.digest} if one.digest else "",
    }  # fmt: skip


def as_paper(case: Dossier) -> bytes:
    """PDF/UA-1 without a name of any participant."""
    with override(case.language):
        return pdf("one_account.typ", _content(case))


def as_archive(case: Dossier) -> bytes:
    """Paper, workbook, JSON and each part as CSV; the same case gives the same files, but for the clock in a workbook."""
    out = io.BytesIO()
    files = {"regnskab.pdf": as_paper(case), "regnskab.xlsx": as_workbook(case), "regnskab.json": as_json(case)}
    files |= {f"csv/{name}.csv": export(rows, Format.CSV) for name, rows in case.parts.items()}
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            about = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            about.compress_type = ZIP_DEFLATED
            archive.writestr(about, content)
    return out.getvalue()


FORMS = {
    "pdf": (as_paper, "application/pdf"), "xlsx": (as_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (as_json, "application/json"), "zip": (as_archive, "application/zip"),
}  # fmt: skip
