"""What an expression can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pgproof.code.typescript.module import Module
from pgproof.code.typescript.scopes import Binding, Step

if TYPE_CHECKING:
    from tree_sitter import Node


DEPTH = 30
"""Steps from one expression to the next."""
STEPS = 4000
"""Expressions that are looked at for one usage."""


@dataclass(frozen=True)
class Given:
    """The arguments that the parameters of a function stand for in one of its calls, and this call when it is known.

    For a class it is the class that extends it, of the object that `this` is.
    """

    function: int
    values: tuple[Ref, ...]
    outer: Given | None = None
    call: Ref | None = None


class Ref(NamedTuple):
    """An expression in a module, with what the parameters around it stand for.

    A tuple, since it is made at each step of following: a frozen data class takes three times as long.
    """

    module: Module
    node: Node
    given: Given | None = None

    def __hash__(self) -> int:
        """Hash by place."""
        return hash((self.module.path, self.node.id))

    def to(self, node: Node) -> Ref:
        """Return another expression of the same place."""
        return Ref(self.module, node, self.given)


def given_to(given: Given | None, more: Given) -> Given:
    """Return the arguments of a call, those of the calls around it as the outermost."""
    if given is None:
        return more
    values = tuple(Ref(one.module, one.node, given_to(one.given, more)) for one in given.values)
    call = Ref(given.call.module, given.call.node, given_to(given.call.given, more)) if given.call is not None else None
    return Given(given.function, values, given_to(given.outer, more) if given.outer is not None else None, call)


@dataclass(frozen=True)
class Whole:
    """A module as a value: `import * as x`, `require("x")`."""

    module: Module


@dataclass(frozen=True)
class External:
    """Something of a package outside the project, or a global (`source` is empty); `name` may have members."""

    source: str
    name: str


@dataclass(frozen=True)
class Open:
    """Not known: why, the expression, and the declaration that it comes from, whose type may say more.

    `missing`: it is a member that the object literal does not have.
    """

    reason: str
    ref: Ref | None = None
    binding: Binding | None = None
    steps: tuple[Step, ...] = field(default=())
    missing: bool = False


Known = Ref | Whole | External | Open
