"""What the files use and never create: extensions, schemas, and the locales of the server that they run on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pgproof.migrations.lacking import Lacking, lacking
from pgproof.migrations.replay.wire import ServerError
from pgproof.model.spelling import slip
from pgproof.sql.quote import identifier

if TYPE_CHECKING:
    import psycopg

    from pgproof.shadow.database import Database

_LOCK_TIMEOUT = "set lock_timeout = '2s'"
"""The migration's own open transaction may stand in the way."""
_SCHEMAS = "select nspname::text from pg_catalog.pg_namespace"
_EXTENSIONS = "select extname::text from pg_catalog.pg_extension"
_SYSTEM = re.compile(r"pg_|information_schema\Z|pgproof")
_LOCALE = re.compile(r"[a-z]{2,3}_[A-Z]{2}(?:\.[\w-]+)?(?:@\w+)?|(?:[a-z]{2,3}|und)(?:-[\w-]+)?-x-icu")
"""Collations that a server has by itself when its system or its ICU knows the locale (manual, Collation Support)."""
_CREATES = re.compile(
    r"""--[^\n]*|/\*.*?\*/
    |\bcreate\s+(?P<kind>extension|schema)\s+(?:if\s+not\s+exists\s+)?(?:authorization\s+)?
     (?:"(?P<quoted>(?:[^"]|"")+)"|(?P<plain>[\w$]+))""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


class Prerequisites:
    """What was made up so far.

    A try that does not help is undone: then the statement fails for a reason of its own.
    """

    def __init__(self, texts: Iterable[str], assumed: Iterable[str] = ()) -> None:
        """`texts` are all files: what one of them creates is never made up; `assumed` was made up by an earlier run."""
        self._texts = tuple(texts)
        self._assumed = set(assumed)
        self._tried: dict[tuple[str, str], tuple[str, ...]] = {}

    @property
    def assumed(self) -> tuple[str, ...]:
        """The kinds and names, sorted: `extension pg_trgm`, `schema app`."""
        return tuple(sorted(self._assumed))

    @cached_property
    def _created(self) -> frozenset[tuple[str, str]]:
        """What the files create, by kind and name; looked for when something is missing, which is seldom."""
        return frozenset(made for text in self._texts for made in _creates(text))

    def supply(self, database: Database, error: ServerError | None, text: str) -> bool:
        """Make up what the statement `text` failed for the want of; say whether it is worth another try."""
        want = lacking(error.sqlstate, error.message) if error else None
        if error is None or want is None:
            return False
        if (error.message, text) in self._tried:
            self._undo(database, self._tried[error.message, text])
            self._tried[error.message, text] = ()
            return False
        made = self._make(database, want)
        self._assumed.update(made)
        self._tried[error.message, text] = made
        return bool(made)

    def make_named(self, database: Database, search_path: str) -> None:
        """Make the schemas of a search path that the files name and none makes: they are there before the first file.

        What the first files make without a schema would go elsewhere, were they made up only when they are missed.
        """
        names = [name.strip().strip('"') for name in search_path.split(",")]
        named = [name for name in names if any(f"{name}." in text or f'"{name}".' in text for text in self._texts)]
        for name in named:
            self._assumed.update(self._make(database, Lacking("schema", name)))

    def _make(self, database: Database, want: Lacking) -> tuple[str, ...]:
        """Make what is wanted and return what that took; nothing when it cannot be told, or cannot be made."""
        if want.kind == "collation":
            return self._make_collation(database, want)
        extension = database.extension_bringing(want.kind, want.schema, want.name)
        if ("extension", extension) in self._created or (not extension and want.kind != "schema"):
            return ()
        import psycopg

        brought = bool(want.schema) and database.extension_bringing("schema", "", want.schema) == extension
        schema = want.name if not extension else "" if brought else want.schema
        with suppress(psycopg.Error), database.connect() as connection:  # the migrations may let nobody in any more
            connection.execute(_LOCK_TIMEOUT)
            before = _extensions(connection)
            with connection.transaction():
                new = self._make_schema(connection, schema)
                if extension:
                    database.create_extension(connection, extension, schema or _usual_schema(connection))
                return (*sorted(f"extension {name}" for name in _extensions(connection) - before), *new)
        return ()

    def _make_schema(self, connection: psycopg.Connection[Any], name: str) -> tuple[str, ...]:
        """Make a schema, unless it is there, or a file makes it, or it is a slip of the pen for such a one."""
        known = _schemas(connection) | {made for kind, made in self._created if kind == "schema"}
        if not name or name in known or _SYSTEM.match(name) or slip(name, known):
            return ()
        connection.execute(f"create schema {identifier(name)}".encode())
        return (f"schema {name}",)

    def _make_collation(self, database: Database, want: Lacking) -> tuple[str, ...]:
        """Make a collation of the operating system that the replay runs on; it sorts as "C" does."""
        # the server does not quote: a name's dot (en_US.utf8) reads as a schema's
        name = f"{want.schema}.{want.name}".removeprefix("pg_catalog").removeprefix(".")
        if not _LOCALE.fullmatch(name):
            return ()
        import psycopg

        with suppress(psycopg.Error), database.admin() as admin:  # only a superuser makes something in pg_catalog
            admin.execute(f"create collation pg_catalog.{identifier(name)} (provider = libc, locale = 'C')")
            return (f"collation {name}",)
        return ()

    def _undo(self, database: Database, made: tuple[str, ...]) -> None:
        import psycopg

        with suppress(psycopg.Error), database.connect() as connection:
            connection.execute(_LOCK_TIMEOUT)
            for thing in made:
                kind, _, name = thing.partition(" ")
                with suppress(psycopg.Error):
                    connection.execute(f"drop {kind} {identifier(name)}".encode())
                    self._assumed.discard(thing)


def _extensions(connection: psycopg.Connection[Any]) -> frozenset[str]:
    return frozenset(name for (name,) in connection.execute(_EXTENSIONS).fetchall())


def _schemas(connection: psycopg.Connection[Any]) -> frozenset[str]:
    return frozenset(name for (name,) in connection.execute(_SCHEMAS).fetchall())


def _usual_schema(connection: psycopg.Connection[Any]) -> str:
    """Where extensions go when nothing says so: Supabase and its like have a schema for them."""
    return "extensions" if "extensions" in _schemas(connection) else "public"


def _creates(text: str) -> Iterator[tuple[str, str]]:
    for found in _CREATES.finditer(text):
        if found["kind"]:
            quoted, plain = found["quoted"], found["plain"]
            yield found["kind"].lower(), quoted.replace('""', '"') if quoted else plain.lower()
