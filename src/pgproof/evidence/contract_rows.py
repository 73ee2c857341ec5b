"""What the contract says of rows, asked of the live database: numbers, ages, states, and the team's own questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pgproof.contract.answer import Answer
from pgproof.contract.contract import Question, Said
from pgproof.contract.rows import OF_ROWS, answer_question, answer_rows, shown
from pgproof.contract.schema import Schema
from pgproof.evidence.live import Connection, Live
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.settings import Settings
from pgproof.evidence.wording import counted
from pgproof.model import Gap, Method, Proof, Subject


@dataclass(frozen=True, slots=True)
class Kept:
    """The answers, and which feature asked (`""`: the promises in numbers)."""

    answers: Mapping[Said | Question, Answer]
    features: Mapping[Said | Question, str]
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return the number of questions."""
        return len(self.answers)


@gathers(Kept, Proof(Method.EXECUTED, (Subject.LIVE,)))
def ask_rows(settings: Settings, connection: Connection | None, live: Live | None) -> Kept:
    """Ask each question once, read-only; what the role may not read is a blocking gap, never a 0."""
    contract = settings.config.contract
    features: dict[Said | Question, str] = {
        one: feature.name
        for feature in contract.features
        for one in feature.all
        if isinstance(one, Question) or isinstance(one.need, OF_ROWS)
    }
    features |= {said: "" for promise in contract.promises for said in promise.rows}
    if not features:
        return Kept({}, {})
    if connection is None or live is None:
        raise Unavailable(
            Gap(
                f"{counted(len(features), 'need')} of rows in the contract: rows are asked of a live database only",
                way_out="pgproof check --live postgresql://…",
            )
        )
    settings.progress("asking the live database what the contract says of rows")
    schema, max_cost = Schema(live.catalog), contract.verification.max_cost
    answers: dict[Said | Question, Answer] = {}
    for one in features:
        if isinstance(one, Question):
            answers[one] = answer_question(one, schema, connection.session, max_cost)
        elif isinstance(one.need, OF_ROWS):
            answers[one] = answer_rows(one.need, schema, connection.session, max_cost)
    gaps = [
        Gap(
            f"{features[one] or 'promises'}: {shown(one.need if isinstance(one, Said) else one)}: {answer.problem}",
            blocking=True,
            location=one.location,
            way_out=answer.way_out,
        )
        for one, answer in answers.items()
        if answer.blocking
    ]
    return Kept(answers, features, tuple(gaps))
