"""A body rewritten so that PL/pgSQL itself says whether each statement can work, and none of them is executed.

The blocks, their labels and declarations stay, so that PL/pgSQL resolves every name as it would in the function. The
statements are linearised, and each becomes a probe: `FOR … IN EXPLAIN statement`, or `SELECT … WHERE false` where the
shape of its rows matters to what follows. A probe that fails is reported by its number and the next one goes on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pgproof.probes.bodies.routine import Firing, Routine
from pgproof.probes.bodies.tree import Text

OWN = "pgproof"
"""The name of the trial's own variables and tables."""

CONCRETE = {
    "anyelement": "integer",
    "anyarray": "integer[]",
    "anynonarray": "integer",
    "anyenum": "text",
    "anyrange": "int4range",
    "anymultirange": "int4multirange",
    "anycompatible": "integer",
    "anycompatiblearray": "integer[]",
    "anycompatiblenonarray": "integer",
    "anycompatiblerange": "int4range",
    "anycompatiblemultirange": "int4multirange",
    '"any"': "text",
    "cstring": "text",
    "internal": "text",
}
"""What stands for a pseudo-type; errors about types are unknown then."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that is tried.

    `text` is what of the body is tried. `certain`: every call that does not fail earlier reaches it. `caught` are the
    conditions of the handlers around it. `records` are the record variables that have a shape at this place, with
    whether it is surely that one. `looped`: it stands in a loop. `guarded`: a look into the catalog decides whether it
    runs. `how` is what is compared: `expression`, `query`,
    `constant` (really assigned), `target`, `assign`, `return`, `foreach`, `case`, `dynamic`, `relation`, `made` (a
    temporary table), `table` (one of the trial's), `rows`, `returned` (a variable), `into` (a query and the variables
    for its columns), `call`, `call in doubt` (OUT arguments may be wrong), `alike` (a dynamic command with other
    values), `refused` (what PostgreSQL refuses whatever the data is: nothing of the body is tried).
    """

    text: Text
    how: str
    certain: bool
    caught: tuple[str, ...]
    records: Mapping[str, bool]
    looped: bool = False
    guarded: bool = False

    def covers(self, offset: int) -> bool:
        """Whether a place of the body lies in what is tried."""
        return 0 <= offset - self.text.start <= len(self.text.text)


@dataclass(slots=True)
class Trial:
    """The rewritten body of one routine, for one of its triggers if it has any: `head` is empty for a DO block."""

    routine: Routine
    firing: Firing | None
    head: str = ""
    code: list[str] = field(default_factory=list)
    probes: list[Probe] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    """Names that the body makes, alters or drops: what is wrong with them is unknown."""
    temporary: set[str] = field(default_factory=set)
    """Temporary tables that the trial makes as the body would."""
    assigned: set[str] = field(default_factory=set)
    """Record variables that get a row somewhere."""
    moves_search_path: bool = False

    def text(self, prefix: str, open_probe: int | None = None) -> str:
        """Return the code; a probe's report begins with `prefix`, and `open_probe` is not caught at all."""
        text = "".join(self.code).replace(BEGIN, "begin ")
        if open_probe is not None:
            text = text.replace(handler(open_probe), "end;\n")
        return text.replace(PREFIX, prefix)

    def uncaught(self, prefix: str) -> str:
        """Return the code in which the first probe that fails ends the trial: half the work for a healthy body."""
        return _HANDLERS.sub("", "".join(self.code).replace(BEGIN, "")).replace(PREFIX, prefix)


PREFIX, BEGIN, TARGET = "\x01", "\x02", "\x03"
"""What stands in the code for the beginning of a report, for that of a probe, and for a target."""


def handler(number: int) -> str:
    """Return the code that reports a probe that failed."""
    return f"exception when others then perform pg_temp.pgproof_failed('{PREFIX}{number}', sqlstate, sqlerrm); end;\n"


_HANDLERS = re.compile(re.escape(handler(0)).replace("0", r"\d+", 1))
