"""A question asked of the live database: one SELECT that nothing can follow from but its answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from pgproof.catalog.names import routine_of
from pgproof.catalog.object import Object
from pgproof.contract.schema import Schema
from pgproof.sql.parse import SyntaxProblem, parse
from pgproof.sql.split import split

if TYPE_CHECKING:
    from pgproof.server.session import Session

SEARCH_PATH = "public, pg_temp"
TIMEOUT_MS = 10_000
_RELATION = re.compile('relation "([^"]+)"')
HARMLESS = ("random", "clock_timestamp", "timeofday", "gen_random_uuid")
"""Volatile functions of PostgreSQL that change nothing and wait for nothing."""

LOCAL = """
select pg_catalog.set_config('search_path', $1, true), pg_catalog.set_config('statement_timeout', $2, true)
"""
VOLATILE = """
select distinct n.nspname || '.' || p.proname from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.jsonb_to_recordset($1::jsonb) a(schema text, name text)
  on a.name = p.proname and (a.schema = n.nspname or (a.schema = '' and n.nspname in ('pg_catalog', 'public')))
where p.provolatile = 'v' and not (n.nspname = 'pg_catalog' and p.proname = any ($2))
order by 1
"""


class Refused(Exception):  # noqa: N818 - an answer that is none, caught where it is told
    """Why there is no answer, and what to do.

    `unreadable`: nothing is known, because the database would not, or could not, or because the question was not put
    to it; otherwise the question is wrong. `unasked`: pgproof did not ask what may change something.
    """

    def __init__(self, problem: str, way_out: str = "", *, unreadable: bool = False, unasked: bool = False) -> None:
        """Keep them."""
        super().__init__(problem)
        self.problem = problem
        self.way_out = way_out
        self.unreadable = unreadable or unasked
        self.unasked = unasked


def ask(sql: str, schema: Schema, session: Session, max_cost: int, rows: int = 2) -> list[tuple[Any, ...]]:
    """Return at most so many rows of one SELECT, read-only, within a time and an estimated cost.

    Raises Refused when it is no such SELECT, may change something or takes too long, when the server says that it is
    wrong, and when rows are hidden from the role (`row_security` is off: hidden rows are an error).
    """
    from psycopg import Error, errors

    try:
        text = _statement(sql)
        _refuse_volatile(text, schema, session)
        # As a sub-query nothing but a plain SELECT is valid: no second statement, no INTO, no WITH that writes.
        query = f"select * from (\n{text}\n) pgproof_question limit {rows}"  # noqa: S608 (one parsed SELECT)
        with session.chunk():
            session.rows(LOCAL, (SEARCH_PATH, str(TIMEOUT_MS)))
            cost = _cost(session.rows(f"explain (format json)\n{query}"))
            if cost > max_cost:
                problem = f"would cost more than {max_cost:,} by the planner's estimate (max_cost allows no more)"
                raise Refused(problem, "Ask for less, or raise max_cost in [verify].", unreadable=True)
            return session.rows(query)
    except errors.QueryCanceled:
        raise Refused(f"took longer than {TIMEOUT_MS / 1000:g} s", unreadable=True) from None
    except errors.InsufficientPrivilege as error:
        raise Refused(f"may not be asked: {_said(error)}", "docs/live.md lists the grants", unreadable=True) from None
    except errors.LockNotAvailable as error:
        raise Refused(f"got no lock: {_said(error)}", unreadable=True) from None
    except Error as error:
        raise Refused(f"cannot be answered: {_said(error)} ({error.sqlstate}){_meant(error, schema)}") from None


def _meant(error: Any, schema: Schema) -> str:
    """Return what a missing name was probably meant to be: the server says it of columns only."""
    if error.sqlstate == "42P01" and (found := _RELATION.search(error.diag.message_primary or "")):
        return schema.similar_relation((found[1].rpartition(".")[2],))
    hint = (error.diag.message_hint or "").rstrip(".") if error.sqlstate == "42703" else ""
    return f"; {hint}" if hint else ""


def _statement(sql: str) -> str:
    """Return the one statement of a text, without the semicolon and what stands behind it."""
    try:
        return next((one.text for one in split(sql)), "")
    except SyntaxProblem:
        return sql.strip().rstrip(";")


def _said(error: Any) -> str:
    return error.diag.message_primary or str(error).splitlines()[0]


def _cost(plan: list[tuple[Any, ...]]) -> float:
    return cast(float, plan[0][0][0]["Plan"]["Total Cost"])


def _refuse_volatile(text: str, schema: Schema, session: Session) -> None:
    called = sorted(set(_called(text, schema, frozenset())))
    if not called:
        return
    names = json.dumps([{"schema": of, "name": name} for of, name in called])
    found = [name for (name,) in session.rows(VOLATILE, (names, list(HARMLESS)))]
    if found:
        plain = ", ".join(name.removeprefix("pg_catalog.") for name in found)
        raise Refused(
            f"is not asked: it calls {plain}, which is volatile and might change something",
            "Ask it without the function; one that only reads can be declared STABLE.",
            unasked=True,
        )


def _called(text: str, schema: Schema, inside: frozenset[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield the functions, as (schema or "", name), that a query and the views in it call, also by operators."""
    try:
        waiting: list[Any] = list(parse(text))
    except SyntaxProblem as problem:
        raise Refused(f"does not parse: {problem}") from None
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            waiting += node.values()
            if "funcname" in node:
                yield _name(node["funcname"])
            if "relname" in node:
                yield from _of_view(node, schema, inside)
            if "AEXPR_OP" in str(node.get("kind", "")):
                yield from _of_operator(_name(node["name"])[1], schema)


def _of_view(node: dict[str, Any], schema: Schema, inside: frozenset[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    path = (node["schemaname"], node["relname"]) if "schemaname" in node else (node["relname"],)
    found = schema.relation(path)
    if isinstance(found, Object) and found.name.kind == "view" and found.name.parts not in inside:
        yield from _called(str(found.attributes["definition"]), schema, inside | {found.name.parts})


def _of_operator(operator: str, schema: Schema) -> Iterator[tuple[str, str]]:
    for thing in schema.operators():
        if thing.name.parts[1] == operator:
            of, name, _ = routine_of(str(thing.attributes["function"]))
            yield of, name


def _name(items: list[dict[str, Any]]) -> tuple[str, str]:
    names = [item["String"].get("sval", "") for item in items]
    return (names[-2] if len(names) > 1 else ""), names[-1]
