"""Functions and procedures as calls see them: what they take, and whether they can be called at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.model import ObjectName

LANGUAGES = ("sql", "plpgsql")
"""The languages whose functions are called; what runs in another one may leave the sandbox or end the server."""
_NO_VALUES = {"internal", "trigger", "event_trigger", "cstring", "language_handler", "fdw_handler", "record", "any"}
_POLYMORPHIC = {
    "anyelement": "integer",
    "anynonarray": "integer",
    "anycompatible": "integer",
    "anycompatiblenonarray": "integer",
    "anyarray": "integer[]",
    "anycompatiblearray": "integer[]",
    "anyrange": "int4range",
    "anycompatiblerange": "int4range",
    "anymultirange": "int4multirange",
    "anycompatiblemultirange": "int4multirange",
}


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument that a call passes; its name may be empty. `is_out`: a procedure's, for which NULL is passed."""

    name: str
    type: str
    variadic: bool = False
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Routine:
    """A function or procedure that can be called."""

    name: ObjectName
    arguments: tuple[Argument, ...]
    body: str
    is_procedure: bool
    polymorphic: bool = False
    """Some argument may be of any type, and an integer was taken."""


def read_routine(thing: Object) -> Routine | str:
    """Return what a call needs to know, or why the routine is not called."""
    value = thing.attributes
    if value["language"] not in LANGUAGES:
        return f"it is written in {value['language']}"
    if value.get("result") in ("trigger", "event_trigger"):
        return "it is a trigger's"
    if value.get("window"):
        return "it is a window function"
    arguments = _arguments(thing)
    for argument in arguments:
        if argument.type in _NO_VALUES and not argument.is_out:
            return f"its argument of type {argument.type} takes no value"
    polymorphic = not _POLYMORPHIC.keys().isdisjoint(thing.name.parts[2].split(", "))
    return Routine(thing.name, tuple(arguments), str(value["body"] or ""), thing.name.kind == "procedure", polymorphic)


def _arguments(thing: Object) -> list[Argument]:
    """Join the types, which the name lists, with the names and modes."""
    types = [one for one in thing.name.parts[2].split(", ") if one]
    found: list[Argument] = []
    for text in cast("list[str]", thing.attributes["arguments"] or []):
        mode, _, rest = text.partition(" ")
        if mode == "OUT":
            if thing.name.kind == "procedure":
                found.append(Argument("", "", is_out=True))
            continue
        plain = rest if mode in ("INOUT", "VARIADIC") else text
        if not types:
            continue
        type_ = types.pop(0)
        name = plain.removesuffix(type_).strip().strip('"')
        found.append(Argument(name, _POLYMORPHIC.get(type_, type_), mode == "VARIADIC"))
    return found


def call(routine: Routine, values: tuple[str, ...]) -> str:
    """Return the statement that calls a routine with these values, each an SQL expression of its argument's type."""
    passed = ", ".join(
        f"variadic {value}" if argument.variadic else value
        for argument, value in zip(routine.arguments, values, strict=True)
    )
    name = qualified(routine.name.parts[:2])
    return f"call {name}({passed})" if routine.is_procedure else f"select {name}({passed}) limit 20"
