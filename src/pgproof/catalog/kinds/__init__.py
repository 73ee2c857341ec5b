"""All kinds of objects: each file in this folder holds one, as its constant `KIND`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from pgproof.catalog.kind import Kind

ALL: tuple[Kind, ...] = tuple(
    sorted(
        (import_module(f"{__name__}.{file.name}").KIND for file in iter_modules(__path__)), key=lambda kind: kind.name
    )
)
BY_NAME: dict[str, Kind] = {kind.name: kind for kind in ALL}
