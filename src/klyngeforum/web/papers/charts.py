"""Charts for paper: Vega-Lite specifications drawn as SVG by vl-convert, with the house's typeface, colours and Danish numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

import vl_convert as vlc

from .setting import fonts

INK, PETROL, TINT = "#1a1a1a", "#104e5b", "#2f8f86"
_LOCALES: dict[str, Literal["da-DK", "en-GB"]] = {"da": "da-DK", "en": "en-GB"}
_DRESS = {
    "font": "IBM Plex Sans",
    "view": {"stroke": None},
    "axis": {
        "domain": False, "ticks": False, "grid": False, "labelColor": INK, "labelFontSize": 11, "labelLimit": 260, "labelPadding": 8,
    },
}  # fmt: skip
_NO_AXIS = {"title": None, "axis": None}


@lru_cache(maxsize=1)
def _registered() -> bool:
    vlc.register_font_directory(str(fonts()))
    return True


def _svg(spec: Mapping[str, object], language: str) -> str:
    _registered()
    return str(vlc.vegalite_to_svg({**spec, "config": _DRESS}, vl_version="6.4", format_locale=_LOCALES[language]))


def _words(field: str, **mark: object) -> dict[str, object]:
    """The number itself, written at its mark."""
    return {
        "mark": {"type": "text", "fontSize": 11, "color": INK, **mark},
        "encoding": {"text": {"field": field, "type": "quantitative", "format": ","}},
    }


def years(
    series: Mapping[int, int], *, goal: int | None, chosen: int, language: str, width: int = 470, height: int = 120
) -> str:
    """Columns over the years with their numbers; the goal as a line, the year of the account in full colour."""
    rows = [{"year": str(year), "value": value, "chosen": year == chosen} for year, value in sorted(series.items())]
    place = {
        "x": {"field": "year", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}},
        "y": {"field": "value", "type": "quantitative", **_NO_AXIS},
    }
    colour = {"condition": {"test": "datum.chosen", "value": PETROL}, "value": TINT}
    columns = {"mark": {"type": "bar", "width": {"band": 0.62}}, "encoding": {"color": colour}}
    layers: list[dict[str, object]] = [
        {"data": {"values": rows}, "encoding": place, "layer": [columns, _words("value", dy=-7)]}
    ]
    if goal is not None:
        level = {"y": {"field": "goal", "type": "quantitative", **_NO_AXIS}}
        rule = {"mark": {"type": "rule", "strokeDash": [4, 3], "color": INK}}
        layers.append(
            {
                "data": {"values": [{"goal": goal}]},
                "encoding": level,
                "layer": [rule, _words("goal", align="left", x=0, dy=-6)],
            }
        )
    return _svg({"width": width, "height": height, "layer": layers}, language)


def bars(rows: Sequence[tuple[str, int]], *, language: str, width: int = 300) -> str:
    """Lying bars, in the order given, each with its name and number."""
    place = {
        "y": {"field": "name", "type": "nominal", "sort": None, "title": None},
        "x": {"field": "value", "type": "quantitative", **_NO_AXIS},
    }
    drawn = {"mark": {"type": "bar", "color": PETROL, "height": {"band": 0.7}}}
    spec = {
        "width": width, "height": {"step": 19}, "data": {"values": [{"name": name, "value": value} for name, value in rows]},
        "encoding": place, "layer": [drawn, _words("value", align="left", dx=4)],
    }  # fmt: skip
    return _svg(spec, language)
