"""A measure split by region, size, industry, type or organisation, with the names that the reader knows."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext

from klyngeforum.ground.bodies.terms import SizeBand
from klyngeforum.ground.industries.queries import sections_said
from klyngeforum.ground.places.queries import names_of
from klyngeforum.registers.clusters.queries import names as cluster_names
from klyngeforum.registers.clusters.terms import ClusterKind
from klyngeforum.results.accounts.nation import Slice, sliced


def _said(by: Slice, keys: list[object], language: str) -> dict[object, tuple[str, str]]:
    """Key of a slice -> (name, address to open), in the reader's language."""
    if by is Slice.SIZE:
        return {band.value: (gettext(band.label), "") for band in SizeBand}
    if by is Slice.KIND:
        return {kind.value: (gettext(kind.label), "") for kind in ClusterKind}
    ids = [key for key in keys if isinstance(key, int)]
    if by is Slice.REGION:
        return {pk: (name, "") for pk, name in names_of(ids, language).items()}
    if by is Slice.INDUSTRY:
        return {pk: (name, "") for pk, name in sections_said(ids, language).items()}
    return {pk: (name, reverse("cluster", args=[slug])) for pk, (slug, name) in cluster_names(ids).items()}


def slice_rows(year: int, code: str, by: Slice, language: str) -> list[tuple[str, str, int, int]]:
    """(name, address, participations, distinct), largest first; what has no place or industry is said so."""
    found = sliced(year, code, by)
    said = _said(by, [key for key, *_ in found], language)
    return [(*said.get(key, (gettext("Not known"), "")), n, distinct) for key, n, distinct in found]
