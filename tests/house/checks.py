"""The house's own rules as functions: a source tree (or the running house) in, the breaks out as readable lines."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

MODULE, FUNCTION, TEMPLATE = 400, 60, 150
FLOORS = ("ground", "registers", "records", "quality", "results", "steering", "web", "demo", "cli")
# takes in what the country itself says, before there is anybody who could do it
BEFORE_ANYBODY = {
    "places.take_in", "places.take_in_postcodes", "industries.take_in", "programme.take_in", "programme.validate",
    "programme.mark_used", "programme.note_versions", "indicators.take_in", "indicators.pin", "clusters.take_in_themes", "landscape.index_clusters", "landscape.follow",
}  # fmt: skip
# pure writing of files: no records are touched
NO_RECORDS = {"tables"}


def modules(root: Path) -> Iterator[tuple[Path, ast.Module, str]]:
    for path in sorted(root.rglob("*.py")):
        if not {"migrations", "tests", "node_modules", ".venv"} & set(path.parts):
            text = path.read_text(encoding="utf-8")
            yield path, ast.parse(text), text


def long_modules(root: Path) -> list[str]:
    return [f"{path}: {text.count(chr(10))} lines" for path, _, text in modules(root) if text.count("\n") > MODULE]


def long_functions(root: Path) -> list[str]:
    return [
        f"{path}:{node.name}: {(node.end_lineno or 0) - node.lineno + 1} lines"
        for path, tree, _ in modules(root)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > FUNCTION
    ]


def long_templates(root: Path) -> list[str]:
    return [
        str(path)
        for path in root.rglob("*.html")
        if path.read_text().count("\n") > TEMPLATE and "vendor" not in path.parts
    ]


def room_of(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:2]) if len(parts) > 2 else parts[0]


def _runtime_imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Imported module names, those for type annotations alone left out."""
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno
            for name in node.names:
                yield f"{node.module}.{name.name}", node.lineno
        elif isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno


def foreign_models(root: Path) -> list[str]:
    """A room touches only its own tables; screens touch none."""
    found = []
    for path, tree, _ in modules(root):
        own = room_of(path, root)
        for name, line in _runtime_imports(tree):
            match = re.fullmatch(r"klyngeforum\.(\w+\.\w+)\.models", name)
            if match and match.group(1) != own:
                found.append(f"{path}:{line} imports {name}")
    return found


def unsigned_actions(root: Path) -> list[str]:
    """Every action names who does it and when."""
    found = []
    for path, tree, _ in modules(root):
        if path.name != "actions.py" or path.parent.name in NO_RECORDS:
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            named = {argument.arg for argument in node.args.kwonlyargs}
            if not {"by", "at"} <= named and f"{path.parent.name}.{node.name}" not in BEFORE_ANYBODY:
                found.append(f"{path}:{node.name} takes no keyword by= and at=")
    return found


_HOLDS = {"held", "held_all", "taken", "_taken", "_held"}


def _given(function: ast.FunctionDef) -> set[str]:
    """What an action was given and still has: an argument that was read anew (``one = taken(one)``) is its own from then on."""
    names = {argument.arg for argument in function.args.kwonlyargs}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            names -= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _written(node: ast.AST) -> str:
    """Whose column an assignment sets, or whose row a call saves or deletes."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
        return node.value.id
    called = node.func if isinstance(node, ast.Call) else None
    if isinstance(called, ast.Attribute) and called.attr in ("save", "delete") and isinstance(called.value, ast.Name):
        return called.value.id
    return ""


def unheld_actions(root: Path) -> list[str]:
    """An action that writes a row that it was given holds it first: a page read it some moments ago."""
    found = []
    for path, tree, _ in modules(root):
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or not {"by", "at"} <= (given := _given(node)):
                continue
            calls = [one for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
            held = {arg.id for one in calls if one.func.id in _HOLDS for arg in one.args if isinstance(arg, ast.Name)}  # type: ignore[attr-defined]
            written = {_written(inner) for inner in ast.walk(node)} & given
            found += [f"{path}:{node.name} writes {name} and does not hold it" for name in sorted(written - held)]
    return found


def days_elsewhere(root: Path) -> list[str]:
    """A moment asked for its day by UTC's clock, where the day is meant that people in the country had: `date_of` knows it."""
    moments = {"at", "now"}
    found = []
    for path, tree, _ in modules(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "date":
                of = node.func.value
                name = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
                if name in moments or name.endswith("_at"):
                    found.append(f"{path}:{node.lineno} takes the day of {name} by UTC")
    for path in sorted(root.rglob("*.html")):
        for nth, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if ".date|" in line:
                found.append(f"{path}:{nth} takes a day by UTC: give the moment itself to |day")
    return found


def literals(root: Path, forbidden: set[str]) -> list[str]:
    """Codes of programme data written into code."""
    found = []
    for path, tree, _ in modules(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in forbidden:
                found.append(f"{path}:{node.lineno} holds {node.value!r}")
    return found


def inner_imports(root: Path) -> list[str]:
    return [
        f"{path}:{node.lineno}"
        for path, tree, _ in modules(root)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
