"""Data directories that are ready to be copied: made once, cached, published by rename.

An image is a folder with `data` (a data directory that was shut down cleanly), `password` (of `pgproof_admin`) and
nothing else. The first image of an installation comes from initdb; other rooms make theirs from it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pgproof.model.errors import PgproofError
from pgproof.server.binaries import Installation
from pgproof.server.confinement import ENVIRONMENT, confinement
from pgproof.server.failure import no_space, tells_of_no_space
from pgproof.server.folders import locked, subfolder, sweep_unused
from pgproof.server.reach import reachable

ADMIN = "pgproof_admin"
_FORMAT = "1"

SETTINGS = """\
# A throw-away server: nothing is flushed, nothing works in the background, nothing lies outside its directory.
listen_addresses = ''
unix_socket_permissions = 0777  # the directory above is closed
dynamic_shared_memory_type = mmap
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = logical  # else CREATE PUBLICATION warns
max_wal_senders = 0
max_replication_slots = 0
min_wal_size = 2MB
max_wal_size = 256MB
checkpoint_timeout = 1h
log_checkpoints = off
log_min_messages = log
log_min_error_statement = panic
autovacuum = off
bgwriter_lru_maxpages = 0
jit = off
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
max_logical_replication_workers = 0
shared_buffers = 32MB
max_connections = 40
max_locks_per_transaction = 512
temp_file_limit = 1GB
restart_after_crash = off  # a crash is reported, not repaired
password_encryption = scram-sha-256
datestyle = 'ISO, MDY'
timezone = 'UTC'
log_timezone = 'UTC'
"""

# For a server in single-user mode: a statement ends with its line. A database's owner may use ALTER DATABASE … SET:
# it would hold for the superuser's sessions there too, had the superuser not a setting of its own for each that any
# role may change. RAISE LOG writes into the server's log, which nobody empties, unless only a PANIC is logged.
_PRUNE = """\
alter role pgproof_admin password '{verifier}'
insert into pg_catalog.pg_db_role_setting select 0, 10, array_agg(name || '=' || coalesce(reset_val, '')) \
from pg_catalog.pg_settings where context = 'user' \
and name !~ '^transaction_(deferrable|isolation|read_only)|^(client_encoding|seed|session_authorization)$'
alter role all set log_min_messages = 'panic'
update pg_catalog.pg_database set datistemplate = false where datname = 'template0'
drop database template0
drop database postgres
checkpoint
"""


@dataclass(frozen=True, slots=True)
class Image:
    """A data directory to copy, and the password of its `pgproof_admin`."""

    data: Path
    password: str


def base_image(installation: Installation) -> Image:
    """Return what initdb makes of this installation: `template1` and the role `pgproof_admin` with a password."""

    def build(folder: Path) -> None:
        password = random_password()
        write_secret(folder / "password", password)
        _initdb(installation, folder / "data", password)

    return image(build, "base", installation, SETTINGS, _PRUNE)


def image(build: Callable[[Path], None], kind: str, installation: Installation, *ingredients: str) -> Image:
    """Return the cached image that is made of `ingredients` on this installation, calling `build(folder)` if need be.

    `build` puts `data` and `password` into an empty folder. Several processes at once build it only once.
    """
    program = installation.postgres.stat()
    identity = (
        _FORMAT,
        str(installation),
        str(installation.postgres),
        str(program.st_size),
        str(program.st_mtime_ns),
        *ingredients,
    )
    digest = hashlib.sha256("\0".join(identity).encode()).hexdigest()[:32]
    images = subfolder("images")
    ready = images / f"{kind}-{installation.major}-{digest}"
    if not ready.exists():
        sweep_unused(images)
        with locked(images / f"{ready.name}.lock"):
            if not ready.exists():
                for left in images.glob(f".building-{ready.name}-*"):  # by a process that was killed
                    shutil.rmtree(left, ignore_errors=True)
                folder = Path(tempfile.mkdtemp(prefix=f".building-{ready.name}-", dir=images))
                try:
                    build(folder)
                    folder.rename(ready)
                finally:
                    shutil.rmtree(folder, ignore_errors=True)
    os.utime(ready)
    return Image(ready / "data", (ready / "password").read_text())


def scram_verifier(password: str) -> str:
    """Return what PostgreSQL stores for a random password (RFC 5803; manual, section 53.8 pg_authid).

    One iteration is enough: iterations slow down guessing, and 128 random bits are not guessed. It saves 5 ms a login.
    """
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    text = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256$1:{text[0]}${text[1]}:{text[2]}"


def _initdb(installation: Installation, data: Path, password: str) -> None:
    confined = confinement()
    usable = reachable(installation, confined.uid)
    data.mkdir(mode=0o700)
    data.parent.chmod(0o711)
    if confined.initdb_uid is not None:
        os.chown(data, confined.initdb_uid, confined.initdb_uid)
    command: list[str | Path] = [
        *confined.initdb,
        *(usable.bindir / "initdb", "-D", data, "-U", ADMIN, "-A", "reject", "-E", "UTF8"),
        *("--no-sync", "--wal-segsize=1", "--no-instructions"),
    ]
    # A system without C.UTF-8 (old macOS) gets C: only upper() and lower() of letters beyond ASCII differ.
    for locale in ("C.UTF-8", "C"):
        made = _run([*command, f"--locale={locale}"])
        if made.returncode == 0:
            break
    else:
        raise _failure(f"initdb of {installation} failed.", made, data)
    (data / "postgresql.conf").write_text(SETTINGS)
    (data / "pg_hba.conf").write_text("")
    statements = _PRUNE.format(verifier=scram_verifier(password))
    pruned = _run([*confined.initdb, usable.postgres, "--single", "-D", data, "template1"], statements)
    if pruned.returncode != 0 or "ERROR" in pruned.stderr:
        raise _failure(f"preparing an image of {installation} failed.", pruned, data)
    data.parent.chmod(0o700)


def _run(command: list[str | Path], text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=text, capture_output=True, text=True, env=ENVIRONMENT, cwd="/", check=False)


def _failure(problem: str, done: subprocess.CompletedProcess[str], data: Path) -> PgproofError:
    said = done.stdout + done.stderr
    if tells_of_no_space(said):
        return no_space(data.parent, on_disk=True)
    return PgproofError(problem, "\n".join(said.strip().splitlines()[-8:]))


def random_password() -> str:
    """Return a password that cannot be guessed."""
    return secrets.token_hex(16)


def write_secret(path: Path, text: str) -> None:
    """Write a file that only we can read."""
    path.touch(mode=0o600)
    path.write_text(text)
