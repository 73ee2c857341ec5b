"""The sandbox is tried on two versions."""

from __future__ import annotations

import pytest


@pytest.fixture
def major(oldest_and_newest: int) -> int:
    """Return one of them."""
    return oldest_and_newest
