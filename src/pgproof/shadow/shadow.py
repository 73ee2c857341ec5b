"""A private server for replay: databases to replay in, and layers to start from."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

from pgproof.platforms import standins as known_standins
from pgproof.server.admin import AdminSession
from pgproof.server.binaries import Installation
from pgproof.server.cluster import Cluster
from pgproof.server.confinement import confinement
from pgproof.server.copying import copy_tree, spread
from pgproof.server.failure import NoSpace, ServerDied, no_space
from pgproof.server.image import ADMIN, random_password, scram_verifier
from pgproof.server.limits import DISK_BYTES, SESSION_BYTES
from pgproof.server.reach import reachable
from pgproof.shadow.database import Database, drop_database
from pgproof.shadow.extensions import Extensions, standins_for
from pgproof.shadow.image import TEMPLATE, Platform, ShadowImage, load_state, shadow_image, store_state
from pgproof.shadow.overlay import offer
from pgproof.shadow.sandbox import OWNER
from pgproof.shadow.state import read_state, restore_database, restore_shared, same_shared
from pgproof.shadow.store import Store, open_store

MAX_LAYERS = 12
"""More are dropped, the longest unused first; one takes some 10 to 20 MB."""
MAX_BYTES = DISK_BYTES
"""What the layers of a project may take together."""

_LAYER = "pgproof_layer_"
_STRANGERS = """
select datname from pg_catalog.pg_database where datname not in ('template1', $1) and not datname = any ($2)
"""
_SIZE = "select coalesce(sum(pg_database_size(oid)), 0)::int8 from pg_database where datname = $1"
_END_SESSIONS = "select pg_catalog.pg_terminate_backend(pid, 5000) from pg_catalog.pg_stat_activity where datname = $1"


class Shadow:
    """A running private server of one project; `standins` are the extensions that are stand-ins on it."""

    def __init__(
        self, cluster: Cluster, image: ShadowImage, layers: Path, extensions: Extensions, standins: tuple[str, ...]
    ) -> None:
        """Take a running cluster, and the folder that holds its layers' states."""
        self.cluster = cluster
        self.standins = standins
        self._image = image
        self._layers = layers
        self._extensions = extensions
        self._password = random_password()
        self._open: list[Database] = []

    @property
    def installation(self) -> Installation:
        """The PostgreSQL that runs."""
        return self.cluster.installation

    @property
    def networked(self) -> bool:
        """Whether migrations could reach the network (it could not be cut off, or TCP was asked for)."""
        return self.cluster.networked

    def check(self, error: BaseException | None = None) -> None:
        """Raise ServerDied or NoSpace if the server is gone: a lost connection (`error`) is no migration's mistake."""
        self.cluster.check(error)

    def database(self, layer: str | None = None) -> Database:
        """Make a database: a copy of the platform's template, or of a layer.

        It is called `postgres` as long as no other one is open, and roles are then as the layer had them. Roles belong
        to the whole server, so a second database finds those that there are.

        Raises
        ------
        KeyError
            There is no such layer.
        RuntimeError
            Another database is open, and the roles are not those that the layer needs.
        """
        source, state = TEMPLATE, self._image.state
        if layer is not None:
            if not self._state_file(layer).exists():
                raise KeyError(layer)
            source, state = _database_name(layer), load_state(self._state_file(layer))
            _touch(self._state_file(layer))
        self._open = [database for database in self._open if not database.gone]
        with AdminSession(self.cluster, "template1") as admin:
            if not self._open:
                self._drop_strangers(admin)
            name = _free_name(admin)
            if not same_shared(admin, state):
                if not self._open:
                    restore_shared(admin, state)
                elif layer is not None:
                    raise RuntimeError("a layer cannot be used while another database with other roles is open")
            admin.execute(f"create database {name} owner {OWNER} template {source}{_strategy(admin)}")
            restore_database(admin, state, name)
            if self.cluster.tcp:
                admin.execute(f"alter role {OWNER} password '{scram_verifier(self._password)}'")
        database = Database(self.cluster, name, self._extensions, self._password)
        self._open.append(database)
        return database

    def keep_layer(self, database: Database, name: str, *, copy: bool = False) -> None:
        """Make a layer of a database in its present state; sessions in it are ended.

        The database itself becomes the layer and is gone, at no cost; with `copy` it stays and can be used on.
        """
        layer = _database_name(name)
        with AdminSession(self.cluster, "template1") as admin:
            self._drop_layer(admin, name)
            admin.execute(_END_SESSIONS, (database.name,))
            state = read_state(admin, database.name)
            if copy:
                admin.execute(f"create database {layer} template {database.name}{_strategy(admin)}")
            else:
                admin.execute(f"alter database {database.name} rename to {layer}")
                database.gone = True
            admin.execute(f"alter database {layer} owner to {ADMIN}")
            admin.execute(f"alter database {layer} with allow_connections false")
            self._name_file(name).write_text(name)
            store_state(self._state_file(name), state)  # last: a layer is there when its state is
            _touch(self._state_file(name))
            for old in self._too_many(admin):
                self._drop_layer(admin, old)

    def _too_many(self, admin: AdminSession) -> list[str]:
        """Return the layers to drop: the longest unused, when they are many or large. The last one made stays."""
        layers = self.layers()[:MAX_LAYERS]
        ((newest,),) = admin.rows(_SIZE, (_database_name(layers[0]),))
        kept = len(layers)
        if newest > MAX_BYTES // MAX_LAYERS:  # else none is so large that they could be too large together
            sizes = (admin.rows(_SIZE, (_database_name(name),))[0][0] for name in layers)
            kept = max(1, sum(together <= MAX_BYTES for together in accumulate(sizes)))
        return self.layers()[kept:]

    def layers(self) -> list[str]:
        """Return the names of the layers, the last used first."""
        files = sorted(self._layers.glob("*.json"), key=lambda file: (-file.stat().st_mtime_ns, file.name))
        return [file.with_suffix(".name").read_text() for file in files]

    def drop_layer(self, name: str) -> None:
        """Drop a layer, if there is one."""
        with AdminSession(self.cluster, "template1") as admin:
            self._drop_layer(admin, name)

    def _drop_layer(self, admin: AdminSession, name: str) -> None:
        self._state_file(name).unlink(missing_ok=True)
        self._name_file(name).unlink(missing_ok=True)
        drop_database(admin, _database_name(name))

    def _drop_strangers(self, admin: AdminSession) -> None:
        """Drop what a run that was killed has left, and databases that migrations have made."""
        kept = [_database_name(name) for name in self.layers()]
        for (name,) in admin.rows(_STRANGERS, (TEMPLATE, kept)):
            drop_database(admin, name)

    def _state_file(self, name: str) -> Path:
        return self._layers / f"{_database_name(name)}.json"

    def _name_file(self, name: str) -> Path:
        return self._layers / f"{_database_name(name)}.name"


