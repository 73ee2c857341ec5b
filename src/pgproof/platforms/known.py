"""What extensions are known to have that no stand-in makes: `extensions/known.toml` lists patterns of names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "extensions" / "known.toml"
_KINDS = {"function": "functions", "relation": "relations", "type": "types", "access method": "access methods"}
"""What the file calls the objects of each kind."""


@dataclass(frozen=True, slots=True)
class _Known:
    schemas: frozenset[str]
    names: Mapping[str, re.Pattern[str]]


def known_with(kind: str, schema: str, name: str) -> tuple[str, ...]:
    """Return the extensions that are likely to have an object of this kind and name, which no stand-in makes.

    `kind` is one of `members.KINDS`; `schema` is where the object is looked for, `""` for the search path.
    """
    return tuple(extension for extension, known in _known().items() if _has(known, kind, schema, name))


def known_schemas() -> frozenset[str]:
    """Return the schemas that these extensions have for themselves."""
    return frozenset().union(*(known.schemas for known in _known().values()))


def _has(known: _Known, kind: str, schema: str, name: str) -> bool:
    if kind == "schema":
        return name in known.schemas
    pattern = known.names.get(kind)
    return schema in known.schemas or (pattern is not None and pattern.fullmatch(name.lower()) is not None)


@cache
def _known() -> dict[str, _Known]:
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        extension: _Known(
            frozenset(said.get("schemas", ())),
            {kind: re.compile("|".join(said[names])) for kind, names in _KINDS.items() if names in said},
        )
        for extension, said in sorted(listed.items())
    }
