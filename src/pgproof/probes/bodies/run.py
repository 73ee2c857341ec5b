"""Trials sent to the server, and what it says of them. Everything happens in one transaction that is rolled back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgproof.probes.bodies.routine import Routine
from pgproof.probes.bodies.trial import Trial
from pgproof.sql.quote import literal

if TYPE_CHECKING:
    import psycopg

BATCH = 100
"""Trials a statement."""
LIMIT_S = 30
"""How long a batch, and then a single trial, may take: only what the planner evaluates takes time at all."""

AGAIN = "again"
"""The number of a trial that is only tried again."""

FAILED, TYPED, UNTRIED = "PGP91", "PGP92", "PGP93"

TOOLS = f"""
create function pg_temp.pgproof_failed(probe text, code text, said text) returns void language plpgsql as $body$
begin
  raise info using errcode = '{FAILED}', message = said, detail = code, hint = probe;
end $body$;
create function pg_temp.pgproof_typed(probe text, source regtype, target regtype) returns void
language plpgsql as $body$
declare
  here "char";
  there "char";
  kind "char";
  wanted "char";
begin
  if source = target then
    return;
  end if;
  select typcategory, typtype into here, kind from pg_catalog.pg_type where oid = source;
  select typcategory, typtype into there, wanted from pg_catalog.pg_type where oid = target;
  if (here = there and here <> 'U') or (here in ('S', 'X') and wanted not in ('c', 'p'))
    or (there = 'S' and kind not in ('c', 'p')) then
    return;
  end if;
  raise info using errcode = '{TYPED}', hint = probe, detail = 'types',
    message = pg_catalog.concat_ws(' ', here, kind, there, wanted) || E'\\n'
      || pg_catalog.format_type(source, null) || E'\\n' || pg_catalog.format_type(target, null);
end $body$;
create function pg_temp.pgproof_typed(probe text, targets regtype[], sources regtype[]) returns void
language plpgsql as $body$
begin
  for i in 1..pg_catalog.cardinality(targets) loop
    if (select typtype not in ('c', 'd', 'p') from pg_catalog.pg_type where oid = targets[i]) then
      perform pg_temp.pgproof_typed(probe, sources[i], targets[i]);
    end if;
  end loop;
end $body$;
create function pg_temp.pgproof_is_array(kind regtype) returns boolean language sql as
  'select typelem <> 0 and typlen = -1 and typcategory = ''A'' from pg_catalog.pg_type where oid = kind';
create function pg_temp.pgproof_columns(relation oid) returns oid[] language sql as $body$
  select array(select atttypid from pg_catalog.pg_attribute
    where attrelid = relation and attnum > 0 and not attisdropped order by attnum)
$body$;
create function pg_temp.pgproof_same_row(given regtype, relation regclass) returns void language plpgsql as $body$
declare
  row_of oid := (select typrelid from pg_catalog.pg_type where oid = given);
begin
  if row_of <> 0 and pg_temp.pgproof_columns(row_of) <> pg_temp.pgproof_columns(relation) then
    raise exception using errcode = '42804',
      message = 'returned row structure does not match the structure of the triggering table';
  end if;
end $body$;
create function pg_temp.pgproof_holds(condition text) returns boolean language plpgsql as $body$
declare
  held boolean;
begin
  execute pg_catalog.format(E'select (%s\\n)::boolean', condition) into held;
  return held;
exception when others then return null;
end $body$;
create function pg_temp.pgproof_try(id text, settings jsonb, head text, body text) returns void
language plpgsql as $body$
begin
  perform pg_catalog.set_config(key, value, true) from pg_catalog.jsonb_each_text(settings);
  if head = 'validate' then
    execute body;
  elsif head = '' then
    execute pg_catalog.format('do %L', body);
  else
    execute pg_catalog.format('create function %s language plpgsql as %L', head, body);
    execute 'select from ' || pg_catalog.substr(head, 1, pg_catalog.strpos(head, '() returns') + 1);
  end if;
  raise exception using errcode = 'PGP90';
exception
  when sqlstate 'PGP90' then null;
  when others then
    raise info using errcode = '{UNTRIED}', message = sqlerrm, detail = sqlstate, hint = id;
end $body$;
"""
HOLDS = """
select array(select pg_temp.pgproof_holds(c) from pg_catalog.unnest(%s::text[]) with ordinality q(c, i) order by i)
"""
TRY = """
select pg_temp.pgproof_try(t ->> 'id', t -> 'settings', t ->> 'head', t ->> 'body')
from pg_catalog.jsonb_array_elements(%s::jsonb) with ordinality e(t, i) order by i
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What the server said of a probe: `number` is the probe's, or -1 for the whole trial. `sqlstate` is `types` for a
    comparison of types.
    """

    trial: int
    number: int
    sqlstate: str
    message: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an error lies: the query that the server was reading, and the character in it, from 0."""

    query: str
    position: int
    sqlstate: str
    message: str
    detail: str = ""


