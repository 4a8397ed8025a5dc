"""An organisation's line of the landscape before a meeting: critical mass, shares, middle and reach, as everybody may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from klyngeforum.ground.access.queries import Actor
from klyngeforum.registers.clusters.queries import Cluster, cluster
from klyngeforum.results.landscape.standing import standing_of
from klyngeforum.steering.meetings.terms import Kind, Part
from klyngeforum.web.components.landscape import MARKS, InLandscape, critical_said, in_landscape
from klyngeforum.web.components.numbers import day as day_said
from klyngeforum.web.components.numbers import grouped, share
from klyngeforum.web.public.cluster import landscape_day

from .shown import Asked, Shown, Tables, rests, sentences, with_head


def shown(keys: Mapping[str, str], _asked: Asked, _by: Actor, on: date) -> Shown | None:
    """Nothing of an organisation without participants; one that has closed is read on its last day, as its page does."""
    one = cluster(keys["slug"])
    if one is None:
        return None
    day = landscape_day(one, on)
    if not standing_of(one.pk, day).members:
        return None
    values = {"name": one.name}
    return Shown(
        Kind.ORGANISATION, reverse("cluster", args=[one.slug]), day,
        lambda: gettext("%(name)s in the landscape") % values, lambda: _tables(one, day),
    )  # fmt: skip


def _listed(parts: Iterable[tuple[str, int, float]]) -> str:
    return ", ".join(f"{name} {share(part)}" for name, _n, part in parts)


def _facts(here: InLandscape) -> list[list[str]]:
    one = here.one
    told = [
        (gettext("Participants"), grouped(one.members)),
        (gettext("Companies"), grouped(one.companies)),
        (gettext("Under 50 employees"), None if here.under_50 is None else share(here.under_50)),
        (gettext("SME (EU)"), None if here.sme is None else share(here.sme)),
        (gettext("Core"), here.core or None),
        (gettext("Radius, km"), grouped(round(one.core.radius_km)) if one.core else None),
        (gettext("Participants by region"), _listed(here.regions) or None),
        (gettext("Employees at the largest"), None if here.jobs is None else share(here.jobs)),
    ]
    return [[name, gettext("not told") if said is None else said] for name, said in told]


def _tables(one: Cluster, day: date) -> Tables:
    here = in_landscape(standing_of(one.pk, day), day)
    values = {"name": one.name, "day": day_said(day), "answer": critical_said(here.one)}
    lead = gettext("Critical mass of %(name)s on %(day)s: %(answer)s.") % values
    judged = ([row.mark.name, row.shown, row.mark.asked, row.words] for row in here.judged)
    counted = gettext("The register of this house, counted as of %(day)s") % {"day": day_said(day)}
    return {
        Part.SAID: sentences(lead),
        Part.STATE: with_head([gettext("What"), gettext("As it was then")], _facts(here)),
        Part.MARKS: with_head([gettext("Mark"), gettext("Stands at"), gettext("Asks for"), gettext("Read")], judged),
        Part.RESTS: rests([(gettext("Participants"), counted)], MARKS, day),
    }
