"""What the private server does to a replay: it may die, and there may be two of them at once."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from threading import Timer

import pytest

from pgproof.migrations.file import MigrationFile
from pgproof.migrations.layout import Transaction
from pgproof.migrations.replay import PREPARE, Task
from pgproof.migrations.replay.replay import replay
from pgproof.platforms import PLAIN, load
from pgproof.server import binaries
from pgproof.server.failure import ServerDied
from pgproof.shadow.shadow import open_shadow


def task(major: int, root: Path, text: str) -> Task:
    installation = binaries.choose(major)
    return Task(root, (MigrationFile("m/1.sql", "1", "", text),), Transaction.FILE, installation, load(PLAIN))


def replay_and_kill(work: Task) -> None:
    with open_shadow("dies", work.installation, work.platform, prepare=PREPARE) as shadow:
        Timer(0.5, os.kill, (shadow.cluster.pid, signal.SIGKILL)).start()
        replay(work, shadow)


def test_a_server_that_dies_is_no_failure_of_the_migration(major: int, tmp_path: Path) -> None:
    work = task(major, tmp_path, "create table a (); select pg_sleep(60);")
    with pytest.raises(ServerDied):
        replay_and_kill(work)


def test_two_replays_of_a_project_at_once_do_not_disturb_each_other(major: int, tmp_path: Path) -> None:
    work = task(major, tmp_path, "create role twice; create table a (); grant select on a to twice;")
    arguments = (f"twice {major}", work.installation, work.platform)
    with open_shadow(*arguments, prepare=PREPARE) as one, open_shadow(*arguments, prepare=PREPARE) as other:
        assert replay(work, one).catalog == replay(work, other).catalog
