"""The databases that are named: on the command line, or in the configuration. No other is ever connected to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pgproof.model.errors import UsageError
from pgproof.project.ci import in_ci

_VARIABLE = re.compile(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})", re.ASCII)
_FILE = re.compile(r"[\w./ -]+\.json")
_URL = re.compile(r"postgres(?:ql)?://", re.IGNORECASE)


def named_database(key: str, value: str, environment: Mapping[str, str], path: str, root: Path) -> str:
    """Return the URL that `key = value` of the configuration file `path` means: itself, or what `$VARIABLE` holds.

    Raises UsageError for a variable that is not set or empty: what was configured is never silently left out; in CI
    also for a file outside of the repository that `root` is in: a stranger's configuration would have it quoted.
    """
    match = _VARIABLE.fullmatch(value.strip())
    if not match:
        if in_ci(environment) and not is_url(value) and not (root / value).resolve().is_relative_to(_repository(root)):
            raise UsageError(
                f'{path} says {key} = "{value}", which is outside of the repository',
                f"Name it on the command line: --{key} {value}",
            )
        return value
    name = match[1] or match[2]
    if found := environment.get(name, "").strip():
        return found
    state = "is empty" if name in environment else "is not set"
    raise UsageError(
        f'{path} says {key} = "{value}", and the variable {name} {state}',
        f"Set it, or leave the database out with --no-{key}. In a pull request from a fork, secrets are empty.",
    )


def _repository(root: Path) -> Path:
    """Return the folder of the repository that a folder is in, else the folder itself."""
    root = root.resolve()
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)


def given_database(option: str, value: str) -> str:
    """Return the URL that was given as `option`. Raises UsageError when it is empty."""
    if not value.strip():
        raise UsageError(
            f"{option} is empty",
            "A variable was probably not set: in a pull request from a fork, secrets are empty.\n"
            "Leave the option out to check the repository alone. pgproof does not do that by itself:\n"
            "nobody would see that the database was not looked at.",
        )
    return value


def is_url(value: str) -> bool:
    """Whether `value` is a connection URL (manual, section 34.1.1.2) rather than a path."""
    return bool(_URL.match(value))


def live_database(value: str, folder: Path) -> str:
    """Return a live database as it is used: a snapshot file as an absolute path, anything else as it is.

    Raises UsageError for what looks like a file and is none.
    """
    path = folder / value
    if not is_url(value) and path.is_file():
        return str(path.resolve())
    if _FILE.fullmatch(value):
        raise UsageError(
            f"there is no snapshot file {value}", "Take one with: pgproof snapshot --live URL --output FILE"
        )
    return value


def base_of(value: str, folder: Path) -> str:
    """Return a base as it is used: a URL as it is, a file (a dump, a snapshot) as an absolute path.

    Raises UsageError when there is no such file.
    """
    if is_url(value):
        return value
    path = (folder / value).resolve()
    if not path.is_file():
        raise UsageError(
            f"the base {value} is no file", "Name a dump (pg_dump --schema-only), a snapshot file or a URL."
        )
    return str(path)
