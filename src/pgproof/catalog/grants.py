"""GRANT and REVOKE statements that bring a new object's privileges to what they are in a catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pgproof.catalog.privileges import PUBLIC
from pgproof.sql.quote import identifier

OWNER_HOLDS = {
    "table": ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"),
    "sequence": ("SELECT", "UPDATE", "USAGE"),
    "schema": ("CREATE", "USAGE"),
    "routine": ("EXECUTE",),
    "type": ("USAGE",),
    "foreign data wrapper": ("USAGE",),
    "foreign server": ("USAGE",),
}
"""What the owner of a new object holds (manual, table 5.2), by the word for the object in GRANT."""

PUBLIC_HOLDS = {"routine": ("EXECUTE",), "type": ("USAGE",), "database": ("CONNECT", "TEMPORARY")}
"""What everyone holds on a new object."""

MAINTAIN_SINCE = 17


def grants(
    word: str, address: str, owner: str, held: Mapping[str, Iterable[str]], major: int, column: str = ""
) -> Iterator[str]:
    """Yield what turns the privileges of a new object into `held` (role to privileges, `*` marks the grant option).

    `word` and `address` are what GRANT calls the object; for a column `word` is `column`, `address` is its table's
    name and `column` its own. `major` is the version that `held` was read from.
    """
    new = _of_new_object(word, owner, major)
    if word == "schema":
        # The one schema of a new database, `public`, comes with privileges of its own.
        yield f"revoke all on schema {address} from public"
    for role in sorted(new.keys() | held.keys()):
        now, then = new.get(role, set()), set(held.get(role, ()))
        kept = then | {one.rstrip("*") for one in then}
        for privilege in sorted(now - kept):
            yield f"revoke {_on(privilege, word, address, column)} from {_role(role)}"
        for privilege in sorted(then - now):
            option = " with grant option" if privilege.endswith("*") else ""
            yield f"grant {_on(privilege.rstrip('*'), word, address, column)} to {_role(role)}{option}"


def default_grants(objects: str, owner: str, held: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield the clauses of ALTER DEFAULT PRIVILEGES that make `held` of the built-in defaults.

    `owner` is the role that they are for; empty for those of a schema, which start from nothing.
    """
    for role in (owner, PUBLIC) if owner else ():
        yield f"revoke all on {objects} from {_role(role)}"
    for role, privileges in sorted(held.items()):
        for privilege in sorted(privileges):
            option = " with grant option" if privilege.endswith("*") else ""
            yield f"grant {privilege.rstrip('*')} on {objects} to {_role(role)}{option}"


def _of_new_object(word: str, owner: str, major: int) -> dict[str, set[str]]:
    new = {owner: set(OWNER_HOLDS.get(word, ())), PUBLIC: set(PUBLIC_HOLDS.get(word, ()))}
    if word == "table" and major >= MAINTAIN_SINCE:
        new[owner].add("MAINTAIN")
    return new


def _on(privilege: str, word: str, address: str, column: str) -> str:
    if word == "column":
        return f"{privilege} ({column}) on table {address}"
    return f"{privilege} on {word} {address}"


def _role(role: str) -> str:
    return PUBLIC if role == PUBLIC else identifier(role)
