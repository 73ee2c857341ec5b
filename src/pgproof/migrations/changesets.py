"""The changesets of Liquibase's formatted SQL, and their checksums.

Read as liquibase.parser.AbstractFormattedChangeLogParser does, summed up as liquibase.change.AbstractSQLChange and
liquibase.changelog.ChangeSet do (4.28; version 8 as up to 4.21).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

CHANGESET = re.compile(
    r"^\s*--[ \t]*changeset[ \t]+(?P<author>\"[^\"\n]+\"|[^:\n]+):[ \t]*(?P<id>\"[^\"\n]+\"|\S+)"
    r"(?P<attributes>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_ATTRIBUTE = re.compile(r'(\w+):[ \t]*("[^"\n]*"|[^\s"]+)')
_SAID = re.compile(
    r"\s*--\s*(?:rollback |preconditions|precondition-[a-z0-9-]+|property\s+.*:.*\s.*:)"
    r"|--\s*(?:comment:? |validCheckSum:? )",
    re.IGNORECASE,
)
"""Lines that are no part of the SQL."""
_IGNORED = re.compile(r"--\s*ignoreLines:(\w+)", re.IGNORECASE)
_ROLLBACK = re.compile(r"\s*/\*\s*liquibase\s*rollback\s*$", re.IGNORECASE)
_CONDITION = re.compile(r"^\s*--\s*precondition", re.IGNORECASE | re.MULTILINE)
_VALID = re.compile(r"^--\s*validCheckSum:? ", re.IGNORECASE | re.MULTILINE)
_WHITE = re.compile(rb"[ \n\r\t]+")


@dataclass(frozen=True, slots=True)
class Changeset:
    """One changeset: `start` and `end` in the file's text, the `line` of its beginning, its `text` as it stands there.

    `attributes` have small letters, and the values are as they were written, without quotes.
    """

    author: str
    id: str
    attributes: dict[str, str]
    start: int
    end: int
    line: int
    text: str

    def says(self, attribute: str) -> bool:
        """Whether an attribute is `true`."""
        return self.attributes.get(attribute, "").lower() == "true"

    @property
    def conditional(self) -> bool:
        """Whether a context, a label or a precondition decides where it runs."""
        asked = {"context", "contextfilter", "labels"} & self.attributes.keys()
        return bool(asked) or _CONDITION.search(self.text) is not None


def changesets(text: str) -> list[Changeset]:
    """Return the changesets of a formatted file, in their order."""
    found = list(CHANGESET.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    return [
        Changeset(
            one["author"].strip('" '),
            one["id"].strip('"'),
            {name.lower(): value.strip('"') for name, value in _ATTRIBUTE.findall(one["attributes"])},
            one.start(),
            end,
            text.count("\n", 0, one.start("author")) + 1,
            text[one.start() : end],
        )
        for one, end in zip(found, ends, strict=True)
    ]


def checksums(changeset: Changeset) -> frozenset[str]:
    """Return what Liquibase may record of a changeset: version 9, and 8 of earlier releases.

    Nothing when that cannot be told: a property may stand for anything, and `validCheckSum` allows others.
    """
    sql = _sql(changeset).strip()
    if "${" in sql or _VALID.search(changeset.text) or sql.endswith("\n/"):
        return frozenset()
    said = changeset.attributes
    header = ":".join(
        (
            said.get("enddelimiter", "null"),
            said.get("splitstatements", "true").lower(),
            said.get("stripcomments", "true").lower(),
            "",
        )
    )
    encoded = sql.encode()
    return frozenset(
        {
            _of_all("9", _WHITE.sub(b"", encoded)),
            _of_all("8", header.encode() + _WHITE.sub(b" ", encoded)),
        }
    )


def _of_all(version: str, change: bytes) -> str:
    return f"{version}:{_md5(f'{version}:{_md5(change)}:'.encode())}"


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _sql(changeset: Changeset) -> str:
    return "\n".join(_kept(changeset.text.lstrip().splitlines()[1:]))


def _kept(lines: list[str]) -> Iterator[str]:
    waiting = iter(lines)
    for line in waiting:
        if ignored := _IGNORED.fullmatch(line):
            if ignored[1] == "start":
                next((each for each in waiting if (end := _IGNORED.fullmatch(each)) and end[1] == "end"), None)
            elif ignored[1].isdecimal():
                for _ in range(int(ignored[1])):
                    next(waiting, None)
        elif _ROLLBACK.match(line):
            next((each for each in waiting if each.rstrip().endswith("*/")), None)
        elif not _SAID.match(line):
            yield line
