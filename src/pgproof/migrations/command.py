"""Migrations that are no plain SQL, replayed by the project's own command in a cleaned environment.

The command is run only because the configuration names it. Its tool may know the way to a real database: by variables,
which are replaced here, or by files, which are not ours to read. Several drivers go to 127.0.0.1:5432 when they do not
understand a URL. So the shadow listens on the loopback with a random port and password, which all drivers
understand, and afterwards it must have been used.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pgproof.catalog import snapshot
from pgproof.migrations.command_environment import environment
from pgproof.migrations.command_lines import lines_for
from pgproof.migrations.command_output import complaint, last_lines
from pgproof.migrations.command_records import command_records
from pgproof.migrations.observation import Observation, Replay
from pgproof.migrations.replay.limits import allow_more
from pgproof.model import Gap, Location
from pgproof.server.admin import AdminSession
from pgproof.server.redact import redact
from pgproof.shadow.sandbox import SCHEMA

if TYPE_CHECKING:
    from pgproof.catalog.object import Catalog
    from pgproof.shadow.database import Database
    from pgproof.shadow.shadow import Shadow

LIMIT_S = 600.0
_TAIL = 64 * 1024
_WAIT_FOR_STATISTICS_S = 2.0

_SESSIONS = "select sessions from pg_catalog.pg_stat_database where datname = $1"


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the shell that brings an empty database up to date.

    `location` is where the configuration names it; `environment` are variables for it, in which `{url}`, `{host}`,
    `{port}`, `{user}`, `{password}` and `{database}` stand for the shadow's.
    """

    text: str
    root: Path
    location: Location
    environment: Mapping[str, str] = field(default_factory=dict)
    limit_s: float = LIMIT_S


@dataclass(frozen=True, slots=True)
class _Run:
    """How a command ended: its exit code (`None`: not within the time allowed), and the end of what it said."""

    exit_code: int | None
    output: str


def replay_command(command: Command, shadow: Shadow) -> Replay:
    """Run the command against a fresh database of a shadow that was opened with `tcp=True`, and read what it made.

    The tool holds the connection, so single statements are not observed: that is said as a gap. A command that fails is
    a failure of the replay; one that never comes to the shadow, or makes nothing there, is a gap that blocks.

    Raises
    ------
    UsageError
        A variable of the configuration has a placeholder that does not exist.
    """
    with shadow.database() as database:
        before = _read(database)
        sessions = _sessions(shadow, database)
        run = _run(command, environment(database, command.environment))
        came = _came(shadow, database, sessions)
        catalog = _read(database)
        observations, gaps = _judged(command, run, came=came, changed=catalog != before)
        with database.admin() as admin:
            extensions = {name for (name,) in admin.rows("select extname from pg_catalog.pg_extension")}
            recorded = command_records(admin)
    server = shadow.installation
    return Replay(
        (),
        f"PostgreSQL {server.version} ({server.origin})",
        catalog,
        observations,
        {},
        {},
        standins=tuple(sorted(extensions.intersection(shadow.standins))),
        gaps=gaps,
        recorded=recorded,
    )


def _judged(
    command: Command, run: _Run, *, came: bool, changed: bool
) -> tuple[tuple[Observation, ...], tuple[Gap, ...]]:
    """Say what the end of the command means: a failure of the migrations, a gap, or neither."""
    said = last_lines(run.output)
    lines = lines_for(command.text)
    way_out = f"{lines}\n\nThe end of what it said:\n{said}" if said else lines
    if run.exit_code is None:
        more = allow_more("timeout")
        way_out = f"{more}\n\nThe end of what it said:\n{said}" if said else more
        return (), (_gap(command, f"did not end within {command.limit_s:g} s", way_out),)
    if not came:
        return (), (_gap(command, f"never came to pgproof's database (exit code {run.exit_code})", way_out),)
    unseen = Gap(
        f"what each statement of `{command.text}` does: the tool holds the connection itself", location=command.location
    )
    if run.exit_code:
        failed = complaint(run.output, command.root, f"`{command.text}` ended with exit code {run.exit_code}")
        place = failed.location or command.location
        return (Observation(place.path, 0, place, command.text, "", failure=failed),), (unseen,)
    if not changed:
        return (), (_gap(command, "made nothing in pgproof's database", way_out),)
    return (), (unseen,)


def _gap(command: Command, what: str, way_out: str) -> Gap:
    return Gap(f"the replay: `{command.text}` {what}", True, command.location, way_out)


def _run(command: Command, variables: Mapping[str, str]) -> _Run:
    """Run the command in a process group of its own, which ends with it or with us."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", command.text],
            cwd=command.root,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            exit_code: int | None = process.wait(command.limit_s)
        except subprocess.TimeoutExpired:
            exit_code = None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        size = output.seek(0, os.SEEK_END)
        output.seek(max(0, size - _TAIL))
        said = output.read().decode(errors="replace")
    return _Run(exit_code, redact(said, *_secrets(variables)))


def _secrets(variables: Mapping[str, str]) -> list[str]:
    """Return the values that a tool must not repeat into a report."""
    words = ("PASS", "SECRET", "TOKEN", "KEY", "CREDENTIAL")
    return [v for name, v in variables.items() if len(v) >= 4 and any(word in name.upper() for word in words)]


def _read(database: Database) -> Catalog:
    with database.admin() as admin:
        return snapshot.read(admin, leave_out=frozenset({SCHEMA}))


def _sessions(shadow: Shadow, database: Database) -> int:
    """Return how many sessions there were in a database; asked from another one, so as not to count itself."""
    with AdminSession(shadow.cluster, "template1") as admin:
        ((sessions,),) = admin.rows(_SESSIONS, [database.name])
    return int(sessions)


def _came(shadow: Shadow, database: Database, before: int) -> bool:
    """Whether anybody came to the database since; a session is counted a moment after it has ended."""
    deadline = time.monotonic() + _WAIT_FOR_STATISTICS_S
    while (now := _sessions(shadow, database)) == before and time.monotonic() < deadline:
        time.sleep(0.05)
    return now > before
