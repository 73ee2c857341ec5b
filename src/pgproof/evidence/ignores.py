"""What the project asks not to be told: comments in its migration files, and the entries of its configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pgproof.code.project import Files
from pgproof.evidence.comment_lines import end_of_code, in_python_comments, lines_of, outside_of_strings
from pgproof.evidence.directories import Directories
from pgproof.evidence.part import gathers
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.evidence.usages import Usages
from pgproof.migrations.file import MigrationFile
from pgproof.model import Location
from pgproof.project.comments import MARK, PYTHON, SQL, TYPESCRIPT, Comment, Misread, read_comments
from pgproof.project.ignore import Ignore
from pgproof.project.policy import Policy

__all__ = ["Ignore", "Ignores", "find_ignores"]

_SIGNS = {".py": PYTHON, ".ipynb": PYTHON, ".sql": SQL}
"""How comments begin in a file of code; elsewhere as in TypeScript."""
_MIGRATION_SIGNS = {".py": PYTHON, ".ts": TYPESCRIPT, ".js": TYPESCRIPT}


@dataclass(frozen=True, slots=True)
class Ignores:
    """Every ignore, those of comments first, and the comments that cannot be understood, each with its place."""

    items: tuple[Ignore, ...]
    misread: tuple[tuple[Location, str], ...] = ()

    def __len__(self) -> int:
        """Return the number of ignores."""
        return len(self.items)


@dataclass(frozen=True, slots=True)
class CodeIgnores:
    """The same for the files of code in which something was found that the database must have."""

    items: tuple[Ignore, ...]
    misread: tuple[tuple[Location, str], ...] = ()

    def at(self, place: Location) -> frozenset[str]:
        """Return the checks, as they are written, that comments ask not to tell of at a place."""
        spans = ((one.check, one.lines) for one in self.items if one.location.path == place.path)
        return frozenset(check for check, lines in spans if lines is None or lines[0] <= place.line <= lines[1])


def all_ignores(evidence: Evidence) -> Ignores:
    """Return every ignore that this run knows of: those in code only when the code was read."""
    ignores = evidence.get(Ignores)
    assert isinstance(ignores, Ignores)
    if evidence.known(Usages) is None:
        return ignores
    code = evidence.get(CodeIgnores)
    assert isinstance(code, CodeIgnores)
    return Ignores((*code.items, *ignores.items), (*code.misread, *ignores.misread))


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


@gathers(CodeIgnores, None)
def find_ignores_in_code(settings: Settings, usages: Usages) -> CodeIgnores:
    """Read the comments of all code that uses the database."""
    files = Files(settings.root, [reading.path for reading in usages.readings])
    said = [one for reading in usages.readings for one in _said_in_code(reading.path, files, settings.config.policy)]
    items = tuple(one for one in said if isinstance(one, Ignore))
    return CodeIgnores(items, tuple(one for one in said if not isinstance(one, Ignore)))


def _said_in_code(path: str, files: Files, policy: Policy) -> Iterator[Ignore | tuple[Location, str]]:
    text = files.text(path) or ""
    if MARK not in text:
        return
    suffix = Path(path).suffix
    comments = list(read_comments(text, _SIGNS.get(suffix, TYPESCRIPT)))
    for comment in in_python_comments(comments, text) if suffix == ".py" else comments:
        place = Location(path, comment.line)
        if isinstance(comment, Misread):
            yield place, comment.problem
            continue
        end = end_of_code(text, comment.line + 1) if comment.alone else comment.line
        yield from _ignores(comment, place, (comment.line, end), policy)


def _said(
    file: MigrationFile, root: Path, policy: Policy, *, expected: bool
) -> Iterator[Ignore | tuple[Location, str]]:
    if MARK not in file.text:
        return
    signs = _MIGRATION_SIGNS.get(Path(file.on_disk).suffix, SQL)
    comments = list(read_comments(file.text, signs))
    lines = [(comment.line, comment.line + comment.alone) for comment in comments]
    if signs is SQL:
        comments = outside_of_strings(comments, file.text)
        lines = lines_of(comments, file, root)
    for comment, span in zip(comments, lines, strict=True):
        place = Location(file.on_disk, comment.line)
        if isinstance(comment, Misread):
            yield place, comment.problem
            continue
        yield from _ignores(comment, place, span, policy, expected=expected)


def _ignores(
    comment: Comment, place: Location, span: tuple[int, int], policy: Policy, *, expected: bool = True
) -> Iterator[Ignore]:
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
