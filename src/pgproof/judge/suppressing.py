"""What may keep a finding out of the report: one shape for ignores, the baseline, and what was there before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pgproof.checks.run import Ran
from pgproof.judge.causes import Grouped
from pgproof.judge.result import Stale, Suppression, Suppressor
from pgproof.model import Finding

_WITH_ALL = (Suppressor.COMMENT, Suppressor.CONFIGURATION)
"""Whoever ignores a cause ignores what it explains; what is merely known hides nothing that is new."""


class Suppressing(Protocol):
    """Suppresses findings, and remembers which. `already`: something else has suppressed it before."""

    def suppress(self, code: str, finding: Finding, *, already: bool = False) -> Suppression | None:
        """Return why the finding of the check `code` is not reported, `None` when it is."""

    def knows(self, code: str, line: str, *, already: bool = False) -> bool:
        """Whether a consequence, a line that a finding of the check `code` explains, is known."""

    def stale(self, ran: Sequence[Ran]) -> Iterable[Stale]:
        """Return what has suppressed nothing although its check looked."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """The groups of findings that are reported, and those that are not, each with the reason.

    `reported` are the identities (`id`) of the checks' findings that are told in some way.
    """

    shown: tuple[Grouped, ...]
    suppressed: tuple[tuple[Grouped, Suppression], ...]
    reported: frozenset[int]


def sort_out(groups: Sequence[Grouped], ran: Sequence[Ran], suppressing: Sequence[Suppressing]) -> Sorted:
    """Ask for each group whether it is reported; the first that suppresses its root gives the reason.

    A root that is known is reported all the same when it explains something new: with that alone.
    """
    codes = {id(finding): one.check.code for one in ran for finding in one.findings}
    shown: list[Grouped] = []
    suppressed: list[tuple[Grouped, Suppression]] = []
    reported: set[int] = set()
    for one in groups:
        reason = _reason(suppressing, one.code, one.finding)
        whole = reason is not None and reason.by in _WITH_ALL
        lines = [line for line in one.finding.consequences if not _is_known(suppressing, one.code, line, whole)]
        inner = [c for c in one.consequences if _reason(suppressing, codes[id(c)], c, already=whole) is None]
        if reason is None:
            shown.append(one)
        elif whole or not (lines or inner):
            suppressed.append((one, reason))
            continue
        else:
            shown.append(_news(one, reason, lines, inner))
        reported |= {id(one.finding), *map(id, shown[-1].consequences)}
    return Sorted(tuple(shown), tuple(suppressed), frozenset(reported))


def looked(ran: Iterable[Ran]) -> dict[str, Ran]:
    """Return, by code, the checks that ran to their end with all the evidence that they need."""
    return {one.check.code: one for one in ran if not one.absent and not one.crash}


def _reason(
    suppressing: Sequence[Suppressing], code: str, finding: Finding, *, already: bool = False
) -> Suppression | None:
    reason: Suppression | None = None
    for by in suppressing:
        said = by.suppress(code, finding, already=already or reason is not None)
        reason = reason or said
    return reason


def _is_known(suppressing: Sequence[Suppressing], code: str, line: str, already: bool) -> bool:
    known = False
    for by in suppressing:
        known = by.knows(code, line, already=already or known) or known
    return known


def _news(one: Grouped, reason: Suppression, lines: Sequence[str], inner: Sequence[Finding]) -> Grouped:
    seen = (*one.finding.seen, f"{reason.reason}; what it explains here is new")
    return Grouped(one.code, replace(one.finding, seen=seen, consequences=tuple(lines)), tuple(inner))
