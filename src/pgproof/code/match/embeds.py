"""Embedded relations: PostgREST's relationships (its documentation, "Resource Embedding").

A relationship is a foreign key, seen from either end; a table whose primary key holds two of them, seen from one of the
tables to the other; or a function from a row of one to rows of the other. Those of views follow from their queries,
which are not looked at: what a view may embed is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.catalog.names import parts_of
from pgproof.code.match.relation import ForeignKey, Relation
from pgproof.code.match.schema import Answer, Schema
from pgproof.code.usage import Embed
from pgproof.model import ObjectName


@dataclass(frozen=True, slots=True)
class Relationship:
    """A way from one relation to another: the constraints and columns that a hint can name, and the junction."""

    target: tuple[str, str]
    constraints: frozenset[str]
    own: tuple[str, ...]
    other: tuple[str, ...]
    junction: str = ""

    def hinted(self, hint: str) -> bool:
        """Say whether a hint names it."""
        single = [*self.own] if len(self.own) == 1 else []
        single += [*self.other] if len(self.other) == 1 else []
        return hint in self.constraints or hint in single or (bool(self.junction) and hint == self.junction)


@dataclass(frozen=True, slots=True)
class Found:
    """What an embed leads to: `relation` where it is known, or why there is no way (`code` is PostgREST's)."""

    relation: Relation | None = None
    code: str = ""
    ways: tuple[Relationship, ...] = ()


UNKNOWN = Found()
NO_RELATIONSHIP, AMBIGUOUS = "PGRST200", "PGRST201"


def follow(schema: Schema, origin: Relation, embed: Embed) -> Found:
    """Return what an embedded relation is."""
    own_schema, name = origin.name.schema, origin.name.parts[1]
    if (computed := _computed(schema, origin, embed.relation)) is not None:
        return computed
    target = schema.relation(own_schema, embed.relation)
    certain = origin.is_table and schema.is_certain(origin)
    if isinstance(target, Relation) and not (target.is_table and certain and schema.is_certain(target)):
        return Found(target)
    if target is Answer.UNKNOWN or not certain:
        return UNKNOWN
    ways = [way for way in relationships(schema, (own_schema, name)) if way.target[0] == own_schema]
    fitting = [way for way in ways if _fits(way, embed)]
    if isinstance(target, Relation) and target.name == origin.name and fitting:
        return Found(target)
    if not fitting:
        if any(_doubtful(schema, way) for way in ways):
            return UNKNOWN
        return Found(code=NO_RELATIONSHIP, ways=tuple(ways))
    if len(fitting) > 1:
        return Found(code=AMBIGUOUS, ways=tuple(fitting))
    led = schema.relation(*fitting[0].target)
    return Found(led) if isinstance(led, Relation) else UNKNOWN


def _fits(way: Relationship, embed: Embed) -> bool:
    if way.target[1] == embed.relation:
        return not embed.hint or way.hinted(embed.hint)
    return not embed.hint and (embed.relation in way.constraints or way.own == (embed.relation,)) and not way.junction


def _doubtful(schema: Schema, way: Relationship) -> bool:
    return bool(way.junction) and schema.doubts.about_shape(way.target[0], way.junction)


def relationships(schema: Schema, origin: tuple[str, str]) -> list[Relationship]:
    """Return all ways that lead from a table over foreign keys."""
    keys = schema.foreign_keys
    ways = [Relationship(k.references, frozenset({k.name}), k.columns, k.referenced) for k in keys if k.table == origin]
    ways += [
        Relationship(k.table, frozenset({k.name}), k.referenced, k.columns) for k in keys if k.references == origin
    ]
    for here in keys:
        if here.references == origin:
            ways += [_over(here, there) for there in keys if _is_junction(schema, here, there)]
    return ways


def _is_junction(schema: Schema, here: ForeignKey, there: ForeignKey) -> bool:
    """Whether a table joins two others: both keys are part of its primary key."""
    if there.table != here.table or there.name == here.name:
        return False
    junction = schema.relation(*here.table)
    return isinstance(junction, Relation) and {*here.columns, *there.columns} <= junction.primary_key


def _over(here: ForeignKey, there: ForeignKey) -> Relationship:
    return Relationship(there.references, frozenset({here.name, there.name}), (), (), here.table[1])


def _computed(schema: Schema, origin: Relation, name: str) -> Found | None:
    """Return what a function leads to that takes a row of the relation; `None` when there is no such function."""
    routines = schema.routines(origin.name.schema, name)
    if isinstance(routines, Answer):
        return None
    row = (origin.name.parts, origin.name.parts[1:])
    fitting = [one for one in routines if len(one.parameters) == 1 and parts_of(one.parameters[0].type) in row]
    if not fitting:
        return None
    result = parts_of(fitting[0].result.removeprefix("SETOF "))
    led = schema.relation(result[0], result[1]) if len(result) == 2 else Answer.UNKNOWN
    return Found(led) if isinstance(led, Relation) else UNKNOWN


def explain(schema: Schema, origin: ObjectName, embed: Embed, found: Found) -> tuple[str, tuple[str, ...]]:
    """Return in words why there is no way or no single one, and the hints that would decide."""
    name, other = origin.parts[1], embed.relation
    if found.code == AMBIGUOUS:
        hints = tuple(sorted({f"{other}!{min(way.constraints)}" for way in found.ways if not way.junction}))
        return f"{len(found.ways)} relationships lead from {name} to {other}, and nothing says which", hints
    if isinstance(schema.relation(origin.parts[0], other), Relation):
        hinted = f" by {embed.hint}" if embed.hint else ""
        names = tuple(
            sorted({f"{other}!{min(w.constraints)}" for w in found.ways if w.target[1] == other and not w.junction})
        )
        return f"no foreign key joins {name} and {other}{hinted}", names
    outside = [k for k in schema.foreign_keys if k.table == tuple(origin.parts) and k.columns == (other,)]
    if outside:
        return f"{other} references {'.'.join(outside[0].references)}, which the API does not show", ()
    return f"{other} is no table, and no foreign key of {name}", tuple(sorted({way.target[1] for way in found.ways}))
