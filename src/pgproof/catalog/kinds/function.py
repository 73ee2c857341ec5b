"""Functions, window functions among them (pg_proc; manual, section 38.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog import routines
from pgproof.catalog.kind import Effect, Kind, Trial
from pgproof.catalog.object import Object

QUERY = f"""
select p.oid, 0 as subid, {routines.NAME} as name,{routines.ROUTINE},
  pg_catalog.pg_get_function_result(p.oid) as result,
  {routines.VOLATILITY} as volatility,
  {routines.PARALLEL} as parallel,
  p.proisstrict as strict,
  p.proleakproof as leakproof,
  p.procost::text as cost,
  case when p.proretset then p.prorows::text end as rows,
  case when p.prosupport <> 0 then p.prosupport::regproc::text end as support,
  p.prokind = 'w' as window
{routines.SOURCE}
  and p.prokind in ('f', 'w')
"""


def create(function: Object) -> Iterator[str]:
    """Make the function; with `check_function_bodies` off its text is not looked at."""
    attributes = function.attributes
    words = [
        f"create function {routines.path(function)}({routines.signature(function)})",
        f"returns {attributes['result']}",
        f"{attributes['volatility']} parallel {attributes['parallel']} cost {attributes['cost']}",
        *(word for word in ("strict", "leakproof", "window") if attributes[word]),
        *(f"{word} {attributes[word]}" for word in ("rows", "support") if attributes[word] is not None),
    ]
    yield "\n".join([*words, *routines.clauses(function)])
    yield from routines.dependent(function)


def try_again(function: Object, attribute: str, text: str) -> Trial | None:
    """Say how a default or a parsed body is parsed again."""
    return routines.try_again(function, attribute, text, create)


KIND = Kind(
    "function",
    catalog="pg_proc",
    query=lambda _: QUERY,
    attributes={
        **routines.ATTRIBUTES,
        "result": Effect.INTEGRITY,
        "volatility": Effect.INTEGRITY,
        "parallel": Effect.PERFORMANCE,
        "strict": Effect.INTEGRITY,
        "leakproof": Effect.SECURITY,
        "cost": Effect.PERFORMANCE,
        "rows": Effect.PERFORMANCE,
        "support": Effect.PERFORMANCE,
        "window": Effect.INTEGRITY,
    },
    create=create,
    belongs=routines.belongs,
    trial=try_again,
    word="routine",
    grant="routine",
)
