"""The comparison as versioned JSON: the fields of `judge.comparison`, findings and gaps as in `result.schema.json`."""

from __future__ import annotations

import json

from pgproof.judge.comparison import Comparison
from pgproof.reports.codec import encode
from pgproof.reports.view import View

COMPARISON_VERSION = 1


def render(comparison: Comparison, view: View) -> str:
    """Return the comparison as JSON, ASCII as a stored result is; `view` changes nothing."""
    document = encode(comparison)
    assert isinstance(document, dict)
    document |= {"comparison_version": COMPARISON_VERSION, "same": comparison.same}
    return json.dumps(document, indent=2, sort_keys=True) + "\n"
