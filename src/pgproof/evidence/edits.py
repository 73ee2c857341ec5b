"""Files that were edited after they were applied: what the tool recorded of their content, against what they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pgproof.evidence.directories import Migrations
from pgproof.evidence.history import History
from pgproof.evidence.part import gathers
from pgproof.evidence.settings import Settings
from pgproof.migrations import layout
from pgproof.migrations.file import MigrationFile
from pgproof.migrations.layouts import layouts
from pgproof.model import Method, Proof, Subject

WORDS = 3
"""How many words of a statement are told."""

_PLACES = frozenset({"location", "stmt_location", "stmt_len"})


@dataclass(frozen=True, slots=True)
class Edit:
    """A file that is not what was applied: what was recorded of it, and what it is now."""

    file: MigrationFile
    what: str
    recorded: str
    now: str


@dataclass(frozen=True, slots=True)
class Edits:
    """The files that were edited, of so many whose content is recorded."""

    items: tuple[Edit, ...]
    compared: int

    def __len__(self) -> int:
        """Return how many files were compared with a record."""
        return self.compared

    @property
    def paths(self) -> frozenset[str]:
        """The paths of the files that were edited."""
        return frozenset(edit.file.path for edit in self.items)


@gathers(Edits, Proof(Method.RECORDED, (Subject.FILES, Subject.LIVE)))
def find_edits(settings: Settings, migrations: Migrations, history: History) -> Edits:
    """Compare the checksum, or the statements, that the tool recorded of each applied file with the file."""
    tool = layouts()[migrations.directory.layout].history
    if tool is None:
        return Edits((), 0)
    if tool.digests:
        return _by_checksum(settings.root, migrations.directory.files, history, tool)
    return _by_statements(history) if tool.statements else Edits((), 0)


def _by_checksum(root: Path, files: tuple[MigrationFile, ...], history: History, tool: layout.History) -> Edits:
    recorded = {path: row.checksum for path, row in history.rows.items() if row.checksum and row.counts}
    if not recorded or tool.digests is None:
        return Edits((), 0)
    expected = tool.digests([(file, (root / file.on_disk).read_bytes()) for file in files if _is_there(root, file)])
    edits: list[Edit] = []
    compared = 0
    for file in files:
        if file.path in recorded and _comparable(recorded[file.path], expected.get(file.path, frozenset())):
            compared += 1
            if recorded[file.path] not in expected[file.path]:
                now = min(one for one in expected[file.path] if _comparable(recorded[file.path], frozenset({one})))
                edits.append(Edit(file, "checksum", recorded[file.path], now))
                if tool.cumulative:
                    break
    return Edits(tuple(edits), compared)


def _comparable(recorded: str, expected: frozenset[str]) -> bool:
    """Say whether one of the checksums is of the kind that was recorded: `9:…` says nothing of `8:…`."""
    return any(one.rpartition(":")[0] == recorded.rpartition(":")[0] for one in expected)


def _is_there(root: Path, file: MigrationFile) -> bool:
    path = (root / file.on_disk).resolve()
    return not file.problem and path.is_file() and path.is_relative_to(root.resolve())


def _by_statements(history: History) -> Edits:
    """Compare statement by statement, by what PostgreSQL's parser makes of them: comments and spaces say nothing."""
    edits: list[Edit] = []
    compared = 0
    for file in history.applied:
        row = history.rows.get(file.path)
        if row is None or not row.statements or file.problem:
            continue
        ran, stands = _trees(";\n".join(row.statements)), _trees(file.text)
        if ran is None or stands is None:
            continue
        compared += 1
        if ran != stands:
            edits.append(Edit(file, "statements", _told(ran, stands), _told(stands, ran)))
    return Edits(tuple(edits), compared)


def _trees(text: str) -> list[tuple[str, str]] | None:
    """Return each statement's tree without places, with its text; `None` when the text is not SQL alone."""
    from pgproof.sql.problem import SyntaxProblem
    from pgproof.sql.split import split

    try:
        return [(json.dumps(_bare(one.tree), sort_keys=True), _opening(one.text)) for one in split(text)]
    except (SyntaxProblem, RecursionError):
        return None


def _bare(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _bare(value) for key, value in node.items() if key not in _PLACES}
    return [_bare(one) for one in node] if isinstance(node, list) else node


def _opening(text: str) -> str:
    """Return the first words of a statement; what follows may be a secret."""
    return " ".join(text.split(maxsplit=WORDS)[:WORDS]) + " …"


def _told(ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> str:
    """Return the first statement that the other side does not have, or how many statements there are."""
    others = {tree for tree, _ in theirs}
    only = next((text for tree, text in ours if tree not in others), "")
    return only or f"{len(ours)} statements"
