"""The baseline: findings that were there when pgproof came, so that an old project can start today.

It only shrinks. A finding is known by its fingerprint, so that moved lines and other words change nothing; code,
subject and message stand beside it for people. What a finding explains is listed too: only what is listed is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pgproof.checks.run import Ran
from pgproof.judge.fingerprint import demoted, fingerprint, line_fingerprint, own_line, subject_and_message
from pgproof.judge.known import Known
from pgproof.judge.result import Stale, Staleness, Suppression, Suppressor
from pgproof.judge.suppressing import looked
from pgproof.model import Finding, Location

REASON = "found when the baseline was made"


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding or consequence, or `count` that share a fingerprint. `evidence` is what it was found in (`live`)."""

    code: str
    subject: str
    message: str
    evidence: tuple[str, ...]
    fingerprint: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries, sorted; `path` is the file as people name it."""

    path: str
    entries: tuple[Entry, ...] = ()

    def __len__(self) -> int:
        """Return how many findings and consequences it lists."""
        return sum(entry.count for entry in self.entries)


class Baselined:
    """Suppresses what the baseline `listed` lists, and tells what becomes of it."""

    def __init__(self, baseline: Baseline) -> None:
        """Nothing was found yet."""
        self.listed = baseline
        self._known = Known(
            ((one.fingerprint, demoted(line_fingerprint(f"{one.subject}: {one.message}"))), one.count)
            for one in baseline.entries
        )
        self._new: list[Entry] = []
        self._left: list[Entry] = list(baseline.entries)

    def suppress(self, code: str, finding: Finding, *, already: bool = False) -> Suppression | None:
        """Return the entry of the finding; each entry stands for as many as it counts."""
        name = fingerprint(code, finding)
        number = self._known.take(name, line_fingerprint(own_line(finding)))
        if number is not None:
            return self._said(self.listed.entries[number])
        if not already:
            kind = "" if isinstance(finding.subject, str) else f"{finding.subject.kind} "
            self._new.append(Entry(code, f"{kind}{finding.subject}", finding.message, (), name))
        return None

    def knows(self, code: str, line: str, *, already: bool = False) -> bool:
        """Whether a consequence is listed, by itself or as a finding."""
        name = line_fingerprint(line)
        if self._known.take(name, demoted(name)) is not None:
            return True
        if not already:
            self._new.append(Entry(code, *subject_and_message(line), (), name))
        return False

    def stale(self, ran: Sequence[Ran]) -> Iterator[Stale]:
        """Yield the entries that are fixed: their check looked, at all that they were once found in."""
        looking = looked(ran)
        subjects = {one.check.code: tuple(one.proof.subjects) for one in ran}
        self._new = [replace(entry, evidence=subjects[entry.code]) for entry in self._new]
        self._left = []
        for number, entry in enumerate(self.listed.entries):
            check = looking.get(entry.code)
            seen = check is not None and set(entry.evidence) <= set(check.proof.subjects)
            fixed = self._known.left(number) if seen else 0
            if fixed:  # once: a hostile file may count to a billion
                yield Stale(self._said(entry), Staleness.FIXED)
            if fixed < entry.count:
                self._left.append(replace(entry, count=entry.count - fixed))

    def remaining(self, *, accept_new: bool) -> Baseline:
        """Return the baseline as it is after a run: without what is fixed, and with what is new when that is wanted."""
        entries = {entry.fingerprint: entry for entry in self._left}
        for new in self._new if accept_new else ():
            known = entries.get(new.fingerprint)
            entries[new.fingerprint] = replace(known, count=known.count + 1) if known else new
        return replace(self.listed, entries=tuple(sorted(entries.values(), key=order)))

    def _said(self, entry: Entry) -> Suppression:
        return Suppression(
            Suppressor.BASELINE,
            entry.code,
            REASON,
            Location(self.listed.path),
            entry.subject,
            fingerprint=entry.fingerprint,
        )


def order(entry: Entry) -> tuple[str, str, str, str]:
    """Return what entries are sorted by."""
    return entry.code, entry.subject, entry.message, entry.fingerprint
