"""Findings that share a fingerprint, told apart: consumers keep only the first of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pgproof.judge.result import Judged


def numbered(findings: Iterable[Judged]) -> Iterator[tuple[Judged, int]]:
    """Yield each finding and, from 1, how many with its fingerprint there were up to here."""
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.fingerprint] += 1
        yield finding, seen[finding.fingerprint]
