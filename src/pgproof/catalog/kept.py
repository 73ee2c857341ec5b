"""What several catalogs have in common, kept once."""

from __future__ import annotations

from collections import defaultdict

from pgproof.catalog.object import Object, Value


class Kept:
    """What catalogs that are read one after another, or at the same time, have in common.

    Two databases that are compared are mostly the same: objects that are equal are one object then, which takes half
    the memory, and is seen to be equal without a look at its attributes. The attributes of many objects of one database
    are equal, too. `objects` are by kind and parts of the name, `attributes` by kind and values.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.objects: defaultdict[str, dict[tuple[str, ...], Object]] = defaultdict(dict)
        self.attributes: defaultdict[str, dict[tuple[Value, ...], dict[str, Value]]] = defaultdict(dict)
