"""The sentences that the analysis library can raise, read from its source: every ``Unfit(...)`` part by part, what varies as a hole."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

HOLE = "\ue000"  # what only the counting knows
OPEN, CLOSE = "\ue001", "\ue002"  # around what the library itself puts in a sentence: a field, a limit, a word
LIBRARY = "klyngeanalyse"
PARTS = ("what", "where", "why", "mend")
_DEEPEST = 6


@dataclass(frozen=True)
class Said:
    """One part of one ``Unfit``: where it stands, and the ways in which it may read."""

    module: str
    line: int
    part: str
    ways: tuple[str, ...]


class Module:
    """One module of the library."""

    def __init__(self, root: Path, name: str) -> None:
        self.root, self.name = root, name
        self.tree = ast.parse(path_of(root, name).read_text(encoding="utf-8"))
        self.named = dict(_assigned(self.tree.body))
        self.functions = {one.name: one for one in self.tree.body if isinstance(one, ast.FunctionDef)}
        self.taken = {
            (alias.asname or alias.name): (node.module, alias.name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(LIBRARY)
            for alias in node.names
        }

    def imports(self) -> Iterator[str]:
        for module, name in self.taken.values():
            yield module
            if path_of(self.root, f"{module}.{name}").exists():
                yield f"{module}.{name}"

    def said(self) -> Iterator[Said]:
        for function in [one for one in ast.walk(self.tree) if isinstance(one, ast.FunctionDef)]:
            known = bindings(function)
            for node in _own(function):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Unfit":
                    given = dict(zip(PARTS, node.args, strict=False)) | {key.arg: key.value for key in node.keywords}
                    for part, value in given.items():
                        yield Said(self.name, node.lineno, str(part), tuple(_Reader(self, known).read(value)))


def path_of(root: Path, name: str) -> Path:
    alone = root.joinpath(*name.split(".")).with_suffix(".py")
    return alone if alone.exists() else root.joinpath(*name.split("."), "__init__.py")


def reached(root: Path, start: tuple[str, ...]) -> set[str]:
    """The modules that come along with these."""
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += Module(root, name).imports()
    return seen


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What stands in a function and not in one inside it."""
    waiting: list[ast.AST] = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            waiting += ast.iter_child_nodes(node)


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for one in body:
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            yield one.targets[0].id, one.value
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value:
            yield one.target.id, one.value


def bindings(function: ast.FunctionDef) -> dict[str, list[ast.expr | None]]:
    """Name -> what a function gives it; None: something that only the running knows."""
    found: dict[str, list[ast.expr | None]] = {}

    def bind(target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            found.setdefault(target.id, []).append(value)
        if isinstance(target, ast.Tuple | ast.List):
            own = (
                value.elts if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts) else None
            )
            for nth, one in enumerate(target.elts):
                bind(one, own[nth] if own else None)

    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                bind(target, node.value)
        if isinstance(node, ast.NamedExpr):
            bind(node.target, node.value)
        if isinstance(node, ast.For):
            for value in _elements(node.iter, found):
                bind(node.target, value)
    return found


def _elements(node: ast.expr, known: Mapping[str, list[ast.expr | None]]) -> list[ast.expr | None]:
    """What a loop goes through, where it is written out."""
    if isinstance(node, ast.Tuple | ast.List):
        return list(node.elts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "items" and isinstance(node.func.value, ast.Name):  # fmt: skip
        (said,) = known.get(node.func.value.id, [None])[:1]
        if isinstance(said, ast.Dict):
            return [ast.Tuple([key, value]) for key, value in zip(said.keys, said.values, strict=True) if key]
    return [None]


class _Reader:
    def __init__(self, module: Module, known: Mapping[str, list[ast.expr | None]], depth: int = 0) -> None:
        self.module, self.known, self.depth = module, known, depth

    def read(self, node: ast.expr | None) -> set[str]:
        """The ways in which an expression may read."""
        if node is None or self.depth > _DEEPEST:
            return {HOLE}
        if isinstance(node, ast.Constant):
            return {str(node.value)}
        if isinstance(node, ast.JoinedStr):
            return {"".join(parts) for parts in product(*(self._part(one) for one in node.values))}
        if isinstance(node, ast.IfExp):
            return self.read(node.body) | self.read(node.orelse)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            return set().union(*(self.read(one) for one in node.values))
        if isinstance(node, ast.Name):
            return self._name(node.id)
        return self._call(node) if isinstance(node, ast.Call) else {HOLE}

    def _part(self, node: ast.expr) -> set[str]:
        if not isinstance(node, ast.FormattedValue):
            return self.read(node)
        if node.format_spec is not None:
            return {HOLE}
        found = self.read(node.value)
        if node.conversion == ord("r"):
            found = {one if HOLE in one else repr(one) for one in found}
        return {one if HOLE in one else f"{OPEN}{one}{CLOSE}" for one in found}

    def _name(self, name: str) -> set[str]:
        deeper = _Reader(self.module, self.known, self.depth + 1)
        if name in self.known:
            return set().union(*(deeper.read(one) for one in self.known[name]))
        if name in self.module.named:
            return deeper.read(self.module.named[name])
        if name in self.module.taken:
            where, there = self.module.taken[name]
            other = Module(self.module.root, where)
            if there in other.named:
                return _Reader(other, {}, self.depth + 1).read(other.named[there])
        return {HOLE}

    def _call(self, node: ast.Call) -> set[str]:
        """Several that are joined read as one of them; a function of the module as what it returns."""
        if isinstance(node.func, ast.Attribute) and node.func.attr == "join" and isinstance(node.args[0], ast.GeneratorExp):  # fmt: skip
            return self.read(node.args[0].elt)
        if isinstance(node.func, ast.Name) and node.func.id in self.module.functions:
            function = self.module.functions[node.func.id]
            deeper = _Reader(self.module, bindings(function), self.depth + 1)
            return set().union(*(deeper.read(one.value) for one in _own(function) if isinstance(one, ast.Return)))
        return {HOLE}


@lru_cache(maxsize=1)
def modules_of(root: Path, start: tuple[str, ...]) -> tuple[str, ...]:
    """What these bring along, and every module of the methods that a study counts with."""
    whole = {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        for folder in ("bundle", "effects", "matching")
        for path in (root / LIBRARY / folder).glob("*.py")
    }
    return tuple(sorted(whole | reached(root, start)))
