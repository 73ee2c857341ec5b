"""What readers found as JSON values: lists in the order of the fields, by their types."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from pgproof.code.usage import Call, Query, TableUse, Unread, Usage

Json = Any
"""A value that JSON can hold."""

_KINDS: tuple[type, ...] = (TableUse, Call, Query, Unread)
"""Their place is stored in front of each item."""


def encode(found: Usage | Unread) -> Json:
    """Return a usage, or what was not read, as a JSON value."""
    return [_KINDS.index(type(found)), _value(found)]


def decode(value: Json) -> Usage | Unread:
    """Return what `encode` made a value of; TypeError, ValueError, KeyError or IndexError when it is no such value."""
    kind, rest = value
    decoded: Usage | Unread = _decoder(_KINDS[kind])(rest)
    return decoded


def _value(value: Any) -> Json:
    if is_dataclass(kind := type(value)):
        return [_value(getattr(value, name)) for name in _names(kind)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(value)
    return [_value(item) for item in value] if isinstance(value, tuple) else value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _decoder(kind: type) -> Callable[[Json], Any]:
    hints = get_type_hints(kind)
    readers = [_reader(hints[name]) for name in _names(kind)]
    return lambda value: kind(*(read(item) if read else item for read, item in zip(readers, value, strict=True)))


def _reader(hint: Any) -> Callable[[Json], Any] | None:
    """Return how a value of this type is read, `None` when it is one as it stands."""
    origin, arguments = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda value: _decoder(hint)(value)  # at first use: a Literal holds others
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if origin is frozenset:
        return frozenset
    if origin is tuple and arguments[-1] is Ellipsis:
        return _list_reader(_reader(arguments[0]))
    if origin is tuple:
        return tuple
    if origin in (Union, types.UnionType):
        (one,) = (argument for argument in arguments if argument is not type(None))
        inner = _reader(one)
        return inner and (lambda value: None if value is None else inner(value))
    return None


def _list_reader(inner: Callable[[Json], Any] | None) -> Callable[[Json], Any]:
    return tuple if inner is None else lambda value: tuple(map(inner, value))
