"""What follows from the attempts at what a need of the contract rules out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.contract.need import AppendOnly, States
from pgproof.contract.schema import Schema
from pgproof.evidence.wording import counted
from pgproof.model import ObjectName
from pgproof.probes.changes.attempt import PUBLIC, Attempt, Outcome, statement
from pgproof.sql.quote import identifier, literal

NOTHING_PASSES = "every transition is refused: what refuses it asks for more than the state"
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried for one need.

    Parameters
    ----------
    attempts
        Each of them, or none: `why` says why not.
    problem
        What is wrong, continuing a sentence that begins with the need; `""`: nothing is.
    held
        Whether all of it was tried and came out as the contract says.
    remark
        What the database leaves to the code, when nothing in it refuses what the contract rules out.
    sql
        Shows the problem, or what the remark says.
    """

    cause: ObjectName
    attempts: tuple[Attempt, ...]
    problem: str = ""
    held: bool = False
    remark: str = ""
    sql: str = ""
    why: str = ""

    def seen(self) -> Iterator[str]:
        """Yield what was tried and what became of it, in few lines."""
        by: dict[tuple[Outcome, str], list[str]] = {}
        for one in self.attempts:
            by.setdefault((one.outcome, one.by), []).append(f"{one.what} as {one.role}" if one.role else one.what)
        words = {Outcome.DONE: "went through", Outcome.UNTRIED: "not tried", Outcome.UNTOUCHED: "changed nothing"}
        for (outcome, by_what), whats in by.items():
            said = f"refused by {by_what}" if outcome is Outcome.REFUSED else words[outcome]
            said += f" ({by_what})" if by_what and outcome is not Outcome.REFUSED else ""
            more = f" and {len(whats) - _SHOWN} more" if len(whats) > _SHOWN else ""
            yield f"{said}: {', '.join(whats[:_SHOWN])}{more}"


def judge_trial(need: AppendOnly | States, schema: Schema, attempts: tuple[Attempt, ...]) -> Trial:
    """Say what follows from the attempts for a need whose table, or column, is there."""
    return (
        _judge_append(need, schema, attempts) if isinstance(need, AppendOnly) else _judge_states(need, schema, attempts)
    )


def _judge_append(need: AppendOnly, schema: Schema, attempts: tuple[Attempt, ...]) -> Trial:
    table = schema.relation(need.relation, "table")
    assert isinstance(table, Object)
    done = [one for one in attempts if one.outcome is Outcome.DONE]
    counting = [one for one in done if one.role or need.owner]
    if counting:
        roles = dict.fromkeys(one.role for one in counting)
        told = ", ".join(f"{role or 'its owner'} ({_whats(counting, role)})" for role in roles)
        return Trial(table.name, attempts, f"was changed by {told}", sql=_show_change(table, counting[0]))
    asked = [one for one in attempts if one.role or need.owner]
    by_owner = {one.what: one.outcome for one in attempts if not one.role}
    open_ = [one for one in asked if one.outcome is not Outcome.REFUSED and not _left_alone(one, by_owner)]
    why = next((one.by for one in open_ if one.outcome is Outcome.UNTRIED), "") if open_ else ""
    owned = [one for one in done if not one.role]
    remark = ""
    if owned and not open_ and not _others_may_add(table):
        remark = (
            f"only the code keeps it append only: {_whats(owned, '')} of its owner went through, and no other role "
            "may add rows"
        )
    sql = _show_change(table, owned[0]) if remark else ""
    return Trial(table.name, attempts, held=not open_, remark=remark, sql=sql, why=why)


def _left_alone(one: Attempt, by_owner: Mapping[str, Outcome]) -> bool:
    """Whether a change had no effect, and not because a policy hides the row: the owner sees every row."""
    return one.outcome is Outcome.UNTOUCHED and (not one.role or by_owner.get(one.what) is Outcome.UNTOUCHED)


def _whats(attempts: Sequence[Attempt], role: str) -> str:
    return ", ".join(one.what for one in attempts if one.role == role)


def _others_may_add(table: Object) -> bool:
    held = cast("Mapping[str, list[str]]", table.attributes.get("privileges") or {})
    return any(
        role != table.attributes["owner"] and any(one.rstrip("*") == "INSERT" for one in privileges)
        for role, privileges in held.items()
    )


def _show_change(table: Object, one: Attempt) -> str:
    become = f"set local role {identifier(one.role)}; " if one.role not in ("", PUBLIC) else ""
    return f"begin; {become}{statement(one, qualified(table.name.parts))}; rollback;"


def _judge_states(need: States, schema: Schema, attempts: tuple[Attempt, ...]) -> Trial:
    column = schema.column(need.relation, need.column)
    assert isinstance(column, Object)
    outcomes = {one.what: one for one in attempts}
    of = {pair: outcomes.get(f"{pair[0]} -> {pair[1]}") for pair in (*need.transitions, *need.forbidden)}
    refused = [pair for pair in need.transitions if _is(of[pair], Outcome.REFUSED, Outcome.UNTOUCHED)]
    through = [pair for pair in need.forbidden if _is(of[pair], Outcome.DONE)]
    guarded = [pair for pair in need.forbidden if _is(of[pair], Outcome.REFUSED, Outcome.UNTOUCHED)]
    tried = [one for one in of.values() if one and one.outcome is not Outcome.UNTRIED]
    if tried and not any(one.outcome is Outcome.DONE for one in tried):
        return Trial(column.name, attempts, why=NOTHING_PASSES)
    problems = [f"does not go {_pairs(refused)}: that is refused"] if refused else []
    remark = ""
    if through and (guarded or need.guarded):
        kept = f", while {counted(len(guarded), 'other transition')} are refused" if guarded else ""
        problems.append(f"also goes {_pairs(through)}, which nothing refuses{kept}")
    elif through and len(tried) == len(of):
        remark = (
            "only the code keeps to these transitions: nothing in the database refuses another one, "
            f"{counted(len(through), 'transition')} that the contract does not name went through"
        )
    shown = (refused or through)[:1]
    sql = _show_move(column, *shown[0]) if shown else ""
    why = next((one.by for one in of.values() if one and one.outcome is Outcome.UNTRIED), "")
    held = bool(tried) and not problems and len(tried) == len(of)
    return Trial(column.name, attempts, "; ".join(problems), held, remark, sql, why)


def _is(one: Attempt | None, *outcomes: Outcome) -> bool:
    return one is not None and one.outcome in outcomes


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    more = f" and {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
    return ", ".join(f"{literal(one)} -> {literal(other)}" for one, other in pairs[:_SHOWN]) + more


def _show_move(column: Object, before: str, after: str) -> str:
    table, name = qualified(column.name.parts[:2]), identifier(column.name.parts[2])
    text = f"update {table} set {name} = {literal(after)} where {name} = {literal(before)}"  # noqa: S608 (quoted)
    return f"begin; {text}; rollback;"
