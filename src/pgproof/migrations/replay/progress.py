"""How far a replay has come, as data: kept beside each layer, so that a later run can go on from there."""

from __future__ import annotations

from dataclasses import dataclass, field

from pgproof.migrations.replay.trace import Trace
from pgproof.model import Gap


@dataclass(slots=True)
class Progress:
    """What was seen so far.

    `done` is the number of files that were replayed; `floor` the OID counter before the first of them; `assumed` what
    was made up (`role app`); `gaps` what of the base could not be made, or could not be observed. `layer` is the last
    layer that was kept, and `kept` the number of traces that are stored with it and those before it. `limited`: a limit
    was hit, so that another run may see more; nothing of it is stored.
    """

    floor: int = 0
    done: int = 0
    traces: list[Trace] = field(default_factory=list)
    assumed: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    layer: str = ""
    kept: int = 0
    limited: bool = False
