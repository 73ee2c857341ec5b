"""Why a difference is there: what became of the migration that declares the object, and what is recorded of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pgproof.catalog.difference import Difference
from pgproof.catalog.object import Catalog
from pgproof.evidence.differences import Differences
from pgproof.evidence.edits import Edits
from pgproof.evidence.effects import Effects
from pgproof.evidence.history import History
from pgproof.evidence.part import gathers
from pgproof.evidence.standing import Presence, Standings
from pgproof.migrations.observation import Replay
from pgproof.model import ObjectName


class Story(StrEnum):
    """How a difference came about, as far as migrations, records and catalogs tell."""

    BY_HAND = "by hand"
    """No migration makes it so."""
    PHANTOM = "phantom"
    """Its migration is recorded as applied, and nothing of it is there."""
    UNFINISHED = "unfinished"
    """Only a part of its migration is there."""
    EDITED = "edited"
    """Its file was edited after it was applied."""
    UNRECORDED = "unrecorded"
    """A migration that is not recorded as applied makes it so."""
    LEFT_OVER = "left over"
    """A migration drops it, and it is still there."""
    NEVER_RUN = "not run"
    """Nothing of its migration is there, and nothing is recorded."""
    UNCLEAR = "unclear"
    """Its migration did not run, or somebody changed it since."""


@dataclass(frozen=True, slots=True)
class Told:
    """The story of one difference, the migration that it is about (`""`: none), and the story in a sentence."""

    story: Story
    file: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """The story of each difference."""

    stories: dict[tuple[ObjectName, str, str, str], Told]

    def of(self, difference: Difference) -> Told | None:
        """Return the story of a difference of this run."""
        return self.stories.get(difference.order)


@gathers(Attribution, None)
def attribute(
    replay: Replay,
    differences: Differences,
    effects: Effects,
    standings: Standings,
    history: History | None,
    edits: Edits | None,
) -> Attribution:
    """Tell the story of each difference."""
    files = {observation.location: observation.origin for observation in replay.observations}
    edited = edits.paths if edits else frozenset()
    pending = {file.path for file in history.pending} if history else set()
    made_by = {name: path for path in sorted(pending) for name in effects.created_by(path)}
    stories: dict[tuple[ObjectName, str, str, str], Told] = {}
    for one in differences.items:
        place = differences.origin(one.name)
        file = files.get(place, place.path) if place else ""
        if one.action == "extra":
            stories[one.order] = _extra(one, made_by, standings, history)
        elif later := _later(one, replay.catalog, pending, effects):
            stories[one.order] = Told(
                Story.UNRECORDED, later, f"{later}, which is not recorded as applied, makes it so"
            )
        else:
            stories[one.order] = _declared(one, file, standings, edited, recorded=history is not None)
    return Attribution(stories)


def _extra(one: Difference, made_by: dict[ObjectName, str], standings: Standings, history: History | None) -> Told:
    if path := made_by.get(one.name):
        return Told(Story.UNRECORDED, path, f"{path}, which is not recorded as applied, makes it")
    if path := standings.dropped.get(one.name, ""):
        state = "is recorded as applied and drops it" if history else "drops it"
        return Told(Story.LEFT_OVER, path, f"{path} {state}")
    return Told(Story.BY_HAND, "", "no migration makes it, and none drops it")


def _later(one: Difference, end: Catalog, pending: set[str], effects: Effects) -> str:
    """Return the pending migration that makes the live state out of the declared one, if one does."""
    thing = end.objects.get(one.name)
    if thing is None or one.action != "changed" or one.attribute not in thing.attributes:
        return ""
    value = thing.attributes[one.attribute]
    if one.key and isinstance(value, dict):
        value = value.get(one.key)
    if value != one.live or value == one.declared:
        return ""
    return next((path for path in sorted(pending) if one.name in effects.explained_by(path)), "")


def _declared(one: Difference, file: str, standings: Standings, edited: frozenset[str], *, recorded: bool) -> Told:
    standing = standings.of(file)
    if not file and not standings.items:
        return Told(
            Story.UNCLEAR, "", "the project's own command makes it so; which of its migrations, it does not tell"
        )
    if not file or standing is None:
        return Told(Story.BY_HAND, "", "no migration makes it so")
    if file in edited:
        return Told(Story.EDITED, file, f"{file} was edited after it was applied: what ran there was another text")
    if standing.presence is Presence.ABSENT:
        if recorded:
            return Told(Story.PHANTOM, file, f"nothing of {file} is there, though it is recorded as applied")
        return Told(Story.NEVER_RUN, file, f"nothing of what {file} makes is there")
    if standing.presence is Presence.PARTLY and len(standing.missing) > 1:
        share = f"{standing.effects - len(standing.missing)} of {standing.effects}"
        return Told(Story.UNFINISHED, file, f"{share} things that {file} makes are there")
    if standing.presence is Presence.UNTOLD and not recorded:
        return Told(Story.UNCLEAR, file, f"{file} did not run, or this was changed since")
    did = {"missing": "dropped", "renamed": "renamed"}.get(one.action, "changed")
    return Told(Story.BY_HAND, file, f"{did} after {file} had run; no migration does that")
