"""What each migration did, and what of it still stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pgproof.judge.inventory import MigrationEntry, Named
from pgproof.migrations.file import MigrationFile
from pgproof.migrations.observation import Effect, Observation, Replay

_ACTIONS = ("create", "alter", "drop")
_OF_A_TABLE = frozenset({"table column", "table constraint", "type", "toast table", "default value"})
"""What a table brings along: the events tell it, and the table stands for it."""


def migration_entries(
    files: Sequence[MigrationFile], replay: Replay, applied: Collection[str] | None
) -> Iterator[MigrationEntry]:
    """Yield an entry for every file, in their order; `applied` are the paths that the live database records."""
    by_file: dict[str, list[Observation]] = {file.path: [] for file in files}
    last_drop: dict[Named, int] = {}
    order: dict[Named, int] = {}
    for number, observation in enumerate(replay.observations):
        by_file.setdefault(observation.origin, []).append(observation)
        for effect in observation.effects:
            if effect.action == "drop":
                last_drop[_named(effect)] = number
            elif effect.action == "create":
                order[_named(effect)] = number
    for file in files:
        seen = by_file[file.path]
        effects = [effect for one in seen for effect in one.effects if _counts(effect)]
        created, altered, dropped = (
            tuple(dict.fromkeys(_named(effect) for effect in effects if effect.action == action)) for action in _ACTIONS
        )
        yield MigrationEntry(
            file.path,
            len(file.text.splitlines()),
            len(file.text.encode("utf-8", "surrogatepass")),
            len(seen),
            sum(bool(one.failure or one.refused) for one in seen),
            created,
            tuple(one for one in altered if one not in created),
            dropped,
            tuple(one for one in created if last_drop.get(one, -1) > order.get(one, -1)),
            None if applied is None else file.path in applied,
        )


def _counts(effect: Effect) -> bool:
    return not effect.in_extension and effect.object_type not in _OF_A_TABLE


def _named(effect: Effect) -> Named:
    return effect.object_type, effect.identity
