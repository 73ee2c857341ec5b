"""Access control lists as data: what each role holds (manual, section 5.8 "Privileges", table 5.2).

A value is `{role: [privilege…]}`, `public` for everyone, the privileges sorted; `SELECT*` is held with grant option.
Who granted a privilege is left out: it follows from who ran the migration.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pgproof.catalog.object import Value

PUBLIC = "public"
"""Everyone. No role can have this name (manual, CREATE ROLE)."""

LETTERS = {
    "r": "SELECT",
    "a": "INSERT",
    "w": "UPDATE",
    "d": "DELETE",
    "D": "TRUNCATE",
    "x": "REFERENCES",
    "t": "TRIGGER",
    "m": "MAINTAIN",
    "X": "EXECUTE",
    "U": "USAGE",
    "C": "CREATE",
    "T": "TEMPORARY",
    "c": "CONNECT",
    "s": "SET",
    "A": "ALTER SYSTEM",
}

_ELEMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,{}"]+)', re.DOTALL)
_ITEM = re.compile(r'(?:"((?:[^"]|"")*)"|([^=]*))=([A-Za-z*]*)/')


@lru_cache(maxsize=4096)
def decode(acl: str | None) -> dict[str, Value]:
    """Return the privileges in the text form of an `aclitem[]`, such as `{app=arw*/app,=r/app}`.

    The same text gives the same dictionary: it is not to be changed. `None` (a column without privileges) is empty.
    """
    held: dict[str, set[str]] = {}
    for quoted, plain in _ELEMENT.findall(acl or ""):
        item = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted else plain
        grantee, privileges = _item(item)
        held.setdefault(grantee, set()).update(privileges)
    return {role: _strongest(held[role]) for role in sorted(held)}


def _item(item: str) -> tuple[str, list[str]]:
    match = _ITEM.match(item)
    if match is None:
        raise ValueError(f"not an access control item: {item!r}")
    quoted, plain, letters = match.groups()
    grantee = quoted.replace('""', '"') if quoted is not None else plain
    return grantee or PUBLIC, [
        LETTERS.get(letter[0], letter[0]) + letter[1:] for letter in re.findall(r".\*?", letters)
    ]


def _strongest(privileges: set[str]) -> list[Value]:
    """Two grantors may have given the same privilege, one with grant option and one without: the role has it."""
    return [one for one in sorted(privileges) if one + "*" not in privileges]
