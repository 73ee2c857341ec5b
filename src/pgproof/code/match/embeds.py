"""Embedded relations: what a name in a select leads to.

That is a relationship of PostgREST's, over a foreign key, or a function from a row of one relation to rows of another.
"""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.catalog.names import parts_of
from pgproof.code.match.relation import Relation
from pgproof.code.match.relationships import Relationship
from pgproof.code.match.schema import Answer, Schema
from pgproof.code.usage import Embed
from pgproof.model import ObjectName


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
    certain = _is_certain(schema, origin)
    if isinstance(target, Relation) and not (certain and _is_certain(schema, target)):
        return Found(target)
    if target is Answer.UNKNOWN or not certain:
        return UNKNOWN
    ways = [way for way in schema.relationships.of((own_schema, name)) if way.target[0] == own_schema]
    fitting = [way for way in ways if _fits(schema, way, embed)]
    if isinstance(target, Relation) and target.name == origin.name and fitting:
        return Found(target)
    if not fitting:
        if any(_doubtful(schema, way) for way in ways):
            return UNKNOWN
        return Found(code=NO_RELATIONSHIP, ways=tuple(ways))
    if len({way.constraints for way in fitting}) > 1:
        return Found(code=AMBIGUOUS, ways=tuple(fitting))
    led = schema.relation(*fitting[0].target)
    return Found(led) if isinstance(led, Relation) else UNKNOWN


def _is_certain(schema: Schema, relation: Relation) -> bool:
    """Whether the keys of a relation are all known: of a view, those of the tables that its columns come from."""
    if relation.is_table or not schema.is_certain(relation):
        return relation.is_table and schema.is_certain(relation)
    view = schema.views.get((relation.name.parts[0], relation.name.parts[1]))
    return view is not None and view.certain and not any(schema.doubts.about_shape(*table) for table in view.tables)


def _fits(schema: Schema, way: Relationship, embed: Embed) -> bool:
    if way.target[1] == embed.relation:
        return not embed.hint or way.hinted(embed.hint)
    if embed.hint or way.junction or way.target in schema.views:
        return False
    return embed.relation in way.constraints or way.own == (embed.relation,)


def _doubtful(schema: Schema, way: Relationship) -> bool:
    return bool(way.junction) and schema.doubts.about_shape(way.target[0], way.junction)


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
        seen = (
            " over columns that a view has as they are"
            if {(origin.parts[0], one) for one in (name, other)} & {*schema.views}
            else ""
        )
        return f"no foreign key joins {name} and {other}{hinted}{seen}", names
    outside = [k for k in schema.foreign_keys if k.table == tuple(origin.parts) and k.columns == (other,)]
    if outside:
        return f"{other} references {'.'.join(outside[0].references)}, which the API does not show", ()
    return f"{other} is no table, and no foreign key of {name}", tuple(sorted({way.target[1] for way in found.ways}))
