"""What one run knows: parts are gathered once, on demand, in the order that their needs give."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from functools import cache
from types import NoneType, TracebackType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import pgproof.evidence
from pgproof.evidence.part import RECIPES, Absent, Unavailable
from pgproof.model import Gap, Proof

T = TypeVar("T")


class Evidence:
    """The parts of one run. A context manager: what was opened (servers, connections) is closed at its end."""

    def __init__(self, *inputs: object) -> None:
        """`inputs` are the parts that are simply given: the settings of the run."""
        self._parts: dict[type, Any] = {type(part): part for part in inputs}
        self._stack = ExitStack()
        self._parts[ExitStack] = self._stack
        for module in pkgutil.iter_modules(pgproof.evidence.__path__):
            importlib.import_module(f"{pgproof.evidence.__name__}.{module.name}")

    def give(self, part: object) -> None:
        """Add a part that is simply given, in place of gathering it."""
        self._parts[type(part)] = part

    def get(self, part: type[T]) -> T | Absent:
        """Return the part, gathered now if it was not yet, or why it is absent."""
        if part not in self._parts:
            self._parts[part] = self._gather(part)
        return cast("T | Absent", self._parts[part])

    def call(self, function: Callable[..., Any]) -> Any:
        """Call `function` with the parts that its parameter types name; `Absent` when one that it needs is absent."""
        arguments: dict[str, Any] = {}
        for name, (part, optional) in needs(function).items():
            value: Any = self.get(part)
            if isinstance(value, Absent):
                if not optional:
                    return value
                value = None
            arguments[name] = value
        return function(**arguments)

    def proof_of(self, function: Callable[..., Any]) -> Proof:
        """Return how the answer of `function` is known: the weakest method of the parts that it was given.

        A part that was had in another way than usual says so itself, by its `proof`.
        """
        parts = [(part, self.get(part)) for part, _ in needs(function).values() if part in RECIPES]
        there = [(RECIPES[part].proof, value) for part, value in parts if not isinstance(value, Absent)]
        known = (getattr(value, "proof", None) or usual for usual, value in there)
        return Proof.weakest(proof for proof in known if proof)

    def known(self, part: type[T]) -> T | None:
        """Return the part if it was needed and is there; gather nothing."""
        value = self._parts.get(part)
        return None if isinstance(value, Absent) else value

    def gathered(self) -> Iterable[tuple[type, Any]]:
        """Return the parts that were gathered or found absent so far, sorted by name."""
        return sorted(((p, v) for p, v in self._parts.items() if p in RECIPES), key=lambda pair: pair[0].__name__)

    def gaps(self) -> list[Gap]:
        """Return every gap of the parts asked for, each once: of those that are absent and of those that are there."""
        found: list[Gap] = []
        for _, value in self.gathered():
            found += [value.gap] if isinstance(value, Absent) else getattr(value, "gaps", ())
        return list(dict.fromkeys(found))

    def _gather(self, part: type[T]) -> T | Absent:
        try:
            return cast("T | Absent", self.call(RECIPES[part].gather))
        except Unavailable as unavailable:
            return Absent(unavailable.gap)

    def __enter__(self) -> Evidence:
        """Open nothing yet: parts open what they need."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what the parts opened."""
        self._stack.__exit__(kind, error, trace)


@cache
def needs(function: Callable[..., Any]) -> Mapping[str, tuple[type, bool]]:
    """Return the part that each parameter of `function` names, and whether it is optional (`Live | None`)."""
    hints = get_type_hints(function)
    hints.pop("return", None)
    return {name: _part(hint) for name, hint in hints.items()}


def _part(hint: Any) -> tuple[type, bool]:
    if get_origin(hint) in (Union, type(int | None)):
        (part,) = (argument for argument in get_args(hint) if argument is not NoneType)
        return part, True
    return hint, False
