"""Where servers live, and what is swept."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

import pytest

from pgproof.server import place
from pgproof.server.place import sweep


def directory(base: Path, name: str, *, lock: bool = True) -> Path:
    made = base / name
    made.mkdir()
    (made / "d").mkdir()
    if lock:
        (made / "lock").touch()
    return made


def test_what_nobody_holds_is_swept(tmp_path: Path) -> None:
    left = directory(tmp_path, "pgp-left")
    sweep(tmp_path, None)
    assert not left.exists()


def test_what_somebody_holds_stays(tmp_path: Path) -> None:
    held = directory(tmp_path, "pgp-held")
    with (held / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep(tmp_path, None)
        assert held.exists()


def test_what_is_being_made_stays_until_it_is_old(tmp_path: Path) -> None:
    young = directory(tmp_path, "pgp-young", lock=False)
    old = directory(tmp_path, "pgp-old", lock=False)
    os.utime(old, (time.time() - 3600,) * 2)
    sweep(tmp_path, None)
    assert young.exists()
    assert not old.exists()


def test_what_is_being_made_at_the_moment_of_a_sweep_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = fcntl.flock

    def interrupted(file: int, operation: int) -> None:
        if operation == fcntl.LOCK_EX:
            sweep(tmp_path, None)  # of another run, just before ours has its lock
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", interrupted)
    made, held = place._make(tmp_path, None)
    assert (made / "lock").exists()
    sweep(tmp_path, None)
    assert made.exists()
    os.close(held)


def test_what_is_not_ours_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named_otherwise = directory(tmp_path, "other")
    elsewhere = directory(tmp_path, "elsewhere")
    (tmp_path / "pgp-link").symlink_to(elsewhere)
    sweep(tmp_path, None)
    foreign = directory(tmp_path, "pgp-foreign")
    monkeypatch.setattr(os, "geteuid", lambda: 77_777)
    sweep(tmp_path, 77_778)
    assert named_otherwise.exists()
    assert elsewhere.exists()
    assert foreign.exists()


def test_a_number_in_a_pid_file_proves_nothing(tmp_path: Path) -> None:
    left = directory(tmp_path, "pgp-left")
    (left / "d" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    sweep(tmp_path, None)
    assert not left.exists()  # and we are still here
