"""Notebooks: the code of their cells as a program (nbformat 4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

_MAGIC = ("%", "!")


def is_notebook(path: str) -> bool:
    """Say whether a file is a notebook."""
    return path.endswith(".ipynb")


def program(text: str) -> str:
    """Return the code of all cells, each line on the line of the file that holds it; `""` when it is no notebook.

    A notebook's lines are strings of JSON, one on each line of the file as Jupyter writes it; in a file that was
    written otherwise the code follows from line 1. Lines for the shell and for Jupyter itself are blank.
    """
    try:
        cells = json.loads(text)["cells"]
        lines = [line for cell in cells for line in _code(cell)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""
    placed = text.split("\n")
    found: dict[int, str] = {}
    number = 0
    for line in lines:
        spelled = json.dumps(line, ensure_ascii=False)
        while number < len(placed) and placed[number].strip().rstrip(",") != spelled:
            number += 1
        if number == len(placed):
            return "\n".join(_runs(line) for line in lines)
        found[number] = _runs(line)
        number += 1
    return "\n".join(found.get(number, "") for number in range(max(found, default=-1) + 1))


def _code(cell: dict[str, Any]) -> Iterator[str]:
    if cell.get("cell_type") == "code":
        source = cell.get("source", [])
        yield from source.splitlines(keepends=True) if isinstance(source, str) else source


def _runs(line: str) -> str:
    return "" if line.lstrip().startswith(_MAGIC) else line.rstrip("\n")
