"""Presets: what a database has on a platform before the first migration runs.

A preset is a TOML file in this folder and, beside it, a folder of the same name with the SQL that it lists.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from pgproof.model.errors import UsageError

PLAIN = "plain"
"""PostgreSQL as it comes."""

_FOLDER = Path(__file__).parent
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform.

    Parameters
    ----------
    name
        What the configuration calls it.
    title
        What people call it.
    sql
        Statements that a superuser runs in an empty database that the role `postgres` owns.
    schemas
        The platform's own schemas: what they hold is left out of a comparison.
    extensions
        Extensions that the platform itself has installed; a project may create them again with IF NOT EXISTS.
    extension_schemas
        The schemas in which the platform makes some extensions, whatever a statement says.
    roles
        The platform's own roles.
    api_roles
        The roles that requests arrive as: with a public key, or with a user's token.
    paths
        Files and folders of a project that show the platform.
    uses, makes
        Patterns: migrations that use what the platform brings show it, unless they make it themselves.
    digest
        Changes when anything above does.
    """

    name: str
    title: str
    sql: str
    schemas: tuple[str, ...]
    extensions: tuple[str, ...]
    roles: tuple[str, ...]
    api_roles: tuple[str, ...]
    paths: tuple[str, ...]
    uses: str
    makes: str
    digest: str
    extension_schemas: Mapping[str, str] = field(default_factory=dict)


def names() -> tuple[str, ...]:
    """Return the names of all platforms, sorted."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


@cache
def load(name: str) -> Platform:
    """Read a preset.

    Raises
    ------
    UsageError
        There is no platform of this name.
    """
    if name not in names():
        close = get_close_matches(name, names(), 1)
        raise UsageError(
            f"there is no platform {name!r}",
            (f"Did you mean {close[0]!r}? " if close else "") + f"Known are {', '.join(names())}.",
        )
    text = (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    preset = tomllib.loads(text)
    sql = "\n".join((_FOLDER / name / file).read_text(encoding="utf-8") for file in preset.get("sql", ()))
    return Platform(
        name=name,
        title=preset["title"],
        sql=sql,
        schemas=tuple(preset.get("schemas", ())),
        extensions=tuple(preset.get("extensions", ())),
        roles=tuple(preset.get("roles", ())),
        api_roles=tuple(preset.get("api_roles", ())),
        paths=tuple(preset.get("detect", {}).get("paths", ())),
        uses=preset.get("detect", {}).get("uses", ""),
        makes=preset.get("detect", {}).get("makes", ""),
        extension_schemas=preset.get("extension_schemas", {}),
        digest=hashlib.sha256(f"{text}\0{sql}".encode()).hexdigest(),
    )


def recognise(root: Path) -> str:
    """Return the platform that the files of the project at `root` show; the plain one if none does."""
    found = (name for name in names() if any((root / path).exists() for path in load(name).paths))
    return next(found, PLAIN)


def recognise_by_use(texts: Sequence[str]) -> str:
    """Return the platform whose own objects the migrations use and none of them makes; the plain one if there is none.

    What stands in comments counts for nothing.
    """
    bare = [_COMMENT.sub(" ", text) for text in texts]

    def found(pattern: str) -> bool:
        return bool(pattern) and any(re.search(pattern, text, re.IGNORECASE) for text in bare)

    used = (name for name in names() if found(load(name).uses) and not found(load(name).makes))
    return next(used, PLAIN)
