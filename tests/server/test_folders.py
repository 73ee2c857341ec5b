"""The cache does not grow for ever: what nobody uses goes, also what a killed run has left."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgproof.platforms import standins
from pgproof.server import binaries
from pgproof.server.folders import CACHE_VARIABLE, subfolder, sweep_unused
from pgproof.server.image import image
from pgproof.shadow.extensions import standins_for
from pgproof.shadow.overlay import offer

DAY_S = 86_400


def aged(path: Path, days: float) -> Path:
    """Make a folder with something in it that was last used so many days ago."""
    path.mkdir(parents=True)
    (path / "file").touch()
    used = time.time() - days * DAY_S
    os.utime(path, (used, used))
    return path


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pgproof-cache-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setenv(CACHE_VARIABLE, folder)
        yield Path(folder)


def test_what_is_old_goes_and_what_is_used_stays(tmp_path: Path) -> None:
    kept = [aged(tmp_path / "used", 29), aged(tmp_path / ".making-now", 0.5)]
    gone = [aged(tmp_path / "unused", 31), aged(tmp_path / ".making-killed", 2)]
    lock = tmp_path / "unused.lock"
    lock.touch()
    os.utime(lock, (0, 0))
    elsewhere = aged(tmp_path / "used" / "elsewhere", 0)
    (tmp_path / "link").symlink_to(elsewhere)
    sweep_unused(tmp_path)
    assert [path.exists() for path in kept + gone] == [True, True, False, False]
    assert not lock.exists()
    assert (elsewhere / "file").exists()


def test_a_new_image_takes_the_place_of_old_ones(cache: Path) -> None:
    old, killed = aged(cache / "images" / "base-17-old", 40), aged(cache / "images" / ".building-base-17-x", 40)

    def build(folder: Path) -> None:
        (folder / "password").write_text("x")

    made = image(build, "test", binaries.choose(18))
    assert made.data.parent.exists()
    assert not old.exists()
    assert not killed.exists()


def test_new_stand_ins_take_the_place_of_old_ones(cache: Path) -> None:
    installation = binaries.choose(18)
    old, killed = aged(cache / "standins" / "18-old", 40), aged(cache / "standins" / ".making-x", 40)
    controls = standins_for(installation, [standin.control for standin in standins()])
    offer(installation, controls)
    (tree,) = subfolder("standins").iterdir()
    assert not old.exists()
    assert not killed.exists()
    os.utime(tree, (0, 0))
    offer(installation, controls)
    assert time.time() - tree.stat().st_mtime < DAY_S
