"""Result to text: every report is a pure function of the result. A format is a module in `formats/`, named like it."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from pgproof.judge.result import Result
from pgproof.reports.view import View


@cache
def format_names() -> tuple[str, ...]:
    """Return the names of all formats, sorted. Nothing is imported: a format's libraries load when it is used."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).with_name("formats"))])))


def render(format_name: str, result: Result, view: View) -> str:
    """Return `result` in a format that `format_names` lists, ending with a newline."""
    module = importlib.import_module(f"{__name__}.formats.{format_name}")
    text: str = module.render(result, view)
    return text
