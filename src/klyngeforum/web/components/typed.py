"""Fields of an account that save themselves: a comment, what explains a warning, an answer to the secretariat, nothing to report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext

from klyngeforum.ground.programme.queries import checks, measures
from klyngeforum.results.accounts.partial import opened_by
from klyngeforum.results.accounts.terms import About, Answered, Section
from klyngeforum.results.accounts.validation import stops
from klyngeforum.results.accounts.working import Missing, Work

if TYPE_CHECKING:
    from klyngeforum.results.accounts.working import Remark, Remarks


@dataclass(frozen=True, slots=True)
class Typed:
    """One field as the page shows it: where it stands on the page, what stands in it, and its turn."""

    about: str
    key: str
    text: str
    turn: int
    who: str
    row: Remark | None

    @property
    def id(self) -> str:
        return field_id(self.about, self.key)


def field_id(about: str, key: str) -> str:
    return "-".join(filter(None, (about, *key.replace("_", "-").split(":"))))


def typed(found: Remarks, about: About, key: str = "") -> Typed:
    row = found.get((about.value, key))
    who = row.by.name if row and row.by else ""
    return Typed(about.value, key, row.text if row else "", row.turn if row else 0, who, row)


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section as the account's page shows it."""

    section: Section
    name: str
    state: Answered
    count: int
    open: bool
    field: Typed

    @property
    def id(self) -> str:
        return self.field.id

    @property
    def record(self) -> str:
        """The screen where the section's records are kept."""
        return _RECORDED_AT[self.section]


_RECORDED_AT = {
    Section.PARTICIPATION: "activities", Section.MEMBERSHIP: "members", Section.COLLABORATION: "activities", Section.OUTCOMES: "outcomes",
}  # fmt: skip


def section_rows(work: Work) -> list[SectionRow]:
    return [
        SectionRow(one, gettext(one.label), state, count, one in work.sections, typed(work.remarks, About.NOTHING, one.value))
        for one, (state, count) in work.states.items()
    ]  # fmt: skip


def missing_rows(missing: list[Missing], work: Work) -> list[tuple[str, str, str]]:
    """What handing in still asks for: (place on the page, what, why)."""
    language = get_language() or "da"
    names: Mapping[str, str] = {one.code: one.name.say(language) for one in measures()}
    about = {one.code: one.name.say(language) for one in checks()}
    asked = {str(one.pk): one for one in work.asked}
    rows = []
    for one in missing:
        if one.about == About.NOTHING:
            what = gettext(Section(one.key).label)
        elif one.about == About.ANSWER:
            what = asked_about(asked[one.key].measure, asked[one.key].section)
        else:
            check, _, measure = one.key.partition(":")
            what = ": ".join(filter(None, (about.get(check, ""), names.get(measure, ""))))
        rows.append((field_id(one.about, one.key), what, gettext(one.reason)))
    return rows


def asked_about(measure: str, section: str) -> str:
    """What a question of the secretariat is about, in words."""
    language = get_language() or "da"
    if measure:
        return next((one.name.say(language) for one in measures() if one.code == measure), measure)
    return gettext(Section(section).label) if section else gettext("The whole account")


def opens(measure: str, section: str) -> str:
    """What a question opens, in words."""
    if measure:
        return ", ".join(gettext(one.label) for one in Section if one in opened_by(measure))
    return gettext(Section(section).label) if section else gettext("everything")


def what_is_missing(work: Work) -> dict[str, object]:
    """Context of the component ``missing.html``."""
    return {"missing": missing_rows(work.missing(), work), "stops": stops(work.findings)}
