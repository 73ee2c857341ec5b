"""A TOML file that a person wrote, decoded by its keys, with all mistakes at once."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pgproof.model import Location
from pgproof.model.errors import UsageError
from pgproof.project.ignore import Ignore
from pgproof.project.keys import Keys
from pgproof.project.lines import line_of
from pgproof.project.sections import Mistake, decode


@dataclass(frozen=True, slots=True)
class Document:
    """A table of a TOML file: `path` is how the file is named to people, `prefix` the table's name in it."""

    path: str
    text: str
    table: dict[str, Any]
    prefix: str = ""

    def decode(self, keys: Keys) -> tuple[dict[str, Any], list[Mistake]]:
        """Return the values by field, the entries of `ignore` with their places, and every mistake."""
        values, mistakes = decode(self.table, keys)
        values["ignore"] = self._ignores(values.get("ignore", {}))
        return values, mistakes

    def refuse(self, mistakes: Sequence[Mistake]) -> None:
        """Raise UsageError with all mistakes, each with its line; do nothing when there are none."""
        refuse_all([(self, mistakes)])

    def told(self, mistakes: Sequence[Mistake]) -> list[str]:
        """Return a line for each mistake, in the order of their places."""
        lines = []
        for mistake in mistakes:
            number = mistake.line or self.line(mistake.section, mistake.key, mistake.number)
            lines.append((number, f"line {number}: {mistake}" if number else str(mistake)))
        return [line for _, line in sorted(lines)]

    def line(self, section: str, key: str, nth: int = 0) -> int:
        """Return the line of a key, 0 when it is not found."""
        return line_of(self.text, ".".join(filter(None, (self.prefix, section))), key, nth) or 0

    def _ignores(self, entries: dict[str, list[dict[str, Any]]]) -> tuple[Ignore, ...]:
        return tuple(
            Ignore(check=check, location=Location(self.path, self.line(f"ignore.{check}", "", number)), **values)
            for check, tables in entries.items()
            for number, values in enumerate(tables)
            if "reason" in values
        )


def refuse_all(mistaken: Sequence[tuple[Document, Sequence[Mistake]]]) -> None:
    """Raise UsageError with all mistakes of all files; do nothing when there are none."""
    told = [(document.path, document.told(mistakes)) for document, mistakes in mistaken if mistakes]
    if not told:
        return
    number = sum(len(lines) for _, lines in told)
    count = "a mistake" if number == 1 else f"{number} mistakes"
    if len(told) == 1:
        raise UsageError(f"{told[0][0]} has {count}", "\n".join(told[0][1]))
    lines = [f"{path}: {line}" for path, lines in told for line in lines]
    raise UsageError(f"{len(told)} files have {count}", "\n".join(lines))


def read_document(file: Path, path: str) -> Document:
    """Return the whole file; UsageError, calling it `path`, when it cannot be read or is not TOML."""
    text = read_text(file, path)
    return Document(path, text, parse(text, path))


def read_text(file: Path, path: str) -> str:
    """Return a file's text without a byte order mark."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"cannot read {path}: byte {error.start + 1} is not UTF-8", "It has to be a TOML file, in UTF-8."
        ) from error


def parse(text: str, path: str) -> dict[str, Any]:
    """Return what a TOML text holds."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}", "The format is described at https://toml.io.") from error
