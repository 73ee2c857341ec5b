"""A private database with the schema of a catalog: there, texts that are spelled differently are parsed again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pgproof.catalog import file as snapshot_file
from pgproof.catalog.object import Catalog
from pgproof.catalog.reparse import Connect
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers
from pgproof.migrations.base import Base
from pgproof.migrations.layout import Transaction
from pgproof.migrations.replay.task import Task
from pgproof.model.errors import PgproofError
from pgproof.platforms import Platform
from pgproof.server import binaries

if TYPE_CHECKING:
    from psycopg import Connection


def schema_of(catalog: Catalog, settings: Settings, platform: Platform, servers: PrivateServers) -> Connect:
    """Return what opens a connection to a private database with the schema of `catalog`, made when it is called.

    What cannot be made there is left out: a text that needs it cannot be parsed, and stays a difference.
    """

    @contextmanager
    def connect() -> Iterator[Connection[Any]]:
        from pgproof.migrations.replay.replay import replay

        settings.progress("parsing expressions again")
        try:
            installation = binaries.choose(settings.config.server or catalog.major)
        except PgproofError:
            installation = binaries.choose()
        digest = hashlib.sha256(snapshot_file.dump(catalog).encode()).hexdigest()
        base = Base(catalog.database, digest, catalog=catalog)
        shadow = servers.shadow(installation)
        made = replay(Task(settings.root, (), Transaction.FILE, installation, platform, base), shadow)
        with shadow.database(made.layer) as database, database.connect() as connection:
            yield connection

    return connect
