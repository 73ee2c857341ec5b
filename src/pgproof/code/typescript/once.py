"""What is found out while a file is read is found out once, with the same arguments of the functions around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar, cast

from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.known import STEPS, Ref

T = TypeVar("T")
_MANY = 40
"""Files: what asks for more is not kept for each expression that leads to it."""


class Found(NamedTuple):
    """What was found, how deep in others then, what finding it again would spend, and the files that were asked for.

    The `Ref` is kept with it, so that nothing else gets its identity.
    """

    found: tuple[Any, ...]
    ref: Ref
    depth: int
    spent: int
    asked: tuple[str, ...]


def once(
    code: Codebase, kind: object, ref: Ref, node: int, depth: int, look: Callable[[], Iterable[T]]
) -> tuple[T, ...]:
    """Return what `look` finds out of a node at a place; it spends as much as it would each time.

    Nothing is kept of a search that was given up, and nothing deeper in others is taken from one that was not as deep.
    """
    key = (kind, node, ref.module.path, id(ref.given))
    before = code.found.get(key)
    if before is not None and depth <= before.depth and code.spent + before.spent <= STEPS:
        code.spent += before.spent
        code.note(before.asked)
        return cast("tuple[T, ...]", before.found)
    cut, since, spent = code.cut, code.asked(), code.spent - code.saved
    found = tuple(look())
    if code.cut == cut and code.spent <= STEPS and code.asked() - since < _MANY:
        code.found[key] = Found(found, ref, depth, code.spent - code.saved - spent, code.asked_since(since))
    return found
