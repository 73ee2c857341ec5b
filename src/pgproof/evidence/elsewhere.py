"""Tables and functions that something else than the migrations makes: loose SQL, another tool, an ORM's models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from pathlib import Path

from pgproof.code.project import Files
from pgproof.evidence.directories import Directories
from pgproof.evidence.part import gathers
from pgproof.evidence.repository import Repository
from pgproof.evidence.settings import Settings
from pgproof.migrations.reading import is_reversal
from pgproof.model import Location

_NAME = r'(?:(?:"(?:[^"]|"")+"|\w+)\s*\.\s*)?(?:"((?:[^"]|"")+)"|(\w+))'
_CREATES = re.compile(
    r"\bcreate\s+(?:or\s+replace\s+)?(?:(?:unlogged|foreign|materialized|recursive)\s+)*"
    rf"(table|view|function|procedure)\s+(?:if\s+not\s+exists\s+)?{_NAME}",
    re.IGNORECASE,
)
_SHAPES = re.compile(
    rf"\b(?:create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?|alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?){_NAME}"
    r"\s([^;]*)",
    re.IGNORECASE,
)
"""What says which columns a table has: the table, and the rest of the statement."""
_LABELS = re.compile(r"\balter\s+type\s+\S+\s+add\s+value\s+(?:if\s+not\s+exists\s+)?'([^']+)'", re.IGNORECASE)
_DROPS = re.compile(r"\bdrop\s+column\s+(?:if\s+exists\s+)?\S+|--[^\n]*", re.IGNORECASE)
_MODELS = {
    ".prisma": re.compile(r'@@map\(\s*"(\w+)"|^\s*(?:model|view)\s+(\w+)\s*\{', re.MULTILINE),
    ".py": re.compile(
        r"""__tablename__\s*=\s*['"](\w+)['"]|\bdb_table\s*=\s*['"](\w+)['"]|\bTable\(\s*['"](\w+)['"]"""
    ),
    ".ts": re.compile(r"""\b(?:pgTable|\w+\.table|pgView)\(\s*['"](\w+)['"]|@Entity\(\s*['"](\w+)['"]"""),
}
_ASIDE = re.compile(r"(?:^|/)(?:tests?|test_?data|fixtures?|examples?|docs?|archive|old|backups?)/", re.IGNORECASE)
"""Folders whose files a program does not run."""
_ROUTINES = ("function", "procedure")


@dataclass(frozen=True)
class Elsewhere:
    """Names of tables and functions, and where they are made; looked for when the first one is asked for."""

    root: Path
    paths: tuple[str, ...]
    used: frozenset[str] = field(repr=False)

    def place(self, kind: str, name: str) -> Location | None:
        """Return where else a `relation` or `function` of this name is made."""
        return self._found.get((kind, name))

    def column(self, table: str, column: str) -> Location | None:
        """Return where loose SQL gives a table a column."""
        word = re.compile(rf"(?<![\w.']){re.escape(column)}(?![\w.'(])", re.IGNORECASE)
        return next((place for place, text in self._shapes.get(table, ()) if word.search(text)), None)

    def value(self, table: str, value: str) -> Location | None:
        """Return where loose SQL about a table names a value, as its CHECK would, or gives an enum such a label."""
        quoted = f"'{value.replace(chr(39), chr(39) * 2)}'"
        about = next((place for place, text in self._shapes.get(table, ()) if quoted in text), None)
        return about or self._labels.get(value)

    def view(self, name: str) -> bool:
        """Say whether loose SQL makes a view of this name: some programs make theirs anew after each migration."""
        return name in self._views

    @cached_property
    def _views(self) -> frozenset[str]:
        texts = Files(self.root, self.paths)
        loose = (path for path in self.paths if path.endswith(".sql") and path not in self.used and not _undoes(path))
        return frozenset(
            _named(match[2], match[3])
            for path in loose
            if not _ASIDE.search(path)
            for match in _CREATES.finditer(texts.text(path) or "")
            if match[1].lower() == "view"
        )

    def nearer(self, path: str, home: str, table: str, column: str) -> bool:
        """Say whether loose SQL nearer to a file than a directory is gives a table a column, or makes it (`""`)."""
        at_least = _shared(path, f"{home}/")
        word = re.compile(rf"(?<![\w.']){re.escape(column)}(?![\w.'(])", re.IGNORECASE)
        return any(
            _shared(path, place.path) > at_least and not _ASIDE.search(place.path) and word.search(text)
            for place, text in self._shapes.get(table, ())
        )

    @cached_property
    def _shapes(self) -> dict[str, list[tuple[Location, str]]]:
        found: dict[str, list[tuple[Location, str]]] = {}
        files = Files(self.root, self.paths)
        for path in self.paths:
            if not path.endswith(".sql") or path in self.used or _undoes(path):
                continue
            text = files.text(path) or ""
            for match in _SHAPES.finditer(text):
                place = Location(path, text.count("\n", 0, match.start()) + 1)
                found.setdefault(_named(match[1], match[2]), []).append((place, _DROPS.sub("", match[3])))
        return found

    @cached_property
    def _labels(self) -> dict[str, Location]:
        found: dict[str, Location] = {}
        files = Files(self.root, self.paths)
        for path in self.paths:
            if path.endswith(".sql") and path not in self.used and not _undoes(path):
                text = files.text(path) or ""
                for match in _LABELS.finditer(text):
                    found.setdefault(match[1], Location(path, text.count("\n", 0, match.start()) + 1))
        return found

    @cached_property
    def _found(self) -> dict[tuple[str, str], Location]:
        found: dict[tuple[str, str], Location] = {}
        files = Files(self.root, self.paths)
        for path in self.paths:
            suffix = Path(path).suffix
            if path in self.used or (suffix != ".sql" and suffix not in _MODELS):
                continue
            text = files.text(path)
            if not text or (suffix == ".sql" and _undoes(path)):
                continue
            for kind, name, offset in _made(suffix, text):
                found.setdefault((kind, name), Location(path, text.count("\n", 0, offset) + 1))
        return found


def _shared(path: str, other: str) -> int:
    """Return how many folders two paths have in common."""
    pairs = zip(path.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _undoes(path: str) -> bool:
    """Whether a script brings back what the migrations dropped."""
    return is_reversal(Path(path).stem) or is_reversal(Path(path).parent.name)


def _made(suffix: str, text: str) -> Iterator[tuple[str, str, int]]:
    if suffix == ".sql":
        for match in _CREATES.finditer(text):
            kind = "function" if match[1].lower() in _ROUTINES else "relation"
            yield kind, _named(match[2], match[3]), match.start()
        return
    for match in _MODELS[suffix].finditer(text):
        yield "relation", next(filter(None, match.groups())), match.start()


def _named(quoted: str | None, plain: str) -> str:
    return quoted.replace('""', '"') if quoted else plain.lower()


@gathers(Elsewhere, None)
def look_elsewhere(settings: Settings, repository: Repository, directories: Directories) -> Elsewhere:
    """Say where to look: in all files but the migrations that are used."""
    used = directories.found[0].files if directories.found else ()
    return Elsewhere(settings.root, tuple(sorted(repository.paths())), frozenset(file.path for file in used))
