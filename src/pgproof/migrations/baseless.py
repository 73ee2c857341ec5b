"""Upgrades of a schema that is kept elsewhere: migrations that change tables which none of them makes."""

from __future__ import annotations

import re

from pgproof.migrations.file import MigrationDirectory

_NAME = r'(?:only\s+)?(?P<name>(?:"[^"\n]+"|[\w$]+)(?:\.(?:"[^"\n]+"|[\w$]+))?)'
_MAKES = re.compile(rf"^[ \t]*create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?{_NAME}", re.I | re.M)
_RENAMES = re.compile(rf"^[ \t]*alter\s+table\s+[^;]*?\brename\s+to\s+{_NAME}", re.I | re.M)
_CHANGES = re.compile(rf"^[ \t]*(?:alter\s+table|insert\s+into|update)\s+(?:if\s+exists\s+)?{_NAME}", re.I | re.M)


def is_baseless(directory: MigrationDirectory) -> bool:
    """Say whether the first migration that changes tables changes one that no migration makes."""
    texts = [file.text for file in directory.files]
    first = next(filter(None, (_names(text, _CHANGES) for text in texts)), set())
    return bool(first.difference(*(_names(text, _MAKES) | _names(text, _RENAMES) for text in texts)))


def _names(text: str, pattern: re.Pattern[str]) -> set[str]:
    return {found["name"].rpartition(".")[2].strip('"').lower() for found in pattern.finditer(text)}
