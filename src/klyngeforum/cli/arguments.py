"""What can be typed after ``klyngeforum``; no Django here, so --help answers at once."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, _SubParsersAction
from datetime import date
from typing import NoReturn

SIZES = ("small", "denmark", "europe")


class _Plain(ArgumentParser):
    """What is typed wrong gets one line that says how to go on."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"klyngeforum: {message}; see {self.prog} --help\n")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day; write it as 2027-01-01") from None


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise ArgumentTypeError(f"{text!r} is not a year; write it with four digits, such as 2012")
    return int(text)


def _few(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 10_000):
        raise ArgumentTypeError(f"{text!r} is not a number between 1 and 10000")
    return int(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise ArgumentTypeError(f"{text!r} is not a port; write a number between 1 and 65535")
    return int(text)


def _add(verbs: _SubParsersAction[_Plain], verb: str, words: str) -> ArgumentParser:
    one = verbs.add_parser(verb, help=words, description=words)
    one.add_argument("--database", metavar="URL", help="another database than the usual one (var/klyngeforum.sqlite3)")
    return one


def _rows(one: ArgumentParser, *more: str) -> None:
    one.add_argument("--format", choices=("table", "json", *more), default="table", help="how to print the rows")


def _accounts(verbs: _SubParsersAction[_Plain]) -> None:
    account = _add(
        verbs,
        "account",
        "Who has handed in the account of a year, and how far each has come; or the nation's account on paper.",
    )
    account.add_argument("year", type=_year)
    account.add_argument(
        "--pdf", metavar="FILE", help="write the national performance account of the year to this file"
    )
    account.add_argument("--cluster", metavar="SLUG", help="one organisation's account instead of the nation's")
    account.add_argument("--edition", type=_few, metavar="N", help="another edition of it than the newest")
    account.add_argument("--xlsx", metavar="FILE", help="write the organisation's account as a workbook")
    account.add_argument("--json", metavar="FILE", help="write the organisation's account as JSON")
    account.add_argument(
        "--zip", metavar="FILE", help="write the organisation's whole case: paper, workbook, tables and trail"
    )
    account.add_argument("--language", choices=("da", "en"), default="da", help="language of the paper (default: da)")
    _rows(account)

    validate = _add(verbs, "validate", "What the checks find in the accounts of a year that are handed in.")
    validate.add_argument("--year", type=_year, required=True, help="the year that the accounts are of")
    validate.add_argument("--language", choices=("da", "en"), default="da", help="language of the words")
    _rows(validate)

    reports = _add(verbs, "reports", "How far every funder's report of a year is filled from the records.")
    reports.add_argument("--year", type=_year, required=True, help="the year that the reports are of")
    reports.add_argument("--language", choices=("da", "en"), default="da", help="language of the names")
    _rows(reports, "csv")


def _studies(verbs: _SubParsersAction[_Plain]) -> None:
    study = _add(
        verbs,
        "study",
        "Effect studies: take in an extract, count a protocol that is frozen first, or have it counted where the register is.",
    )
    study.add_argument("what", choices=("run", "extract", "bundle", "take-in", "list"))
    study.add_argument(
        "thing",
        nargs="?",
        metavar="PROTOCOL|CODE|FILE",
        help="run, bundle: a protocol's file or a study's code; extract: a CSV (.gz) or Parquet file; take-in: the result.json that came back",
    )
    study.add_argument("--source", help="where the extract is from")
    study.add_argument("--out", metavar="ZIP", help="bundle: the file to write (CODE.zip)")
    _rows(study)


def _begin(verbs: _SubParsersAction[_Plain]) -> None:
    begin = _add(
        verbs,
        "begin",
        "Welcome the first person of an installation into the secretariat, and print the link to choose a password; of somebody who holds a post already, a new link.",
    )
    begin.add_argument("email", metavar="EMAIL", help="the person's address, with which they sign in")
    begin.add_argument("--name", help="the person's name")
    begin.add_argument("--organisation", metavar="NAME", help="what the secretariat is part of, such as a ministry or an agency; registered if it is not known")  # fmt: skip
    begin.add_argument("--number", default="", metavar="CVR", help="its CVR number")
    begin.add_argument("--language", choices=("da", "en"), default="da", help="the person's language (default: da)")


def _work(verbs: _SubParsersAction[_Plain]) -> None:
    work = _add(verbs, "work", "Do the long work that pages have asked for, one piece at a time, until stopped.")
    work.add_argument("--once", action="store_true", help="do what waits, then stop")


def _series(verbs: _SubParsersAction[_Plain]) -> None:
    series = _add(
        verbs, "series", "One measure over the years, with who is counted, by which definition, and where it breaks."
    )
    series.add_argument("measure", help="code of a measure")
    series.add_argument("--cluster", metavar="SLUG", help="one organisation instead of the nation")
    series.add_argument("--own", action="store_true", help="the organisation as it was, without what it carries on")
    series.add_argument(
        "--as", dest="reading", choices=("published", "known"), default="published",
        help="as the approved accounts say, or beside that what the records of the same organisations say now",
    )  # fmt: skip
    series.add_argument("--language", choices=("da", "en"), default="da", help="language of the remarks")
    _rows(series, "csv")


def _surveys(verbs: _SubParsersAction[_Plain]) -> None:
    survey = _add(verbs, "survey", "What a round of the company survey says; or send its invitations and reminders.")
    survey.add_argument("round", nargs="?", metavar="ROUND", help="company:2012 or after-project:2012:6; without one, every round is listed")  # fmt: skip
    survey.add_argument("--send", action="store_true", help="send what is due in open rounds; run it every day")
    survey.add_argument("--language", choices=("da", "en"), default="da", help="language of the words")
    _rows(survey)


def _questions(verbs: _SubParsersAction[_Plain]) -> None:
    figures = _add(verbs, "figures", "Print every national figure of a year.")
    figures.add_argument("--year", type=_year, required=True, help="the year that the figures are of")
    figures.add_argument("--measure", help="only this measure")
    figures.add_argument(
        "--by",
        choices=("region", "urbanisation", "size", "industry", "kind", "cluster"),
        help="split each measure: region or town and country as of the year, size, industry, kind of organisation",
    )
    figures.add_argument(
        "--small-numbers",
        action="store_true",
        help="tell small numbers too, which are held back in public: for those who may see the records",
    )
    figures.add_argument("--language", choices=("da", "en"), default="da", help="language of the names")
    _rows(figures, "csv")

    forecast = _add(
        verbs, "forecast", "Where each target would stand in its year if it goes on as it has, with an honest range."
    )
    forecast.add_argument("--year", type=_year, help="from the years until this one (default: the newest account)")
    forecast.add_argument("--language", choices=("da", "en"), default="da", help="language of the names")
    _rows(forecast)

    _series(verbs)


def _strengths(verbs: _SubParsersAction[_Plain]) -> None:
    strengths = _add(
        verbs, "strengths", "What the regions of a table are strong in: quotients with intervals, growth, organisations, openings, stars."
    )  # fmt: skip
    strengths.add_argument("--region", metavar="CODE", help="one region, such as 1083; without it, a row for each")
    strengths.add_argument("--table", default="", metavar="N", help="another table than the newest of the country")
    strengths.add_argument(
        "--definition", default="", metavar="CODE", help="other categories; brancher: the industries"
    )
    strengths.add_argument("--language", choices=("da", "en"), default="da", help="language of the names")
    _rows(strengths, "csv")


def _rescore(verbs: _SubParsersAction[_Plain]) -> None:
    rescore = _add(
        verbs,
        "rescore",
        "What another version of the scheme would make of every organisation's newest interview or audit; nothing is written.",
    )
    rescore.add_argument("version", help="the version, draft or not, that a crosswalk leads to")
    rescore.add_argument("--as-of", type=_day, help="as of this day (default: today)")
    rescore.add_argument("--changed", action="store_true", help="only where a label gets another answer")
    _rows(rescore)


def _standings(verbs: _SubParsersAction[_Plain]) -> None:
    places = _add(verbs, "places", "Print municipalities, landsdele, regions or growth fora as of a day.")
    places.add_argument(
        "--kind", choices=("municipality", "landsdel", "region", "growth_forum"), default="municipality"
    )
    places.add_argument("--on", type=_day, help="as of this day (default: today)")
    _rows(places)

    for verb, words in (
        ("labels", "Print every label that is valid on a day."),
        ("leagues", "Print where every organisation plays on a day, and what the rules of placement say."),
    ):
        one = _add(verbs, verb, words)
        one.add_argument("--as-of", type=_day, help="as of this day, such as 2015-12-31 (default: today)")
        _rows(one, "csv")
    for verb, words in (
        ("landscape", "How every cluster organisation stands on a day: members, core, reach, critical mass."),
        ("overlap", "Which organisations share companies and industries on a day, two by two."),
    ):
        land = _add(verbs, verb, words)
        newest = "as of this day, such as 2015-12-31 (default: today, or the newest year with records)"
        land.add_argument("--as-of", type=_day, help=newest)
        land.add_argument("--language", choices=("da", "en"), default="da", help="language of the names of places")
        _rows(land, "csv")
    _strengths(verbs)
    distance = _add(verbs, "distance", "How far a cluster organisation is from a label, and the cheapest path there.")
    distance.add_argument("cluster", help="its address (slug), or its name or a part of it")
    distance.add_argument("--label", required=True, help="code of a label in the scheme")
    distance.add_argument("--on", type=_day, help="as of this day (default: today)")
    distance.add_argument("--language", choices=("da", "en"), default="en", help="language of the scheme's names")
    _rows(distance)

    _rescore(verbs)

    report = _add(verbs, "audit-report", "Write the report of an audit as PDF.")
    report.add_argument("case", type=int, metavar="CASE", help="the number of the case")
    report.add_argument("--pdf", metavar="FILE", required=True, help="write the report to this file")
    report.add_argument("--language", choices=("da", "en"), default="da", help="language of the paper (default: da)")

    remind = _add(
        verbs,
        "remind",
        "Write by mail what is due: accounts before, at and after the deadline, what came back, labels that run out. Run it every day; nobody gets two mails on a day or is told twice.",
    )
    remind.add_argument("--on", type=_day, help="as if it were this day (default: today)")
    _rows(remind, "csv")

    _surveys(verbs)
    check = _add(verbs, "check", "Prove that the trail is whole, the figures agree and the programme is sound.")
    check.add_argument("--programme", action="store_true", help="only the programme's files; needs no database")
    check.add_argument(
        "--newest", metavar="HASH", help="the newest act as an earlier check printed it: it must still stand"
    )
    _rows(check)


def _served(verbs: _SubParsersAction[_Plain]) -> None:
    demo = _add(verbs, "demo", "Build the made-up country and show it in the browser.")
    demo.add_argument("--size", choices=SIZES, default="denmark", help="how large a country (default: denmark)")
    demo.add_argument("--seed", type=int, default=1, help="another number gives another country (default: 1)")
    demo.add_argument("--no-serve", action="store_true", help="only build it")
    demo.add_argument("--again", action="store_true", help="build it anew even if it stands already")
    demo.add_argument("--port", type=_port, default=8000, help="where to show it (default: 8000)")
    demo.add_argument("--host", default="127.0.0.1", help="which address to listen on (default: this machine only)")

    serve = _add(verbs, "serve", "Show the database as it is in the browser.")
    serve.add_argument("--port", type=_port, default=8000, help="default: 8000")
    serve.add_argument("--host", default="127.0.0.1", help="which address to listen on (default: this machine only)")
    serve.add_argument("--workers", type=_few, default=1, help="processes that answer (default: 1)")

    _add(verbs, "migrate", "Bring the database up to this version of the program.")


def parser() -> ArgumentParser:
    """The whole command line."""
    whole = _Plain(
        prog="klyngeforum", description="Runs a national cluster programme. Add --help after a verb to read about it."
    )
    verbs = whole.add_subparsers(dest="verb", required=True, metavar="VERB")

    _served(verbs)
    _begin(verbs)

    take_in = _add(
        verbs, "take-in", "Take in the programme (parties, targets, measures, leagues, schemes, places, industries), or a scheme's official values."
    )  # fmt: skip
    take_in.add_argument(
        "folder",
        nargs="?",
        help="the programme's folder (default: programme/), or one with official.toml or scheme.toml",
    )
    take_in.add_argument(
        "--peers", metavar="FILE", help="a table of European peers instead: country, name, field, valid until, share of the points (Excel or CSV)"
    )  # fmt: skip
    take_in.add_argument(
        "--postcodes", metavar="FILE", help="postcodes too, as CSV with the columns postnr, by, kommune_kode, lon, lat: real files then find their municipality"
    )  # fmt: skip

    brought = _add(verbs, "import", "Take in a file by a recipe: all of it or nothing; twice is the same as once.")
    brought.add_argument("--recipe", required=True, help="which recipe reads the file; 'list' shows them all")
    brought.add_argument("--dry-run", action="store_true", help="only say what would happen")
    brought.add_argument(
        "--names",
        action="store_true",
        help="list every name that was compared: whom it is like, how much (0-100), and whether it waits",
    )
    brought.add_argument("file", nargs="?", help="the file")
    brought.add_argument("--source", help="of a regional table: where it was fetched")
    _rows(brought)

    find = _add(verbs, "find", "Find organisations by name, part of a name or number.")
    find.add_argument("text", help="a name, part of a name, or a CVR number")
    find.add_argument("--limit", type=_few, default=20, help="how many at most (default: 20)")
    _rows(find)

    _questions(verbs)
    _standings(verbs)
    _studies(verbs)
    _work(verbs)
    _accounts(verbs)
    return whole
