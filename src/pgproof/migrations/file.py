"""Migration files and the directories that hold them, as data."""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.model import Location


@dataclass(frozen=True, slots=True)
class MigrationFile:
    """One migration: `path` relative to the project, `version` as the history table would record it, `text` decoded.

    `text` is what is applied, with the lines and columns of the file: what the tool leaves out (the down section) is
    blanked. `problem` is set (and `text` empty) when the file's bytes cannot be read as text: it names the byte and the
    line, and `way_out` says what to do. `transactional` is false for a file that says that it must not run in a
    transaction. `code` says that it is written in a programming language: it is part of the order, and not replayed.
    `absent` says that the tool's journal or plan lists it, and that there is no such file. `repeatable` says that the
    tool runs it again when its content has changed, `conditional` that the tool runs it only where something holds.
    `standing` says that it is no migration but the schema that they build on, or a part of it: it was there before.
    Of a file that holds several migrations, each is one: `source` is then the file, `line` where it begins in it.
    """

    path: str
    version: str
    name: str
    text: str
    problem: str = ""
    way_out: str = ""
    transactional: bool = True
    code: bool = False
    absent: bool = False
    repeatable: bool = False
    conditional: bool = False
    standing: bool = False
    source: str = ""
    line: int = 0

    @property
    def on_disk(self) -> str:
        """The path of the file that holds it."""
        return self.source or self.path

    @property
    def place(self) -> Location:
        """Where it begins."""
        return Location(self.on_disk, self.line)


@dataclass(frozen=True, slots=True)
class Debris:
    """A file beside the migrations that is not one: `what` says what it is (`rollback script`, `seed`, `loose SQL`)."""

    path: str
    what: str


@dataclass(frozen=True, slots=True)
class MigrationDirectory:
    """A directory of migrations: its `layout` (`supabase`, `numbered`), its files in the order of application.

    `dialect` names another database system than PostgreSQL when the files are written for that one (`MySQL`).
    `assumed` says what of the order is believed and may be otherwise, `unverified` which migrations it stands for.
    """

    path: str
    layout: str
    files: tuple[MigrationFile, ...]
    debris: tuple[Debris, ...] = ()
    dialect: str = ""
    assumed: str = ""
    unverified: str = ""

    def __len__(self) -> int:
        """Return the number of migrations."""
        return len(self.files)
