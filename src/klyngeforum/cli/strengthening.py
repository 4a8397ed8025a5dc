"""strengths: what the regions of a table are strong in."""

from __future__ import annotations

import json

from django.utils import timezone
from django.utils.translation import override

from klyngeforum.results.strengths.positions import INDUSTRIES, all_standings, grouping_of, limits, region_standing
from klyngeforum.results.strengths.queries import RegionalTable
from klyngeforum.results.strengths.serving import serving, together
from klyngeforum.results.strengths.side_by_side import judged
from klyngeforum.results.strengths.strategies import strategy_of
from klyngeforum.results.strengths.terms import FieldStanding, RegionStanding
from klyngeforum.web.components.strengths import day_of, field_names, region_names, rules_said, table_asked
from klyngeforum.web.public.overview import overview
from klyngeforum.web.public.strengths import View, industries_of

from .printing import Row, show
from .stopping import Options, Stop


def _rounded(value: float | None, decimals: int = 4) -> float | None:
    return None if value is None else round(value, decimals)


def _flat(row: Row) -> Row:
    """Lists in one cell."""
    return {key: ", ".join(map(str, value)) if isinstance(value, list) else value for key, value in row.items()}


def _view(options: Options) -> View:
    table = table_asked(str(options["table"]))
    if table is None:
        raise Stop("no regional table has been taken in; klyngeforum import --recipe list shows the recipes")
    if options["table"] and str(table.number) != str(options["table"]):
        raise Stop(f"there is no table {options['table']}; the newest is {table.number}")
    asked = str(options["definition"])
    definition = grouping_of(table, asked)
    if asked not in ("", INDUSTRIES) and (definition is None or definition.code != asked):
        raise Stop(f"there are no categories {asked!r} for table {table.number}")
    return View(table, definition, see_small=True)


def _field(one: FieldStanding, name: str, served: list[str]) -> Row:
    return {
        "field": one.code, "name": name, "employment": _rounded(one.employment), "workplaces": _rounded(one.workplaces), "quotient": _rounded(one.quotient),
        "low": _rounded(one.low), "high": _rounded(one.high), "strong": one.strong, "small": one.small, "held_from_public": one.held, "change": _rounded(one.change),
        "national": _rounded(one.national), "mix": _rounded(one.mix), "regional": _rounded(one.regional), "organisations": served,
    }  # fmt: skip


class _Told:
    """One region with its names and organisations."""

    def __init__(self, view: View, one: RegionStanding) -> None:
        self.view, self.one, day = view, one, day_of(view.table)
        self.names = field_names(view.table, view.definition)
        self.found = serving(view.table, on=day, least=limits(day).serving)
        self.slugs = {row.pk: row.slug for row in overview(day)}
        self.industries = [code for code in self.names if not (view.definition and view.definition.category(code))]

    def served(self, field: str) -> list[str]:
        every = together(self.found, self.one.code, industries_of(self.view, field, self.industries))
        return [self.slugs[one.cluster] for one in every if one.cluster in self.slugs]

    def fields(self) -> list[Row]:
        return [_field(one, self.names.get(one.code, one.code), self.served(one.code)) for one in self.one.fields]

    def priorities(self) -> list[Row]:
        """What the region's strategy puts first, and what speaks for it."""
        found, table, day = strategy_of(self.one.code, timezone.localdate()), self.view.table, day_of(self.view.table)
        if found is None or found.definition.classification != table.classification:
            return []
        own = region_standing(table, self.one.code, found.definition, on=day, see_small=True)
        return [{"strategy": found.code, "version": found.version, "provenance": found.provenance.value, "priority": one.priority.code, "fields": list(one.priority.fields), "support": one.support.value} for one in judged(found, own)]  # fmt: skip

    def whole(self, region_name: str) -> dict[str, object]:
        one, table = self.one, self.view.table
        growth = one.growth
        return {
            "region": one.code, "name": region_name, "year": one.year, "first_year": one.first, "employment": _rounded(one.employment),
            "table": _table(table), "definition": _definition(self.view), "fields": self.fields(),
            "growth": growth and {name: _rounded(getattr(growth, name)) for name in ("before", "change", "national", "mix", "regional")},
            "priorities": self.priorities(),
            "openings": [{"industry": near.code, "name": self.names.get(near.code, near.code), "density": _rounded(near.density), "quotient": _rounded(near.quotient), "organisations": self.served(near.code)} for near in one.openings],
            "emerging": None if one.sprouts is None else [{"industry": at.code, "before": at.before, "after": at.after, "q": _rounded(at.q, 6)} for at in one.sprouts],
            "expected_false": _rounded(one.expected_false, 2), "complexity": _rounded(one.complexity), "nearness_over_regions": one.regions,
            "stars": [{"rule_set": rule.name, "version": rule.version, "refused": rule.refused, "marks": dict(rule.marks)} for rule in rules_said(one.stars, self.names, one.regions)],
        }  # fmt: skip


def _table(table: RegionalTable) -> dict[str, object]:
    return {"number": table.number, "source": table.source, "checksum": table.checksum, "made_up": table.made_up, "taken_at": table.taken_at.isoformat()}  # fmt: skip


def _definition(view: View) -> dict[str, object]:
    one = view.definition
    return {"code": view.code, "version": one.version if one else view.table.classification, "provenance": one.provenance.value if one else ""}  # fmt: skip


def strengths(options: Options) -> int:
    """0 with what was asked for; 1 when the table has no such region or no employment."""
    how, code = str(options["format"]), options["region"]
    with override(str(options["language"])):
        view = _view(options)
        day, names = day_of(view.table), region_names(view.table)
        if code is None:
            rows: list[Row] = [
                {"region": one.code, "name": names.get(one.code, ""), "employment": _rounded(one.employment), "strengths": [field.code for field in one.strengths], "change": one.growth and _rounded(one.growth.change)}
                for one in all_standings(view.table, view.definition, on=day, see_small=True)
            ]  # fmt: skip
            show(rows if how == "json" else [_flat(row) for row in rows], how)
            return 0 if rows else 1
        found = region_standing(view.table, str(code), view.definition, on=day, see_small=True)
        if found is None:
            raise Stop(f"table {view.table.number} has no region {code!r}; its regions are: {', '.join(sorted(names))}")
        told = _Told(view, found)
        if how == "json":
            print(json.dumps(told.whole(names.get(found.code, "")), ensure_ascii=False, indent=1))
        else:
            show([_flat(row) for row in told.fields()], how)
    return 0
