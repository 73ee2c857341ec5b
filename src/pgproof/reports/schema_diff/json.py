"""Two schemas compared, as versioned JSON: the fields of `judge.schema_diff`."""

from __future__ import annotations

import json

from pgproof.judge.schema_diff import SchemaDiff
from pgproof.reports.codec import encode
from pgproof.reports.view import View

DIFF_VERSION = 1


def render(diff: SchemaDiff, view: View) -> str:
    """Return the differences as JSON, ASCII as a stored result is; `view` changes nothing."""
    document = encode(diff)
    assert isinstance(document, dict)
    document |= {"diff_version": DIFF_VERSION, "same": diff.same}
    return json.dumps(document, indent=2, sort_keys=True) + "\n"
