"""What is around the bodies: names that a missing one may be, so that nothing is called missing that may be there."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgproof.probes.bodies.command import command
from pgproof.probes.bodies.lexer import tokens
from pgproof.probes.bodies.routine import Routine

if TYPE_CHECKING:
    from psycopg import Connection

_MAKES = re.compile(
    r"""\bcreate\s+(?:or\s+replace\s+)?(?:(?:local|global|temp|temporary|unlogged|materialized)\s+)*(?:table|view)\s+
    (?:if\s+not\s+exists\s+)?(?:(?:"[^"]+"|\w+)\s*\.\s*)?("[^"]+"|\w+)""",
    re.IGNORECASE | re.VERBOSE,
)
ANYTHING = "*"
KEYS = frozenset({"unique", "primary", "exclude"})
"""What stands for the keys of a relation among the words of what would have altered it."""
NAMES = """
with n as (
  select oid, nspname from pg_catalog.pg_namespace where nspname <> 'pg_catalog' and nspname !~ '^pg_(toast|temp)'
)
select 'relation', n.nspname::text, c.relname::text from pg_catalog.pg_class c join n on n.oid = c.relnamespace
where c.relkind not in ('i', 'I')
union all
select 'function', n.nspname::text, p.proname::text from pg_catalog.pg_proc p join n on n.oid = p.pronamespace
union all
select 'type', n.nspname::text, t.typname::text from pg_catalog.pg_type t join n on n.oid = t.typnamespace
where t.typelem = 0 or t.typlen <> -1
union all
select 'schema', '', n.nspname::text from n
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the judgement of a body depends on besides the body itself.

    `schemas` maps (kind, name) to the schemas that have it, ("schema", name) to nothing. `unmade` are names of what
    statements that failed would have made, `unaltered` those and what they would have altered, with the columns and
    keys (`KEYS`) that these would have got, and `ANYTHING` where nobody knows; `base_is_missing` says that more was
    there before than is known. `lent` are the schemas that a platform, a stand-in or nobody makes, whose members may be
    incomplete; `is_member` says whether an extension may make one of a kind and name, `is_lent` whether one does that a
    stand-in took the place of. `makes` are the tables that some body makes, `with_outputs` the procedures that have OUT
    arguments. `other_versions` are names that a newer PostgreSQL brings,
    when the project may run on one.
    """

    schemas: Mapping[tuple[str, str], Collection[str]]
    unmade: Collection[str] = ()
    unaltered: Mapping[str, Collection[str]] = field(default_factory=dict)
    base_is_missing: bool = False
    lent: Collection[str] = ()
    is_member: Callable[[str, str], bool] = lambda *_: False
    is_lent: Callable[[str, str], bool] = lambda *_: False
    makes: Collection[str] = ()
    with_outputs: Collection[str] = ()
    other_versions: Collection[str] = ()


def read_names(connection: Connection[Any]) -> dict[tuple[str, str], set[str]]:
    """Return the schemas that have a relation, function or type of each name."""
    found: dict[tuple[str, str], set[str]] = {}
    for kind, schema, name in connection.execute(NAMES).fetchall():
        found.setdefault((kind, name), set()).add(schema)
    return found


def tables_made(routines: Iterable[Routine]) -> set[str]:
    """Return the names of the tables and views that the bodies make: another function may use them."""
    return {
        found[1].strip('"') if found[1].startswith('"') else found[1].lower()
        for routine in routines
        for found in _MAKES.finditer(routine.body)
    }


def relations_in(text: str) -> frozenset[str]:
    """Return the names of the relations and types that statements or an expression mention."""
    asked = command(text) or command("select " + text)
    if asked:
        return frozenset(_relations(asked.tree))
    return frozenset(token.word.strip('"') for token in tokens(text) if token.names)


def _relations(tree: Any) -> Iterator[str]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            if "relname" in node:
                yield node["relname"]
            if "typeName" in node:
                yield node["typeName"]["names"][-1]["String"]["sval"]
            waiting.extend(node.values())
