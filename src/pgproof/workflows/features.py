"""How the features of the contract stand, as a result holds it."""

from __future__ import annotations

from pgproof.contract.answer import State
from pgproof.contract.contract import Said
from pgproof.contract.rows import shown
from pgproof.contract.standing import Standing
from pgproof.evidence.contract import Features
from pgproof.evidence.store import Evidence
from pgproof.judge.result import FeatureState, Readiness


def feature_states(evidence: Evidence) -> list[FeatureState]:
    """Return the state of each feature that was judged, sorted by name."""
    judged = evidence.known(Features)
    return [_state(one) for one in judged.items] if judged else []


def _state(standing: Standing) -> FeatureState:
    feature = standing.feature
    missing = [said for said, answer in standing.answers if answer.state is State.FAILS]
    return FeatureState(
        feature.name,
        Readiness(standing.readiness.value),
        standing.count(State.HOLDS),
        standing.count(State.FAILS),
        standing.count(State.UNKNOWN),
        feature.title,
        feature.owner,
        feature.tier,
        feature.files,
        feature.routes,
        tuple(dict.fromkeys(shown(said.need if isinstance(said, Said) else said) for said in missing)),
    )
