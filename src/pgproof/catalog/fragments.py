"""Pieces of SQL that the queries of many kinds are made of.

They are made for speed at thousands of tables: joins and hashed sub-selects instead of functions per row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from pgproof.catalog.object import NOT_READABLE, Value
from pgproof.sql.quote import identifier, literal

USER_SCHEMA = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"
"""True for a schema `n` (pg_namespace) that is neither the system's nor for temporary objects (`pg_temp_3`).

PostgreSQL reserves the prefix `pg_` (manual, CREATE SCHEMA).
"""


def no_member(oid: str, catalog: str) -> str:
    """Return the condition that the object is no member of an extension.

    The class is matched because an OID is unique in its catalog only. Entered from the extensions' side, for which
    pg_depend has an index; it is read once a query. Children (columns, constraints, triggers…) follow their table.
    """
    return (
        f"{oid} not in (select e.objid from pg_catalog.pg_depend e"
        " where e.refclassid = 'pg_catalog.pg_extension'::regclass and e.deptype = 'e'"
        f" and e.classid = 'pg_catalog.{catalog}'::regclass)"
    )


def comments(oid: str, catalog: str, subid: str = "0") -> str:
    """Return the join that brings the object's comment as `d.description`."""
    return (
        f"left join pg_catalog.pg_description d on d.objoid = {oid} and d.objsubid = {subid}"
        f" and d.classoid = 'pg_catalog.{catalog}'::regclass"
    )


def role(oid: str) -> str:
    """Return the name of a role (`unknown (OID=…)` when it is gone), readable for every role."""
    return f"pg_catalog.pg_get_userbyid({oid})"


def privileges(letter: str, acl: str, owner: str) -> str:
    """Return the access list as text, the defaults of its kind made explicit; decoded by `privileges.decode`.

    `letter` is the kind's in acldefault: c column, r table or view, s sequence, f routine, n schema, T type,
    l language, F foreign-data wrapper, S foreign server, d database. Columns have no default privileges.
    """
    return f"coalesce({acl}, pg_catalog.acldefault('{letter}', {owner}))::text"


def options(array: str) -> str:
    """Return storage options (`{fillfactor=70}`) as a JSON object, NULL when there are none: they have no order."""
    return (
        f"case when {array} is not null then (select pg_catalog.jsonb_object_agg(o.option_name, o.option_value)"
        f" from pg_catalog.pg_options_to_table({array}) o) end"
    )


def with_clause(stored: Value, toast: Value = None) -> str:
    """Return the clause that sets the options which `options` read; empty when there are none."""
    settings = [*_settings(stored, ""), *_settings(toast, "toast.")]
    return f"with ({', '.join(settings)})" if settings else ""


def _settings(stored: Value, prefix: str) -> Iterator[str]:
    for name, value in sorted(stored.items()) if isinstance(stored, dict) else ():
        yield f"{prefix}{identifier(name)} = {literal(str(value))}"


def reference(*parts: str) -> str:
    """Return the expression for a qualified name as SQL text, such as `app."Order"`."""
    return f"pg_catalog.format('{'.'.join(['%I'] * len(parts))}', {', '.join(parts)})"


def function(alias: str, schema: str) -> str:
    """Return the expression for a routine as SQL text with its argument types (`app.f(integer)`), from its rows."""
    return (
        f"pg_catalog.format('%I.%I(%s)', {schema}.nspname, {alias}.proname,"
        f" pg_catalog.oidvectortypes({alias}.proargtypes))"
    )


def function_of(oid: str) -> str:
    """Return the expression for a routine as SQL text with its argument types, NULL for no routine."""
    return (
        f"(select {function('fp', 'fn')} from pg_catalog.pg_proc fp"
        f" join pg_catalog.pg_namespace fn on fn.oid = fp.pronamespace where fp.oid = {oid})"
    )


def operator_of(oid: str) -> str:
    """Return the expression for an operator as SQL text with its argument types (`app.===(integer, integer)`)."""
    return (
        f"(select pg_catalog.format('%I.%s(%s, %s)', sn.nspname, so.oprname, {operand('so.oprleft')},"
        f" {operand('so.oprright')}) from pg_catalog.pg_operator so"
        f" join pg_catalog.pg_namespace sn on sn.oid = so.oprnamespace where so.oid = {oid})"
    )


def operand(type_oid: str) -> str:
    """Return the expression for the type of an operator's argument, `NONE` when there is none on that side."""
    return f"case when {type_oid} = 0 then 'NONE' else pg_catalog.format_type({type_oid}, null) end"


def user_type(oid: str) -> str:
    """Return the reference to a type that is not the system's own (that of an array's elements), else NULL."""
    return (
        f"(select {reference('tn.nspname', 'te.typname')} from pg_catalog.pg_type ta"
        " join pg_catalog.pg_type te on te.oid = case when ta.typelem <> 0 and ta.typlen = -1 then ta.typelem"
        " else ta.oid end"
        " join pg_catalog.pg_namespace tn on tn.oid = te.typnamespace and tn.nspname <> 'pg_catalog'"
        f" where ta.oid = {oid})"
    )


FIRST_OF_USERS = 16384
"""Objects with a smaller OID come from initdb (manual, section 53.1, `FirstNormalObjectId`)."""

MASK = "(secret)"
"""Stands for a value that may be a password or a key: it is replaced by the server and never read."""

SECRETS = "(pass(?!word_encryption)|secret|token|key|cred|jwt|private|signature)"
"""A regular expression for names of options and columns whose values may be secrets."""


def masked_options(array: str, readable: str = "true", plain: str = "") -> str:
    """Return options as a JSON object with the values of those masked whose names sound secret.

    With `plain`, a regular expression, all others are masked.
    """
    masked = f"o.option_name !~* '{plain}'" if plain else f"o.option_name ~* '{SECRETS}'"
    return (
        f"case when not ({readable}) then {NOT_READABLE_SQL} when {array} is not null then ("
        f"select pg_catalog.jsonb_object_agg(o.option_name, case when {masked} then '{MASK}'"
        f" else coalesce(o.option_value, '') end) from pg_catalog.pg_options_to_table({array}) o) end"
    )


NOT_READABLE_SQL = f"'{json.dumps(NOT_READABLE)}'::jsonb"
"""The value of an attribute that the role may not read."""


def options_clause(stored: Value) -> str:
    """Return `options (…)` of a foreign object as CREATE writes it; empty when there are none."""
    if not isinstance(stored, dict) or not stored or stored == NOT_READABLE:
        return ""
    return (
        f" options ({', '.join(f'{identifier(name)} {literal(str(value))}' for name, value in sorted(stored.items()))})"
    )
