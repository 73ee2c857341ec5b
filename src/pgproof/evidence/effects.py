"""What each migration makes according to the replay, and what of it the live database has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pgproof.catalog.kinds import BY_NAME
from pgproof.evidence.live import Live
from pgproof.evidence.part import gathers
from pgproof.migrations.observation import Replay
from pgproof.model import Location, Method, ObjectName, Proof, Subject

Names = frozenset[ObjectName]


@dataclass(frozen=True, slots=True)
class Effects:
    """By file: the objects that it creates and that stand at the end, and those that it was the last to change.

    `live` are the names of all objects of the live database.
    """

    created: Mapping[str, Names]
    shaped: Mapping[str, Names]
    live: Names

    def __len__(self) -> int:
        """Return the number of migrations that make something."""
        return len(self.created)

    def created_by(self, path: str) -> Names:
        """Return what the file creates and what still stands when all files ran."""
        return self.created.get(path, frozenset())

    def explained_by(self, path: str) -> Names:
        """Return what the file creates or was the last to change: what its absence explains."""
        return self.created_by(path) | self.shaped.get(path, frozenset())

    def present(self, names: Names) -> Names:
        """Return those of `names` that the live database has."""
        return names & self.live


@gathers(Effects, Proof(Method.READ, (Subject.REPLAY, Subject.LIVE)))
def compare_effects(replay: Replay, live: Live) -> Effects:
    """Group the objects of the replay by the migration that made them, and note what the live database has."""
    files = {observation.location: observation.origin for observation in replay.observations}
    return Effects(
        _by_file(replay.created, files, replay.catalog.objects),
        _by_file(replay.origins, files, replay.catalog.objects),
        frozenset(live.catalog.objects),
    )


def _by_file(
    places: Mapping[ObjectName, Location], files: Mapping[Location, str], standing: Mapping[ObjectName, object]
) -> dict[str, Names]:
    grouped: defaultdict[str, set[ObjectName]] = defaultdict(set)
    for name, place in places.items():
        if name in standing and BY_NAME[name.kind].role_part is None:  # roles have other names there
            grouped[files.get(place, place.path)].add(name)
    return {path: frozenset(names) for path, names in grouped.items()}
