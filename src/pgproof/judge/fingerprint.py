"""What names a finding for good, and what names a line that it explains."""

from __future__ import annotations

import hashlib
import re

from pgproof.model import Finding, ObjectName

_PLACE = re.compile(r":\d+(?::\d+)?(?=: )")
_SQLSTATE = re.compile(r" \([0-9A-Z]{5}\)$")


def fingerprint(code: str, finding: Finding) -> str:
    """Return what names a finding for good: its check, subject, detail and database, not its place."""
    database = (finding.database,) if finding.database else ()
    return _hash(code, *_identity(finding.subject), finding.detail, *database)


def line_fingerprint(line: str) -> str:
    """Return what names a consequence, which is nothing but a line (`db/3.sql:7:1: relation "x" does not exist`).

    The place in its file is left out. A failure has the same name as a finding and as a consequence.
    """
    return _hash("line", _SQLSTATE.sub("", _without_place(line)))


def demoted(line_name: str) -> str:
    """Return the name under which a finding is known as a consequence, and as nothing else.

    Two findings of one check and one subject may be the same line: only their own fingerprints tell them apart.
    """
    return f"consequence {line_name}"


def own_line(finding: Finding) -> str:
    """Return the line that a finding is where another one explains it."""
    return f"{finding.subject}: {finding.message}"


def subject_and_message(line: str) -> tuple[str, str]:
    """Return the two halves of a consequence, without the place in its file."""
    subject, _, message = _without_place(line).partition(": ")
    return subject, message


def _without_place(line: str) -> str:
    return _PLACE.sub("", line, count=1)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _identity(subject: ObjectName | str) -> tuple[str, ...]:
    return ("file", subject) if isinstance(subject, str) else (subject.kind, *subject.parts)
