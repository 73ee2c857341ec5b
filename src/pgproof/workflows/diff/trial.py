"""Texts that two real databases spell differently, parsed again: on a private server, in the schema of the first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pgproof.catalog import file as snapshot_file
from pgproof.catalog.closure import closure
from pgproof.catalog.difference import Difference
from pgproof.catalog.fixpoint import survivors, tried
from pgproof.catalog.object import Catalog
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


def survivors_of(
    found: Sequence[Difference],
    one: Catalog,
    other: Catalog,
    settings: Settings,
    platform: Platform,
    servers: PrivateServers,
) -> list[Difference]:
    """Return the differences of two real databases without those of texts that mean the same.

    A private server is started only when texts differ, and gets only what those texts need. What cannot be made there
    is left out: a text that needs it cannot be parsed, and stays a difference.
    """

    @contextmanager
    def connect() -> Iterator[Connection[Any]]:
        from pgproof.migrations.replay.replay import replay

        settings.progress("parsing expressions again")
        needed = closure(one, tried(found, one, other), other)
        try:
            installation = binaries.choose(settings.config.server or one.major)
        except PgproofError:  # another major does as well: both texts are parsed by the same
            installation = binaries.choose()
        digest = hashlib.sha256(snapshot_file.dump(needed).encode()).hexdigest()
        base = Base(one.database, digest, catalog=needed)
        shadow = servers.shadow(installation)
        made = replay(Task(settings.root, (), Transaction.FILE, installation, platform, base), shadow)
        with shadow.database(made.layer) as database, database.connect() as connection:
            yield connection

    return survivors(found, one, other, connect)
