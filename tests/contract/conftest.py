"""One server for these tests: the newest; those that depend on the version name another, too."""

from __future__ import annotations

import pytest

from tests.conftest import MAJORS


@pytest.fixture
def major() -> int:
    """Return the newest version."""
    return MAJORS[-1]
