"""Deparsed texts given back to a server: parsed again and deparsed again, until they stand still."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.object import Object
from pgproof.model import ObjectName

if TYPE_CHECKING:
    from psycopg import Connection

Connect = Callable[[], "AbstractContextManager[Connection[Any]]"]

ROUNDS = 3
"""How often a text is parsed again at most. Once was enough for all that was measured."""

SETTINGS = {"statement_timeout": "60s", "client_min_messages": "error"}
SET = "select pg_catalog.set_config(key, value, true) from pg_catalog.jsonb_each_text(%s::jsonb)"

TRY = """
create function pg_temp.pgproof_try(trial jsonb) returns jsonb language plpgsql as $body$
declare
  statement text;
  result text;
begin
  for statement in select pg_catalog.jsonb_array_elements_text(trial -> 'statements') loop
    execute statement;
  end loop;
  execute trial ->> 'read' into strict result;
  raise exception using errcode = 'PGP90';
exception
  when sqlstate 'PGP90' then return pg_catalog.jsonb_build_object('text', result);
  when others then return pg_catalog.jsonb_build_object('problem', sqlerrm);
end $body$
"""
"""Makes what a trial makes, reads it, and leaves nothing behind: the block's exception handler rolls it back."""

TRY_ALL = """
select pg_temp.pgproof_try(trial) from pg_catalog.jsonb_array_elements(%s::jsonb) with ordinality t(trial, i) order by i
"""


@dataclass(frozen=True, slots=True)
class Text:
    """A text inside an expression attribute of an object, as one side spells it."""

    name: ObjectName
    attribute: str
    spelling: str
    thing: Object = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Parsed:
    """How a server spells a text, or why it could not parse it."""

    spelling: str
    problem: str = ""


Pair = tuple[Text, Text]

_CONSTANT = re.compile(
    r"(?:true|false|-?\d+(?:\.\d+)?|'(?:[^'\\]|'')*')"
    r"((?:::(?:text|character varying|bpchar|smallint|integer|bigint|numeric|boolean|uuid|date))?)"
)
"""A constant that every version spells in one way: a server has nothing to say of two that differ."""


def parse_again(pairs: Sequence[Pair], connect: Connect) -> dict[Text, Parsed]:
    """Return each text of the pairs as the server spells it in the end.

    A text is given back until it is spelled as its partner or stands still, `ROUNDS` times at most. `connect` opens a
    connection to a private database; everything happens in one transaction that is rolled back, in one statement a
    round. That whole round failing (no plpgsql, a timeout) is a problem of each text in it.
    """
    now = {text: Parsed(text.spelling) for pair in pairs for text in pair}
    pairs = [pair for pair in pairs if not _are_constants(*pair)]
    if not pairs:
        return now
    with connect() as connection, connection.transaction(force_rollback=True):
        pending = _texts(pairs)
        for round_ in range(ROUNDS):
            before = dict(now)
            _round(connection, pending, now, prepare=round_ == 0)
            moving = [pair for pair in pairs if now[pair[0]] != now[pair[1]]]
            pending = [t for t in _texts(moving) if not now[t].problem and now[t] != before[t]]
            if not pending:
                break
    return now


def _round(connection: Connection[Any], texts: Sequence[Text], now: dict[Text, Parsed], *, prepare: bool) -> None:
    from psycopg import Error

    from pgproof.server.reading import STABLE_OUTPUT

    trials = {text: BY_NAME[text.name.kind].trial(text.thing, text.attribute, now[text].spelling) for text in texts}
    tried = [(text, trial) for text, trial in trials.items() if trial is not None]
    if not tried:
        return
    try:
        if prepare:
            connection.execute(SET, [json.dumps(SETTINGS | STABLE_OUTPUT)])
            connection.execute(TRY)
        rows = connection.execute(TRY_ALL, [json.dumps([asdict(trial) for _, trial in tried])]).fetchall()
    except Error as error:
        now.update((text, Parsed(text.spelling, str(error))) for text, _ in tried)
        return
    for (text, _), (result,) in zip(tried, rows, strict=True):
        now[text] = (
            Parsed(result["text"])
            if result.get("text")
            else Parsed(text.spelling, result.get("problem", "the server returned nothing"))
        )


def _are_constants(one: Text, other: Text) -> bool:
    ours, theirs = _CONSTANT.fullmatch(one.spelling), _CONSTANT.fullmatch(other.spelling)
    return bool(ours and theirs and ours[1] == theirs[1])


def _texts(pairs: Iterable[Pair]) -> list[Text]:
    return list(dict.fromkeys(text for pair in pairs for text in pair))
