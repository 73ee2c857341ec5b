"""Storage parameters that only a real extension's index method knows, on a server that has its stand-in."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from pgproof.sql.parse import parse

_BEFORE = re.compile(r"\bwith\s*\(\s*\Z", re.IGNORECASE)
_BEHIND = re.compile(r"[^)']*(?:'[^']*'[^)']*)*\)")
_CONCURRENTLY = re.compile(r"\bconcurrently\b", re.IGNORECASE)


def without_options(text: str, tree: dict[str, Any], known: Mapping[str, Collection[str]]) -> str:
    """Return CREATE INDEX without the options that `known` names for its method, or `""` when it has no such options.

    A comment before the statement holds the options as `pg_class.reloptions` would, for `pgproof.create_index`; in that
    function no index can be made concurrently.
    """
    body = tree.get("IndexStmt", {})
    options = known.get(body.get("accessMethod", ""), ())
    wanted = [element["DefElem"] for element in body.get("options", ())]
    if not wanted or not all(option["defname"] in options for option in wanted):
        return ""
    (own,) = parse(text)
    first = own["IndexStmt"]["options"][0]["DefElem"]["location"]
    head, tail = text[:first], text[first:]
    before, behind = _BEFORE.search(head), _BEHIND.match(tail)
    if before is None or behind is None:  # a comment between the words
        return ""
    orders = {"options": [f"{option['defname']}={_value(option.get('arg', {}))}" for option in wanted]}
    plain = head[: before.start()] + tail[behind.end() :]
    if body.get("concurrent"):
        plain = _CONCURRENTLY.sub("", plain, count=1)
    return f"/* {json.dumps(orders).encode().hex()} */ {plain}"


def _value(tree: dict[str, Any]) -> str:
    """Return an option's value as PostgreSQL stores it; the parser leaves out what is zero or empty."""
    match tree:
        case {"Integer": number}:
            return str(number.get("ival", 0))
        case {"Float": number}:
            return str(number["fval"])
        case {"String": text}:
            return str(text.get("sval", ""))
        case {"Boolean": truth}:
            return str(truth.get("boolval", False)).lower()
    return "true"
