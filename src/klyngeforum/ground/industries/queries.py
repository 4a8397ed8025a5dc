"""Codes of one version; versions are never mixed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from .models import Industry


def industries(version: str, level: int) -> QuerySet[Industry]:
    return Industry.objects.filter(version=version, level=level).order_by("code")


def by_code(version: str, code: str) -> Industry | None:
    """The code itself, or the nearest wider code that the version's table holds."""
    digits = code.replace(".", "").strip()
    wider = [digits[:length] for length in range(len(digits), 0, -1)]
    found = {industry.code: industry for industry in Industry.objects.filter(version=version, code__in=wider)}
    return next((found[one] for one in wider if one in found), None)


def section_map(version: str) -> dict[int, int]:
    """Id of every code of the version -> id of the section it lies in."""
    parents = dict(Industry.objects.filter(version=version).values_list("id", "parent_id"))

    def top(one: int) -> int:
        while (parent := parents.get(one)) is not None:
            one = parent
        return one

    return {one: top(one) for one in parents}


def section_of(column: str) -> Subquery:
    """For a queryset: the id of the section above the row's industry (levels 1 and 2 are in the tables)."""
    found = Industry.objects.filter(pk=OuterRef(column)).annotate(section=Coalesce("parent_id", "id"))
    return Subquery(found.values("section")[:1])


def titles() -> dict[int, str]:
    """Id -> title in both languages: words for finding."""
    return {pk: f"{da} {en}" for pk, da, en in Industry.objects.values_list("id", "title_da", "title_en")}


def codes_of(version: str) -> dict[int, str]:
    """Id -> code of every code of the version."""
    return dict(Industry.objects.filter(version=version).values_list("id", "code"))


def titles_by_code(version: str, language: str) -> dict[str, str]:
    """Code -> title in the language."""
    column = "title_en" if language.startswith("en") else "title_da"
    return dict(Industry.objects.filter(version=version).values_list("code", column))


def code_in(version: str, code: str) -> int | None:
    """Id of exactly this code of exactly this version."""
    return Industry.objects.filter(version=version, code=code).values_list("id", flat=True).first()


def beginning_with(prefixes: Iterable[str]) -> frozenset[int]:
    """Ids of every code of every version that begins so."""
    asked = Q()
    for prefix in prefixes:
        asked |= Q(code__startswith=prefix)
    return frozenset(Industry.objects.filter(asked).values_list("id", flat=True)) if asked else frozenset()


def versions_of(ids: Iterable[int]) -> list[str]:
    """The versions that the codes are from: more than one is a mixture."""
    return sorted(set(Industry.objects.filter(pk__in=list(ids)).values_list("version", flat=True)))


def every_version() -> list[str]:
    return sorted(set(Industry.objects.values_list("version", flat=True)))


def sections_said(ids: Iterable[int], language: str) -> dict[int, str]:
    """Industry id -> "C Manufacturing (DB07)" in the language: a section of one version is not that of another."""
    column = "title_en" if language.startswith("en") else "title_da"
    rows = Industry.objects.filter(pk__in=list(ids)).values_list("id", "code", column, "version")
    return {pk: f"{code} {title} ({version})" for pk, code, title, version in rows}
