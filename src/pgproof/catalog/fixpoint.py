"""Expressions compared by what they mean: texts that differ are parsed again by one server, and compared again.

A database that was restored from a dump, or that runs another major, spells some expressions differently
(`status in ('a', 'b')` on a varchar, two BETWEEN joined by AND, the columns of a view). After one more parse by the
same server the two spellings are one. Nothing is interpreted here, and no SQL is parsed by anyone but PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pgproof.catalog.compare import definition, rename
from pgproof.catalog.difference import Difference
from pgproof.catalog.kind import Effect
from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.object import Catalog, Object, Value
from pgproof.catalog.reparse import Connect, Pair, Parsed, Text, parse_again
from pgproof.model import ObjectName

BEYOND_TEXT = Effect.COSMETIC | Effect.SOFT | Effect.EXPRESSION
"""What two objects may differ in and still be one object under two names, if their expressions mean the same."""


def tried(differences: Iterable[Difference], declared: Catalog, live: Catalog) -> list[ObjectName]:
    """Return the names of the objects whose texts `survivors` would have parsed again, sorted."""
    found = list(differences)
    names = {d.name for d in found if d.action == "changed" and d.effect & Effect.EXPRESSION}
    names |= {name for pair, _ in _possible_renames(found, declared, live) for name in pair}
    return sorted(names)


def survivors(
    differences: Iterable[Difference], declared: Catalog, live: Catalog, connect: Connect
) -> list[Difference]:
    """Return the differences without those of texts that mean the same; a missing and an extra object may be a rename.

    `connect` opens a connection to a private database that holds the declared schema, as the role that owns it. All is
    rolled back there. What differs keeps the spelling of both sides; where a text cannot be parsed there, the
    difference stays and says why. No connection is opened when no expression differs.
    """
    found = list(differences)
    changed = {
        d.order: _pairs_of(d, declared, live) for d in found if d.action == "changed" and d.effect & Effect.EXPRESSION
    }
    renames = dict(_possible_renames(found, declared, live))
    parsed = parse_again([pair for pairs in (*changed.values(), *renames.values()) for pair in pairs or ()], connect)
    kept = [d for d in found if not _same(changed.get(d.order), parsed)]
    kept = [replace(d, reason=_reason(changed.get(d.order), parsed)) for d in kept]
    return sorted(
        _renamed(kept, [names for names, pairs in renames.items() if _same(pairs, parsed)]), key=lambda d: d.order
    )


def _pairs_of(difference: Difference, declared: Catalog, live: Catalog) -> list[Pair] | None:
    if difference.other:  # its texts are spelled with names that the declared schema does not have
        return None
    ours, theirs = declared.objects[difference.name], live.objects[difference.name]
    return _pairs(ours, theirs, difference.attribute, difference.declared, difference.live)


def _pairs(ours: Object, theirs: Object, attribute: str, declared: Value, live: Value) -> list[Pair] | None:
    """Return the texts that differ inside two values; `None` when the values differ in more than texts."""
    texts = list(_unequal(declared, live))
    if not all(isinstance(one, str) and isinstance(other, str) for one, other in texts):
        return None
    return [
        (Text(ours.name, attribute, str(one), ours), Text(theirs.name, attribute, str(other), theirs))
        for one, other in texts
    ]


def _unequal(declared: Value, live: Value) -> Iterator[tuple[Value, Value]]:
    if declared == live:
        return
    if isinstance(declared, list) and isinstance(live, list) and len(declared) == len(live):
        for one, other in zip(declared, live, strict=True):
            yield from _unequal(one, other)
    elif isinstance(declared, dict) and isinstance(live, dict) and declared.keys() == live.keys():
        for key in declared:
            yield from _unequal(declared[key], live[key])
    else:
        yield declared, live


def _same(pairs: list[Pair] | None, parsed: Mapping[Text, Parsed]) -> bool:
    return bool(pairs) and all(
        parsed[one].spelling == parsed[other].spelling and not parsed[one].problem for one, other in pairs or ()
    )


def _reason(pairs: list[Pair] | None, parsed: Mapping[Text, Parsed]) -> str:
    problems = [
        f"{which} text cannot be parsed in the schema of the first: {parsed[text].problem}"
        for pair in pairs or ()
        for which, text in zip(("the first", "the second"), pair, strict=True)
        if parsed[text].problem
    ]
    return "; ".join(dict.fromkeys(problems))


def _possible_renames(
    found: list[Difference], declared: Catalog, live: Catalog
) -> Iterator[tuple[tuple[ObjectName, ObjectName], list[Pair]]]:
    """Yield missing with extra objects that differ in nothing but their names and the spelling of expressions."""
    alike: dict[str, list[ObjectName]] = {}
    for difference in found:
        if difference.action == "extra" and BY_NAME[difference.name.kind].renames:
            thing = live.objects[difference.name]
            alike.setdefault(definition(thing, BEYOND_TEXT), []).append(difference.name)
    for difference in found:
        if difference.action == "missing" and BY_NAME[difference.name.kind].renames:
            ours = declared.objects[difference.name]
            for other in alike.get(definition(ours, BEYOND_TEXT), ()):
                pairs = _texts_of(ours, live.objects[other])
                if pairs:
                    yield (difference.name, other), pairs


def _texts_of(ours: Object, theirs: Object) -> list[Pair] | None:
    pairs: list[Pair] = []
    for attribute, effect in BY_NAME[ours.name.kind].attributes.items():
        if effect & Effect.EXPRESSION:
            several = _pairs(ours, theirs, attribute, ours.attributes.get(attribute), theirs.attributes.get(attribute))
            if several is None:
                return None
            pairs += several
    return pairs


def _renamed(found: list[Difference], renames: Iterable[tuple[ObjectName, ObjectName]]) -> Iterator[Difference]:
    partner: dict[ObjectName, ObjectName] = {}
    for old, new in sorted(renames):
        if old not in partner and new not in partner.values():
            partner[old] = new
    gone = set(partner.values())
    for difference in found:
        new_name = partner.get(difference.name)
        if difference.action == "missing" and new_name is not None:
            yield rename(difference.name, new_name)
        elif difference.action != "extra" or difference.name not in gone:
            yield difference
