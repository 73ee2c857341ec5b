"""The search path that the project's own connection sets, when its migrations find names by that alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pgproof.evidence.chains import missing
from pgproof.evidence.limits import limit
from pgproof.migrations.observation import Replay
from pgproof.migrations.walk import walk
from pgproof.model import Location
from pgproof.model.name import ROUTINES
from pgproof.sql.quote import identifier

_MENTION = re.compile(r"search_?path|postgres(?:ql)?://[^\s\"'`]*[?&]schema=", re.IGNORECASE)
"""The last is Prisma's way to say it, in its connection string (prisma.io/docs: PostgreSQL, "Arguments")."""
_NAME = re.compile(r"\$user|[a-z_][\w$]*")
_MAY_CONNECT = re.compile(
    r"\.(?:cfg|clj|conf(?:ig)?|cs|env|exs?|go|gradle|ini|java|js|json|kt|mjs|php|properties|py|rb|rs|scala|sh|sql|tf|toml"
    r"|tsx?|xml|ya?ml)(?:\.|\Z)",
    re.IGNORECASE,
)
"""Names of code and configuration, also with an ending behind it (`config.toml.example`); not of documents."""
_LARGEST = 262_144
_TRIED = 3


@dataclass(frozen=True, slots=True)
class SearchPath:
    """A search path as SQL writes it, and the place in the project that speaks of it."""

    value: str
    location: Location


def likely_paths(replay: Replay, root: Path, migrations: str, foreign: Iterable[str]) -> tuple[SearchPath, ...]:
    """Return search paths by which the failed statements would find what they miss, the likeliest first.

    Only a project that speaks of a search path outside of its migrations (the folder `migrations`) has any: a
    connection string, a pool's settings. `foreign` are the schemas of the platform. Without such a word a name that
    cannot be found is the migration's mistake.
    """
    own = _made_by_nobody(replay)
    wanted = _wanted(replay, frozenset(foreign))
    if own or not wanted:
        return own
    known = {name.schema for name in replay.catalog.objects} | wanted | {"public", "$user"}
    named: dict[str, Location] = {}
    spoken: list[Location] = []
    for location, line in _mentions(root, migrations):
        spoken.append(location)
        schemas = list(dict.fromkeys(name for name in _NAME.findall(line) if name in known))
        if wanted.intersection(schemas):
            named.setdefault(", ".join(map(_written, schemas)), location)
    if spoken:
        named.setdefault(", ".join([*map(_written, sorted(wanted)), "public"]), spoken[0])
    # the path that holds most of what is wanted; of equals the one that was found first
    best = sorted(named, key=lambda value: -sum(schema in value for schema in wanted))
    return tuple(SearchPath(value, named[value]) for value in best[:_TRIED])


def _made_by_nobody(replay: Replay) -> tuple[SearchPath, ...]:
    """Return the schema that the migrations name and none of them makes, when what they make without a schema is looked
    for in it: it is what their tool's connection sets (Prisma makes the schema of its connection string itself).
    """
    assumed = {name.removeprefix("schema ") for name in replay.assumed if name.startswith("schema ")}
    homes = _homes(replay)
    for observation in replay.observations:
        missed = missing(observation) if observation.failure and not limit(observation) else None
        if missed and missed.schema in assumed and "public" in homes.get((missed.kind, missed.name), ()):
            return (SearchPath(f"{_written(missed.schema)}, public", observation.location),)
    return ()


def _wanted(replay: Replay, foreign: frozenset[str]) -> frozenset[str]:
    """Return the schemas that hold what failed statements name without a schema, and do not find."""
    homes = _homes(replay)
    return frozenset(
        schema
        for observation in replay.observations
        if observation.failure and not limit(observation) and (missed := missing(observation)) and not missed.schema
        for schema in homes.get((missed.kind, missed.name), ())
        if schema != "public" and schema not in foreign
    )


def _homes(replay: Replay) -> Mapping[tuple[str, str], set[str]]:
    homes: dict[tuple[str, str], set[str]] = {}
    for name in replay.catalog.objects:
        if name.kind in ROUTINES:
            homes.setdefault(("function", name.parts[1]), set()).add(name.schema)
        elif len(name.parts) == 2:
            for kind in ("relation", "type"):
                homes.setdefault((kind, name.parts[1]), set()).add(name.schema)
    return homes


def _mentions(root: Path, migrations: str) -> Iterator[tuple[Location, str]]:
    """Yield the rest of every line that speaks of a search path."""
    tree = walk(root)
    for folder in (tree, *tree.below()):
        if f"{folder.path}/".startswith(f"{migrations}/"):
            continue
        for name in folder.files:
            if _MAY_CONNECT.search(name):
                for number, line in enumerate(_text(folder.root / folder.path / name).splitlines(), 1):
                    if found := _MENTION.search(line):
                        yield Location(folder.join(name), number), line[found.end() :]


def _text(file: Path) -> str:
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _LARGEST:
            return ""
        text = file.read_text("utf-8", "replace")
    except OSError:
        return ""
    return text if _MENTION.search(text) else ""


def _written(schema: str) -> str:
    return '"$user"' if schema == "$user" else identifier(schema)
