"""The result as JSON Lines: one object a line, for programs that read a stream (`jq`, log collectors, databases).

The first line is the header, the last one the verdict; between them is a line for each finding, suppressed finding,
stale suppression, gap, check, coverage and use of the database. Each says its `type`; the other keys are those of
`result.schema.json`. The lines hold the whole result.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from pgproof.judge.result import SCHEMA_VERSION, Result
from pgproof.reports.codec import JsonValue, encode
from pgproof.reports.view import View

_LISTS = {
    "findings": "finding",
    "suppressed": "suppressed",
    "stale": "stale",
    "gaps": "gap",
    "checks": "check",
    "coverage": "coverage",
    "uses": "use",
}
_ENDING = ("verdict", "scope", "reason")


def render(result: Result, view: View) -> str:
    """Return the result as JSON Lines, ASCII as the format `json` is; `view` changes nothing."""
    return "".join(json.dumps(line, sort_keys=True) + "\n" for line in _lines(result))


def _lines(result: Result) -> Iterator[dict[str, JsonValue]]:
    document = encode(result)
    assert isinstance(document, dict)
    ending = {key: document.pop(key) for key in _ENDING}
    lists = {kind: document.pop(key) for key, kind in _LISTS.items()}
    yield {"type": "header", "schema_version": SCHEMA_VERSION, **document}
    for kind, items in lists.items():
        assert isinstance(items, list)
        for item in items:
            assert isinstance(item, dict)
            yield {"type": kind, **item}
    yield {"type": "verdict", "exit_code": result.verdict.exit_code, **ending}
