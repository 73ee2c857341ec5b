"""What names a finding for good."""

from __future__ import annotations

import hashlib

from pgproof.model import Finding, ObjectName


def fingerprint(code: str, finding: Finding) -> str:
    """Return what names a finding for good: its check, subject and detail, neither its place nor its words."""
    text = "\0".join((code, *_identity(finding.subject), finding.detail))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _identity(subject: ObjectName | str) -> tuple[str, ...]:
    return ("file", subject) if isinstance(subject, str) else (subject.kind, *subject.parts)
