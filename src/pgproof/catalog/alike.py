"""Differences that are one and the same on many objects: a role that lost its right to read forty tables."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pgproof.catalog.difference import Difference

FEW = 3
"""Fewer are listed one by one."""


def alike(differences: Iterable[Difference]) -> list[tuple[Difference, ...]]:
    """Return the differences, those together that change one attribute of many objects of one kind in the same way.

    The groups stand in the order of their first members.
    """
    groups: dict[str, list[Difference]] = {}
    for place, one in enumerate(differences):
        what = [one.name.kind, one.action, one.attribute, one.key, one.declared, one.live, one.reason]
        groups.setdefault(json.dumps(what if one.action == "changed" else place, sort_keys=True), []).append(one)
    together = [tuple(group) for group in groups.values() if len(group) >= FEW]
    single = [(one,) for group in groups.values() if len(group) < FEW for one in group]
    return sorted([*together, *single], key=lambda group: group[0].order)
