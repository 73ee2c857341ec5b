"""A schema compared with a replay: what differs, and what of that the replay cannot know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pgproof.catalog.belonging import parents
from pgproof.catalog.compare import compare, unreadable
from pgproof.catalog.difference import Difference
from pgproof.catalog.fixpoint import survivors
from pgproof.catalog.object import Catalog, Object
from pgproof.catalog.owners import corresponding
from pgproof.catalog.reparse import Connect
from pgproof.evidence.scope import scoped, without_the_platforms_own
from pgproof.evidence.wording import counted
from pgproof.migrations.observation import Replay
from pgproof.model import Gap, ObjectName
from pgproof.platforms import Platform
from pgproof.server.image import ADMIN

SHOWN = 3
"""How many objects of a gap are named."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The differences that can be judged, those that cannot, and how many objects were compared.

    `hidden` counts the attributes that the role may not read.
    """

    judged: tuple[Difference, ...]
    unknown: tuple[Difference, ...]
    objects: int
    hidden: int


def compare_with_replay(
    replay: Replay,
    actual: Catalog,
    platform: Platform,
    connect: Connect,
    *,
    ignore_schemas: Iterable[str] = (),
    history: tuple[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    base_is_missing: bool = False,
) -> Compared:
    """Compare what a replay made with a schema that others made, expressions by what they mean.

    What belongs to the `platform`, to migration tools (`history` is one's table) or to `ignore_schemas` is left out.
    `roles` maps roles of the replay to actual ones, beyond those that are plain. `connect` opens a private database
    with the replayed schema.
    With `base_is_missing`, what only the actual schema has may come from the base.
    """
    foreign = (*platform.schemas, *ignore_schemas)
    declared = scoped(replay.catalog, replay.created, foreign, history)
    actual = scoped(actual, replay.created, foreign, history)
    owners = corresponding(declared, actual, [ADMIN]) | dict(roles or {})
    declared, actual = without_the_platforms_own(declared, actual, replay, platform, owners)
    compared = [one for one in compare(declared, actual, owners) if not _was_elevated(one, declared)]
    found = survivors(compared, declared, actual, connect)
    things = {**declared.objects, **actual.objects}
    judged: list[Difference] = []
    unknown: list[Difference] = []
    for difference in found:
        if _of_nobody(difference, replay, platform):
            continue
        extra_to_nothing = base_is_missing and difference.action == "extra"
        is_unknown = extra_to_nothing or cannot_know(difference.name, things.get(difference.name), replay.unknown)
        (unknown if is_unknown else judged).append(difference)
    return Compared(tuple(judged), tuple(unknown), len(things), len(unreadable(actual)))


def unknown_gap(unknown: Iterable[Difference]) -> list[Gap]:
    """Return the gap for differences that the replay cannot judge, if there are any."""
    names = sorted({f"{d.name.kind} {d.name}" for d in unknown})
    if not names:
        return []
    shown = ", ".join(names[:SHOWN]) + " …" * (len(names) > SHOWN)
    return [Gap(f"{counted(len(names), 'object')} that differ, and that the replay could not make: {shown}")]


def cannot_know(name: ObjectName, thing: Object | None, unknown: Collection[tuple[str, str]]) -> bool:
    """Whether a statement that failed or was refused mentions the object, or what it belongs to."""
    if not name.schema and thing is not None:
        mentioned = {("", part) for part in name.parts}
        mentioned |= {(of, parent.parts[-1]) for parent in parents(thing) for of in (parent.schema, "")}
        return not mentioned.isdisjoint(unknown)
    own = {name.parts[-1], *name.parts[1:2]}
    return any((part_of, part) in unknown for part in own for part_of in (name.schema, ""))


def _of_nobody(difference: Difference, replay: Replay, platform: Platform) -> bool:
    """Whether no migration decides it: the platform's own extensions, and how what was made up is.

    An extension or a schema that migrations use and never make is assumed: that it exists is known, and nothing else.
    What the platform has installed, and another server may lack, no migration makes either.
    """
    name = difference.name
    if difference.action == "changed" and f"{name.kind} {name.parts[0]}" in replay.assumed:
        return True
    if name.kind != "extension":
        return False
    if difference.action == "changed":
        return name.parts[0] in replay.standins
    return name.parts[0] in platform.extensions and name not in replay.created


def _was_elevated(difference: Difference, declared: Catalog) -> bool:
    """Whether it is about the owner of what the replay made as its administrator: nobody said who should own it."""
    thing = declared.objects.get(difference.name)
    return difference.attribute == "owner" and thing is not None and thing.attributes.get("owner") == ADMIN
