"""Hostile migrations are replayed as others are: on one private server a version and a worker."""

from __future__ import annotations

import pytest

from tests.migrations.conftest import _shadows_end, replayed

__all__ = ["_shadows_end", "major", "replayed"]


@pytest.fixture
def major(oldest_and_newest: int) -> int:
    """Two versions."""
    return oldest_and_newest
