"""What the project asks not to be told: comments in its migration files, and the entries of its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pgproof.evidence.comment_lines import lines_of, outside_of_strings
from pgproof.evidence.directories import Directories
from pgproof.evidence.part import gathers
from pgproof.evidence.settings import Settings
from pgproof.migrations.file import MigrationFile
from pgproof.model import Location
from pgproof.project.comments import MARK, PYTHON, SQL, TYPESCRIPT, Misread, read_comments
from pgproof.project.ignore import Ignore
from pgproof.project.policy import Policy

__all__ = ["Ignore", "Ignores", "find_ignores"]

_SIGNS = {".py": PYTHON, ".ts": TYPESCRIPT, ".js": TYPESCRIPT}


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
    comments = list(read_comments(file.text, signs))
    lines = [(comment.line, comment.line + comment.alone) for comment in comments]
    if signs is SQL:
        comments = outside_of_strings(comments, file.text)
        lines = lines_of(comments, file, root)
    for comment, span in zip(comments, lines, strict=True):
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
                lines=None if comment.whole_file else span,
                expected=expected,
                allowed=policy.ignorable,
                policy=policy.path,
            )
