"""The lines of the project's files as they may be shown: without passwords."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from pgproof.code.project import Files
from pgproof.evidence.directories import Directories
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.evidence.usages import Code
from pgproof.migrations.file import MigrationFile
from pgproof.server.redact import MASK, redact

_MAY_HOLD_PASSWORDS = re.compile(r"pass|pwd|://", re.IGNORECASE)
_TOKEN = re.compile(r"\beyJ[\w-]{10,}(?:\.[\w-]+)*|\b(?:sb_secret|sk_live|sk_test|service_role)_[\w-]{8,}")
"""Keys that stand in code: JSON Web Tokens, and those that say what they are."""


def _texts(files: Iterable[MigrationFile]) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each file; what several migrations have of one is put together again."""
    parts: dict[str, list[str]] = {}
    for file in files:
        parts.setdefault(file.on_disk, []).append(file.text)
    for path, texts in parts.items():
        lines = zip_longest(*(text.split("\n") for text in texts), fillvalue="")
        yield path, texts[0] if len(texts) == 1 else "\n".join(next(filter(str.strip, each), "") for each in lines)


class Lines(Mapping[str, Sequence[str]]):
    """The lines of all migrations, and of the code that was read, by path; code is opened when it is asked for."""

    def __init__(self, evidence: Evidence) -> None:
        """Take what is known of the project."""
        directories, code = evidence.known(Directories), evidence.known(Code)
        found = directories.found if directories else ()
        self._migrations = dict(_texts(file for directory in found for file in directory.files))
        self._code = tuple(reading.path for reading in code.readings) if code else ()
        settings = evidence.known(Settings)
        self._files = Files(settings.root, self._code) if settings else None

    def __getitem__(self, path: str) -> Sequence[str]:
        """Return the lines of a file."""
        text = self._migrations.get(path)
        if text is None and self._files and path in self._files.paths:
            text = self._files.text(path)
        if text is None:
            raise KeyError(path)
        lines = _TOKEN.sub(MASK, text).split("\n")
        return [redact(line) for line in lines] if _MAY_HOLD_PASSWORDS.search(text) else lines

    def __iter__(self) -> Iterator[str]:
        """Yield the paths."""
        yield from self._migrations
        yield from self._code

    def __len__(self) -> int:
        """Return how many files there are."""
        return len(self._migrations) + len(self._code)
