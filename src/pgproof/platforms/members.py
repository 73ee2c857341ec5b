"""Which extension makes an object of a name: of the well-known ones, most of which have a stand-in.

`members.json` lists what each stand-in makes; a test compares it with what a server says, and writes it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from pgproof.platforms.known import known_with

KINDS = ("access method", "function", "operator", "operator class", "relation", "schema", "text search object", "type")
FILE = Path(__file__).with_name("members.json")


def extensions_with(kind: str, schema: str, name: str) -> tuple[str, ...]:
    """Return the extensions that make an object of this kind (one of `KINDS`) and name, sorted.

    `schema` is where it is looked for, `""` for the search path. An extension that makes its objects in a schema of its
    own makes them nowhere else. An operator's name has the types of its arguments: `text % text`.
    """
    wanted = {name, f"{schema}.{name}"} if schema else {name}
    found = tuple(extension for extension, kinds in _members().items() if wanted & kinds.get(kind, frozenset()))
    return found or known_with(kind, schema, name)


@cache
def _members() -> dict[str, dict[str, frozenset[str]]]:
    listed = json.loads(FILE.read_text(encoding="utf-8"))
    return {extension: {kind: frozenset(names) for kind, names in kinds.items()} for extension, kinds in listed.items()}


def schemas_of(extension: str) -> frozenset[str]:
    """Return the schemas that an extension makes for itself."""
    return _members().get(extension, {}).get("schema", frozenset())
