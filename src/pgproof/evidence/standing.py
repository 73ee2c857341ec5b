"""Where the live database stands in the history of its migrations: which of them are there, and what of each is not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pgproof.catalog.compare import compare
from pgproof.catalog.kind import Effect
from pgproof.catalog.names import parts_of, routine_of
from pgproof.catalog.object import Catalog
from pgproof.catalog.owners import corresponding
from pgproof.evidence.differences import Differences
from pgproof.evidence.effects import Effects
from pgproof.evidence.history import History
from pgproof.evidence.live import Live
from pgproof.evidence.part import gathers
from pgproof.evidence.scope import scoped
from pgproof.evidence.settings import Settings
from pgproof.migrations import observation
from pgproof.migrations.observation import Replay
from pgproof.model import Method, ObjectName, Proof, Subject
from pgproof.model.name import ROUTINES
from pgproof.platforms import Platform
from pgproof.server.image import ADMIN

SHOWN = 3
"""How many migrations of each sort are named."""

_RELATIONS = ("table", "view", "materialized view", "index", "sequence", "foreign table")
_PROMINENT = ("schema", "table", "view", "materialized view", "function", "procedure", "enum", "policy", "trigger")
_ON_TABLE = ("trigger", "policy", "rule")
_ON = re.compile(r'((?:"(?:[^"]|"")*"|[^"\s])+) on (.+)', re.DOTALL)


class Presence(StrEnum):
    """How much of what a migration does is there. `UNTOLD`: nothing of it can be seen at the end."""

    PRESENT = "present"
    PARTLY = "partly present"
    ABSENT = "absent"
    UNTOLD = "cannot be told"


@dataclass(frozen=True, slots=True)
class Standing:
    """One migration: whether it is recorded (`None`: nothing is), how much of it is there, and what is not.

    It has so many `effects` that can be seen; of what it drops, so many things are `kept`.
    """

    path: str
    recorded: bool | None
    presence: Presence
    missing: tuple[str, ...] = ()
    effects: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Standings:
    """All migrations in their order; `sentence` says where the live database is, `""` when it is simply at the end.

    `dropped` maps what migrations drop, and nothing makes again, to the file that drops it.
    """

    items: tuple[Standing, ...]
    sentence: str
    dropped: Mapping[ObjectName, str]

    def __len__(self) -> int:
        """Return the number of migrations."""
        return len(self.items)

    def of(self, path: str) -> Standing | None:
        """Return the standing of one file."""
        return next((one for one in self.items if one.path == path), None)


@gathers(Standings, Proof(Method.READ, (Subject.REPLAY, Subject.LIVE)))
def locate(
    settings: Settings,
    replay: Replay,
    live: Live,
    effects: Effects,
    differences: Differences,
    platform: Platform,
    history: History | None,
) -> Standings:
    """Look for what each migration creates, alters and drops in the live database."""
    differing = _differing(replay, live.catalog, settings, platform)
    dropped = _dropped(replay)
    by_file: dict[str, set[ObjectName]] = {}
    for name, path in dropped.items():
        by_file.setdefault(path, set()).add(name)
    recorded = {file.path for file in history.applied} if history else set()
    items = tuple(
        _standing(
            path,
            path in recorded if history else None,
            effects,
            frozenset(by_file.get(path, ())),
            differing,
        )
        for path in replay.files
    )
    return Standings(items, _sentence(items, effects, differences, dropped), dropped)


def _standing(
    path: str,
    recorded: bool | None,
    effects: Effects,
    drops: frozenset[ObjectName],
    differing: Collection[ObjectName],
) -> Standing:
    """Judge a migration by what it creates, else by what it was the last to alter.

    What it drops and what is still there is missing of it; that something is not there says little. What it altered may
    be altered again by hand: when it is recorded, that something is otherwise says nothing of it.
    """
    created = effects.created_by(path)
    kept = [f"no {name.kind} {name}" for name in sorted(drops & effects.live)]
    if created:
        absent, total = sorted(created - effects.live, key=_prominent), len(created)
        missing = [f"{name.kind} {name}" for name in absent]
    else:
        altered = effects.present(effects.explained_by(path))
        otherwise = sorted(name for name in altered if name in differing)
        total = len(altered) - (len(otherwise) if recorded is not False else 0)
        missing = [f"{name.kind} {name} as it leaves it" for name in otherwise if recorded is False]
    missing, total = [*missing, *kept], total + len(kept)
    if not total:
        return Standing(path, recorded, Presence.UNTOLD)
    there = total - len(missing)
    presence = Presence.PRESENT if not missing else Presence.PARTLY if there else Presence.ABSENT
    return Standing(path, recorded, presence, tuple(missing), total, len(kept))


def _prominent(name: ObjectName) -> tuple[int, ObjectName]:
    return _PROMINENT.index(name.kind) if name.kind in _PROMINENT else len(_PROMINENT), name


def _differing(replay: Replay, live: Catalog, settings: Settings, platform: Platform) -> frozenset[ObjectName]:
    """Return what differs from the end of all migrations, expressions aside: another spelling says nothing."""
    foreign = (*platform.schemas, *settings.config.ignore_schemas)
    declared, actual = scoped(replay.catalog, replay.created, foreign), scoped(live, replay.created, foreign)
    owners = corresponding(declared, actual, [ADMIN]) | dict(settings.config.roles)
    found = compare(declared, actual, owners)
    return frozenset(d.name for d in found if d.action == "changed" and not d.effect & Effect.EXPRESSION)


def _dropped(replay: Replay) -> dict[ObjectName, str]:
    """Return what migrations drop and what does not stand at the end, each with the last file that drops it."""
    found: dict[ObjectName, str] = {}
    for one in replay.observations:
        for effect in one.effects:
            if effect.action == "drop" and not effect.in_extension:
                for name in _names(effect):
                    found[name] = one.origin
    return {name: path for name, path in found.items() if name not in replay.catalog.objects}


def _names(effect: observation.Effect) -> Iterator[ObjectName]:
    """Yield the name that a drop event tells, for the kinds that are commonly dropped (manual, section 9.30)."""
    kind, identity = effect.object_type, effect.identity
    if kind in _RELATIONS and len(parts := parts_of(identity)) == 2:
        yield ObjectName(kind, parts)
    elif kind == "table column" and len(parts := parts_of(identity)) == 3:
        yield ObjectName("column", parts)
    elif kind in ROUTINES and len(parts := routine_of(identity)) == 3:
        yield ObjectName(kind, parts)
    elif kind in (*_ON_TABLE, "table constraint") and (match := _ON.fullmatch(identity)):
        parts = (*parts_of(match[2]), *parts_of(match[1]))
        if len(parts) == 3:
            yield ObjectName("constraint" if kind == "table constraint" else kind, parts)


def _sentence(
    items: tuple[Standing, ...], effects: Effects, differences: Differences, dropped: Mapping[ObjectName, str]
) -> str:
    """Say where the live database is: the state after some migration, with and without others, and changes by hand."""
    gone = [one for one in items if one.presence is Presence.ABSENT or _is_in_part(one)]
    if not gone:
        return ""
    first = items.index(gone[0])
    before = [one for one in items[:first] if one.presence in _HELD]
    after = items[first:]
    there = [one.path for one in after if one.presence in _HELD and not _is_in_part(one)]
    partly = [one.path for one in after if _is_in_part(one)]
    last = max((n for n, one in enumerate(after) if one.presence in _HELD), default=-1)
    skipped = [one.path for one in after[: last + 1] if one.presence is Presence.ABSENT]
    if not before and not there and not partly:
        return ""
    told = f"the state after {_short(items[first - 1].path)}" if before else "the state before all migrations"
    told += f", plus {_listed(there)}" if there else ""
    told += f"{', plus' if not there else ' and'} a part of {_listed(partly)}" if partly else ""
    told += f", without {_listed(skipped)}" if skipped else ""
    explained = frozenset[ObjectName]().union(*(effects.explained_by(one.path) for one in gone))
    explained |= {name for name, path in dropped.items() if any(one.path == path for one in gone)}
    made = frozenset[ObjectName]().union(*(effects.created_by(path) for path in (*there, *partly)))
    by_hand = {one.name for one in differences.items} - explained - made
    told += f", plus {len(by_hand)} {'object' if len(by_hand) == 1 else 'objects'} changed by hand" if by_hand else ""
    return f"the live database is {told}"


def _is_in_part(one: Standing) -> bool:
    """Whether a migration ran in part: one thing that is missing was rather dropped by hand."""
    return one.presence is Presence.PARTLY and (len(one.missing) > 1 or one.kept > 0)


_HELD = (Presence.PRESENT, Presence.PARTLY)


def _short(path: str) -> str:
    name = path.rpartition("/")[2]
    return path.rpartition("/")[0].rpartition("/")[2] if name in ("migration.sql", "up.sql") else name


def _listed(paths: list[str]) -> str:
    names = [_short(path) for path in paths]
    if len(names) > SHOWN:
        return f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[:-1] else names)
