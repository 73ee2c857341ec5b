"""Aggregate functions (pg_aggregate and pg_proc; manual, section 38.12)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog import routines
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.object import Object
from pgproof.sql.quote import literal

FUNCTIONS = {
    "sfunc": "aggtransfn",
    "finalfunc": "aggfinalfn",
    "combinefunc": "aggcombinefn",
    "serialfunc": "aggserialfn",
    "deserialfunc": "aggdeserialfn",
    "msfunc": "aggmtransfn",
    "minvfunc": "aggminvtransfn",
    "mfinalfunc": "aggmfinalfn",
}
"""The functions that an aggregate is made of: their names in CREATE AGGREGATE and in pg_aggregate."""

TYPES = {"stype": "aggtranstype", "mstype": "aggmtranstype"}
SIZES = {"sspace": "aggtransspace", "msspace": "aggmtransspace"}
EXTRA = {"finalfunc_extra": "aggfinalextra", "mfinalfunc_extra": "aggmfinalextra"}
MODIFY = {"finalfunc_modify": ("aggfinalfn", "aggfinalmodify"), "mfinalfunc_modify": ("aggmfinalfn", "aggmfinalmodify")}

_PARTS = [
    *(f"case when g.{column} <> 0 then g.{column}::regproc::text end as {name}" for name, column in FUNCTIONS.items()),
    *(
        f"case when g.{column} <> 0 then pg_catalog.format_type(g.{column}, null) end as {n}"
        for n, column in TYPES.items()
    ),
    *(f"nullif(g.{column}, 0) as {name}" for name, column in SIZES.items()),
    *(f"g.{column} as {name}" for name, column in EXTRA.items()),
    *(
        f"case when g.{function} <> 0 then case g.{column}"
        f" when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end end as {name}"
        for name, (function, column) in MODIFY.items()
    ),
]

QUERY = f"""
select p.oid, 0 as subid, {routines.NAME} as name,{routines.OWNED},
  pg_catalog.pg_get_function_arguments(p.oid) as arguments,
  pg_catalog.pg_get_function_result(p.oid) as result,
  {routines.PARALLEL} as parallel,
  g.aggkind = 'h' as hypothetical,
  g.agginitval as initcond,
  g.aggminitval as minitcond,
  case when g.aggsortop <> 0 then (
    select pg_catalog.quote_ident(s.nspname) || '.' || o.oprname
    from pg_catalog.pg_operator o join pg_catalog.pg_namespace s on s.oid = o.oprnamespace
    where o.oid = g.aggsortop) end as sortop,
  {", ".join(_PARTS)}
{routines.SOURCE.replace("where", "join pg_catalog.pg_aggregate g on g.aggfnoid = p.oid where", 1)}
"""


def create(aggregate: Object) -> Iterator[str]:
    """Make the aggregate: every part that it has, by the name that CREATE AGGREGATE gives it."""
    attributes = aggregate.attributes
    parts = [
        f"{name} = {attributes[name]}" for name in (*FUNCTIONS, *TYPES, *SIZES, *MODIFY) if attributes[name] is not None
    ]
    parts += [name for name in (*EXTRA, "hypothetical") if attributes[name]]
    parts += [
        f"{name} = {literal(str(attributes[name]))}"
        for name in ("initcond", "minitcond")
        if attributes[name] is not None
    ]
    parts += [f"sortop = operator({attributes['sortop']})"] if attributes["sortop"] is not None else []
    parts.append(f"parallel = {attributes['parallel']}")
    yield (
        f"create aggregate {routines.path(aggregate)}({attributes['arguments'] or '*'}) (\n  "
        + ",\n  ".join(parts)
        + "\n)"
    )


KIND = Kind(
    "aggregate",
    catalog="pg_proc",
    query=lambda _: QUERY,
    attributes={
        "owner": Effect.SECURITY | Effect.ROLE,
        "privileges": Effect.SECURITY | Effect.ROLES,
        "comment": Effect.COSMETIC,
        "arguments": Effect.INTEGRITY,
        "result": Effect.DERIVED,
        "parallel": Effect.PERFORMANCE,
        "hypothetical": Effect.INTEGRITY,
        "initcond": Effect.INTEGRITY,
        "minitcond": Effect.INTEGRITY,
        "sortop": Effect.PERFORMANCE,
        **dict.fromkeys((*FUNCTIONS, *TYPES), Effect.INTEGRITY),
        **dict.fromkeys(SIZES, Effect.PERFORMANCE),
        **dict.fromkeys((*EXTRA, *MODIFY), Effect.INTEGRITY),
    },
    create=create,
    belongs=routines.belongs,
    word="routine",
    grant="routine",
)
