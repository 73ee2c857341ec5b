"""How a feature stands: what became of each of its needs, and what follows from that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pgproof.contract.answer import Answer, State
from pgproof.contract.contract import Feature, Question, Readiness, Said


@dataclass(frozen=True, slots=True)
class Standing:
    """A feature with the answer to each of its needs and questions, in their order."""

    feature: Feature
    answers: tuple[tuple[Said | Question, Answer], ...]

    @property
    def readiness(self) -> Readiness:
        """READY when everything holds, BLOCKED without something required, PARTIAL without something optional."""
        failing = [said.required for said, answer in self.answers if answer.state is State.FAILS]
        if any(failing):
            return Readiness.BLOCKED
        if any(said.required for said, answer in self.answers if answer.state is State.UNKNOWN):
            return Readiness.UNDECIDED
        if failing:
            return Readiness.PARTIAL
        return Readiness.UNDECIDED if any(a.state is State.UNKNOWN for _, a in self.answers) else Readiness.READY

    def count(self, state: State) -> int:
        """Return how many needs are in a state."""
        return sum(answer.state is state for _, answer in self.answers)


def stand(features: Iterable[Feature], answers: Mapping[Said | Question, Answer]) -> tuple[Standing, ...]:
    """Return how each feature stands, sorted by name."""
    return tuple(
        Standing(one, tuple((said, answers[said]) for said in one.all))
        for one in sorted(features, key=lambda feature: feature.name)
    )
