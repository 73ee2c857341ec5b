"""The numbers that the contract promises, as a result holds them."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.contract.answer import State
from pgproof.contract.contract import Said
from pgproof.contract.rows import shown
from pgproof.evidence.contract_promises import Budgets, Promises
from pgproof.evidence.contract_rows import Kept
from pgproof.evidence.store import Evidence
from pgproof.judge.document import PromisedNumber


def promised_numbers(evidence: Evidence) -> Iterator[PromisedNumber]:
    """Yield what was counted, the rows that were asked, and the times that were measured.

    What a time was is no part of a result.
    """
    counted = evidence.known(Promises)
    for one in counted.found if counted else ():
        yield PromisedNumber(
            one.promise.name,
            one.word.replace("_", " "),
            str(one.number),
            f"{one.found:{'+' * one.number.delta}}",
            one.kept,
        )
    if kept := evidence.known(Kept):
        for said, answer in kept.answers.items():
            if isinstance(said, Said) and not kept.features[said] and answer.state is not State.UNKNOWN:
                yield PromisedNumber("", "rows", shown(said.need), answer.problem, answer.state is State.HOLDS)
    if budgets := evidence.known(Budgets):
        for promise in budgets.promised:
            slow = promise in budgets.exceeded
            yield PromisedNumber(promise.name, "ms on the replay", f"<= {promise.budget_ms}", "more" * slow, not slow)
