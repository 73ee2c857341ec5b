"""Stored results from files, folders and standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pgproof.judge.result import Result
from pgproof.model.errors import UsageError
from pgproof.reports.stored import load

STANDARD_INPUT = "-"
SHOWN = 10
"""How many files that are no results are named."""


def find(named: Sequence[str]) -> list[str]:
    """Return the files that are named; a folder stands for all `*.json` in it and below, sorted by path.

    Raises UsageError for a folder without any, and when standard input is named twice.
    """
    if named.count(STANDARD_INPUT) > 1:
        raise UsageError("standard input can be read only once", "Name a file for the other result.")
    return [file for name in named for file in _files(name)]


def _files(name: str) -> Iterator[str]:
    if name == STANDARD_INPUT or not Path(name).is_dir():
        yield name
        return
    found = sorted(path for path in Path(name).rglob("*.json") if path.is_file())
    if not found:
        raise UsageError(f"there is no stored result in {name}: no file there ends in .json")
    yield from map(str, found)


def load_all(files: Sequence[str]) -> list[tuple[str, Result]]:
    """Return the stored results, each with its file's name. Raises UsageError that tells of every file that is none."""
    results: list[tuple[str, Result]] = []
    errors: list[UsageError] = []
    for file in files:
        try:
            results.append((file, load(_read(file))))
        except UsageError as error:
            errors.append(UsageError(f"{file}: {error.problem}", error.way_out))
    if not errors:
        return results
    if len(errors) == 1:
        raise errors[0]
    told = [error.problem for error in errors[:SHOWN]] + [f"… and {len(errors) - SHOWN} more"] * (len(errors) > SHOWN)
    raise UsageError(
        f"{len(errors)} of {len(files)} files are no stored results that this version reads",
        "\n".join([*told, "Name only files that pgproof check --format json=FILE has stored."]),
    )


def _read(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"this is not a stored result: byte {error.start + 1} is not UTF-8") from error
