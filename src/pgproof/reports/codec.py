"""Frozen dataclasses to JSON values and back, by their field types: the fields are written once, in the dataclass."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum, IntEnum
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
JsonValue = None | bool | int | str | list["JsonValue"] | dict[str, "JsonValue"]


class DecodeError(Exception):
    """A JSON value is not what its place asks for: `path` (`.findings[3].code`) grows on the way out."""

    def __init__(self, problem: str, path: str = "") -> None:
        """`problem` continues a sentence that begins with the place."""
        super().__init__(problem)
        self.problem = problem
        self.path = path


def encode(value: Any) -> JsonValue:
    """Return a dataclass as an object, a tuple as a list, an enumeration's member as its word."""
    if isinstance(value, Enum):
        return _word(value)
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if is_dataclass(value):
        return {one.name: encode(getattr(value, one.name)) for one in fields(value) if not one.metadata.get("unstored")}
    assert value is None or isinstance(value, (bool, int, str)), f"no JSON form: {type(value)}"
    return value


def decode(kind: type[T], value: JsonValue) -> T:
    """Return what `encode` made `value` of; every field must be there, except for later ones, and no other.

    Raises DecodeError.
    """
    decoded: T = _decode(kind, value)
    return decoded


def _decode(hint: Any, value: JsonValue) -> Any:
    if isinstance(hint, type) and is_dataclass(hint):
        return _decode_object(hint, value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _decode_word(hint, value)
    arguments = get_args(hint)
    if get_origin(hint) is tuple:
        return _decode_list(arguments, value)
    if NoneType in arguments:
        return None if value is None else _decode(next(a for a in arguments if a is not NoneType), value)
    if type(value) is not hint or (isinstance(value, int) and value < 0):
        raise DecodeError(f"should be {_KINDS[hint]}, not {_described(value)}")
    return value


def _decode_object(kind: type, value: JsonValue) -> Any:
    if not isinstance(value, dict):
        raise DecodeError(f"should be an object, not {_described(value)}")
    hidden = {one.name for one in fields(kind) if one.metadata.get("unstored")}
    hints = {name: hint for name, hint in _hints(kind).items() if name not in hidden}
    for key in sorted(value.keys() - hints.keys()):
        raise DecodeError("is not known", f".{key}")
    added = {one.name for one in fields(kind) if one.metadata.get("added")}
    for key in sorted(hints.keys() - value.keys() - added):
        raise DecodeError("is missing", f".{key}")
    return kind(**{key: _below(f".{key}", _decode, hint, value[key]) for key, hint in hints.items() if key in value})


def _decode_list(arguments: tuple[Any, ...], value: JsonValue) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise DecodeError(f"should be a list, not {_described(value)}")
    hints = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
    if len(hints) != len(value):
        raise DecodeError(f"should have {len(hints)} items, not {len(value)}")
    return tuple(
        _below(f"[{number}]", _decode, hint, item) for number, (hint, item) in enumerate(zip(hints, value, strict=True))
    )


def _decode_word(kind: type[Enum], value: JsonValue) -> Enum:
    words = {_word(member): member for member in kind}
    if not isinstance(value, str) or value not in words:
        raise DecodeError(f"should be one of {', '.join(map(json.dumps, words))}, not {_described(value)}")
    return words[value]


def _below(step: str, read: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except DecodeError as error:
        error.path = step + error.path
        raise


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _word(member: Enum) -> str:
    return member.name.lower() if isinstance(member, IntEnum) else str(member.value)


_KINDS = {str: "a string", bool: "true or false", int: "a whole number"}


def _described(value: JsonValue) -> str:
    names = {dict: "an object", list: "a list", NoneType: "null"}
    return names.get(type(value)) or json.dumps(value)[:60]
