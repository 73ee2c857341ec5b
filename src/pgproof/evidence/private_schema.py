"""A private database that holds a schema: the one that the migrations make, or a copy of the live one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from pgproof.catalog.file import dump
from pgproof.catalog.object import Catalog
from pgproof.catalog.owners import roles, with_live_roles
from pgproof.evidence.replay import Replayer
from pgproof.evidence.shadow import PrivateServers
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.task import Task, digest, own_stamp
from pgproof.platforms import Platform
from pgproof.server.binaries import Installation
from pgproof.shadow.sandbox import OWNER

if TYPE_CHECKING:
    from psycopg import Connection

_SHAPES = frozenset(
    {
        "aggregate",
        "cast",
        "collation",
        "column",
        "composite type",
        "constraint",
        "domain",
        "enum",
        "foreign data wrapper",
    }
    | {"foreign table", "function", "materialized view", "operator", "procedure", "range type", "schema", "sequence"}
    | {"server", "table", "text search configuration", "text search dictionary", "view"}
)
"""The kinds that a query can name, or that decide what it may say."""
_THERE_ALREADY = {"42P06", "42P07", "42710", "42723", "42P16"}
"""Duplicate schema, relation, object, function, primary key: the platform had it before."""


class PrivateSchema(Protocol):
    """A schema, and how a connection is had to a private database that holds it."""

    @property
    def catalog(self) -> Catalog:
        """The schema as data."""
        ...

    @property
    def search_path(self) -> str:
        """The search path that the application surely has, as SQL writes it; `""`: the server's."""
        ...

    @property
    def key(self) -> str:
        """The hash of all that a server's answers depend on."""
        ...

    @contextmanager
    def open(self, lost: list[str]) -> Iterator[Connection[Any]]:
        """Open a connection as the owner. Statements that could not be made again are added to `lost`."""
        ...


@dataclass(frozen=True, slots=True)
class ReplayedSchema:
    """What the migrations make: the replay's last state, made again when its layer is gone."""

    replay: Replay
    installation: Installation
    task: Task | None
    replayer: Replayer
    servers: PrivateServers

    @property
    def catalog(self) -> Catalog:
        """What the replay made."""
        return self.replay.catalog

    @property
    def search_path(self) -> str:
        """That of the replay."""
        return self.replay.search_path

    @property
    def key(self) -> str:
        """The replay's own key, or a hash of the catalog when the project's own command made it."""
        made = self.task.key if self.task else None
        if made is None:
            made = digest(json.dumps(dump(self.replay.catalog), sort_keys=True), self.replay.server)
        return digest(made, self.replay.search_path)

    @contextmanager
    def open(self, lost: list[str]) -> Iterator[Connection[Any]]:
        """Open a connection to a copy of the replay's layer."""
        from pgproof.catalog.ddl import make_all

        shadow, layer = self.servers.shadow(self.installation), self.replay.layer
        if self.task and layer not in shadow.layers():
            layer = self.replayer.again(self.task).layer
        with shadow.database(layer or None) as database, database.connect() as connection:
            if not layer:
                lost += [one.statement for one in make_all(self.replay.catalog, connection)]
            yield connection


@dataclass(frozen=True, slots=True)
class CopiedSchema:
    """A copy of the live schema: what queries can name of it, as belonging to the sandbox's own role."""

    catalog: Catalog
    installation: Installation
    servers: PrivateServers
    platform: Platform
    search_path: str = ""

    @property
    def key(self) -> str:
        """A hash of the catalog, the server, the platform and of pgproof itself, which makes it again."""
        made = json.dumps(dump(self.catalog), sort_keys=True)
        return digest(own_stamp(), made, str(self.installation), self.platform.digest)

    @contextmanager
    def open(self, lost: list[str]) -> Iterator[Connection[Any]]:
        """Make the copy and open a connection."""
        import psycopg

        from pgproof.catalog.ddl import apply, create_all
        from pgproof.sql.quote import identifier

        with self.servers.shadow(self.installation).database() as database, database.connect() as connection:
            for extension in self.catalog.of("extension"):
                schema = str(extension.attributes["schema"])
                with suppress(psycopg.Error):
                    connection.execute(f"create schema if not exists {identifier(schema)}".encode())
                with suppress(psycopg.Error):
                    database.create_extension(connection, extension.name.parts[0], schema)
            objects = {name: thing for name, thing in self.catalog.objects.items() if name.kind in _SHAPES}
            shapes = replace(self.catalog, objects=objects)
            owned = with_live_roles(shapes, dict.fromkeys(roles(shapes), OWNER))
            failed = apply(create_all(replace(shapes, objects=owned, owner=OWNER), OWNER), connection)
            lost += [one.statement for one in failed if one.sqlstate not in _THERE_ALREADY]
            yield connection