class Runner:
    """Sends trials in a transaction that the caller rolls back."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Make the tools."""
        self._connection = connection
        self._said: list[Said] = []
        connection.add_notice_handler(self._hear)
        connection.execute(TOOLS.encode())
        connection.execute("set local check_function_bodies = off")
        connection.execute(f"set local statement_timeout = '{LIMIT_S}s'")

    def close(self) -> None:
        """Listen no more."""
        self._connection.remove_notice_handler(self._hear)

    def trials(self, trials: Sequence[Trial]) -> list[Said]:
        """Try everything, and return what failed: most bodies are healthy, and tried at once."""
        said = self._in_batches([_sent(n, trial, trial.uncaught(f"{n}.")) for n, trial in enumerate(trials)])
        failed = sorted({one.trial for one in said if one.number < 0})
        found = [one for one in said if one.trial not in set(failed)]
        return found + self._in_batches([_sent(n, trials[n], trials[n].text(f"{n}.")) for n in failed])

    def holds(self, routine: Routine, conditions: Sequence[str]) -> dict[str, bool | None]:
        """Return what conditions are that name nothing of a body; `None` is what cannot be evaluated here."""
        if not conditions:
            return {}
        with self._connection.transaction(force_rollback=True):
            self._set(routine.settings)
            ((held,),) = self._connection.execute(HOLDS, [list(conditions)]).fetchall()
        return dict(zip(conditions, held, strict=True))

    def valid(self, routines: Sequence[Routine]) -> list[Said]:
        """Let the languages' own validators look at the routines: what a compilation finds, and all of SQL's."""
        sent = [
            {
                "id": str(number),
                "settings": {**routine.settings, "check_function_bodies": "on"},
                "head": "validate",
                "body": f"select pg_catalog.{validator(routine)}({routine.oid})",
            }
            for number, routine in enumerate(routines)
            if routine.language != "job"
        ]
        return self._in_batches(sent)

    def _in_batches(self, sent: list[dict[str, Any]]) -> list[Said]:
        self._said = []
        for start in range(0, len(sent), BATCH):
            self._batch(sent[start : start + BATCH])
        return self._said

    def _batch(self, batch: list[dict[str, Any]]) -> None:
        from psycopg import errors

        heard = len(self._said)
        try:
            with self._connection.transaction():
                self._connection.execute(TRY, [json.dumps(batch)])
        except errors.QueryCanceled:
            del self._said[heard:]
            if len(batch) == 1:
                self._said.append(Said(int(batch[0]["id"]), -1, "57014", "it takes too long"))
                return
            half = len(batch) // 2
            self._batch(batch[:half])
            self._batch(batch[half:])

    def place(self, trial: Trial, number: int) -> Place | None:
        """Try once more, with one probe not caught, so that the server tells where in its query the error lies."""
        body = trial.text(f"{AGAIN}.", open_probe=number)
        if trial.head:
            run = [f"create function {trial.head} language plpgsql as {literal(body)}"]
            run.append("select from " + trial.head[: trial.head.index("() returns") + 2])
        else:
            run = [f"do {literal(body)}"]
        return self._place(trial.routine.settings, run)

    def place_of_invalid(self, routine: Routine) -> Place | None:
        """Let the validator fail, so that the server tells where."""
        settings = {**routine.settings, "check_function_bodies": "on"}
        return self._place(settings, [f"select pg_catalog.{validator(routine)}({routine.oid})"])

    def accepts(self, routine: Routine, body: str) -> bool:
        """Whether the server takes another body for a routine, by CREATE OR REPLACE. It is rolled back."""
        ((definition,),) = self._connection.execute(
            "select pg_catalog.pg_get_functiondef(%s)", [routine.oid]
        ).fetchall()
        definition = definition.replace("\r\n", "\n")
        if routine.body not in definition:
            return False
        return self._place({"check_function_bodies": "on"}, [definition.replace(routine.body, body)]) is None

    def _place(self, settings: Mapping[str, str], run: Iterable[str]) -> Place | None:
        import psycopg

        heard = list(self._said)
        try:
            with self._connection.transaction(force_rollback=True):
                self._set(settings)
                for statement in run:
                    self._connection.execute(statement.encode())
        except psycopg.Error as error:
            said = error.diag
            query, position = said.internal_query, said.internal_position
            what = (said.sqlstate or "", said.message_primary or "", said.message_detail or "")
            return Place(query or "", int(position) - 1 if position else -1, *what)
        finally:
            self._said = heard
        return None

    def _set(self, settings: Mapping[str, str]) -> None:
        self._connection.execute(
            "select pg_catalog.set_config(key, value, true) from pg_catalog.jsonb_each_text(%s::jsonb)",
            [json.dumps(dict(settings))],
        )

    def _hear(self, notice: psycopg.errors.Diagnostic) -> None:
        if notice.sqlstate in (FAILED, TYPED):
            trial, _, number = (notice.message_hint or "").partition(".")
            if trial != AGAIN:
                self._said.append(Said(int(trial), int(number), *_what(notice)))
        elif notice.sqlstate == UNTRIED:
            self._said.append(Said(int(notice.message_hint or 0), -1, *_what(notice)))


def _sent(number: int, trial: Trial, body: str) -> dict[str, Any]:
    return {"id": str(number), "settings": dict(trial.routine.settings), "head": trial.head, "body": body}


def validator(routine: Routine) -> str:
    """Return the function that PostgreSQL calls when such a routine is created."""
    return "plpgsql_validator" if routine.language == "plpgsql" else "fmgr_sql_validator"


def _what(notice: psycopg.errors.Diagnostic) -> tuple[str, str]:
    return notice.message_detail or "", notice.message_primary or ""
