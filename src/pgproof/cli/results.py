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
    """Return the files that are named; a folder stands for the `*.json` in it and in the folders directly below.

    That is how CI systems lay out what several jobs have stored.

    Raises UsageError for a folder without any, and when standard input is named twice.
    """
    if named.count(STANDARD_INPUT) > 1:
        raise UsageError("standard input can be read only once", "Name a file for the other result.")
    return [file for name in named for file in _files(name)]


def _files(name: str) -> Iterator[str]:
    if name == STANDARD_INPUT or not Path(name).is_dir():
        yield name
        return
    folder = Path(name)
    found = sorted(path for pattern in ("*.json", "*/*.json") for path in folder.glob(pattern) if path.is_file())
    if not found:
        raise UsageError(
            f"there is no stored result in {name}: no file in it, or in a folder directly below, ends in .json",
            "Store one with: pgproof check --format json=result.json",
        )
    yield from map(str, found)


def load_all(files: Sequence[str]) -> list[tuple[str, Result]]:
    """Return the stored results, each with its file's name. Raises UsageError that tells of every file that is none."""
    results: list[tuple[str, Result]] = []
    errors: list[UsageError] = []
    for file in files:
        try:
            results.append((file, _load(file)))
        except UsageError as error:
            errors.append(error)
    if not errors:
        return results
    if len(errors) == 1:
        raise errors[0]
    told = [error.problem for error in errors[:SHOWN]] + [f"… and {len(errors) - SHOWN} more"] * (len(errors) > SHOWN)
    raise UsageError(
        f"{len(errors)} of {len(files)} files are no stored results that this version reads",
        "\n".join([*told, "Name only files that pgproof check --format json=FILE has stored."]),
    )


def _load(file: str) -> Result:
    try:
        content = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
        return load(content.decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: this is not a stored result: byte {error.start + 1} is not UTF-8") from error
    except UsageError as error:
        raise UsageError(f"{file}: {error.problem}", error.way_out) from error
