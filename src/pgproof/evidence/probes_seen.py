"""What probes saw, sorted by what it is about: each a part of its own, so that a check says what it examined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pgproof.evidence.part import gathers
from pgproof.evidence.probes import Probes
from pgproof.evidence.probes_doubt import Doubts
from pgproof.evidence.settings import Settings
from pgproof.model import Method, ObjectName, Proof, Subject
from pgproof.probes.observed import ABOUT_DATA, DELETE_PARENT, Called, Kept, Rejection, Step
from pgproof.probes.refusal import Refusal
from pgproof.project.probe import ProbeEntry

EXECUTED = Proof(Method.EXECUTED, (Subject.REPLAY,))
_VIEWS = ("view", "materialized view")


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps of one kind, and what of them proves nothing."""

    steps: tuple[Step, ...]
    doubts: Doubts

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.steps)

    def wrong(self) -> Iterator[tuple[Step, Refusal]]:
        """Yield the steps that failed because the schema is wrong."""
        for step in self.steps:
            if step.refusal is not None and is_wrong(step, self.doubts):
                yield step, step.refusal


def is_wrong(step: Step, doubts: Doubts) -> bool:
    """Whether a step failed, and because the schema is wrong."""
    if step.refusal is None or step.done or step.note == ABOUT_DATA:
        return False
    return not doubts.about(step.refusal, step.subject.parts[1])


@dataclass(frozen=True, slots=True)
class Writes(Steps):
    """Rows written, changed and deleted, triggers fired, defaults taken. `behind`: see Observed."""

    behind: tuple[ObjectName, ...] = ()


@dataclass(frozen=True, slots=True)
class Reads(Steps):
    """Views read, materialized views refreshed."""


@dataclass(frozen=True, slots=True)
class Guards(Steps):
    """Tables with policies, read and written as other roles."""


@dataclass(frozen=True, slots=True)
class Deletions(Steps):
    """Rows deleted that others refer to."""


@dataclass(frozen=True, slots=True)
class Rejections:
    """Constraints, and what became of rows that break them."""

    items: tuple[Rejection, ...]
    doubts: Doubts

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Calls:
    """Functions and procedures, each with its calls."""

    items: tuple[Called, ...]
    doubts: Doubts

    def __len__(self) -> int:
        """Return how many were called."""
        return sum(bool(one.calls) for one in self.items)


@dataclass(frozen=True, slots=True)
class Promised:
    """The probes of the configuration, each with where it stands and what became of it."""

    items: tuple[tuple[ProbeEntry, Kept], ...]
    doubts: Doubts

    def __len__(self) -> int:
        """Return how many came to their call."""
        return sum(kept.tried for _, kept in self.items)

    def told(self, kept: Kept) -> ObjectName | None:
        """Return the function whose body is a finding already, when that is why it was not kept."""
        return self.doubts.of_a_body(kept.refusal) if kept.refusal else None


@gathers(Writes, EXECUTED)
def writes(probes: Probes) -> Writes:
    """Take what is about tables, their columns and triggers."""
    kinds = ("table", "column", "trigger")
    steps = (one for one in probes.observed.steps if one.subject.kind in kinds and not _is_guard(one))
    return Writes(tuple(steps), probes.doubts, probes.observed.behind)


@gathers(Reads, EXECUTED)
def reads(probes: Probes) -> Reads:
    """Take what is about views."""
    return Reads(tuple(one for one in probes.observed.steps if one.subject.kind in _VIEWS), probes.doubts)


@gathers(Guards, EXECUTED)
def guards(probes: Probes) -> Guards:
    """Take what was done as another role."""
    return Guards(tuple(filter(_is_guard, probes.observed.steps)), probes.doubts)


@gathers(Deletions, EXECUTED)
def deletions(probes: Probes) -> Deletions:
    """Take what is about delete rules."""
    return Deletions(tuple(one for one in probes.observed.steps if one.action == DELETE_PARENT), probes.doubts)


@gathers(Rejections, EXECUTED)
def rejections(probes: Probes) -> Rejections:
    """Take what is about constraints."""
    return Rejections(probes.observed.rejections, probes.doubts)


@gathers(Calls, EXECUTED)
def calls(probes: Probes) -> Calls:
    """Take the calls."""
    return Calls(probes.observed.called, probes.doubts)


def _is_guard(step: Step) -> bool:
    return " as " in step.action


@gathers(Promised, EXECUTED)
def promised(probes: Probes, settings: Settings) -> Promised:
    """Join what the configuration says with what was seen."""
    return Promised(tuple(zip(settings.config.probes, probes.observed.kept, strict=True)), probes.doubts)
