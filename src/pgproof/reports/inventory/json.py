"""The inventory as versioned JSON: the fields of `judge.inventory`."""

from __future__ import annotations

import json

from pgproof.judge.inventory import Inventory
from pgproof.reports.codec import encode
from pgproof.reports.view import View

INVENTORY_VERSION = 1


def render(inventory: Inventory, view: View) -> str:
    """Return the inventory as JSON, ASCII as a stored result is; `view` changes nothing."""
    document = encode(inventory)
    assert isinstance(document, dict)
    return json.dumps({**document, "inventory_version": INVENTORY_VERSION}, indent=2, sort_keys=True) + "\n"
