"""How far it is to a label: points, minima and conditions, against own earlier values, the league and comparable organisations."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.quality.assessments import distance as distances
from klyngeforum.quality.assessments import queries
from klyngeforum.quality.assessments.distance import Comparison, Distance
from klyngeforum.quality.assessments.queries import Assessment
from klyngeforum.quality.assessments.terms import FINAL
from klyngeforum.quality.indicators.queries import versions
from klyngeforum.quality.indicators.rules import evaluate
from klyngeforum.quality.indicators.scoring import needed_points
from klyngeforum.quality.indicators.terms import Explained, Label, Rule, RuleKind, Situation, Truth, Version
from klyngeforum.quality.labels.peering import in_europe
from klyngeforum.quality.labels.queries import assessors_of, open_cases
from klyngeforum.quality.labels.queries import of_cluster as labels_of
from klyngeforum.registers.clusters.queries import Cluster, names
from klyngeforum.web.components.figures import Bullet
from klyngeforum.web.components.numbers import grouped, share
from klyngeforum.web.components.standing import boxes, filled, spider, tree
from klyngeforum.web.public.overview import ClusterRow, overview
from klyngeforum.web.serving import me, serves

from .desk import own_cluster

WITH = (
    ("liga", _("our league")),
    ("felt", _("our field")),
    ("stoerrelse", _("our size")),
    ("alle", _("the whole country")),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What both screens start from: the assessment, the version, the label asked for and the situation of today."""

    cluster: Cluster
    one: Assessment
    version: Version
    label: Label
    asked: Situation
    labels: tuple[tuple[str, str, str, bool], ...]  # code, name, truth, chosen


def _chosen(request: HttpRequest, cluster: Cluster) -> Assessment | None:
    """The assessment asked for, else the newest that is final, else the one being filled."""
    scored = {version.scheme for version in versions() if version.labels}
    rows = queries.assessments(seen_by=me(request), on=timezone.localdate()).filter(cluster=cluster, scheme__in=scored)
    wanted = request.GET.get("vurdering", "")
    if wanted:
        found = rows.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 18 else None
        if found is None:
            raise Http404
        return found
    return rows.filter(state__in=FINAL).first() or rows.first()


def standing_of(request: HttpRequest) -> Standing | None:
    """Where the organisation stands; None before its first assessment."""
    cluster, today, language = own_cluster(request), timezone.localdate(), get_language() or "da"
    one = _chosen(request, cluster)
    if one is None:
        return None
    version = queries.version_of(one)
    held = frozenset(row.label for row in labels_of(cluster.pk) if row.valid_from <= today <= row.valid_to)
    asked = distances.situation(one, seen_by=me(request), on=today, labels=held, assessors=assessors_of(one))
    truths = {label.code: evaluate(version, label, asked).truth for label in version.labels}
    wanted = request.GET.get("maerke", "")
    label = version.label(wanted) if wanted else next_label(version, truths, held)
    if label is None:
        raise Http404
    shown = tuple(
        (one_.code, one_.name.say(language), gettext(truths[one_.code].label), one_.code == label.code)
        for one_ in version.labels
    )
    return Standing(cluster, one, version, label, asked, shown)


def next_label(version: Version, truths: dict[str, Truth], held: frozenset[str]) -> Label | None:
    """The lowest label above what is held that is not met yet; else the highest."""
    best = min((one.rank for one in version.labels if one.code in held), default=10**6)
    rising = sorted(version.labels, key=lambda one: -one.rank)
    open_ones = [one for one in rising if one.rank < best and truths[one.code] is not Truth.YES]
    scored = [one for one in open_ones if _points_rule(one.requires) is not None]
    return next(iter(scored or open_ones or rising[-1:]), None)


def _points_rule(rule: Rule) -> Rule | None:
    if rule.kind in (RuleKind.SHARE, RuleKind.POINTS):
        return rule
    return next((found for part in rule.parts if (found := _points_rule(part))), None)


def _points_rests(one: Explained) -> bool:
    """Whether the condition on points rests on a placeholder."""
    own = one.kind in (RuleKind.SHARE, RuleKind.POINTS) and one.placeholder
    return own or any(_points_rests(part) for part in one.parts)


