"""One database for replay."""

from __future__ import annotations

from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import psycopg

from pgproof.model.errors import PgproofError
from pgproof.server.admin import AdminSession
from pgproof.server.private import connect_private
from pgproof.server.protocol import query
from pgproof.shadow import elevation
from pgproof.shadow.index_options import without_options
from pgproof.shadow.sandbox import OWNER, seal
from pgproof.sql.parse import parse
from pgproof.sql.quote import identifier, literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgproof.server.cluster import Cluster
    from pgproof.shadow.extensions import Extensions


_WITHOUT_EVENT_TRIGGERS = "select pgproof.without_event_triggers({})"


class Database:
    """A database of a shadow; as a context manager it is dropped at the end unless it has become a layer."""

    def __init__(self, cluster: Cluster, name: str, extensions: Extensions, password: str) -> None:
        """Take a database that exists; `password` is the owner's, for TCP."""
        self.cluster = cluster
        self.name = name
        self._extensions = extensions
        self._password = password
        self.gone = False
        self._oid: int | None = None

    @property
    def url(self) -> str:
        """The owner's URL over the unix socket; understood by libpq and most drivers."""
        return self.cluster.dsn(OWNER, self.name)

    @property
    def tcp_url(self) -> str:
        """The owner's URL over TCP, for a shadow that was opened with `tcp`. A secret."""
        return f"postgresql://{OWNER}:{self._password}@127.0.0.1:{self.cluster.port}/{self.name}"

    @property
    def tcp_environment(self) -> Mapping[str, str]:
        """The same as libpq's variables."""
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.cluster.port),
            "PGUSER": OWNER,
            "PGPASSWORD": self._password,
            "PGDATABASE": self.name,
        }

    def connect(self, settings: Mapping[str, str] | None = None) -> psycopg.Connection[Any]:
        """Log in as the owner, in autocommit mode; `settings` hold for the session.

        Raises
        ------
        ServerDied
            The server is gone.
        psycopg.OperationalError
            It refused: a migration may have taken the owner's right to log in.
        """
        return connect_private(self.cluster, OWNER, self.name, settings=settings)

    def admin(self) -> AdminSession:
        """Open a superuser's session, for catalog queries. Close it before the database becomes a layer."""
        return AdminSession(self.cluster, self.name)

    def refusal(self, tree: dict[str, Any]) -> str:
        """Return why pgproof does not run this statement at all, or `""`."""
        return elevation.refusal(tree, self._extensions)

    def needs_elevation(self, tree: dict[str, Any]) -> bool:
        """Whether this statement is to be run by `elevate`."""
        return elevation.needs_elevation(tree, self._extensions, self.cluster.installation.major)

    def extension_bringing(self, kind: str, schema: str, name: str) -> str:
        """Return the only extension that makes such an object and may be created on this server, or `""`.

        `kind` is one of `platforms.members.KINDS`, or `extension`: then the name is the extension's own.
        """
        if kind == "extension":
            return name if self._extensions.control(name) and not self._extensions.refusal(name) else ""
        return self._extensions.bringing(kind, schema, name)

    def create_extension(self, connection: psycopg.Connection[Any], name: str, schema: str) -> None:
        """Create an extension and what it requires, as the owner or, where that takes a superuser, elevated.

        `schema` is where its objects go unless it has a schema of its own.

        Raises
        ------
        psycopg.Error
            The server refused it.
        """
        control = self._extensions.control(name)
        place = "" if control is None or control.schema else f" with schema {identifier(schema)}"
        text = f"create extension {identifier(name)}{place} cascade"
        if self.needs_elevation(parse(text)[0]):
            self.elevate(connection, text)
        else:
            query(connection, _WITHOUT_EVENT_TRIGGERS.format("$1"), (text,))

    def elevate(self, connection: psycopg.Connection[Any], text: str) -> None:
        """Run one statement with a superuser's rights, inside the owner's own transaction.

        Raises
        ------
        ValueError
            It is not one statement of a kind that may be elevated.
        psycopg.Error
            The server refused it.
        """
        statement = self._ordered(text)
        sealed = seal(statement, self.cluster.admin_password())
        query(connection, "select pgproof.elevate($1, $2)", (statement, sealed))

    def sent(self, text: str, tree: dict[str, Any]) -> str:
        """Return what is to be sent, alone or as a part of a larger text, to run one statement as it may be run."""
        if self.needs_elevation(tree):
            return self.elevated(text)
        if plain := without_options(text, tree, self._extensions.index_options):
            return f"select pgproof.create_index({literal(plain)}, {self._sealed(plain)})"
        return _WITHOUT_EVENT_TRIGGERS.format(literal(text)) if elevation.runs_script(tree) else text

    def elevated(self, text: str) -> str:
        """Return SQL that does the same as `elevate`, to be part of a larger text."""
        statement = self._ordered(text)
        return f"select pgproof.elevate({literal(statement)}, {self._sealed(statement)})"

    def taken(self) -> int:
        """Return how many bytes the server takes on disk, of its databases only this one."""
        if self._oid is None:
            with AdminSession(self.cluster, "template1") as admin:
                ((self._oid,),) = admin.rows("select oid::int8 from pg_database where datname = $1", (self.name,))
        return self.cluster.taken(self._oid)

    def drop(self) -> None:
        """Drop it, with its sessions."""
        if self.gone:
            return
        self.gone = True
        with AdminSession(self.cluster, "template1") as admin:
            drop_database(admin, self.name)

    def __enter__(self) -> Self:
        """Return the database."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop it."""
        if error is None:
            self.drop()
            return
        with suppress(PgproofError, psycopg.Error):  # the server may be what failed; `error` says more
            self.drop()

    def _sealed(self, statement: str) -> str:
        return f"'\\x{seal(statement, self.cluster.admin_password()).hex()}'::pg_catalog.bytea"

    def _ordered(self, text: str) -> str:
        """Return what is sealed: the statement, and how it is to be run."""
        trees = parse(text)
        if len(trees) != 1 or not self.needs_elevation(trees[0]):
            raise ValueError("not one statement of a kind that may be elevated")
        return elevation.orders(trees[0], self._extensions) + text


def drop_database(admin: AdminSession, name: str) -> None:
    """Drop a database with its sessions, if it is there, also when its owner has made a template of it."""
    admin.execute("update pg_catalog.pg_database set datistemplate = false where datname = $1", (name,))
    admin.execute(f"drop database if exists {identifier(name)} with (force)")
