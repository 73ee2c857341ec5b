"""What the project asks not to be told: comments in its migration files, and the entries of its configuration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pgproof.evidence.directories import Directories
from pgproof.evidence.part import gathers
from pgproof.evidence.settings import Settings
from pgproof.migrations.file import MigrationFile
from pgproof.model import Location
from pgproof.project.comments import MARK, PYTHON, SQL, TYPESCRIPT, Comment, Misread, read_comments
from pgproof.project.ignore import Ignore
from pgproof.project.policy import Policy

__all__ = ["Ignore", "Ignores", "find_ignores"]

_SIGNS = {".py": PYTHON, ".ts": TYPESCRIPT, ".js": TYPESCRIPT}
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ignores:
    """Every ignore, those of comments first, and the comments that cannot be understood, each with its place."""

    items: tuple[Ignore, ...]
    misread: tuple[tuple[Location, str], ...] = ()

    def __len__(self) -> int:
        """Return the number of ignores."""
        return len(self.items)


@gathers(Ignores, None)
def find_ignores(settings: Settings, directories: Directories) -> Ignores:
    """Read the comments of all migration files.

    A directory beside the one that is used may be meant for another run: its comments hold for what is found in it now,
    and that they are understood, and needed, is that run's matter.
    """
    items: list[Ignore] = []
    misread: list[tuple[Location, str]] = []
    for directory in directories.found:
        used = directory is directories.found[0]
        for file in directory.files:
            for said in _said(file, settings.root, settings.config.policy, expected=used):
                if isinstance(said, Ignore):
                    items.append(said)
                elif used:
                    misread.append(said)
    return Ignores((*items, *settings.config.ignore), tuple(misread))


def _said(
    file: MigrationFile, root: Path, policy: Policy, *, expected: bool
) -> Iterator[Ignore | tuple[Location, str]]:
    if MARK not in file.text:
        return
    signs = _SIGNS.get(Path(file.path).suffix, SQL)
    strings = _strings(file.text) if signs is SQL else []
    statements = _statements(file, root) if signs is SQL else []
    for comment in read_comments(file.text, signs):
        if any(start <= comment.offset < end for start, end in strings):
            continue
        place = Location(file.path, comment.line)
        if isinstance(comment, Misread):
            yield place, comment.problem
            continue
        for check in comment.checks:
            yield Ignore(
                check,
                comment.reason,
                place,
                comment.until,
                comment=True,
                lines=None if comment.whole_file else _lines(comment, file.text, statements),
                expected=expected,
                allowed=policy.ignorable,
                policy=policy.path,
            )


def _strings(text: str) -> list[_Span]:
    from pgproof.sql.lexer import strings

    return list(strings(text, 0, len(text)))


def _statements(file: MigrationFile, root: Path) -> list[_Span]:
    """Return the first and the last line of each statement that stands in the file itself."""
    from pgproof.sql.script import Copy, Sql, read_script

    spans = []
    for step in read_script(file.text, file.path, root):
        if step.location.path == file.path:
            text = step.statement.text if isinstance(step, Sql | Copy) else step.text
            spans.append((step.location.line, step.location.line + text.strip().count("\n")))
    return spans


def _lines(comment: Comment, text: str, statements: Sequence[_Span]) -> _Span:
    """Return the lines that a comment speaks of.

    Alone on its line: the statement that follows, or inside of a statement the line that follows. After something: that
    line, and the whole statement when it ends there.
    """
    if comment.alone:
        from pgproof.sql.split import skip_blank

        line = comment.line + text.count("\n", comment.offset, skip_blank(text, comment.offset))
        spans = [span for span in statements if span[0] == line]
    else:
        line = comment.line
        spans = [span for span in statements if span[1] == line]
    return min((first for first, _ in spans), default=line), max((last for _, last in spans), default=line)
