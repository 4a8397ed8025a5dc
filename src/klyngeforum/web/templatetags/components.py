"""The house's components as template tags: icon, badge, alert, spark, field, menu."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.forms import BoundField, CheckboxInput, Select, Textarea
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from klyngeforum.web.components import acts, numbers
from klyngeforum.web.components.figures import spark_points
from klyngeforum.web.components.laying import way_to_lay
from klyngeforum.web.components.menu import Link, menu_of
from klyngeforum.web.components.places import place_said

register = template.Library()
register.filter("grouped", numbers.grouped)
register.filter("kroner", numbers.kroner)
register.filter("share", numbers.share)
register.filter("day", numbers.day)
register.filter("place_said", place_said)
register.filter("act_done", acts.done)
register.filter("act_by", acts.who)


@register.simple_tag
def icon(name: str, classes: str = "icon-svg") -> SafeString:
    """An icon of the design system; decoration only, so hidden from screen readers."""
    sprite = static("vendor/dkfds/img/all-svg-icons.svg")
    classes = classes if "icon-svg" in classes else f"icon-svg {classes}"
    return format_html(
        '<svg class="{}" focusable="false" aria-hidden="true"><use href="{}#{}"></use></svg>', classes, sprite, name
    )


@register.simple_tag
def mark_svg() -> SafeString:
    return format_html('<img class="brand__mark" src="{}" alt="" width="36" height="36">', static("house/mark.svg"))


@register.simple_tag
def badge(variant: str, words: str) -> SafeString:
    return format_html('<span class="badge badge-{}">{}</span>', variant, words)


@register.inclusion_tag("components/alert.html")
def alert(variant: str, text: str, heading: str = "") -> dict[str, str]:
    known = variant if variant in ("info", "success", "warning", "error") else "info"
    return {"variant": known, "text": text, "heading": heading}


@register.simple_tag
def spark(values: Sequence[float], label: str = "") -> SafeString:
    """A small trend line beside a figure; the table of the same numbers is behind the figure."""
    if len(values) < 2:
        return SafeString("")
    return format_html(
        '<svg class="spark" viewBox="0 0 120 28" aria-hidden="true" focusable="false"><polyline points="{}"/></svg>',
        spark_points(values),
    )


@register.inclusion_tag("components/field.html")
def field_row(field: BoundField, plain: bool = False) -> dict[str, object]:
    """A form field with label, hint and errors as the design system marks it up."""
    widget = field.field.widget
    kind = "checkbox" if isinstance(widget, CheckboxInput) else "select" if isinstance(widget, Select) else "input"
    own = [one for one in str(widget.attrs.get("class", "")).split() if not one.startswith("form-")]
    widget.attrs["class"] = " ".join([{"checkbox": "form-checkbox", "select": "form-select"}.get(kind, "form-input"), *own])  # fmt: skip
    widget.attrs.pop("placeholder", None)  # the label says it; that of allauth says it again in other words
    if isinstance(widget, Textarea):
        widget.attrs.setdefault("rows", 4)
    described = [f"{field.id_for_label}-hint"] * bool(field.help_text) + [f"{field.id_for_label}-error"] * bool(
        field.errors
    )
    if described:
        widget.attrs["aria-describedby"] = " ".join(described)
    if field.errors:
        widget.attrs["aria-invalid"] = "true"
    return {"field": field, "kind": kind, "plain": plain}


@register.simple_tag(takes_context=True)
def menu(context: Context) -> list[Link]:
    return menu_of(context["request"])


@register.inclusion_tag("components/lay.html", takes_context=True)
def lay_before(context: Context) -> dict[str, str]:
    """The secretariat's way to lay the page before a meeting; nothing for others."""
    return {"way": way_to_lay(context["request"])}


@register.simple_tag
def part_name(things: Sequence[object], nth: int) -> str:
    """The name of the nth of some things, for the heading that stands in each cell on the phone."""
    return str(getattr(things[nth], "name", "")) if nth < len(things) else ""


@register.filter
def rounded(value: float) -> str:
    """A computed number to its nearest whole, as the reader's language writes it."""
    return numbers.grouped(round(value))


@register.filter
def decimals(value: float | None, places: int) -> str:
    """So many decimals, a true minus sign; nothing known is a dash."""
    nothing = value is not None and round(value, places) == 0
    return numbers.grouped(0.0 if nothing else value, places).replace("-", "−")


@register.filter
def unlocalized(value: float) -> str:
    """A number as SVG wants it: a point, no grouping."""
    return repr(value)


@register.filter
def signed(value: int) -> str:
    """A change with its sign: +12, −3."""
    return f"+{numbers.grouped(value)}" if value > 0 else numbers.grouped(value).replace("-", "−")
