"""A catalog as a file: JSON, one line an attribute, sorted, so that two files can be compared by eye and in a review.

    {
    "pgproof snapshot": 1,
    "major": 16,
    "database": "app",
    "owner": "app_owner",
    "kinds": {
    "policy": ["command", "permissive", "roles"]
    },
    "objects": [
    {"kind": "policy", "name": ["public", "note", "own"], "attributes": {
    "command": "select",
    "permissive": true,
    "roles": ["public"]
    }}
    ]
    }

There are no OIDs and no clock in it: one schema gives the same bytes. An attribute that is null, and privileges that
nobody holds, are not written. `kinds` says what the pgproof that wrote the
file knew; a reader that knows other kinds or attributes refuses it, since what was never read must not count as absent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, cast

from pgproof.catalog.compare import ORDERED
from pgproof.catalog.kind import Effect
from pgproof.catalog.kinds import ALL, BY_NAME
from pgproof.catalog.object import NOT_READABLE, Catalog, Object, Value
from pgproof.model import ObjectName
from pgproof.model.errors import UsageError

FORMAT = 1
"""Counts up when the layout of the file changes."""

SHOWN = 5
"""How many kinds are named that a file was not read for."""

TAKE_AGAIN = "Take it again with this version: pgproof snapshot."


def dump(catalog: Catalog) -> str:
    """Return the catalog as the text of a snapshot file; equal catalogs give equal texts."""
    return "\n".join(_lines(catalog)) + "\n"


def load(text: str, path: str = "the snapshot") -> Catalog:
    """Return the catalog in the text of a snapshot file; `path` names the file in messages.

    Raises
    ------
    UsageError
        The text is no snapshot, is damaged (the message says where), or comes from another version of pgproof.
    """
    content = _parse(text, path)
    _check_format(content.get("pgproof snapshot"), path)
    _check_kinds(content.get("kinds"), path)
    major, owner, database = content.get("major"), content.get("owner"), content.get("database")
    if not (isinstance(major, int) and isinstance(owner, str) and isinstance(database, str)):
        _refuse(path, '"major" must be a number, "owner" and "database" texts')
    found = content.get("objects")
    if not isinstance(found, list):
        _refuse(path, '"objects" must be a list')
    objects: dict[ObjectName, Object] = {}
    for place, item in enumerate(found, 1):
        thing = _object(item, place, path)
        if thing.name in objects:
            _refuse(path, f"object {place} ({thing.name.kind} {thing.name}) is there twice")
        objects[thing.name] = thing
    return Catalog(major, owner, objects, database)


def _lines(catalog: Catalog) -> Iterator[str]:
    yield "{"
    yield f'"pgproof snapshot": {FORMAT},'
    yield f'"major": {catalog.major},'
    yield f'"database": {_json(catalog.database)},'
    yield f'"owner": {_json(catalog.owner)},'
    yield '"kinds": {'
    known = _known_attributes()
    yield from _separated([f"{_json(kind)}: {_json(attributes)}" for kind, attributes in known.items()])
    yield "},"
    yield '"objects": ['
    last = len(catalog) - 1
    for place, name in enumerate(sorted(catalog.objects)):
        yield f'{{"kind": {_json(name.kind)}, "name": {_json(name.parts)}, "attributes": {{'
        attributes = catalog.objects[name].attributes
        kept = ((written, attributes[a], nothing) for a, written, nothing in _LINES[name.kind])
        yield from _separated([f"{written}: {_json(value)}" for written, value, nothing in kept if value != nothing])
        yield "}}" if place == last else "}},"
    yield "]"
    yield "}"


def _separated(lines: list[str]) -> Iterator[str]:
    for line in lines[:-1]:
        yield line + ","
    yield from lines[-1:]


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, allow_nan=False).encode
_CONSTANTS = {None: "null", True: "true", False: "false"}
_NOTHING: dict[str, dict[str, Value]] = {
    kind.name: {a: {} if kind.attributes[a] & Effect.ROLES else None for a in sorted(kind.attributes)} for kind in ALL
}
"""The attributes of each kind, sorted, with the value that is not written."""
_LINES = {kind: [(a, _encode(a), nothing) for a, nothing in known.items()] for kind, known in _NOTHING.items()}


def _json(value: Any) -> str:
    return _CONSTANTS[value] if value is None or isinstance(value, bool) else _encode(value)


def _known_attributes() -> dict[str, list[str]]:
    return {kind: list(attributes) for kind, attributes in _NOTHING.items()}


def _parse(text: str, path: str) -> dict[str, Any]:
    try:
        content = json.loads(text, object_pairs_hook=_unique, parse_float=_no_number, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        _refuse(path, f"line {error.lineno}, column {error.colno}: {error.msg}")
    except RecursionError:
        _refuse(path, "it is nested too deeply")
    except ValueError as error:
        _refuse(path, str(error))
    if not isinstance(content, dict):
        _refuse(path, "it is JSON, but no object")
    return content


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} is there twice in one object")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number")


def _check_format(version: Any, path: str) -> None:
    if not _is_integer(version):
        _refuse(path, "it has no format number")
    if version != FORMAT:
        age, way_out = ("a newer", f"Upgrade pgproof. {TAKE_AGAIN}") if version > FORMAT else ("an older", TAKE_AGAIN)
        raise UsageError(
            f"{path} was written by {age} version of pgproof (format {version}; this one reads {FORMAT}).", way_out
        )


def _check_kinds(written: Any, path: str) -> None:
    if not isinstance(written, dict) or not all(
        isinstance(attributes, list) and all(isinstance(one, str) for one in attributes)
        for attributes in written.values()
    ):
        _refuse(path, '"kinds" must say which attributes of which kinds were read')
    known = _known_attributes()
    unknown = [
        _told(kind, read, known.get(kind)) for kind, read in sorted(written.items()) if not _holds(known, kind, read)
    ]
    if unknown:
        raise UsageError(
            f"{path} was written by a newer version of pgproof, which also reads {_several(unknown)}.",
            f"Upgrade pgproof. {TAKE_AGAIN}",
        )
    lacking = [_told(kind, has, written.get(kind)) for kind, has in known.items() if not _holds(written, kind, has)]
    if lacking:
        raise UsageError(
            f"{path} was written by an older version of pgproof, which did not read {_several(lacking)}: "
            "nobody knows what was there.",
            TAKE_AGAIN,
        )


def _holds(several: Mapping[str, list[str]], kind: str, attributes: list[str]) -> bool:
    return kind in several and set(attributes) <= set(several[kind])


def _told(kind: str, attributes: list[str], others: list[str] | None) -> str:
    """Return a kind that only one side knows, or which attributes of it only that side knows."""
    if others is None:
        return kind
    return f"{kind} ({', '.join(map(str, sorted(set(attributes) - set(others))))})"


def _several(told: list[str]) -> str:
    return ", ".join(told[:SHOWN]) + f" and {len(told) - SHOWN} more" * (len(told) > SHOWN)


def _object(item: Any, place: int, path: str) -> Object:
    if not isinstance(item, dict) or item.keys() != {"kind", "name", "attributes"}:
        _refuse(path, f'object {place} must have "kind", "name" and "attributes"')
    name, attributes = item["name"], item["attributes"]
    kind = BY_NAME.get(item["kind"]) if isinstance(item["kind"], str) else None
    if kind is None:
        _refuse(path, f"object {place} is of the unknown kind {item['kind']!r}")
    if not isinstance(name, list) or not name or not all(isinstance(part, str) for part in name):
        _refuse(path, f'object {place}: "name" must be a list of texts')
    thing = ObjectName(kind.name, tuple(name))
    nothing = _NOTHING[kind.name]
    if not isinstance(attributes, dict) or not attributes.keys() <= nothing.keys():
        _refuse(path, f"object {place} ({kind.name} {thing}) does not have the attributes of its kind")
    for attribute, least in nothing.items():
        if least is not None and not _are_privileges(attributes.get(attribute, least)):
            _refuse(path, f"object {place} ({kind.name} {thing}): {attribute!r} must map roles to lists of texts")
    if kind.name in ORDERED and not _is_integer(attributes.get(ORDERED[kind.name])):
        _refuse(path, f"object {place} ({kind.name} {thing}): {ORDERED[kind.name]!r} must be a number")
    return Object(thing, {**nothing, **cast("dict[str, Value]", attributes)})


def _are_privileges(value: Any) -> bool:
    return value == NOT_READABLE or (
        isinstance(value, dict)
        and all(isinstance(held, list) and all(isinstance(one, str) for one in held) for held in value.values())
    )


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _refuse(path: str, problem: str) -> NoReturn:
    raise UsageError(f"{path} is no usable snapshot: {problem}.", TAKE_AGAIN)
