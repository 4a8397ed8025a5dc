"""Draw the base map of Denmark: municipality cells clipped to the coast, as SVG paths in one JSON file.

Coast: Natural Earth 1:10m (public domain) from the npm package world-atlas. Cells: the area nearest to each municipality's
representative point, so borders are approximate; an operator's official boundaries replace them.

    python tools/draw_map.py node_modules/world-atlas/countries-10m.json programme/places/municipalities.csv OUT.json
"""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path
from typing import Any

from shapely import get_parts, make_valid, voronoi_polygons
from shapely.geometry import MultiPoint, MultiPolygon, Point, Polygon
from shapely.ops import unary_union
from shapely.strtree import STRtree

DENMARK, NEIGHBOURS = "208", ("752", "276")  # ISO 3166 numeric: Denmark; Sweden, Germany
WEST, EAST, SOUTH, NORTH = 7.6, 15.5, 54.45, 57.9
WIDTH = 1000.0
STRETCH = math.cos(math.radians(56))


def project(lon: float, lat: float) -> tuple[float, float]:
    """Plate carrée with the true scale at 56° north: x to the right, y down."""
    scale = WIDTH / ((EAST - WEST) * STRETCH)
    return (lon - WEST) * STRETCH * scale, (NORTH - lat) * scale


def arcs_of(topology: dict[str, Any]) -> list[list[tuple[float, float]]]:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        lines.append(line)
    return lines


def country(topology: dict[str, Any], arcs: list[list[tuple[float, float]]], code: str) -> MultiPolygon:
    shape = next(item for item in topology["objects"]["countries"]["geometries"] if item.get("id") == code)
    groups = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]

    def ring(indices: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for index in indices:
            line = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += line[1:] if points else line
        return points

    return make_valid(MultiPolygon([Polygon(ring(group[0]), [ring(hole) for hole in group[1:]]) for group in groups]))


def path(shape: Any) -> str:
    """The polygons of a shape as one SVG path, to a tenth of a unit."""
    text = []
    for part in get_parts(shape):
        if part.geom_type == "GeometryCollection" or part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            points = [f"{x:.1f} {y:.1f}" for x, y in (project(lon, lat) for lon, lat in ring.coords[:-1])]
            text.append("M" + "L".join(points) + "Z")
    return "".join(text)


def main(atlas: str, municipalities: str, out: str) -> None:
    topology = json.loads(Path(atlas).read_text())
    arcs = arcs_of(topology)
    frame = Polygon([(WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH), (WEST, NORTH)])
    land = country(topology, arcs, DENMARK).intersection(frame).simplify(0.004)
    with Path(municipalities).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    points = {row["code"]: Point(float(row["longitude"]), float(row["latitude"])) for row in rows}
    cells = list(get_parts(voronoi_polygons(MultiPoint(list(points.values())), extend_to=frame.buffer(1))))
    tree = STRtree(cells)
    paths = {}
    for code, point in sorted(points.items()):
        cell = next(cells[index] for index in tree.query(point) if cells[index].covers(point))
        paths[code] = path(cell.intersection(land))
    around = unary_union([country(topology, arcs, code).intersection(frame) for code in NEIGHBOURS]).simplify(0.01)
    height = project(WEST, SOUTH)[1]
    document = {
        "source": "Natural Earth 1:10m (public domain) through npm world-atlas; cells around representative points of municipalities",
        "projection": {"west": WEST, "north": NORTH, "stretch": STRETCH, "scale": WIDTH / ((EAST - WEST) * STRETCH)},
        "width": WIDTH, "height": round(height, 1), "around": path(around), "cells": paths,
    }  # fmt: skip
    Path(out).write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{out}: {len(paths)} cells, {Path(out).stat().st_size // 1024} KB")


if __name__ == "__main__":
    main(*sys.argv[1:4])
