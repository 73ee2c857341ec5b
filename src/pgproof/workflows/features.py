"""How the features of the contract stand, as a result holds it."""

from __future__ import annotations

from pgproof.contract.answer import Answer, State
from pgproof.contract.contract import Question, Said
from pgproof.contract.need import Retired, Together
from pgproof.contract.rows import shown
from pgproof.contract.standing import Standing
from pgproof.evidence.contract import Features
from pgproof.evidence.contract_rows import Kept
from pgproof.evidence.contract_tried import Tried
from pgproof.evidence.live import Live
from pgproof.evidence.store import Evidence
from pgproof.judge.document import NeedOutcome, NeedState
from pgproof.judge.result import FeatureState, Readiness
from pgproof.model import Method, Proof, Subject


def feature_states(evidence: Evidence) -> list[FeatureState]:
    """Return the state of each feature that was judged, sorted by name."""
    judged = evidence.known(Features)
    return [_state(one, evidence) for one in judged.items] if judged else []


def _state(standing: Standing, evidence: Evidence) -> FeatureState:
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
        tuple(dict.fromkeys(_sentence(said) for said in missing)),
        tuple(_need(said, answer, evidence) for said, answer in standing.answers),
    )


def _need(said: Said | Question, answer: Answer, evidence: Evidence) -> NeedState:
    known = str(_known(said, answer, evidence)) if answer.state is not State.UNKNOWN else ""
    problem = answer.problem if answer.state is not State.HOLDS else ""
    return NeedState(_sentence(said), NeedOutcome(answer.state.value), said.required, problem, known)


def _sentence(said: Said | Question) -> str:
    return shown(said.need if isinstance(said, Said) else said)


def _known(said: Said | Question, answer: Answer, evidence: Evidence) -> Proof:
    """Return what the answer rests on: rows that were asked, changes that were tried, the code, else the catalog."""
    kept, tried = evidence.known(Kept), evidence.known(Tried)
    if kept and said in kept.answers:
        return Proof(Method.EXECUTED, (Subject.LIVE,))
    trial = tried.trials.get(said.need) if tried and isinstance(said, Said) else None
    if tried and trial and (answer.state is State.HOLDS or answer.problem == trial.problem):
        return tried.proof or Proof(Method.EXECUTED, (Subject.REPLAY,))
    if isinstance(said, Said) and isinstance(said.need, Retired | Together) and answer.cause is None:
        return Proof(Method.PARSED, (Subject.FILES,))
    return Proof(Method.READ, (Subject.LIVE if evidence.known(Live) else Subject.REPLAY,))
