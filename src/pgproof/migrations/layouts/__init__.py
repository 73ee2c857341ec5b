"""One file a migration tool: how its directory is recognised and read, and where it records what it applied."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from pgproof.migrations.layout import Layout


@cache
def layouts() -> dict[str, Layout]:
    """Return all layouts by name: the files of this folder."""
    found = (import_module(f"{__name__}.{module.name}").LAYOUT for module in iter_modules(__path__))
    return {layout.name: layout for layout in found}
