"""From options and configuration to what a workflow is asked for: the command line wins."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pgproof.model import Severity
from pgproof.model.errors import UsageError
from pgproof.model.spelling import did_you_mean
from pgproof.project.comments import day
from pgproof.project.config import Config, find_root, read_config
from pgproof.project.database import base_of, given_database, is_url, live_database, named_database
from pgproof.project.keys import layout_names


def project_root(path: str | None) -> Path:
    """Return the project's root: the folder that was named, else the nearest one from here upwards.

    Raises UsageError when what was named is no folder.
    """
    if path is None:
        return find_root(Path.cwd())
    if is_url(path):
        raise UsageError("a database is no folder", "Name the database with --live URL.")
    root = Path(path)
    if root.is_file():
        raise UsageError(
            f"{path} is a file", "Name the project's folder; for one directory in it use --migrations DIR."
        )
    if not root.is_dir():
        raise UsageError(f"there is no folder {path}", "Name the project's folder, or run pgproof inside of it.")
    return root.resolve()


def merged_config(root: Path, options: Mapping[str, Any]) -> Config:
    """Return the project's configuration with the options that were given in place of its own."""
    config = read_config(root)
    changes: dict[str, Any] = {"server": options["server"]} if options["server"] else {}
    if options.get("layout"):
        changes["layout"] = _layout(options["layout"])
    if options.get("fail_on"):
        changes["fail_on"] = _fail_on(config, Severity(options["fail_on"]))
    if options["migrations"]:
        changes["migrations"] = _inside(root, options["migrations"])
    return replace(config, require=config.require | set(options.get("require", ())), **changes)


def live_of(root: Path, config: Config, live: str | None, no_live: bool) -> str | None:
    """Return the live database that was named, a URL or the absolute path of a snapshot file; `None` when none was.

    DATABASE_URL alone names nothing.
    """
    if live is not None:
        if no_live:
            raise UsageError("--live and --no-live exclude each other")
        return live_database(given_database("--live", live), Path.cwd())
    if no_live or not config.live:
        return None
    return live_database(named_database("live", config.live, os.environ, config.path, root), root)


def base(root: Path, config: Config, given: str | None, no_base: bool) -> str | None:
    """Return what was there before the first migration: a URL or the absolute path of a file, `None` for nothing."""
    if given is not None:
        if no_base:
            raise UsageError("--base and --no-base exclude each other")
        return base_of(given_database("--base", given), Path.cwd())
    if no_base or not config.base:
        return None
    return base_of(named_database("base", config.base, os.environ, config.path, root), root)


def pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    """Return the pairs of an option that may be repeated, each written as `A=B`. Raises UsageError for another one."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, other = text.partition("=")
        if not (name and equals and other):
            raise UsageError(f"{option} {text} is no pair", f"Write {option} A=B.")
        found[name] = other
    return found


def day_of(given: str | None) -> date:
    """Return the day that was given, else today's: in UTC, so that it is the same one on every machine."""
    if given is None:
        return datetime.now(UTC).date()
    read = day(given)
    if read is None:
        raise UsageError(f"--today {given} is no day", "Write it as 2027-01-31.")
    return read


def _fail_on(config: Config, asked: Severity) -> Severity:
    policy = config.policy
    if not policy.milder and asked.rank < policy.fail_on.rank:
        raise UsageError(
            f'--fail-on {asked} is milder than "{policy.fail_on}", which {policy.path} asks for', "Leave it out."
        )
    return asked


def _layout(name: str) -> str:
    known = layout_names()
    if name not in known:
        raise UsageError(
            f'there is no layout "{name}"{did_you_mean(name, known)}', f"The layouts are {', '.join(known)}."
        )
    return name


def _inside(root: Path, directory: str) -> str:
    """Return the path, relative to the root, of a directory that was named from here, or from the root."""
    for start in (Path.cwd(), root):
        if (start / directory).is_dir():
            return Path(os.path.relpath((start / directory).resolve(), root)).as_posix()
    raise UsageError(f"there is no directory {directory}", "Name the directory that holds the migration files.")
