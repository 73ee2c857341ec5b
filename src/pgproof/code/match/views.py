"""Where the columns of views come from: the keys of its tables that a view has are what it is embedded by.

PostgREST asks pg_rewrite for the table and the column that PostgreSQL notes for each column of a query (`resorigtbl`,
`resorigcol`; src/backend/parser/parse_target.c, markTargetListOrigin): a column that is taken as it is, also through
subqueries and WITH; not what an expression, a cast or a set operation makes. Here the view's own text says it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pgproof.catalog.object import Catalog

Name = tuple[str, str]
Origin = tuple[str, str, str]
"""Schema, relation and column."""
Columns = list[tuple[str, Origin | None]]
"""The columns of a query with their origins, `None` for what is computed."""

VIEWS = ("view", "materialized view")


@dataclass(frozen=True, slots=True)
class View:
    """The columns of a view that are a table's: by (schema, table, column) their names. `tables` are all that it names.

    What of its query is not understood is not `certain`.
    """

    columns: Mapping[Origin, Sequence[str]] = field(default_factory=dict)
    tables: frozenset[Name] = frozenset()
    certain: bool = True

    def named(self, table: Name, columns: Iterable[str]) -> tuple[str, ...] | None:
        """Return what the view calls some columns of a table, `None` when it does not have all of them."""
        found = [self.columns.get((*table, column)) for column in columns]
        return tuple(names[0] for names in found if names) if all(found) else None


class _NotUnderstoodError(Exception):
    """A part of a query that is not understood."""


def trace(catalog: Catalog) -> dict[Name, View]:
    """Return every view, the columns of views on views led back to tables."""
    direct = {
        (one.name.parts[0], one.name.parts[1]): _of(str(one.attributes["definition"])) for one in catalog.of(*VIEWS)
    }
    return {name: _led_back(name, direct) for name in direct}


def _of(definition: str) -> Columns | None:
    from pgproof.sql.parse import parse
    from pgproof.sql.problem import SyntaxProblem

    try:
        (tree,) = parse(definition)
        return _select(tree["SelectStmt"], {})
    except (SyntaxProblem, _NotUnderstoodError, KeyError, ValueError):
        return None


def _led_back(name: Name, direct: Mapping[Name, Columns | None]) -> View:
    columns: defaultdict[Origin, list[str]] = defaultdict(list)
    tables: set[Name] = set()
    certain = direct[name] is not None
    for column, origin in direct[name] or ():
        for _ in range(len(direct)):
            if origin is None or origin[:2] not in direct:
                break
            inner = direct[origin[0], origin[1]]
            certain = certain and inner is not None
            origin = dict(inner or ()).get(origin[2])
        if origin is not None:
            columns[origin].append(column)
            tables.add((origin[0], origin[1]))
    return View(columns, frozenset(tables), certain)


def _select(select: Mapping[str, Any], known: Mapping[str, Columns]) -> Columns:
    """Return the columns of a query; `known` are the WITH queries around it."""
    if select.get("op", "SETOP_NONE") != "SETOP_NONE" or "valuesLists" in select:
        return []
    known = dict(known)
    for one in select.get("withClause", {}).get("ctes", ()):
        query = one["CommonTableExpr"]
        if "aliascolnames" in query:
            raise _NotUnderstoodError
        known[query["ctename"]] = _select(query["ctequery"]["SelectStmt"], known)
    sources: dict[str, Columns | Name] = {}
    for item in select.get("fromClause", ()):
        _source(item, known, sources)
    found: Columns = []
    for target in select["targetList"]:
        value = target["ResTarget"].get("val", {})
        fields = value.get("ColumnRef", {}).get("fields")
        path = [part["String"]["sval"] for part in fields or ()]
        name = target["ResTarget"].get("name") or (path[-1] if path else "")
        found.append((name, _origin(path, sources) if path else None))
    return found


def _source(item: Mapping[str, Any], known: Mapping[str, Columns], sources: dict[str, Columns | Name]) -> None:
    """Note what a part of FROM calls a relation or a query."""
    kind, node = next(iter(item.items()))
    alias = node.get("alias", {})
    if kind == "JoinExpr" and not alias:
        _source(node["larg"], known, sources)
        _source(node["rarg"], known, sources)
        return
    name = alias.get("aliasname") or node.get("relname", "")
    renamed = [one["String"]["sval"] for one in alias.get("colnames", ())]
    if renamed and kind == "RangeVar":
        raise _NotUnderstoodError
    if kind == "RangeVar":
        own = known.get(node["relname"]) if "schemaname" not in node else None
        sources[name] = own if own is not None else (node.get("schemaname", "public"), node["relname"])
    elif kind == "RangeSubselect":
        columns = _select(node["subquery"]["SelectStmt"], known)
        sources[name] = [*zip(renamed, (origin for _, origin in columns), strict=False)] if renamed else columns
    elif kind in ("RangeFunction", "RangeTableFunc", "JsonTable"):
        sources[name] = []
    else:
        raise _NotUnderstoodError


def _origin(path: Sequence[str], sources: Mapping[str, Columns | Name]) -> Origin | None:
    """Return the relation's column that `relation.column` is; a column alone is of the only source."""
    *qualifier, column = path
    if len(qualifier) > 1 or (not qualifier and len(sources) != 1):
        raise _NotUnderstoodError
    if (source := sources.get(qualifier[0]) if qualifier else next(iter(sources.values()))) is None:
        raise _NotUnderstoodError
    if isinstance(source, tuple):
        return (*source, column)
    return dict(source).get(column)
