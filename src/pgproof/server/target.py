"""The URL of a live database: what it says, without its password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from pgproof.model.errors import UsageError

_FOREIGN_PARAMETERS = {
    "connection_limit",
    "pgbouncer",
    "pool_timeout",
    "prepare_threshold",
    "preparethreshold",
    "schema",
    "socket_timeout",
    "statement_cache_size",
    "supa",
    "uselibpqcompat",
    "workaround",
}
"""Parameters of other clients (Prisma, node-postgres, poolers) that libpq refuses and that we do not need."""

_SCHEME = re.compile(r"(?:jdbc:)?(?P<name>[a-z][a-z0-9]*)(?:\+\w+)?://", re.IGNORECASE)

# libpq takes what it finds: with a `/` or an `@` in a password that is not percent-encoded, it takes a part of the
# password for a host, and would say so in its message. Nothing is left to chance here.
_HOST = r"(?:\[[0-9a-f:.%]+\]|[^\s:@/?#,\[\]]*)(?::[0-9]*)?"
_REST = re.compile(
    rf"(?P<user>[^@/?#]*@)?(?P<hosts>{_HOST}(?:,{_HOST})*)(?:/(?P<database>[^@/?#]*))?(?:\?(?P<query>[^#]*))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """Connection parameters as libpq understood them; `str()` of it is safe to show."""

    parameters: dict[str, str]

    @property
    def secrets(self) -> tuple[str, ...]:
        """The passwords."""
        return tuple(self.parameters[name] for name in ("password", "sslpassword") if self.parameters.get(name))

    @property
    def database(self) -> str:
        """The database's name."""
        return self.parameters.get("dbname") or self.parameters.get("user") or "(default)"

    def __str__(self) -> str:
        """Return for example `app@db.example.org:5432/shop`."""
        user, host = self.parameters.get("user"), self.parameters.get("host") or self.parameters.get("hostaddr")
        port = self.parameters.get("port")
        where = f"{host or '(default host)'}{':' + port if port else ''}"
        return f"{user + '@' if user else ''}{where}/{self.database}"


def read_url(url: str) -> Target:
    """Read a URL or a `key=value` connection string (manual, section 32.1.1).

    Raises
    ------
    UsageError
        It cannot be read. The message does not repeat it: nobody knows where a password is in it.
    """
    if not url.strip():
        raise UsageError(
            "the URL of the live database is empty.", "A secret may be missing here (a fork's pull request)."
        )
    scheme = _SCHEME.match(url.strip())
    if scheme and scheme["name"].lower() not in ("postgres", "postgresql"):
        raise UsageError(f"a URL that starts with {scheme[0]} does not name a PostgreSQL database.", _FORM)
    try:
        parameters = conninfo_to_dict(_plain(url.strip()[scheme.end() :]) if scheme else url.strip())
    except (psycopg.ProgrammingError, ValueError):
        raise UsageError("the URL of the live database cannot be read.", _FORM + _ENCODE) from None
    return Target({name: str(value) for name, value in parameters.items() if value is not None})


_FORM = "Write it as postgresql://user:password@host:5432/database."
_ENCODE = """
In a password, what means something in a URL is percent-encoded: @ is %40, / is %2F, ? is %3F, # is %23, % is %25."""


def _plain(rest: str) -> str:
    """Return the URL as libpq reads it, from what comes after its scheme; ValueError when that is not clear."""
    parts = _REST.fullmatch(rest)
    if parts is None:
        raise ValueError("not a URL")
    query = (parts["query"] or "").split("&")
    kept = [part for part in query if part and unquote(part.partition("=")[0]).lower() not in _FOREIGN_PARAMETERS]
    address = f"postgresql://{parts['user'] or ''}{parts['hosts']}/{parts['database'] or ''}"
    return address + ("?" + "&".join(kept) if kept else "")
