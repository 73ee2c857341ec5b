"""GO, NO-GO or UNDECIDED: the rules of the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pgproof.judge.result import Verdict
from pgproof.model import Gap, Severity


@dataclass(frozen=True, slots=True)
class Policy:
    """What the user asks for: the severity that fails a run, and the evidence that must be there (`live`)."""

    fail_on: Severity = Severity.ERROR
    require: frozenset[str] = frozenset()


def decide(
    policy: Policy,
    severities: Sequence[Severity],
    gaps: Sequence[Gap],
    sources: frozenset[str],
    suppressed: bool = False,
) -> tuple[Verdict, str]:
    """Return the verdict and the reason for it in half a sentence.

    NO-GO: a finding at or above `policy.fail_on`. UNDECIDED: none, but a blocking gap, or required evidence is absent,
    or nothing was read. GO otherwise. `suppressed`: more was found, which is not reported.
    """
    failing = sum(severity.rank <= policy.fail_on.rank for severity in severities)
    if failing:
        return Verdict.NO_GO, f"{failing} finding{'s' * (failing != 1)} at or above {policy.fail_on}"
    blocking = [gap for gap in gaps if gap.blocking]
    if blocking:
        return Verdict.UNDECIDED, blocking[0].reason
    missing = sorted(policy.require - sources)
    if missing:
        return Verdict.UNDECIDED, f"required evidence is absent: {', '.join(missing)}"
    if not sources:
        return Verdict.UNDECIDED, "nothing was read"
    if suppressed:
        return Verdict.GO, "nothing else was found that would fail, leak, lose or corrupt"
    return Verdict.GO, "nothing was found that would fail, leak, lose or corrupt"
