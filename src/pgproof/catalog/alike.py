"""Differences that are one: a role that may no longer read forty tables, a table that was renamed with its indexes."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pgproof.catalog.difference import Difference

FEW = 3
"""Fewer that changed alike are listed one by one."""


def alike(differences: Iterable[Difference]) -> list[tuple[Difference, ...]]:
    """Return the differences, those together that are one: the first of each group is the one to name.

    Together are those that change one attribute of many objects of one kind in the same way, and a renamed relation
    with the names that the server makes of its name. The groups stand in the order of their first members.
    """
    found = list(differences)
    whole = [one for one in found if one.action == "renamed" and len(one.name.parts) == 2]
    following = {two.order: one.order for one in whole for two in found if follows_rename(two, one)}
    groups: dict[object, list[Difference]] = {}
    for one in sorted(found, key=lambda one: one.order in following):
        values = json.dumps([one.declared, one.live], sort_keys=True)
        what = (one.name.kind, one.attribute, one.key, values, one.reason)
        groups.setdefault(what if one.action == "changed" else following.get(one.order, one.order), []).append(one)
    made: list[tuple[Difference, ...]] = []
    for group in groups.values():
        together = len(group) >= FEW or group[0].action == "renamed"
        made += [tuple(group)] if together else [(one,) for one in group]
    return sorted(made, key=lambda group: group[0].order)


def follows_rename(difference: Difference, whole: Difference) -> bool:
    """Whether a rename follows from that of a relation: `note_pkey` is `memo_pkey` as `note` is `memo`."""
    if difference.action != "renamed" or whole.action != "renamed" or difference.order == whole.order:
        return False
    old, new = whole.name.parts[-1], str(whole.live)
    own, name = difference.name.parts, difference.name.parts[-1]
    belongs = own[:2] == whole.name.parts or len(own) == 2
    return (
        belongs
        and own[0] == whole.name.parts[0]
        and name.startswith(f"{old}_")
        and (difference.live == new + name[len(old) :])
    )
