"""Pieces of evidence: each is a type, with one function that gathers it from other pieces.

A part's file holds its frozen dataclass and the function that gathers it, decorated with `@gathers`. The function's
parameter types say what it needs, its return type what it provides. Checks ask for parts the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pgproof.model import Gap, Proof

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Absent:
    """A part that is not there. `gap` says why; it blocks when the evidence was offered and could not be used."""

    gap: Gap


class Unavailable(Exception):  # noqa: N818 - it says what the part is, not that someone erred
    """Raised by a gathering function: the part cannot be had, for the reason in `gap`."""

    def __init__(self, gap: Gap) -> None:
        """Say why."""
        super().__init__(gap.reason)
        self.gap = gap


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one part is gathered, and how what it says is known (`None`: it is a means, and says nothing itself)."""

    gather: Callable[..., Any]
    proof: Proof | None


RECIPES: dict[type, Recipe] = {}


def gathers(part: type[T], proof: Proof | None) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Register the decorated function as the one that gathers `part`."""

    def register(gather: Callable[..., T]) -> Callable[..., T]:
        RECIPES[part] = Recipe(gather, proof)
        return gather

    return register
