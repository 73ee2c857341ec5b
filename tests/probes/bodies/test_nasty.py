"""What a hostile reader would choose: each broken function is found, no healthy twin is flagged or called unknown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from pgproof.probes.bodies.proved import Proved
from tests.conftest import LiveDatabase
from tests.probes.bodies.proving import proved

_TEXT = Path(__file__).with_name("nasty.sql").read_text()
_REMARKED = {"no return": "2F005", "write": "0A000"}
_PAIR = re.compile(r"\n-- \[([^\]\n]+) (\w{5})\]\n-- healthy\n(.+?)\n-- broken\n(.+?)(?=\n\n|\n?\Z)", re.DOTALL)


class Pair(NamedTuple):
    """A kind of defect, its SQLSTATE, and the statements of both twins."""

    kind: str
    sqlstate: str
    healthy: str
    broken: str


SCHEMA = _TEXT.partition("\n\n")[0]
PAIRS = [Pair(*found) for found in _PAIR.findall(_TEXT)]
SQL = SCHEMA + "".join(
    one.healthy.replace("{name}", f"ok_{n}") + one.broken.replace("{name}", f"bad_{n}") for n, one in enumerate(PAIRS)
)


def test_there_are_enough() -> None:
    assert len(PAIRS) == _TEXT.count("-- broken") > 100
    assert len({pair.kind for pair in PAIRS}) > 15


@pytest.mark.parametrize("major", [15, 18])
def test_all_are_found_and_what_is_certain_fails(live: LiveDatabase) -> None:
    found = proved(live, SQL)
    wrong: list[tuple[object, ...]] = []
    with psycopg.connect(live.url, autocommit=True) as connection:
        for number, pair in enumerate(PAIRS):
            healthy, broken = found[f"ok_{number}"], found[f"bad_{number}"]
            if _states(healthy) or healthy.untold:
                wrong.append((pair.healthy, healthy.defects, healthy.untold))
            if pair.sqlstate not in _states(broken):
                wrong.append((pair.broken, broken.defects, broken.untold))
            elif any(defect.certain for defect in broken.defects) and (said := _works(connection, broken, pair)):
                wrong.append((pair.broken, said))
    assert not wrong


def _states(body: Proved) -> list[str]:
    remarks = [_REMARKED[one.kind] for one in body.remarks if one.kind in _REMARKED]
    return [defect.sqlstate for defect in body.defects] + remarks


def _works(connection: psycopg.Connection[object], body: Proved, pair: Pair) -> str:
    """Return what is wrong when a call does not end with the error; trigger functions cannot be called."""
    schema, name, types = body.name.parts
    if "trigger" in pair.kind:
        return ""
    values = {"integer": "1", "text": "'a'", "jsonb": """'{"tags": ["a"]}'""", "bigint": "1"}
    call = f"{schema}.{name}({', '.join(values[one] for one in types.split(', ') if one)})"
    try:
        connection.execute(f"{'call' if body.name.kind == 'procedure' else 'select * from'} {call}".encode())
    except psycopg.Error as error:
        return "" if error.sqlstate == pair.sqlstate else str(error)
    return "it works"
