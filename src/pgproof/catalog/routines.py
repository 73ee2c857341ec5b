"""What functions, procedures and aggregates have in common: rows of pg_proc (manual, section 53.39)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import cast

from pgproof.catalog.fragments import USER_SCHEMA, comments, no_member, privileges, role
from pgproof.catalog.kind import Effect, Trial
from pgproof.catalog.names import address, qualified
from pgproof.catalog.object import Object, Value
from pgproof.catalog.trial import of_value
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier, literal

SOURCE = f"""
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace and {USER_SCHEMA}
join pg_catalog.pg_language l on l.oid = p.prolang
{comments("p.oid", "pg_proc")}
where {no_member("p.oid", "pg_proc")}
  and p.oid not in (
    select i.objid from pg_catalog.pg_depend i
    where i.classid = 'pg_catalog.pg_proc'::regclass and i.deptype = 'i')
"""
"""The routines of users: without members of extensions, and without those that come with a range type."""

NAME = "array[n.nspname::text, p.proname::text, pg_catalog.oidvectortypes(p.proargtypes)]"

OWNED = f"""
  {role("p.proowner")} as owner,
  {privileges("f", "p.proacl", "p.proowner")} as privileges,
  d.description as comment"""

VOLATILITY = "case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end"
PARALLEL = "case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end"

_TYPES = "coalesce(p.proallargtypes, p.proargtypes::oid[])"
ARGUMENTS = f"""(
    select pg_catalog.array_agg(pg_catalog.concat_ws(' ',
      case p.proargmodes[a.i] when 'o' then 'OUT' when 'b' then 'INOUT' when 'v' then 'VARIADIC' end,
      pg_catalog.quote_ident(nullif(p.proargnames[a.i], '')), pg_catalog.format_type(a.type, null)) order by a.i)
    from pg_catalog.unnest({_TYPES}) with ordinality a(type, i)
    where p.proargmodes[a.i] is distinct from 't')"""
"""The arguments as a list such as `a integer` and `OUT b text`; the columns of `RETURNS TABLE` belong to the result."""

DEFAULTS = f"""case when p.pronargdefaults > 0 then (
    select pg_catalog.array_agg(pg_catalog.pg_get_function_arg_default(p.oid, a.i::integer) order by a.i)
    from pg_catalog.unnest({_TYPES}) with ordinality a(type, i)
    where p.proargmodes[a.i] is distinct from 't') end"""
"""The default of each argument of that list, NULL where it has none; NULL altogether when no argument has one."""

BODY = """case when p.prosqlbody is null then pg_catalog.replace(p.prosrc, E'\\r\\n', E'\\n')
    else pg_catalog.pg_get_function_sqlbody(p.oid) end"""
"""The source as it was written, but for its line ends; or the deparsed body that was parsed when it was created."""

SETTINGS = """(
    select pg_catalog.jsonb_object_agg(
      pg_catalog.split_part(s, '=', 1), pg_catalog.substr(s, pg_catalog.strpos(s, '=') + 1))
    from pg_catalog.unnest(p.proconfig) s)"""

_DEPENDENT = """select e.objid from pg_catalog.pg_depend e
    where e.refclassid = 'pg_catalog.pg_extension'::regclass and e.deptype = 'x'
      and e.classid = 'pg_catalog.pg_proc'::regclass"""

ROUTINE = f"""{OWNED},
  {ARGUMENTS} as arguments,
  {DEFAULTS} as defaults,
  l.lanname::text as language,
  {BODY} as body,
  p.prosqlbody is not null as "body is parsed",
  p.probin as library,
  p.prosecdef as "security definer",
  {SETTINGS} as settings,
  case when p.protrftypes is not null then (
    select pg_catalog.array_agg(pg_catalog.format_type(t, null) order by t::regtype::text collate "C")
    from pg_catalog.unnest(p.protrftypes) t) end as transforms,
  case when p.oid in ({_DEPENDENT}) then (
    select pg_catalog.array_agg(distinct x.extname::text order by x.extname::text) from pg_catalog.pg_depend e
    join pg_catalog.pg_extension x on x.oid = e.refobjid
    where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = p.oid and e.deptype = 'x'
      and e.refclassid = 'pg_catalog.pg_extension'::regclass) end as "needed extensions"
