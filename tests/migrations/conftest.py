"""One private server a version and a worker for all tests of the replay; a database for each replay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from pgproof.migrations.file import MigrationFile
from pgproof.migrations.layout import Transaction
from pgproof.migrations.observation import Observation, Replay
from pgproof.migrations.replay import PREPARE, Limits, Task
from pgproof.migrations.replay.replay import replay
from pgproof.platforms import PLAIN, load
from pgproof.server import binaries
from pgproof.shadow.shadow import Shadow, open_shadow

_shadows: dict[int, Shadow] = {}
_stack = ExitStack()


def running_shadow(major: int) -> Shadow:
    """Return this worker's shadow of a major version, opened at first use."""
    if major not in _shadows:
        memory = Path("/dev/shm")  # copying a database for each test is several times quicker there
        folder = Path(_stack.enter_context(TemporaryDirectory(dir=memory if memory.is_dir() else None)))
        folder.chmod(0o755)
        opened = open_shadow("tests", binaries.choose(major), load(PLAIN), prepare=PREPARE, cache_dir=folder)
        _shadows[major] = _stack.enter_context(opened)
    return _shadows[major]


@pytest.fixture(scope="session", autouse=True)
def _shadows_end() -> Iterator[None]:
    yield
    _shadows.clear()
    _stack.close()


def files(*texts: str) -> tuple[MigrationFile, ...]:
    """Return migrations `m/1.sql`, `m/2.sql`… of these texts."""
    return tuple(MigrationFile(f"m/{n}.sql", str(n), "", text) for n, text in enumerate(texts, 1))


class Replayer:
    """Replays texts as migrations."""

    def __init__(self, shadow: Shadow, root: Path) -> None:
        self.shadow = shadow
        self.root = root

    def task(self, *texts: str | MigrationFile, **other: Any) -> Task:
        """Return the task of replaying texts, as a tool would with one transaction a file."""
        migrations = tuple(
            MigrationFile(f"m/{n}.sql", str(n), "", text) if isinstance(text, str) else text
            for n, text in enumerate(texts, 1)
        )
        settings = {"transaction": Transaction.FILE, "limits": Limits(statement_s=20.0), **other}
        return Task(self.root, migrations, installation=self.shadow.installation, platform=load(PLAIN), **settings)

    def __call__(self, *texts: str | MigrationFile, **other: Any) -> Replay:
        """Replay."""
        found = replay(self.task(*texts, **other), self.shadow)
        self.shadow.drop_layer(found.layer)
        return found


@pytest.fixture
def replayed(major: int, tmp_path: Path) -> Replayer:
    """Replays texts on each version."""
    return Replayer(running_shadow(major), tmp_path.resolve())


def failures(replay: Replay) -> list[tuple[str, str]]:
    """Return the SQLSTATE of each failure, and the beginning of its statement."""
    return [(o.failure.sqlstate, " ".join(o.text.split()[:3])) for o in replay.observations if o.failure]


def names(replay: Replay, *kinds: str) -> list[str]:
    """Return the names of the objects of these kinds."""
    return [str(thing.name) for thing in replay.catalog.of(*kinds)]


def only(replay: Replay, predicate: Callable[[Observation], object]) -> Observation:
    """Return the one observation that fulfils a condition."""
    (found,) = [o for o in replay.observations if predicate(o)]
    return found
