"""docs/security.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path

from pgproof.migrations.replay import Limits
from pgproof.migrations.replay.limits import shown
from pgproof.migrations.replay.readable import CATALOG_BYTES
from pgproof.project.allowed import COMMAND, VARIABLE
from pgproof.project.keys import KEYS
from pgproof.server.limits import SESSION_BYTES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")


def test_every_promise_names_tests_that_are_there() -> None:
    promises = PAGE.partition("## What is promised")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!promise|-)(.*) \|$", promises, re.MULTILINE)
    assert len(rows) > 8
    for row in rows:
        named = re.findall(r"`(tests/[\w/.]+)`", row.rpartition("|")[2])
        assert named, row
        assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_limits_are_those_that_hold() -> None:
    told = dict(re.findall(r'^\| `(\w+)` \| `"?([\w ]+)"?` \|', PAGE, re.MULTILINE))
    limits = Limits()
    assert told == {
        "statement_timeout": f"{limits.statement_s:g}s",
        "timeout": f"{limits.replay_s / 60:g}min",
        "memory": shown(SESSION_BYTES).replace(" ", ""),
        "disk": shown(limits.disk_bytes).replace(" ", ""),
        "output": shown(limits.output_bytes).replace(" ", ""),
        "objects": str(limits.objects),
    }
    replay = KEYS["replay"]
    assert isinstance(replay, dict)
    assert told.keys() <= replay.keys()
    assert shown(CATALOG_BYTES) in PAGE
    assert f"{VARIABLE}: {COMMAND}" in PAGE
