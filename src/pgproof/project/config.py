"""The configuration: `pgproof.toml`, or `[tool.pgproof]` in `pyproject.toml`, decoded with all mistakes at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pgproof.model import Severity
from pgproof.model.errors import UsageError
from pgproof.project.keys import KEYS, Mistake, decode
from pgproof.project.lines import line_of

FILE = "pgproof.toml"
PYPROJECT = "pyproject.toml"
_PASSWORD = re.compile(r"://[^/@:]*:[^/@]+@|\bpassword\s*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Config:
    """What the project says about itself; every field has the value that stands for "not said".

    Parameters
    ----------
    path
        The file that it was read from, relative to the root; `""` when there is none.
    migrations
        The migration directory, relative to the root; `""`: the best one found.
    layout
        How the files of `migrations` are named and recorded (a module of `migrations/layouts`); `""`: recognised.
    encoding
        How the migration files are encoded, a Python codec's name.
    live
        The live database: a URL, or `$VARIABLE` for the environment variable that holds one; `""`: none.
    base
        What was there before the first migration: a dump, a snapshot file, a URL or `$VARIABLE`; `""`: nothing.
    fail_on
        The mildest severity that makes the verdict NO-GO.
    require
        The evidence without which the verdict is UNDECIDED (`live`).
    server
        The major version to replay on; `None`: the live database's, else the best one found.
    platform
        The platform's name (`supabase`); `""`: recognised.
    ignore_schemas
        Schemas that are left out of every comparison.
    ignore
        Codes of checks that are not run, each with the reason.
    roles
        Roles of the migrations that have another name in the live database.
    replay_command
        The project's own tool, which brings an empty database up to date (`alembic upgrade head`); `""`: none.
    replay_environment
        The environment variables that `replay_command` needs.
    statement_timeout_ms
        How long one statement of a migration may take in the replay; `None`: the default.
    warnings
        What is allowed and yet unwise, a line each.
    """

    path: str = ""
    migrations: str = ""
    layout: str = ""
    encoding: str = "utf-8"
    live: str = ""
    base: str = ""
    fail_on: Severity = Severity.ERROR
    require: frozenset[str] = frozenset()
    server: int | None = None
    platform: str = ""
    ignore_schemas: tuple[str, ...] = ()
    ignore: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    replay_command: str = ""
    replay_environment: Mapping[str, str] = field(default_factory=dict)
    statement_timeout_ms: int | None = None
    warnings: tuple[str, ...] = ()


def find_root(start: Path) -> Path:
    """Return the nearest folder from `start` upwards that holds a configuration or is a repository, else `start`.

    Nothing above the repository's own folder is looked at.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or configured_in(folder):
            return folder
    return start


def configured_in(folder: Path) -> str:
    """Return the name of the file that holds a folder's configuration, `""` when it has none."""
    if (folder / FILE).exists():
        return FILE
    return PYPROJECT if _table_of(folder / PYPROJECT) is not None else ""


def read_config(root: Path) -> Config:
    """Return the configuration of the project at `root`; the empty one when it has none.

    Raises UsageError with every mistake: its line, its key, what is allowed there and what was probably meant.
    """
    own, shared = root / FILE, _table_of(root / PYPROJECT)
    if own.is_file():
        text = _text_of(own)
        config = _decode(_parse(text, FILE), text, FILE)
        unread = f"{PYPROJECT} has a [tool.pgproof] too, which is not read: {FILE} comes first"
        return config if shared is None else replace(config, warnings=(*config.warnings, unread))
    if shared is not None:
        return _decode(shared, _text_of(root / PYPROJECT), PYPROJECT, "tool.pgproof")
    return Config()


def _decode(table: dict[str, Any], text: str, path: str, prefix: str = "") -> Config:
    values, mistakes = decode(table, KEYS)
    if mistakes:
        raise _refusal(mistakes, text, path, prefix)
    return Config(path=path, warnings=_warnings(values, path), **values)


def _refusal(mistakes: list[Mistake], text: str, path: str, prefix: str) -> UsageError:
    lines = []
    for mistake in mistakes:
        number = line_of(text, ".".join(filter(None, (prefix, mistake.section))), mistake.key)
        lines.append((number or 0, f"line {number}: {mistake}" if number else str(mistake)))
    count = "a mistake" if len(lines) == 1 else f"{len(lines)} mistakes"
    return UsageError(f"{path} has {count}", "\n".join(line for _, line in sorted(lines)))


def _warnings(values: Mapping[str, Any], path: str) -> tuple[str, ...]:
    return tuple(
        f'{path}: {key} holds a password in plain text; name a variable instead: {key} = "$DATABASE_URL"'
        for key in ("live", "base")
        if _PASSWORD.search(values.get(key, ""))
    )


def _parse(text: str, path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}", "The format is described at https://toml.io.") from error


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError):
            raise UsageError(f"cannot read {path.name}: {error.strerror}") from error
        raise UsageError(
            f"cannot read {path.name}: byte {error.start + 1} is not UTF-8", "It has to be a TOML file, in UTF-8."
        ) from error


def _table_of(pyproject: Path) -> dict[str, Any] | None:
    """Return the table `[tool.pgproof]`; a file that does not mention pgproof is not even parsed."""
    try:
        mentioned = b"pgproof" in pyproject.read_bytes()
    except OSError:
        return None
    if not mentioned:
        return None
    table: object = _parse(_text_of(pyproject), pyproject.name).get("tool", {}).get("pgproof")
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{pyproject.name} has a mistake", "tool.pgproof should be a section: [tool.pgproof]")
    return table
