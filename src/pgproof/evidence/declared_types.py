"""Types of a database that `supabase gen types` wrote into the code: what a database had on that day."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pgproof.code.project import Files
from pgproof.evidence.part import gathers
from pgproof.evidence.repository import Repository
from pgproof.evidence.settings import Settings
from pgproof.model import Location

_FILE = re.compile(r"(?:types|database|supabase|schema)[\w.-]*\.ts$|/types?/[\w.-]+\.ts$", re.IGNORECASE)
_SCHEMA = re.compile(r"^  (?:\"([^\"]+)\"|(\w+)): \{$")
_SECTION = re.compile(r"^    (Tables|Views|Functions|Enums|CompositeTypes): \{")
_NAME = re.compile(r"^      (?:\"([^\"]+)\"|(\w+)): ?(?:\{|$)")
_ROW = re.compile(r"^        Row: \{")
_END_OF_ROW = re.compile(r"^        \}")
_COLUMN = re.compile(r"^          (?:\"([^\"]+)\"|(\w+))\??:")
_MARKS = ("Row: {", "Relationships: [", "export type Json")
"""What the generator writes, and people who write types by hand do not."""
_MANY = 5
"""So many relations make the types a description of the database."""
_MOST = 2 / 3
_SECTIONS = {"Tables": "relation", "Views": "relation", "Functions": "function"}


@dataclass(frozen=True)
class DeclaredTypes:
    """Where generated types name a relation, a column or a function; looked for when the first is asked for."""

    root: Path
    paths: tuple[str, ...]

    def place(self, *parts: str) -> Location | None:
        """Return where (schema, relation), (schema, relation, column) or (schema, function) stands."""
        return self._found.get(parts)

    def describe(self, tables: Collection[str]) -> bool:
        """Whether they know most of these tables; what knows few of them is older than the code."""
        known = {parts[1] for parts in self._found if len(parts) == len(("schema", "relation"))}
        return bool(self) and len(known.intersection(tables)) >= len(tables) * _MOST

    def __bool__(self) -> bool:
        """Whether there are generated types that describe a database."""
        return sum(len(parts) == len(("schema", "relation")) for parts in self._found) >= _MANY

    @cached_property
    def _found(self) -> dict[tuple[str, ...], Location]:
        files = Files(self.root, self.paths)
        found: dict[tuple[str, ...], Location] = {}
        for path in self.paths:
            text = files.text(path) or ""
            if all(mark in text for mark in _MARKS):
                for parts, line in _declared(text):
                    found.setdefault(parts, Location(path, line))
        return found


def _declared(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    schema = section = name = ""
    in_row = False
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\t", "  ").split("\n"), 1):
        if match := _SCHEMA.match(line):
            schema, section = match[1] or match[2], ""
        elif match := _SECTION.match(line):
            section, name = _SECTIONS.get(match[1], ""), ""
        elif section and schema:
            if match := _NAME.match(line):
                name, in_row = match[1] or match[2], False
                yield (schema, name), number
            elif _ROW.match(line):
                in_row = True
            elif _END_OF_ROW.match(line):
                in_row = False
            elif in_row and (match := _COLUMN.match(line)):
                yield (schema, name, match[1] or match[2]), number


@gathers(DeclaredTypes, None)
def find_declared_types(settings: Settings, repository: Repository) -> DeclaredTypes:
    """Say where to look: files whose name says that they hold types."""
    return DeclaredTypes(settings.root, tuple(sorted(path for path in repository.paths() if _FILE.search(path))))
