"""Evidence to findings: one file a check, in a folder a family. The folder is the registry."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from pgproof.checks.check import Check


@cache
def all_checks() -> tuple[Check, ...]:
    """Return every check of this package, sorted by code."""
    found: dict[str, Check] = {}
    for family in pkgutil.iter_modules(__path__):
        if not family.ispkg:
            continue
        package = importlib.import_module(f"{__name__}.{family.name}")
        for module in pkgutil.iter_modules(package.__path__):
            members = vars(importlib.import_module(f"{package.__name__}.{module.name}")).values()
            for member in members:
                if isinstance(member, Check):
                    if member.code in found:
                        raise AssertionError(f"two checks have the code {member.code}")
                    found[member.code] = member
    return tuple(sorted(found.values(), key=lambda c: c.code))
