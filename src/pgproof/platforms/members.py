"""Which extension makes an object of a name: of the extensions that have a stand-in, and so of the well-known ones.

`members.json` lists what each stand-in makes; a test compares it with what a server says, and writes it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

KINDS = ("access method", "function", "operator", "operator class", "relation", "schema", "text search object", "type")
_IN_PART = {"postgis": re.compile(r"_?st_|postgis_|geom(?:etry|collection)?from(?:ewk|wk|text|gml|kml)")}
"""What the names of functions begin with of which the stand-in has a part only."""
FILE = Path(__file__).with_name("members.json")


def extensions_with(kind: str, schema: str, name: str) -> tuple[str, ...]:
    """Return the extensions that make an object of this kind (one of `KINDS`) and name, sorted.

    `schema` is where it is looked for, `""` for the search path. An extension that makes its objects in a schema of its
    own makes them nowhere else. An operator's name has the types of its arguments: `text % text`.
    """
    wanted = {name, f"{schema}.{name}"} if schema else {name}
    found = tuple(extension for extension, kinds in _members().items() if wanted & kinds.get(kind, frozenset()))
    if found or kind != "function":
        return found
    return in_part(name)


def in_part(function: str) -> tuple[str, ...]:
    """Return the extensions that are likely to make a function of this name, and whose stand-ins have a part of all."""
    return tuple(extension for extension, names in _IN_PART.items() if names.match(function))


@cache
def _members() -> dict[str, dict[str, frozenset[str]]]:
    listed = json.loads(FILE.read_text(encoding="utf-8"))
    return {extension: {kind: frozenset(names) for kind, names in kinds.items()} for extension, kinds in listed.items()}


def schemas_of(extension: str) -> frozenset[str]:
    """Return the schemas that an extension makes for itself."""
    return _members().get(extension, {}).get("schema", frozenset())