def bullet_of(found: Distance) -> Bullet | None:
    """Certain points against those that the label asks for, where it asks for any."""
    rule = _points_rule(found.label.requires)
    if rule is None:
        return None
    needed = needed_points(rule, found.points.maximum)
    part = distances.certain_share(found.points)
    note = gettext("%(share)s of %(maximum)s points") % {
        "share": share(part or 0),
        "maximum": grouped(found.points.maximum),
    }
    if found.points.unknown:
        note += " · " + gettext("%(n)s answers are not known yet: up to %(most)s points") % {
            "n": len(found.points.unknown), "most": grouped(found.points.most),
        }  # fmt: skip
    return Bullet(found.label.name.say(get_language() or "da"), found.points.least, needed, note, "#betingelser", placeholder=found.points.placeholder or _points_rests(found.explained))  # fmt: skip


def _similar(rows: list[ClusterRow], own: ClusterRow | None, how: str) -> list[int] | None:
    """Organisations to compare with; None is everybody."""
    if own is None or how == "alle":
        return None
    if how == "liga":
        return [row.pk for row in rows if row.league and row.league == own.league]
    if how == "felt":
        return [row.pk for row in rows if set(row.themes) & set(own.themes)]
    return [row.pk for row in rows if own.members / 2 <= row.members <= own.members * 2]


def _compared(found: Standing, how: str) -> Comparison:
    rows, now = overview(), timezone.now()
    own = next((row for row in rows if row.pk == found.cluster.pk), None)
    others = _similar(rows, own, how)
    return distances.compared(found.one, found.asked.answers, others, at=now, until=timezone.localdate())


def _indicator_rows(found: Standing, comparison: Comparison) -> list[dict[str, object]]:
    language, spread = get_language() or "da", {one.code: one for one in comparison.indicators}
    rows: list[dict[str, object]] = []
    for what in found.version.indicators:
        answer, against = found.asked.answer(what.code), spread.get(what.code)
        minimum = what.minimum.level if what.minimum.known else None
        below = minimum is not None and answer.level is not None and answer.level < minimum
        rows.append({
            "code": what.code, "name": what.name.say(language), "level": answer.level, "state": gettext(answer.state.label), "top": what.top,
            "minimum": minimum, "unknown_minimum": not what.minimum.known, "below": below, "excellence": what.excellence.level,
            "quartiles": against.quartiles if against else None,
        })  # fmt: skip
    return rows


@serves("assessments.fill")
def distance(request: HttpRequest) -> HttpResponseBase:
    found = standing_of(request)
    if found is None:
        return render(request, "cluster_office/no_assessment.html", {"cluster": own_cluster(request)})
    how = request.GET.get("med", "liga")
    how = how if how in dict(WITH) else "liga"
    language, person = get_language() or "da", me(request)
    measured, comparison = distances.distance(found.version, found.label, found.asked), _compared(found, how)
    series = queries.own_series(found.cluster.pk, seen_by=person, on=timezone.localdate())
    earlier = distances.earlier(found.one, found.version, seen_by=person, series=series)
    last = earlier[-1] if earlier else None
    codes = [group.code for group in found.version.groups]
    own = {group.code: distances.certain_share(points) for group, points in measured.groups}
    against = {one.code: one.quartiles for one in comparison.groups}
    titles = [f"{group.code} {group.name.say(language)}" for group in found.version.groups]
    others = [quartiles[1] if (quartiles := against.get(code)) else None for code in codes]
    context = {
        "standing": found, "measured": measured, "bullet": bullet_of(measured), "tree": tree(measured.explained, language), "how": how, "with": WITH,
        "comparison": comparison, "earlier": earlier, "last": last, "share": distances.certain_share(measured.points),
        "groups": [(title, points, own[code], last.groups.get(code) if last else None, against.get(code)) for title, code, (_group, points) in zip(titles, codes, measured.groups, strict=True)],
        "spider": spider(titles, filled(own, codes), filled(last.groups, codes) if last else [], others),
        "boxes": boxes([(title, own[code], against.get(code)) for title, code in zip(titles, codes, strict=True)]),
        "indicators": _indicator_rows(found, comparison), "named": [(names([pk])[pk][1], part) for pk, part in comparison.named],
    }  # fmt: skip
    context |= {
        "case": open_cases(seen_by=person, on=timezone.localdate()).filter(cluster=found.cluster, label=found.label.code).first(),
        "may_apply": bool(may(person, "labels.apply", found.cluster, on=timezone.localdate())),
    }  # fmt: skip
    of_ours = [found.cluster.name, found.cluster.body.name]
    context["europe"] = in_europe(of_ours, distances.certain_share(measured.points), on=timezone.localdate())
    context["boxes_height"] = 30 + 46 * len(context["boxes"])  # type: ignore[arg-type]
    return render(request, "cluster_office/distance.html", context)
