"""Result to text, in pure functions. A format is a module, named like it, in the folder of what it shows."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from pgproof.judge.comparison import Comparison
from pgproof.judge.inventory import Inventory
from pgproof.judge.overview import Overview
from pgproof.judge.result import Result
from pgproof.judge.schema_diff import SchemaDiff
from pgproof.reports.view import View

_FOLDERS: dict[type, str] = {
    Result: "formats",
    Comparison: "comparison",
    Overview: "overview",
    SchemaDiff: "schema_diff",
    Inventory: "inventory",
}


@cache
def format_names(kind: type = Result) -> tuple[str, ...]:
    """Return the names of all formats for a `Result`, or what else `_FOLDERS` lists, sorted.

    Nothing is imported: a format's libraries load when it is used.
    """
    folder = Path(__file__).with_name(_FOLDERS[kind])
    return tuple(sorted(module.name for module in pkgutil.iter_modules([str(folder)])))


def render(format_name: str, shown: Result | Comparison | Overview | SchemaDiff | Inventory, view: View) -> str:
    """Return what is `shown` in a format that `format_names` lists for it, ending with a newline."""
    module = importlib.import_module(f"{__name__}.{_FOLDERS[type(shown)]}.{format_name}")
    text: str = module.render(shown, view)
    return text
