"""A project and a live database, on one version: versions matter elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.project import CONFIG, Project
from tests.bad_input.user import MAY_BE_PLAIN
from tests.server.holder import MAY_MOUNT

# What this system does not allow to be tried: a small file system, or being somebody whom closed folders keep out.
collect_ignore = [
    name for name, may in (("test_space.py", MAY_MOUNT), ("test_permissions.py", MAY_BE_PLAIN)) if not may
]


@pytest.fixture
def major() -> int:
    """The version of every server here."""
    return 18


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project without migrations."""
    made = Project(tmp_path / "project")
    made.write("pgproof.toml", CONFIG)
    return made
