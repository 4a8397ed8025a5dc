"""The library can be installed alone: what it imports is what its own distribution asks for, and Django is not among it."""

import ast
import re
import sys
import tomllib
from pathlib import Path

HOME = Path(__file__).resolve().parents[4]
LIBRARY = HOME / "src" / "klyngeanalyse"
NAMES = {"vl_convert": "vl-convert-python"}


def _asked(listed):
    return {re.split(r"[><=\[]", one)[0] for one in listed}


def imported():
    """Names of other packages that modules of the library import at run time, tests left out."""
    found = {}
    for path in LIBRARY.rglob("*.py"):
        if "tests" in path.relative_to(LIBRARY).parts or path.name == "conftest.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                found.setdefault(name.split(".")[0], path)
    return {NAMES.get(name, name): path for name, path in found.items() if name not in sys.stdlib_module_names}


def test_what_is_imported_is_asked_for():
    house = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    alone = tomllib.loads((HOME / "packaging/klyngeanalyse/pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert alone["version"] == house["version"]
    assert alone["scripts"]["klyngeanalyse"] == house["scripts"]["klyngeanalyse"]
    assert set(alone["dependencies"]) == set(house["optional-dependencies"]["analyse"])
    extra = {name for listed in alone["optional-dependencies"].values() for name in _asked(listed)}
    assert "vl-convert-python" in _asked(alone["dependencies"])  # every run writes its charts as SVG
    missing = {
        name: str(path) for name, path in imported().items() if name not in _asked(alone["dependencies"]) | extra
    }
    assert set(missing) <= {"klyngeanalyse"} and "django" not in imported()
