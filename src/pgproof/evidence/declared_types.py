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
_NAME = re.compile(r"^      (?:\"([^\"]+)\"|(\w+)): ?(?:\{|$|(?=\"))")
_BLOCK = re.compile(r"^        (Row|Insert|Update|Relationships): [{\[]")
_COLUMN = re.compile(r"^          (?:\"([^\"]+)\"|(\w+))(\??):")
_LABEL = re.compile(r"\"([^\"]*)\"")
_MARKS = ("Row: {", "Relationships: [", "export type Json")
"""What the generator writes, and people who write types by hand do not."""
_MANY = 5
"""So many relations make the types a description of the database."""
_MOST = 2 / 3
_SECTIONS = {"Tables": "relation", "Views": "relation", "Functions": "function", "Enums": "enum"}
_RELATION = len(("schema", "relation"))


@dataclass(frozen=True)
class DeclaredTypes:
    """Where generated types name a relation, a column, a function, a label of an enum, or a column that an insert may
    leave out; looked for when the first is asked for.
    """

    root: Path
    paths: tuple[str, ...]

    def place(self, *parts: str) -> Location | None:
        """Return where (schema, relation), (schema, relation, column) or (schema, function) stands."""
        return self._found["named"].get(parts)

    def label(self, *parts: str) -> Location | None:
        """Return where (schema, enum, label) stands."""
        return self._found["label"].get(parts)

    def optional(self, *parts: str) -> Location | None:
        """Return where (schema, relation, column) stands as one that an insert may leave out."""
        return self._found["optional"].get(parts)

    def describe(self, tables: Collection[str]) -> bool:
        """Whether they know most of these tables; what knows few of them is older than the code."""
        known = {parts[1] for parts in self._found["named"] if len(parts) == _RELATION}
        return bool(self) and len(known.intersection(tables)) >= len(tables) * _MOST

    def __bool__(self) -> bool:
        """Whether there are generated types that describe a database."""
        return sum(len(parts) == _RELATION for parts in self._found["named"]) >= _MANY

    @cached_property
    def _found(self) -> dict[str, dict[tuple[str, ...], Location]]:
        files = Files(self.root, self.paths)
        found: dict[str, dict[tuple[str, ...], Location]] = {"named": {}, "label": {}, "optional": {}}
        for path in self.paths:
            text = files.text(path) or ""
            if all(mark in text for mark in _MARKS):
                for what, parts, line in _declared(text):
                    found[what].setdefault(parts, Location(path, line))
        return found


def _declared(text: str) -> Iterator[tuple[str, tuple[str, ...], int]]:
    schema = section = name = block = ""
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\t", "  ").split("\n"), 1):
        if match := _SCHEMA.match(line):
            schema, section = match[1] or match[2], ""
        elif match := _SECTION.match(line):
            section, name = _SECTIONS.get(match[1], ""), ""
        elif section and schema:
            if match := _NAME.match(line):
                name, block = match[1] or match[2], ""
                if section != "enum":
                    yield "named", (schema, name), number
            if section == "enum" and name:
                rest = line[match.end() :] if match else line
                yield from (("label", (schema, name, one), number) for one in _LABEL.findall(rest))
            elif match := _BLOCK.match(line):
                block = match[1]
            elif block and (match := _COLUMN.match(line)):
                parts = (schema, name, match[1] or match[2])
                if block == "Row":
                    yield "named", parts, number
                elif block == "Insert" and match[3]:
                    yield "optional", parts, number


@gathers(DeclaredTypes, None)
def find_declared_types(settings: Settings, repository: Repository) -> DeclaredTypes:
    """Say where to look: files whose name says that they hold types."""
    return DeclaredTypes(settings.root, tuple(sorted(path for path in repository.paths() if _FILE.search(path))))
