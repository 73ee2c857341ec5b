"""Tables and functions that something else than the migrations makes: loose SQL, another tool, an ORM's models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
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
_MODELS = {
    ".prisma": re.compile(r'@@map\(\s*"(\w+)"|^\s*(?:model|view)\s+(\w+)\s*\{', re.MULTILINE),
    ".py": re.compile(
        r"""__tablename__\s*=\s*['"](\w+)['"]|\bdb_table\s*=\s*['"](\w+)['"]|\bTable\(\s*['"](\w+)['"]"""
    ),
    ".ts": re.compile(r"""\b(?:pgTable|\w+\.table|pgView)\(\s*['"](\w+)['"]|@Entity\(\s*['"](\w+)['"]"""),
}
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


def _undoes(path: str) -> bool:
    """Whether a script brings back what the migrations dropped."""
    return is_reversal(Path(path).stem) or is_reversal(Path(path).parent.name)


def _made(suffix: str, text: str) -> Iterator[tuple[str, str, int]]:
    if suffix == ".sql":
        for match in _CREATES.finditer(text):
            name = match[2].replace('""', '"') if match[2] else match[3].lower()
            yield ("function" if match[1].lower() in _ROUTINES else "relation"), name, match.start()
        return
    for match in _MODELS[suffix].finditer(text):
        yield "relation", next(filter(None, match.groups())), match.start()


@gathers(Elsewhere, None)
def look_elsewhere(settings: Settings, repository: Repository, directories: Directories) -> Elsewhere:
    """Say where to look: in all files but the migrations that are used."""
    used = directories.found[0].files if directories.found else ()
    return Elsewhere(settings.root, tuple(sorted(repository.paths())), frozenset(file.path for file in used))
