"""Settings of the session that a project's own functions and policies read: who is asking, for which tenant.

`current_setting('request.jwt.claims')` or `current_setting('app.tenant_id')` is empty on a private server. A
trigger that fills a column from it would reject every row, so such settings get the key of a row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from pgproof.catalog.object import Catalog
from pgproof.probes.rows.table import TableName

_READ = re.compile(r"\bcurrent_setting\s*\(\s*E?'([a-z_][\w]*(?:\.[\w]+)+)'", re.IGNORECASE)
_TEXTS = {"function": ("body",), "procedure": ("body",), "policy": ("using", "check"), "column": ("default",)}
_TEXTS |= {"view": ("definition",), "trigger": ("definition",), "constraint": ("definition",)}
_USERS = ("users", "user", "profiles", "accounts", "account", "members")


def settings_read(catalog: Catalog) -> tuple[str, ...]:
    """Return the names of the settings, each of two parts or more, that something in the catalog reads."""
    found: set[str] = set()
    for thing in catalog.of(*_TEXTS):
        for attribute in _TEXTS[thing.name.kind]:
            text = thing.attributes.get(attribute)
            if isinstance(text, str) and "current_setting" in text:
                found.update(_READ.findall(text))
    return tuple(sorted(found))


def setting_values(names: Iterable[str], keys: Mapping[TableName, str]) -> Iterator[tuple[str, str]]:
    """Yield a value for each of the settings that one can be guessed for; `keys` hold a key of a row, by table."""
    user = _user(keys)
    for name in names:
        last = name.rpartition(".")[2].lower()
        if last in ("claims", "claim", "jwt"):
            if user:
                yield name, json.dumps({"sub": user, "role": "authenticated", "email": "someone@example.com"})
        elif last in ("sub", "uid"):
            if user:
                yield name, user
        elif last == "role":
            yield name, "authenticated"
        elif last == "email":
            yield name, "someone@example.com"
        elif key := _named(last, keys) or (user if "user" in last else ""):
            yield name, key


def referring_tables(names: Iterable[str], tables: Iterable[TableName]) -> list[TableName]:
    """Return the tables whose keys the settings may hold."""
    dummy = {table: "/".join(table) for table in tables}
    held = {value for _, value in setting_values(names, dummy)}
    return [table for table, value in dummy.items() if any(value in one for one in held)]


def _user(keys: Mapping[TableName, str]) -> str:
    if key := keys.get(("auth", "users")):
        return key
    for wanted in _USERS:
        for (_, table), key in sorted(keys.items()):
            if table == wanted:
                return key
    return ""


def _named(setting: str, keys: Mapping[TableName, str]) -> str:
    """Return the key of the table that `current_tenant_id` or `org` speaks of."""
    stem = re.sub(r"^(?:current|active|request|session)_|_?(?:uu)?id$", "", setting)
    for (_, table), key in sorted(keys.items()):
        if stem and table.lower().rstrip("s") in (stem, stem.rstrip("s"), stem.rstrip("y") + "ie"):
            return key
    return ""
