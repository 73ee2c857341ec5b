"""The overview as versioned JSON: the fields of `judge.overview`."""

from __future__ import annotations

import json

from pgproof.judge.overview import Overview
from pgproof.reports.codec import encode
from pgproof.reports.view import View

OVERVIEW_VERSION = 1


def render(overview: Overview, view: View) -> str:
    """Return the overview as JSON, ASCII as a stored result is; `view` changes nothing."""
    document = encode(overview)
    assert isinstance(document, dict)
    return json.dumps({"overview_version": OVERVIEW_VERSION, **document}, indent=2, sort_keys=True) + "\n"
