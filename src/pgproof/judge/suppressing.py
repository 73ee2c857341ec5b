"""What may keep a finding out of the report: one shape for ignores, the baseline, and what was there before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pgproof.checks.run import Ran
from pgproof.judge.causes import Grouped
from pgproof.judge.result import Stale, Suppression
from pgproof.model import Finding, Gap


class Suppressing(Protocol):
    """Suppresses findings, and remembers which."""

    def suppress(self, code: str, finding: Finding) -> Suppression | None:
        """Return why the finding of the check `code` is not reported, `None` when it is."""

    def stale(self, ran: Sequence[Ran]) -> Iterable[Stale]:
        """Return what has suppressed nothing although its check looked."""

    def gaps(self, reported: Iterable[str]) -> Iterable[Gap]:
        """Return what could not be told of the findings that are reported, whose codes are given."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """The groups of findings that are reported, and those that are not, each with the reason."""

    shown: tuple[Grouped, ...]
    suppressed: tuple[tuple[Grouped, Suppression], ...]


def sort_out(groups: Sequence[Grouped], ran: Sequence[Ran], suppressing: Sequence[Suppressing]) -> Sorted:
    """Ask for each group's root whether it is reported; the first that suppresses it gives the reason.

    What a root explains shares its fate. It still counts as found: nothing that would suppress it is stale.
    """
    shown, suppressed = [], []
    for one in groups:
        reasons = [by.suppress(one.code, one.finding) for by in suppressing]
        if reason := next(filter(None, reasons), None):
            suppressed.append((one, reason))
        else:
            shown.append(one)
    roots = {id(one.finding) for one in groups}
    for check in ran:
        for finding in check.findings:
            if id(finding) not in roots:
                for by in suppressing:
                    by.suppress(check.check.code, finding)
    return Sorted(tuple(shown), tuple(suppressed))


def looked(ran: Iterable[Ran]) -> dict[str, Ran]:
    """Return, by code, the checks that ran to their end with all the evidence that they need."""
    return {one.check.code: one for one in ran if not one.absent and not one.crash}
