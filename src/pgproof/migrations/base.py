"""What was there before the first migration (`--base`): a dump, a snapshot file or a live database.

And the opposite: signs that something must have been there which nobody gave.
"""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.catalog.object import Catalog


@dataclass(frozen=True, slots=True)
class Base:
    """`script` is the text of a dump, `catalog` a snapshot: one of them is there. `name` says where it came from."""

    name: str
    digest: str
    script: str = ""
    catalog: Catalog | None = None
