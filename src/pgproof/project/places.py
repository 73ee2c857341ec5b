"""Where the keys of a document stand, and the strings in their lists."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from pgproof.model import Location
from pgproof.project.lines import lines_of
from pgproof.project.toml import Document


class Places:
    """The lines of one file's keys, found when the first is asked for."""

    def __init__(self, document: Document) -> None:
        """Look for nothing yet."""
        self._document = document
        self._prefix = tuple(filter(None, document.prefix.split(".")))
        self._lines: dict[tuple[str | int, ...], int] = {}
        self._texts: list[str] = []

    def at(self, *path: str | int) -> Location:
        """Return the place of a key."""
        return Location(self._document.path, self.of(*path))

    def of(self, *path: str | int) -> int:
        """Return the line of a key, or that of the section it is in; 0 when neither is found."""
        if not self._texts:
            self._lines = lines_of(self._document.text)
            self._texts = self._document.text.splitlines()
        full = (*self._prefix, *path)
        return next((self._lines[full[:n]] for n in range(len(full), 0, -1) if full[:n] in self._lines), 0)

    def of_items(self, items: Sequence[str], *path: str | int) -> Iterator[int]:
        """Yield the line of each string in a list, which may stand below its key."""
        start = self.of(*path)
        at = start
        for item in items:
            found = self._below(item, at, len(items)) or self._below(json.dumps(item)[1:-1], at, len(items))
            at = found or at
            yield found or start

    def _below(self, item: str, at: int, items: int) -> int:
        """Return the next line from `at` on that holds the text, 0 when none near has it."""
        near = range(max(at, 1), min(at + items + 50, len(self._texts) + 1))
        return next((number for number in near if item in self._texts[number - 1]), 0)
