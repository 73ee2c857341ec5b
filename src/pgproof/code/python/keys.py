"""The keys of a dictionary of Python code, and why there may be others."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from pgproof.code.python.module import Module
from pgproof.code.usage import Literal
from pgproof.model import Location


@dataclass(frozen=True, slots=True)
class Key:
    """A key: where it is named, the values that it may have, and whether only a type names it."""

    name: str
    location: Location
    values: tuple[Literal, ...] = ()
    typed: bool = False


@dataclass(slots=True)
class Keys:
    """All keys, those that are surely there, and why there may be others (empty: there are none)."""

    keys: dict[str, Key] = field(default_factory=dict)
    always: set[str] = field(default_factory=set)
    open: list[tuple[Location, str]] = field(default_factory=list)

    def add(self, other: Keys, *, surely: bool = True) -> None:
        """Take over what another one has; `surely`: it is always merged."""
        for name, key in other.keys.items():
            old = self.keys.get(name)
            values = (*old.values, *key.values) if old and old.values and key.values else key.values
            self.keys[name] = Key(name, key.location, values, key.typed)
        if surely:
            self.always |= other.always
        self.open += other.open


def unknown(module: Module, node: ast.AST, reason: str) -> Keys:
    """Return that there may be any keys, and why."""
    return Keys(open=[(place(module, node), reason)])


def place(module: Module, node: ast.AST) -> Location:
    """Return where a node stands."""
    line, column = module.place(module.offset(getattr(node, "lineno", 1), getattr(node, "col_offset", 0)))
    return Location(module.path, line, column)
