"""PostgREST's relationships (its documentation, "Resource Embedding", and src/PostgREST/SchemaCache.hs).

A foreign key joins not only its two tables, but also the views that have all of its columns on one side or both; a
table, or a view, whose primary key holds two of them joins the tables that these lead to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from pgproof.code.match.relation import ForeignKey
from pgproof.code.match.views import Name, View


@dataclass(frozen=True, slots=True)
class Join:
    """A foreign key as two relations have it, of which either may be a view: with the columns as they name them."""

    constraint: str
    source: Name
    columns: tuple[str, ...]
    target: Name
    referenced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relationship:
    """A way from one relation to another: the constraints and columns that a hint can name, and the junction."""

    target: Name
    constraints: frozenset[str]
    own: tuple[str, ...]
    other: tuple[str, ...]
    junction: str = ""

    def hinted(self, hint: str) -> bool:
        """Say whether a hint names it."""
        single = [*self.own] if len(self.own) == 1 else []
        single += [*self.other] if len(self.other) == 1 else []
        return hint in self.constraints or hint in single or (bool(self.junction) and hint == self.junction)


class Relationships:
    """All relationships between the relations of a database, found by the relation that they start from."""

    def __init__(
        self, keys: Iterable[ForeignKey], views: Mapping[Name, View], primary_keys: Mapping[Name, frozenset[str]]
    ) -> None:
        """Take the foreign keys, the views, and the primary keys of the tables."""
        self._from: defaultdict[Name, list[Join]] = defaultdict(list)
        self._to: defaultdict[Name, list[Join]] = defaultdict(list)
        self._views, self._primary_keys = views, primary_keys
        having: defaultdict[Name, list[Name]] = defaultdict(list)
        for name, view in views.items():
            for table in view.tables:
                having[table].append(name)
        for key in keys:
            sources = self._sides(key.table, key.columns, having[key.table])
            for (source, columns), (target, referenced) in product(
                sources, self._sides(key.references, key.referenced, having[key.references])
            ):
                join = Join(key.name, source, columns, target, referenced)
                self._from[source].append(join)
                self._to[target].append(join)

    def of(self, origin: Name) -> list[Relationship]:
        """Return all ways that lead from a relation over foreign keys."""
        ways = [
            Relationship(one.target, frozenset({one.constraint}), one.columns, one.referenced)
            for one in self._from[origin]
        ]
        for here in self._to[origin]:
            ways.append(Relationship(here.source, frozenset({here.constraint}), here.referenced, here.columns))
        return [*ways, *self._over_junctions(origin)]

    def _over_junctions(self, origin: Name) -> Iterator[Relationship]:
        for here in self._to[origin]:
            keys = self._primary_key(here.source)
            for there in self._from[here.source] if {*here.columns} <= keys else ():
                if there.constraint != here.constraint and {*there.columns} <= keys:
                    constraints = frozenset({here.constraint, there.constraint})
                    yield Relationship(there.target, constraints, (), (), here.source[1])

    def _primary_key(self, relation: Name) -> frozenset[str]:
        if (view := self._views.get(relation)) is None:
            return self._primary_keys.get(relation, frozenset())
        keys = (view.named(table, self._primary_keys.get(table, ())) for table in view.tables)
        return frozenset(name for names in keys for name in names or ())

    def _sides(
        self, table: Name, columns: tuple[str, ...], having: Iterable[Name]
    ) -> list[tuple[Name, tuple[str, ...]]]:
        views = ((name, self._views[name].named(table, columns)) for name in having)
        return [(table, columns), *((name, named) for name, named in views if named)]