"""
"""What functions and procedures have in common."""

ATTRIBUTES = {
    "owner": Effect.SECURITY | Effect.ROLE,
    "privileges": Effect.SECURITY | Effect.ROLES,
    "comment": Effect.COSMETIC,
    "arguments": Effect.INTEGRITY,
    "defaults": Effect.INTEGRITY | Effect.EXPRESSION,
    "language": Effect.INTEGRITY,
    "body": Effect.INTEGRITY | Effect.EXPRESSION,
    "body is parsed": Effect.DERIVED,
    "library": Effect.INTEGRITY,
    "security definer": Effect.SECURITY,
    "settings": Effect.SECURITY,
    "transforms": Effect.INTEGRITY,
    "needed extensions": Effect.INTEGRITY,
}

_LIST_SETTINGS = {
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
}
"""Settings whose value is stored as a list of quoted identifiers (GUC_LIST_QUOTE in PostgreSQL's source)."""


def signature(routine: Object) -> str:
    """Return the arguments as CREATE takes them, with their defaults."""
    arguments = cast("list[str]", routine.attributes["arguments"] or [])
    defaults = cast("list[str | None]", routine.attributes["defaults"] or [None] * len(arguments))
    return ", ".join(
        a if default is None else f"{a} DEFAULT {default}" for a, default in zip(arguments, defaults, strict=True)
    )


def clauses(routine: Object) -> Iterator[str]:
    """Yield what functions and procedures say after their signature: language, settings, body."""
    attributes = routine.attributes
    yield f"language {identifier(str(attributes['language']))}"
    for name in cast("list[str]", attributes["transforms"] or []):
        yield f"transform for type {name}"
    if attributes["security definer"]:
        yield "security definer"
    for name, value in sorted(cast("dict[str, str]", attributes["settings"] or {}).items()):
        yield f"set {setting(name)} to {setting_value(name, value)}"
    body = str(attributes["body"])
    if attributes["body is parsed"]:
        yield body
    elif attributes["library"] is not None:
        yield f"as {literal(str(attributes['library']))}, {literal(body)}"
    else:
        yield f"as {literal(body)}"


def dependent(routine: Object) -> Iterator[str]:
    """Yield what makes the routine be dropped with the extensions that it was said to depend on."""
    for extension in cast("list[str]", routine.attributes["needed extensions"] or []):
        yield f"alter {routine.name.kind} {address(routine.name)} depends on extension {identifier(extension)}"


def setting(name: str) -> str:
    """Return a setting's name for SET; an extension's has two parts."""
    return ".".join(identifier(part) for part in name.split("."))


def setting_value(name: str, value: str) -> str:
    """Return a stored setting as SET takes it: lists of identifiers element by element, the rest as one literal."""
    if name.lower() not in _LIST_SETTINGS:
        return literal(value)
    elements: Iterable[tuple[str, str]] = re.findall(r'"((?:[^"]|"")*)"|([^\s,"]+)', value)
    return ", ".join(literal(plain or quoted.replace('""', '"')) for quoted, plain in elements) or "''"


_PLAIN: dict[str, Value] = {
    "settings": None,
    "security definer": False,
    "leakproof": False,
    "support": None,
    "needed extensions": None,
}
"""What a temporary copy does without: it has no meaning for the body's text, and some of it takes a superuser."""


def try_again(routine: Object, attribute: str, text: str, create: Callable[[Object], Iterator[str]]) -> Trial | None:
    """Say how a default or a parsed body is parsed again; a body that is kept as text is not."""
    if attribute == "defaults":
        return of_value(text)
    if not routine.attributes["body is parsed"]:
        return None
    name = ObjectName(routine.name.kind, ("pg_temp", *routine.name.parts[1:]))
    temporary = replace(routine, name=name, attributes={**routine.attributes, **_PLAIN, "body": text})
    return Trial(
        tuple(create(temporary)),
        "select pg_catalog.pg_get_function_sqlbody(p.oid) from pg_catalog.pg_proc p"
        f" where p.pronamespace = pg_catalog.pg_my_temp_schema() and p.proname = {literal(name.parts[1])}",
    )


def belongs(routine: Object) -> Iterator[ObjectName]:
    """A routine goes with its schema; its arguments are part of its name."""
    yield ObjectName("schema", routine.name.parts[:1])


def path(routine: Object) -> str:
    """Return the routine's name with its schema, without its arguments."""
    return qualified(routine.name.parts[:-1])
