"""What distinguishes two catalogs, attribute by attribute, without any of the comparison's judgement."""

from __future__ import annotations

from pgproof.catalog.kind import Effect
from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.object import Catalog


def changes(before: Catalog, after: Catalog) -> set[tuple[str, str, str]]:
    """Return (kind, name, attribute), or `missing` or `extra` for the attribute. What is derived does not count."""
    found = set()
    for name in before.objects.keys() | after.objects.keys():
        old, new = before.objects.get(name), after.objects.get(name)
        if old is None or new is None:
            found.add((name.kind, str(name), "extra" if old is None else "missing"))
            continue
        for attribute, effect in BY_NAME[name.kind].attributes.items():
            if effect is not Effect.DERIVED and old.attributes[attribute] != new.attributes[attribute]:
                found.add((name.kind, str(name), attribute))
    return found
