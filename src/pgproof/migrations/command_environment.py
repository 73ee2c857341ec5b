"""The environment of the project's own command: its database is the shadow, whatever the variables said before."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pgproof.model.errors import UsageError

if TYPE_CHECKING:
    from pgproof.shadow.database import Database

_URL = re.compile(r"(?P<scheme>postgres(?:ql)?(?:\+\w+)?)://", re.IGNORECASE)
_OF_A_DATABASE = re.compile(
    r"\A(?:DB|DATABASE)_|_(?:DB|DATABASE)_|DATABASE_UR[LI]|POSTGRES|_DSN\Z|\ADSN\Z", re.IGNORECASE
)
_PARTS = {
    "HOST": "PGHOST",
    "HOSTNAME": "PGHOST",
    "SERVER": "PGHOST",
    "PORT": "PGPORT",
    "USER": "PGUSER",
    "USERNAME": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "PASS": "PGPASSWORD",
    "DB": "PGDATABASE",
    "DATABASE": "PGDATABASE",
    "NAME": "PGDATABASE",
}


def environment(database: Database, configured: Mapping[str, str]) -> dict[str, str]:
    """Return our own environment with every way to a database replaced by the one to the shadow.

    Raises
    ------
    UsageError
        A configured value has a placeholder that does not exist.
    """
    shadow = dict(database.tcp_environment)
    url = database.tcp_url
    cleaned = dict(_cleaned(os.environ, shadow, url))
    values = {
        "url": url,
        "host": shadow["PGHOST"],
        "port": shadow["PGPORT"],
        "user": shadow["PGUSER"],
        "password": shadow["PGPASSWORD"],
        "database": shadow["PGDATABASE"],
    }
    given = {name: _filled(name, value, values) for name, value in configured.items()}
    return {**cleaned, **shadow, "DATABASE_URL": url, **given}


def _cleaned(variables: Mapping[str, str], shadow: Mapping[str, str], url: str) -> Iterator[tuple[str, str]]:
    for name, value in variables.items():
        scheme = _URL.match(value)
        part = _PARTS.get(name.upper().rpartition("_")[2])
        if name.startswith("PG"):
            continue  # libpq's own, set anew; PGSERVICE and PGPASSFILE would lead elsewhere
        if scheme:
            yield name, f"{scheme['scheme']}://{url.partition('://')[2]}"
        elif _OF_A_DATABASE.search(name):
            if part:
                yield name, shadow[part]
        else:
            yield name, value


def _filled(name: str, value: str, values: Mapping[str, str]) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise UsageError(
                f"replay.environment: {name} has the unknown placeholder {found[0]}.",
                "There are " + ", ".join(f"{{{known}}}" for known in values) + ".",
            )
        return values[found[1]]

    return re.sub(r"\{(\w+)\}", fill, value)
