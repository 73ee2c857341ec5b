"""Placeholders of templates where a schema's name stands: whoever runs the files gives it, and any schema will do.

Flyway writes `${schema}.note`, other programs `{{ .Schema }}.note`, `@schema@.note` or `%(schema)s.note`. All these are
taken for the schema `public`; a comment keeps what was written, so that such a statement's failure is put down to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SCHEMA = "public"
_HOLDER = r"\$\{[\w.:-]+\}|\{\{[^{}*\n]+\}\}|@\w+(?::\w+)?@|%\(\w+\)s|\{\w+\}"
_DOT = r"""(?=\s*\.\s*["\w{$])"""
_PLACE = re.compile(
    rf"""--[^\n]*|/\*.*?\*/|(?P<string>'(?:[^']|'')*')
    |(?P<before>\b(?:schema(?:\s+if\s+(?:not\s+)?exists)?|search_path\s*(?:=|\bto\b))\s+)(?P<q>"?)(?P<named>{_HOLDER})(?P=q)
    |"(?P<quoted>{_HOLDER})"{_DOT}|"(?:[^"]|"")*"|(?<![\w$])(?P<plain>{_HOLDER}){_DOT}""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_IN_STRING = re.compile(r"(?:\$\{[\w.:-]+\}|\{\{[^{}*\n]+\}\}|@\w+@)(?=\.\w)")
_KEPT = re.compile(rf"/\*(?:{_HOLDER})\*/")
_LOOKS_LIKE_ONE = re.compile(_HOLDER)


def filled(text: str) -> str:
    """Return a script with `public` in the place of placeholders that stand for schemas."""
    return _PLACE.sub(_filled, text) if _LOOKS_LIKE_ONE.search(text) else text


def is_filled(text: str) -> bool:
    """Whether a statement has such a placeholder."""
    return _KEPT.search(text) is not None


def placeholders(texts: Iterable[str]) -> list[str]:
    """Return the placeholders that are taken for the schema, sorted."""
    found = (match for text in texts if _LOOKS_LIKE_ONE.search(text) for match in _PLACE.finditer(text))
    return sorted({holder for match in found if (holder := _holder(match))})


def _filled(found: re.Match[str]) -> str:
    if found["string"]:  # a name for nextval, or a command for EXECUTE
        return _IN_STRING.sub(SCHEMA, found["string"])
    holder = _holder(found)
    return f"{found['before'] or ''}{SCHEMA}/*{holder}*/" if holder else found[0]


def _holder(found: re.Match[str]) -> str:
    return found["named"] or found["quoted"] or found["plain"] or ""
