"""How a statement is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Method(IntEnum):
    """How something is known, weakest first."""

    DECLARED = 1
    RECORDED = 2
    PARSED = 3
    READ = 4
    EXECUTED = 5


class Subject(StrEnum):
    """What was looked at."""

    FILES = "files"
    REPLAY = "replay"
    CLONE = "clone of live"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Proof:
    """A method and the subjects that it was used on, in the order of `Subject`."""

    method: Method
    subjects: tuple[Subject, ...]

    @staticmethod
    def weakest(proofs: Iterable[Proof]) -> Proof:
        """Join what is known of several pieces of evidence: the weakest method, all subjects."""
        known = list(proofs)
        seen = {subject for proof in known for subject in proof.subjects}
        return Proof(
            min((proof.method for proof in known), default=Method.DECLARED),
            tuple(subject for subject in Subject if subject in seen),
        )

    def __str__(self) -> str:
        """Return for example `read from replay and live`."""
        where = " and ".join(self.subjects)
        preposition = {Method.READ: "from", Method.EXECUTED: "on"}.get(self.method, "in")
        return f"{self.method.name.lower()} {preposition} {where}" if where else self.method.name.lower()
