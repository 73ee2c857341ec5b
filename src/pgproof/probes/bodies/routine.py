"""The routines of a database and the triggers that call them, as they are tried (pg_proc and pg_trigger)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgproof.catalog.fragments import USER_SCHEMA, no_member
from pgproof.catalog.routines import NAME, SETTINGS, VOLATILITY
from pgproof.model import ObjectName

if TYPE_CHECKING:
    from psycopg import Connection


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument or column of the result: `mode` is in, out, inout, variadic or table; `type` is qualified."""

    name: str
    mode: str
    type: str

    @property
    def is_output(self) -> bool:
        """Whether it is part of the result."""
        return self.mode in ("out", "inout", "table")


@dataclass(frozen=True, slots=True)
class Firing:
    """One trigger of a trigger function: its table, qualified as SQL writes it, and its transition tables.

    `events` and `when` are written as TG_OP and TG_WHEN are, `arguments` are those of TG_ARGV.
    """

    trigger: str
    table: str
    for_each_row: bool
    transitions: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    when: str = ""
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Routine:
    """A function or procedure in PL/pgSQL or SQL, or a scheduled command (its `language` is `job`).

    `result` is the type of the result, `composite` whether it is a row's, `settings` are the values that it sets while
    it runs. A `parsed` body (`BEGIN ATOMIC`) depends on what it uses.
    """

    name: ObjectName
    oid: int
    language: str
    body: str
    arguments: tuple[Argument, ...]
    result: str
    returns_set: bool
    composite: bool
    volatility: str
    security_definer: bool
    settings: Mapping[str, str]
    parsed: bool = False
    firings: tuple[Firing, ...] = ()

    @property
    def is_trigger(self) -> bool:
        """Whether it is a trigger function."""
        return self.result in ("trigger", "event_trigger")

    @property
    def outputs(self) -> tuple[Argument, ...]:
        """The arguments that are part of the result."""
        return tuple(argument for argument in self.arguments if argument.is_output)


ROUTINES = f"""
select case p.prokind when 'p' then 'procedure' else 'function' end, {NAME}, p.oid::bigint, l.lanname::text,
  pg_catalog.replace(p.prosrc, E'\\r\\n', E'\\n'),
  coalesce((
    select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(
      coalesce(p.proargnames[a.i], ''),
      case p.proargmodes[a.i] when 'o' then 'out' when 'b' then 'inout' when 'v' then 'variadic' when 't' then 'table'
        else 'in' end,
      pg_catalog.format_type(a.type, null)) order by a.i)
    from pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality a(type, i)), '[]'),
  pg_catalog.format_type(p.prorettype, null), p.proretset,
  coalesce(b.typtype, r.typtype) = 'c' or p.prorettype = 'pg_catalog.record'::pg_catalog.regtype,
  {VOLATILITY}, p.prosecdef, coalesce({SETTINGS}, '{{}}'), p.prosqlbody is not null,
  coalesce((
    select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(
      t.tgname, pg_catalog.format('%I.%I', tn.nspname, tc.relname), t.tgtype & 1 = 1,
      pg_catalog.array_remove(array[t.tgnewtable, t.tgoldtable], null),
      pg_catalog.array_remove(array[case when t.tgtype & 4 <> 0 then 'INSERT' end,
        case when t.tgtype & 16 <> 0 then 'UPDATE' end, case when t.tgtype & 8 <> 0 then 'DELETE' end,
        case when t.tgtype & 32 <> 0 then 'TRUNCATE' end], null),
      case when t.tgtype & 2 <> 0 then 'BEFORE' when t.tgtype & 64 <> 0 then 'INSTEAD OF' else 'AFTER' end,
      pg_catalog.encode(t.tgargs, 'hex')) order by tn.nspname, tc.relname, t.tgname)
    from pg_catalog.pg_trigger t
    join pg_catalog.pg_class tc on tc.oid = t.tgrelid
    join pg_catalog.pg_namespace tn on tn.oid = tc.relnamespace
    where t.tgfoid = p.oid and not t.tgisinternal and t.tgparentid = 0), '[]')
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace and {USER_SCHEMA}
join pg_catalog.pg_language l on l.oid = p.prolang and l.lanname in ('plpgsql', 'sql')
join pg_catalog.pg_type r on r.oid = p.prorettype
left join pg_catalog.pg_type b on b.oid = r.typbasetype
where p.prokind in ('f', 'p') and {no_member("p.oid", "pg_proc")}
order by 2
"""


USERS = """
select d.refobjid::bigint, pg_catalog.pg_describe_object(d.classid, d.objid, 0)
from pg_catalog.pg_depend d
where d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.refobjid = any (%s) and d.deptype = 'n'
  and d.classid in ('pg_catalog.pg_policy'::pg_catalog.regclass, 'pg_catalog.pg_attrdef'::pg_catalog.regclass,
    'pg_catalog.pg_constraint'::pg_catalog.regclass)
union
select d.refobjid::bigint, pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, r.ev_class, 0)
from pg_catalog.pg_depend d
join pg_catalog.pg_rewrite r on r.oid = d.objid and d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
where d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.refobjid = any (%s)
order by 1, 2
"""


def read_users(connection: Connection[Any], routines: Sequence[Routine]) -> dict[ObjectName, tuple[str, ...]]:
    """Return the policies, defaults, checks and views that call each routine, as PostgreSQL describes them."""
    names = {routine.oid: routine.name for routine in routines}
    found: dict[ObjectName, tuple[str, ...]] = {}
    for oid, user in connection.execute(USERS, [list(names), list(names)]).fetchall():
        found[names[oid]] = (*found.get(names[oid], ()), user)
    return found


def read_routines(connection: Connection[Any], wanted: Collection[ObjectName]) -> list[Routine]:
    """Return the routines that are `wanted`, sorted by name. The connection's search path must be `pg_catalog`."""
    found = []
    for kind, name, *rest in connection.execute(ROUTINES).fetchall():
        if (named := ObjectName(kind, tuple(name))) in wanted:
            found.append(_routine(named, *rest))
    return found


def _arguments(encoded: str) -> tuple[str, ...]:
    """Return the arguments in pg_trigger.tgargs: each ends with a zero byte."""
    return tuple(one.decode(errors="replace") for one in bytes.fromhex(encoded).split(b"\0")[:-1])


def _routine(
    name: ObjectName,
    oid: int,
    language: str,
    body: str,
    arguments: list[list[str]],
    result: str,
    returns_set: bool,
    composite: bool,
    volatility: str,
    definer: bool,
    settings: dict[str, str],
    parsed: bool,
    firings: list[Any],
) -> Routine:
    return Routine(
        name,
        oid,
        language,
        body,
        tuple(Argument(*argument) for argument in arguments),
        result,
        returns_set,
        composite,
        volatility,
        definer,
        settings,
        parsed,
        tuple(
            Firing(trigger, table, row, tuple(transitions), tuple(events), when, _arguments(arguments))
            for trigger, table, row, transitions, events, when, arguments in firings
        ),
    )
