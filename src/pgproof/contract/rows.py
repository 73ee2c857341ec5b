"""Needs of rows as questions, and what their answers mean."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.contract.answer import HOLDS, Answer, State, fails, unknown
from pgproof.contract.asking import Refused, ask
from pgproof.contract.contract import Question, Said
from pgproof.contract.judge import judge
from pgproof.contract.need import Compare, Fresh, Need, Rows, States
from pgproof.contract.schema import Schema
from pgproof.contract.wording import age, sentence
from pgproof.sql.quote import identifier, literal

if TYPE_CHECKING:
    from pgproof.server.session import Session

OF_ROWS = (Rows, Fresh, States)
_STATES_SHOWN = 50


def answer_rows(need: Rows | Fresh | States, schema: Schema, session: Session, max_cost: int) -> Answer:
    """Ask the live database whether a need of rows holds."""
    judged = judge(need, schema)
    if judged.state is State.FAILS:
        return judged
    relation = schema.relation(need.relation)
    if not isinstance(relation, Object):
        return relation
    try:
        rows = ask(query(need, relation), schema, session, max_cost, _STATES_SHOWN)
    except Refused as refused:
        return _refused(refused, relation)
    if isinstance(need, Rows):
        return _number(need, int(rows[0][0]), relation)
    if isinstance(need, Fresh):
        newest, fresh = rows[0]
        if not newest:
            return fails(relation.name, "has no row with a time, of any age")
        return HOLDS if fresh else fails(relation.name, f"has nothing newer than {age(need.seconds)}")
    strange = [f"{value!r} ({number})" for value, number in rows if value not in need.states]
    if strange:
        return fails(relation.name, f"has rows in other states than the contract names: {', '.join(strange)}")
    return HOLDS


def query(need: Rows | Fresh | States, relation: Object) -> str:
    """Return the question that tells whether a need of rows holds."""
    return _query(need, qualified(relation.name.parts))


def _query(need: Rows | Fresh | States, source: str) -> str:
    if isinstance(need, Rows):
        condition = f" where ({need.where})" if need.where else ""
        return f"select count(*) from {source}{condition}"  # noqa: S608 (parsed as one SELECT before it is sent)
    column = identifier(need.column)
    if isinstance(need, Fresh):
        oldest = f"now() - interval {literal(f'{need.seconds} seconds')}"
        return f"select max({column}) is not null, max({column}) >= {oldest} from {source}"  # noqa: S608
    return f"select {column}::text, count(*) from {source} where {column} is not null group by 1 order by 1"  # noqa: S608


def answer_question(question: Question, schema: Schema, session: Session, max_cost: int) -> Answer:
    """Ask the live database a question of the team's own."""
    try:
        rows = ask(question.sql, schema, session, max_cost)
    except Refused as refused:
        return _refused(refused, None)
    if len(rows) != 1 or len(rows[0]) != 1:
        shape = "no row" if not rows else "more than one row" if len(rows) > 1 else f"{len(rows[0])} columns"
        return fails(None, f"gives {shape}, where one value was expected")
    found = _shown(rows[0][0])
    if isinstance(question.answer, str) or question.answer is None:
        return HOLDS if found == question.answer else fails(None, f"gives {found}, not {question.answer}")
    try:
        holds = question.compare.holds(float(rows[0][0]), float(question.answer))
    except (TypeError, ValueError):
        return fails(None, f"gives {found}, which is no number")
    return HOLDS if holds else fails(None, f"gives {found}, not {_promised(question.compare)}{question.answer}")


def _number(need: Rows, found: int, relation: Object) -> Answer:
    if need.compare.holds(found, need.number):
        return HOLDS
    said = f"{found} such row{'s' * (found != 1)}" if need.where else f"{found} row{'s' * (found != 1)}"
    return fails(relation.name, f"has {said}, not {_promised(need.compare)}{need.number}")


def _promised(compare: Compare) -> str:
    return {Compare.EXACTLY: "", Compare.AT_LEAST: "at least ", Compare.AT_MOST: "at most "}[compare]


def _refused(refused: Refused, relation: Object | None) -> Answer:
    name = relation.name if relation else None
    if refused.unreadable:
        return unknown(refused.problem, name, blocking=True, way_out=refused.way_out)
    return fails(name, refused.problem)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, Decimal):
        return format(value, "f")
    return "null" if value is None else str(value)


def shown(one: Need | Question) -> str:
    """Return a need or a question in one line."""
    if isinstance(one, Question):
        return one.reason or " ".join(one.sql.split())
    return sentence(one)


def reproduce(one: Said | Question) -> str:
    """Return SQL that shows what a question or a need of rows found, to be run with the tables' schema in the path."""
    if isinstance(one, Question):
        return f"{one.sql.strip().rstrip(';')};"
    need = one.need
    if not isinstance(need, Rows | Fresh | States):
        return ""
    source = ".".join(map(identifier, need.relation))
    return f"{_query(need, source)};"
