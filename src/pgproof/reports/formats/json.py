"""The result as versioned JSON (`result.schema.json` beside this folder); `pgproof.reports.stored.load` reads it back.

Keys are sorted and only ASCII is written: the same result gives the same bytes, a name cannot carry an escape sequence
onto a terminal, and a file name that is no UTF-8 survives.
"""

from __future__ import annotations

import json

from pgproof.judge.result import SCHEMA_VERSION, Result
from pgproof.reports.codec import encode
from pgproof.reports.view import View


def render(result: Result, view: View) -> str:
    """Return the result as JSON; `view` changes nothing."""
    document = encode(result)
    assert isinstance(document, dict)
    return json.dumps({"schema_version": SCHEMA_VERSION, **document}, indent=2, sort_keys=True) + "\n"
