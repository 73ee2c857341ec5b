"""Where in the migrations the body of each function is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pgproof.migrations.observation import Observation, Replay
from pgproof.model import Location, ObjectName
from pgproof.model.name import ROUTINES


@dataclass(frozen=True, slots=True)
class Written:
    """The statement that holds a body: its place and text, and where the body begins in it (-1: it is not in it).

    `doubled`: the body is written between single quotes, which are doubled in it. `body` is the body itself.
    """

    location: Location
    text: str = ""
    begin: int = -1
    doubled: bool = False
    body: str = ""

    def place(self, offset: int) -> Location:
        """Return the place of a character of the body; that of the statement for -1, or when it cannot be told."""
        if offset < 0 or self.begin < 0 or not self.location.line:
            return self.location
        within = self.begin + offset + (self.body.count("'", 0, offset) if self.doubled else 0)
        lines = self.text.count("\n", 0, within)
        column = within - self.text.rfind("\n", 0, within)
        return Location(
            self.location.path,
            self.location.line + lines,
            column if lines else column + max(self.location.column - 1, 0),
        )


def find_written(bodies: Mapping[ObjectName, str], replay: Replay) -> dict[ObjectName, Written]:
    """Return where each body is written: in the last statement that says it, else where the function changed last."""
    found: dict[ObjectName, Written] = {}
    waiting = dict(bodies)
    for observation in reversed(replay.observations):
        if observation.failure or not waiting:
            continue
        lowered = observation.text.lower()
        for name in [name for name in waiting if name.kind not in ROUTINES or name.parts[1].lower() in lowered]:
            if written := _in_statement(observation, waiting[name]):
                found[name] = written
                del waiting[name]
    for name in waiting:
        if location := replay.origins.get(name) or replay.created.get(name):
            found[name] = Written(location)
    return found


def _in_statement(observation: Observation, body: str) -> Written | None:
    if len(body.strip()) < _SHORT:
        return None
    text = observation.text.replace("\r\n", "\n")
    begin = text.find(body)
    if begin >= 0:
        return Written(observation.location, text, begin, body=body)
    begin = text.find(body.replace("'", "''"))
    return Written(observation.location, text, begin, doubled=True, body=body) if begin >= 0 else None


_SHORT = 4
"""A body with fewer characters is found anywhere."""
