"""A measure split by region, town and country, size, industry, type or organisation, with the names that the reader knows."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.bodies.terms import SizeBand
from klyngeforum.ground.industries.queries import sections_said
from klyngeforum.ground.places.queries import names_of
from klyngeforum.registers.clusters.queries import names as cluster_names
from klyngeforum.registers.clusters.terms import ClusterKind
from klyngeforum.results.accounts.nation import Slice
from klyngeforum.results.accounts.telling import told_split


def _said(by: Slice, keys: list[object], language: str) -> dict[object, tuple[str, str]]:
    """Key of a slice -> (name, address to open), in the reader's language."""
    if by is Slice.SIZE:
        return {band.value: (gettext(band.label), "") for band in SizeBand}
    if by is Slice.KIND:
        return {kind.value: (gettext(kind.label), "") for kind in ClusterKind}
    ids = [key for key in keys if isinstance(key, int)]
    if by in (Slice.REGION, Slice.URBANISATION):
        return {pk: (name, "") for pk, name in names_of(ids, language).items()}
    if by is Slice.INDUSTRY:
        return {pk: (name, "") for pk, name in sections_said(ids, language).items()}
    return {pk: (name, reverse("cluster", args=[slug])) for pk, (slug, name) in cluster_names(ids).items()}


def slice_rows(
    year: int, code: str, by: Slice, language: str, *, seen_by: Actor, on: date
) -> list[tuple[str, str, int | None, int | None]]:
    """(name, address, participations, distinct), largest first and without numbers where the reader is not told them; what has no place or industry is said so."""
    found = told_split(year, code, by, seen_by=seen_by, on=on)
    said = _said(by, [one.key for one in found], language)
    return [(*said.get(one.key, (gettext("Not known"), "")), one.participations, one.distinct) for one in found]
