"""What was laid before a meeting of the forum, for print: one exhibit, or the whole meeting with its exhibits in their order; nothing is
counted again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from klyngeforum.steering.meetings.queries import Laid, Meeting, pictures_of, tables_of
from klyngeforum.steering.meetings.terms import Kind, Part, Shape, Sign, Table
from klyngeforum.web.components.laying import number_columns
from klyngeforum.web.components.numbers import day
from klyngeforum.web.public.exhibits.pictures import PictureShown, picture_shown

from .setting import HOME, pdf

_WORD, _LONGEST, _ROOM = (
    18,
    48,
    96,
)  # letters: of a word and a cell before they are broken, and beside one another on a page at full size


def name_in(one: Laid, language: str) -> str:
    return one.name_en if language == "en" and one.name_en else one.name


def _weight(heading: str, cells: Sequence[str], is_number: bool) -> float:
    """How wide a column is beside the others: its longest word and its numbers stand whole, and long texts get more."""
    word = max((len(part) for text in (heading, *cells) for part in text.split()), default=1)
    long = max(map(len, cells), default=1)
    return round(max(min(word, _WORD) + 2, long + 1 if is_number else 4 * min(long, _LONGEST) ** 0.5), 1)


def _table(table: Table) -> dict[str, object]:
    numbers = number_columns(table)
    weights = [
        _weight(heading, [row[nth] for row in table.rows], numbers[nth]) for nth, heading in enumerate(table.headings)
    ]
    return {
        "part": table.part.value, "title": gettext(table.part.label), "head": table.headings, "rows": [[word or "–" for word in row] for row in table.rows],
        "wide": weights, "right": [nth for nth, is_number in enumerate(numbers) if is_number], "size": 9 if sum(weights) <= _ROOM else 8 if sum(weights) <= 1.3 * _ROOM else 7,
    }  # fmt: skip


def _picture(one: PictureShown) -> dict[str, object]:
    """The page's own drawing, dressed for paper."""
    template, drawn = {
        Shape.MATRIX: ("matrix_svg", one.matrix), Shape.INTERVALS: ("intervals", one.intervals), Shape.FOREST: ("forest_svg", one.forest),
        Shape.CURVE: ("intervals", one.intervals), Shape.BALANCE: ("love_plot", one.balance),
    }[one.shape]  # fmt: skip
    svg = str(render_to_string(f"components/{template}.html", {"drawn": drawn})).strip()
    dressed = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(">", f"><style>{_dress()}</style>", 1)  # fmt: skip
    return {
        "shape": one.shape.value, "title": one.label, "how": one.how, "svg": dressed, "alt": f"{one.label}. {one.how}", "legend": one.legend,
        "overlap": gettext(Sign.OVERLAP.label), "parallel": gettext(Sign.PARALLEL.label),
    }  # fmt: skip


@lru_cache(maxsize=1)
def _dress() -> str:
    return (HOME / "picture.css").read_text(encoding="utf-8")


def taken_back(one: Laid) -> str:
    """When, by whom and why; nothing of one that stands."""
    if not one.taken_back_at:
        return ""
    values = {"at": day(one.taken_back_at), "who": one.taken_back_by.name if one.taken_back_by else "–", "why": one.taken_back_because}  # fmt: skip
    return gettext("Taken back %(at)s by %(who)s: %(why)s") % values


def _exhibit(one: Laid, language: str) -> dict[str, object]:
    tables = tables_of(one, language)
    fixed = gettext("These are the numbers of %(at)s as of %(day)s; later counts do not move them.") % {"at": day(one.laid_at), "day": day(one.as_of)}  # fmt: skip
    facts = [
        (gettext("What was looked at"), gettext(Kind(one.kind).label)),
        (gettext("Laid by"), one.laid_by.name if one.laid_by else "–"),
        (gettext("The page as it is now"), one.address),
        (gettext("Fingerprint"), one.digest),
    ]
    few = gettext("Where only a few companies are in several organisations, a number is given as a range, for whoever reads it. Sums of the accounts stand in brackets where they are another number.")  # fmt: skip
    return {
        "number": one.position, "name": name_in(one, language), "note": one.note, "fixed": fixed, "facts": [[what, said] for what, said in facts if said],
        "said": [row[0] for table in tables if table.part is Part.SAID for row in table.rows],
        "tables": [_table(table) for table in tables if table.part is not Part.SAID], "taken_back": taken_back(one),
        "pictures": [_picture(picture_shown(drawn, language)) for drawn in pictures_of(one)], "remark": few if one.scenario_id else "",
    }  # fmt: skip


def _words(language: str) -> dict[str, object]:
    return {
        "language": language, "page": gettext("page"),
        "words": {
            "exhibit": gettext("Exhibit"), "name": gettext("Name"), "note": gettext("What it is laid for"), "page": gettext("Page"),
            "agenda": gettext("Exhibits of the meeting"), "drawn": gettext("As it was drawn"), "nothing": gettext("Nothing is laid before this meeting."),
            "not_before": gettext("The meeting does not have it before it. Below stands what it said."),
            "fixed": gettext("What is laid before a meeting is fixed in words and numbers as it was then. Later counts do not move it."),
        },
    }  # fmt: skip


def one_exhibit(one: Laid, language: str) -> bytes:
    """PDF/UA-1 of one exhibit, also of one that was taken back, which says so."""
    with override(language):
        values = {"title": one.meeting.title, "held": day(one.meeting.held_on), "nth": one.position}
        over = gettext("Exhibit %(nth)s of %(title)s, %(held)s") % values
        return pdf("exhibit.typ", {**_words(language), "title": name_in(one, language), "over": over, "one": _exhibit(one, language)})  # fmt: skip


def whole_meeting(meeting: Meeting, rows: Iterable[Laid], language: str) -> bytes:
    """PDF/UA-1 of a meeting: the list of its exhibits, then each on a page of its own; what was taken back stands in the list only."""
    with override(language):
        listed = list(rows)
        agenda = [
            {"number": one.position, "name": name_in(one, language), "note": one.note, "taken_back": taken_back(one)}
            for one in listed
        ]
        shown = [_exhibit(one, language) for one in listed if not one.taken_back_at]
        return pdf("meeting.typ", {**_words(language), "title": meeting.title, "over": day(meeting.held_on), "agenda": agenda, "shown": shown})  # fmt: skip
