"""What a server makes of a spelling: asked only where PostgreSQL's grammar alone does not tell."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from pgproof.catalog.names import qualified
from pgproof.catalog.reparse import SET, SETTINGS, TRY, TRY_ALL
from pgproof.sql.quote import identifier

if TYPE_CHECKING:
    from psycopg import Connection

NOTHING = ""
"""The answer for a text that the server does not take."""


class Ask(NamedTuple):
    """A question: `what` is `type`, `result`, `default` or `index`; `relation` is what a default or index is of."""

    what: str
    text: str
    relation: tuple[str, ...] = ()
    name: str = ""


def answers(asked: Iterable[Ask], connection: Connection[Any]) -> dict[Ask, str]:
    """Return the server's own spelling of each text, `NOTHING` for what it refuses. All is rolled back.

    `connection` is to a private database that holds the schema, as the role that owns it.
    """
    from pgproof.server.reading import STABLE_OUTPUT

    questions = list(asked)
    settings = SETTINGS | STABLE_OUTPUT
    with connection.transaction(force_rollback=True):
        connection.execute(SET, [json.dumps(settings)])
        connection.execute(TRY)
        trials = [{"statements": [*_SEEN, *made, *_UNSEEN], "read": read} for made, read in map(_trial, questions)]
        rows = connection.execute(TRY_ALL, [json.dumps(trials)]).fetchall()
    return {one: answer.get("text") or NOTHING for one, (answer,) in zip(questions, rows, strict=True)}


_SEEN = ("set local search_path = pg_catalog, public, pg_temp", "set local check_function_bodies = off")
"""A contract writes the names in `public` without their schema …"""
_UNSEEN = ("set local search_path = pg_catalog, pg_temp",)
"""… and a catalog's texts have it, because they are read with this path."""

_TYPE = """
select pg_catalog.format_type(a.atttypid, a.atttypmod) from pg_catalog.pg_attribute a
where a.attrelid = pg_catalog.to_regclass('pg_temp.pgproof_need') and a.attname = 'c'"""
_DEFAULT = """
select pg_catalog.pg_get_expr(f.adbin, f.adrelid) from pg_catalog.pg_attrdef f
where f.adrelid = pg_catalog.to_regclass('pg_temp.pgproof_need')"""
_INDEX = """
select pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(i.indexrelid), '^.*? USING ', 'USING ')
from pg_catalog.pg_index i where i.indrelid = pg_catalog.to_regclass('pg_temp.pgproof_need')"""


def _trial(ask: Ask) -> tuple[tuple[str, ...], str]:
    like = qualified(ask.relation) if ask.relation else ""
    if ask.what == "type":
        return (f"create temporary table pgproof_need (c {ask.text})",), _TYPE
    if ask.what == "result":
        made = f"create function pg_temp.pgproof_need() returns {ask.text} language sql as 'select 1'"
        return (made,), (
            "select pg_catalog.pg_get_function_result(p.oid) from pg_catalog.pg_proc p"
            " where p.pronamespace = pg_catalog.pg_my_temp_schema() and p.proname = 'pgproof_need'"
        )
    copy = f"create temporary table pgproof_need (like {like})"
    if ask.what == "default":
        return (copy, f"alter table pgproof_need alter column {identifier(ask.name)} set default {ask.text}"), _DEFAULT
    return (copy, f"create index on pgproof_need {ask.text}"), _INDEX