@contextmanager
def open_shadow(
    key: str,
    installation: Installation,
    platform: Platform,
    *,
    prepare: Sequence[str] = (),
    allow: Collection[str] = (),
    tcp: bool = False,
    cache_dir: Path | None = None,
    on_disk: bool = False,
    session_bytes: int = SESSION_BYTES,
    disk_bytes: int = DISK_BYTES,
) -> Iterator[Shadow]:
    """Start the private server of a project.

    There is one data directory for each `key` and major version, below `cache_dir` (None: the cache folder). It is
    started in place and keeps its layers. When another process has it at this moment, a fresh server is made that is
    thrown away at the end (in memory, unless there is too little or `on_disk` says otherwise).

    Parameters
    ----------
    key
        What names the project.
    installation
        The PostgreSQL to run.
    platform
        What the database has before the first migration.
    prepare
        Scripts that the administrator runs in the template (event triggers that observe, for example).
    allow
        Real extensions that may be created although they reach out of the sandbox.
    tcp
        Let the owner log in over TCP on the loopback as well, with a random password.
    cache_dir
        Where the data directory is, instead of the cache folder.
    on_disk
        Keep a server that is thrown away on disk even when memory has room.
    session_bytes
        The memory that each session may take, where the system keeps such a limit.
    disk_bytes
        What one session's temporary files may take; who replays looks after the database (`Database.taken`).

    Raises
    ------
    ServerDied, NoSpace
        The server did not start, or died (what its death made fail is the cause of this error).
    """
    usable = reachable(installation, confinement().uid)
    controls = standins_for(installation, [standin.control for standin in known_standins()])
    offered = offer(usable, controls)
    image = shadow_image(installation, platform, offered, prepare)
    networked = confinement(networked=tcp).networked
    extensions = Extensions(installation, controls, networked=networked, allowed=allow)
    standins = tuple(control.stem for control in controls)

    def cluster(data: Path | None) -> Cluster:
        return Cluster(
            installation,
            image=image.image,
            data=data,
            program=offered.program,
            settings={**offered.settings, "temp_file_limit": f"{disk_bytes >> 10}kB"},
            logins=OWNER,
            tcp=tcp,
            on_disk=on_disk,
            session_bytes=session_bytes,
        )

    store = open_store(key, installation.major, cache_dir)
    if store is None:
        with tempfile.TemporaryDirectory(prefix="pgproof-") as layers, cluster(None) as running:
            yield Shadow(running, image, Path(layers), extensions, standins)
        return
    try:
        if not store.valid_for(image.identity):
            _fill(store, image)
        running = cluster(store.data)
        try:
            running.start()
        except NoSpace:
            raise
        except ServerDied:  # a data directory that does not start any more is worth nothing
            _fill(store, image)
        with running:
            yield Shadow(running, image, store.layers, extensions, standins)
    finally:
        store.close()


def _fill(store: Store, image: ShadowImage) -> None:
    store.clear()
    try:
        copy_tree(image.image.data, store.data, confinement().uid)
        spread(store.data / "base")  # each database is a directory in it
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            store.clear()
            raise no_space(store.data, on_disk=True) from error
        raise
    store.fill(image.identity)


def _free_name(admin: AdminSession) -> str:
    taken = {name for (name,) in admin.rows("select datname::text from pg_catalog.pg_database")}
    names = (OWNER, *(f"{OWNER}_{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _touch(file: Path) -> None:
    """Say that a layer was used now, in nanoseconds: the file system's own clock would tick too slowly."""
    now = time.time_ns()
    os.utime(file, ns=(now, now))


def _database_name(layer: str) -> str:
    return _LAYER + hashlib.sha256(layer.encode()).hexdigest()[:32]


def _strategy(admin: AdminSession) -> str:
    """Copy files, not WAL: several times faster. It is the only way before 15."""
    return " strategy file_copy" if admin.version >= 150000 else ""
