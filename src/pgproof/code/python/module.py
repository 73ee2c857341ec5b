"""A Python file as readers see it: its tree, what its names are bound to, and the modules that it imports from."""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from pgproof.code.python.bindings import Binding, bound
from pgproof.code.python.imports import candidates
from pgproof.code.source import Project

Scope: TypeAlias = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
_SCOPES = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_NOT_WALKED = frozenset({"ctx", "op", "ops", "type_comment", "kind"})
_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.ExceptHandler, ast.Match, ast.match_case)


@dataclass(eq=False)
class Module:
    """A parsed file. `imports` maps a local name to (module path as it is written, name in it or `""`, level)."""

    path: str
    source: str
    tree: ast.Module
    project: Project | None = None
    imports: dict[str, tuple[str, str, int]] = field(default_factory=dict)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes, those above before those below; operators and contexts are left out."""
        return self._walked[0]

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The parent of every node."""
        return self._walked[1]

    @cached_property
    def _walked(self) -> tuple[list[ast.AST], dict[ast.AST, ast.AST]]:
        nodes: list[ast.AST] = [self.tree]
        parents: dict[ast.AST, ast.AST] = {}
        for node in nodes:  # it grows meanwhile
            for name in node._fields:
                if name in _NOT_WALKED:
                    continue
                value = getattr(node, name, None)
                if isinstance(value, ast.AST):
                    parents[value] = node
                    nodes.append(value)
                elif isinstance(value, list):
                    for item in value:
                        if isinstance(item, ast.AST):
                            parents[item] = node
                            nodes.append(item)
        return nodes, parents

    @cached_property
    def _lines(self) -> list[int]:
        starts = [0]
        position = self.source.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.source.find("\n", position + 1)
        return starts

    @cached_property
    def _bindings(self) -> dict[ast.AST, dict[str, list[Binding]]]:
        found: dict[ast.AST, dict[str, list[Binding]]] = {}
        for node in self.nodes:
            for name, how, value in bound(node):
                scope, branch = self._scope_and_branch(node)
                found.setdefault(scope, {}).setdefault(name, []).append(Binding(how, node, value, branch))
        for names in found.values():
            for bindings in names.values():
                bindings.sort(key=lambda one: (getattr(one.node, "lineno", 0), getattr(one.node, "col_offset", 0)))
        return found

    def _scope_and_branch(self, node: ast.AST) -> tuple[ast.AST, ast.AST | None]:
        branch: ast.AST | None = None
        current = node
        while current in self.parents:
            current = self.parents[current]
            if isinstance(current, _SCOPES):
                return current, branch
            if branch is None and isinstance(current, _BRANCHES):
                branch = current
        return self.tree, branch

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place as `ast` gives it: the column counts bytes of UTF-8."""
        start = self._lines[line - 1]
        end = self._lines[line] if line < len(self._lines) else len(self.source)
        text = self.source[start:end]
        return start + (column if text.isascii() else len(text.encode()[:column].decode("utf-8", "ignore")))

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and the column, from 1, of an offset."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return where a node begins and ends."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column)

    def text(self, node: ast.expr) -> str:
        """Return the source of an expression."""
        start, end = self.span(node)
        return self.source[start:end]

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the scopes around a node, the innermost first; a class is no scope for the functions in it."""
        current, inside = node, False
        while current in self.parents:
            current = self.parents[current]
            if isinstance(current, ast.ClassDef) and inside:
                continue
            if isinstance(current, _SCOPES):
                inside = True
                yield current

    def bindings(self, name: str, at: ast.AST) -> tuple[ast.AST | None, list[Binding]]:
        """Return the scope in which a name is bound, seen from a node, and its bindings there, in their order."""
        for scope in self.scopes(at):
            bound = self._bindings.get(scope, {}).get(name)
            if bound:
                return scope, bound
        return None, []

    def top_level(self, name: str) -> list[Binding]:
        """Return the bindings of a name of the module."""
        return self._bindings.get(self.tree, {}).get(name, [])

    def attribute(self, name: str, at: ast.AST) -> list[Binding]:
        """Return the bindings of a class's own attribute, seen from a node in one of its methods."""
        current = at
        while current in self.parents:
            current = self.parents[current]
            if isinstance(current, ast.ClassDef):
                return self._bindings.get(current, {}).get(name, [])
        return []

    def assigned_to_self(self, name: str, at: ast.AST) -> list[ast.expr]:
        """Return what the methods of the class around a node assign to `self.name`."""
        current = at
        while current in self.parents:
            current = self.parents[current]
            if isinstance(current, ast.ClassDef):
                return self._self_assignments.get((current, name), [])
        return []

    @cached_property
    def _self_assignments(self) -> dict[tuple[ast.AST, str], list[ast.expr]]:
        found: dict[tuple[ast.AST, str], list[ast.expr]] = {}
        for node in self.nodes:
            for target in node.targets if isinstance(node, ast.Assign) else ():
                if isinstance(target, ast.Attribute) and isinstance(node, ast.Assign):
                    current: ast.AST | None = node
                    while current is not None and not isinstance(current, ast.ClassDef):
                        current = self.parents.get(current)
                    if current is not None:
                        found.setdefault((current, target.attr), []).append(node.value)
        return found

    def members(self, class_name: str) -> dict[str, list[Binding]]:
        """Return what a class of this module binds."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and node.name == class_name:
                return self._bindings.get(node, {})
        return {}

    def function(self, node: ast.AST) -> str:
        """Return the name of the function around a node, or `""`."""
        for scope in self.scopes(node):
            if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
                return scope.name
        return ""

    @cached_property
    def modules(self) -> Collection[str]:
        """All modules that are imported anywhere in the file, as they are written."""
        found: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
                found.update(f"{node.module}.{alias.name}" for alias in node.names)
        return found

    def imported(self, name: str) -> tuple[Module, str] | None:
        """Return the project's own module that a name was imported from, and what it is called there (`""`: itself)."""
        target = self.imports.get(name)
        if target is None or self.project is None:
            return None
        module, attribute, level = target
        if attribute:
            submodule = load(f"{module}.{attribute}" if module else attribute, level, self.path, self.project)
            if submodule is not None:
                return submodule, ""
        found = load(module, level, self.path, self.project)
        return (found, attribute) if found is not None else None


def parse(path: str, text: str, project: Project | None = None) -> Module | None:
    """Return a file's module, `None` when it is no Python that this interpreter reads."""
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "invalid escape sequence" is the project's own business
            tree = ast.parse(source)
    except (SyntaxError, ValueError, MemoryError):
        return None
    module = Module(path, source, tree, project)
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                module.imports[alias.asname or alias.name] = (node.module or "", alias.name, node.level)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                module.imports[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0],
                    "",
                    0,
                )
    return module


_parsed: dict[tuple[str, int], Module | None] = {}
"""Modules that were looked into from others, by path and content."""
_KEPT = 200


def load(module: str, level: int, importer: str, project: Project) -> Module | None:
    """Return a module of the project by the name that `importer` imports it by: relative, or below any folder above."""
    for path in candidates(module, level, importer):
        if path in project.paths and (text := project.text(path)) is not None:
            key = (path, hash(text))
            if key not in _parsed:
                if len(_parsed) > _KEPT:
                    _parsed.clear()
                _parsed[key] = parse(path, text, project)
            return _parsed[key]
    return None
