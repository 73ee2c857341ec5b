"""JSON of any depth: the standard decoder is recursive, and a generated expression nests thousands of levels."""

from __future__ import annotations

import json
import re
from typing import Any

_PART = re.compile(r'"(?:[^"\\]++|\\.)*+"|[^\s"{}\[\],:]++|[{}\[\]]')


def load_nested(text: str) -> Any:
    """Return what `json.loads` would return, without recursion. `text` must be valid JSON."""
    root: list[Any] = []
    open_values: list[Any] = [root]
    key: str | None = None
    keys: list[str | None] = []
    for part in _PART.findall(text):
        container = open_values[-1]
        if part in "}]":
            open_values.pop()
            key = keys.pop()
            continue
        if part[0] == '"' and key is None and isinstance(container, dict):
            key = json.loads(part)
            continue
        value: Any = {} if part == "{" else [] if part == "[" else json.loads(part)
        if key is None:
            container.append(value)
        else:
            container[key] = value
        if part in "{[":
            open_values.append(value)
            keys.append(None)
        key = None
    return root[0]
