"""Every view is read, every materialized view refreshed and read, over tables that hold rows."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.names import qualified
from pgproof.model import ObjectName
from pgproof.probes.observed import Step
from pgproof.probes.rows.world import World


def read_views(world: World, names: set[ObjectName]) -> Iterator[Step]:
    """Yield what came of reading these views."""
    for name in sorted(names):
        view = qualified(name.parts)
        if name.kind == "materialized view":
            answer = world.session.ask(f"refresh materialized view {view}")
            yield Step(name, "refresh", answer.refusal is None, refusal=answer.refusal)
            if answer.refusal is not None:
                continue
            answer = world.session.ask(f"refresh materialized view {view}", f"select * from {view} limit 5")
        else:
            answer = world.session.ask(f"select * from {view} limit 5")
        yield Step(name, "read", answer.refusal is None, refusal=answer.refusal)
