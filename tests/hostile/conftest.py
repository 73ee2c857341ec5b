"""Hostile migrations are replayed as others are: on one private server a version and a worker."""

from __future__ import annotations

import pytest

from tests.conftest import MAJORS
from tests.migrations.conftest import _shadows_end, replayed

__all__ = ["_shadows_end", "major", "replayed"]


@pytest.fixture(params=[MAJORS[0], MAJORS[-1]], ids=[f"pg{MAJORS[0]}", f"pg{MAJORS[-1]}"])
def major(request: pytest.FixtureRequest) -> int:
    """The oldest version, whose roles and rights differ, and the newest: what lies between has nothing of its own."""
    value: int = request.param
    return value
