"""Running checks: the runner says what was examined and how it is known, not the check."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Sized
from dataclasses import dataclass

from pgproof.checks.check import Check
from pgproof.evidence.part import RECIPES, Absent
from pgproof.evidence.store import Evidence, needs
from pgproof.model import Finding, Gap, Proof


@dataclass(frozen=True, slots=True)
class Ran:
    """What one check said. `crash` names the error of a check that failed; `absent` the evidence that it lacked."""

    check: Check
    proof: Proof
    examined: int = 0
    findings: tuple[Finding, ...] = ()
    absent: Gap | None = None
    crash: str = ""


def run(checks: Iterable[Check], evidence: Evidence) -> list[Ran]:
    """Run each check on the evidence; one that crashes is named, and the others go on."""
    return [_run(check, evidence) for check in checks]


def _run(check: Check, evidence: Evidence) -> Ran:
    for part, optional in needs(check.function).values():
        if not optional and isinstance(value := evidence.get(part), Absent):
            return Ran(check, Proof.weakest(()), absent=value.gap)
    proof = evidence.proof_of(check.function)
    examined = _examined(check, evidence)
    try:
        findings = tuple(evidence.call(check.function)) if examined else ()
    except Exception as error:  # a check's own defect must not end the run
        place = traceback.extract_tb(error.__traceback__)[-1]
        return Ran(check, proof, examined, crash=f"{type(error).__name__}: {error} ({place.name}, line {place.lineno})")
    return Ran(check, proof, examined, findings)


def _examined(check: Check, evidence: Evidence) -> int:
    """Count what there was to examine: the size of the first part that the check names and that has a size."""
    for part, _ in needs(check.function).values():
        value = evidence.get(part)
        if part in RECIPES and isinstance(value, Sized):
            return len(value)
    return 0
