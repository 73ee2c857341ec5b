"""A project and a live database, on one version: versions matter elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.project import CONFIG, Project


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
