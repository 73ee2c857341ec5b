"""Every function and procedure, with what its body touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pgproof.catalog.object import Catalog
from pgproof.evidence.bodies import BodyTexts
from pgproof.judge.inventory import RoutineEntry
from pgproof.model import Location, ObjectName


def routine_entries(
    catalog: Catalog, made: Mapping[ObjectName, Location], bodies: BodyTexts | None
) -> Iterator[RoutineEntry]:
    """Yield an entry for every routine, sorted by name; `bodies` says what they touch."""
    uses = {body.name: body.uses for body in bodies.items} if bodies else {}
    for thing in catalog.of("function", "procedure"):
        value, own, place = thing.attributes, uses.get(thing.name), made.get(thing.name)
        yield RoutineEntry(
            thing.name.kind,
            str(thing.name),
            str(value.get("result") or ""),
            str(value["language"]),
            "definer" if value["security definer"] else "invoker",
            str(value.get("volatility") or ""),
            tuple(map(_named, own.reads)) if own else (),
            tuple(map(_named, own.writes)) if own else (),
            tuple(map(_named, own.calls)) if own else (),
            str(place) if place else "",
        )


def _named(name: tuple[str, str]) -> str:
    return ".".join(filter(None, name))
