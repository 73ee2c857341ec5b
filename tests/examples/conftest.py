"""A database with the migrations of examples/ad-platform."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import MAJORS, LiveDatabase
from tests.examples import ad_platform


@pytest.fixture
def major() -> int:
    """The newest version; `@oldest_and_newest` where the examples might differ."""
    return MAJORS[-1]


@pytest.fixture
def empty(live: LiveDatabase) -> Iterator[LiveDatabase]:
    """An empty database, whose example roles are dropped in the end: roles belong to the cluster."""
    yield live
    for role in ("ad_worker", "ad_reporting"):
        if live.rows(f"select 1 from pg_roles where rolname = '{role}'"):
            live.execute(f"drop owned by {role}; drop role {role};")


@pytest.fixture
def migrated(empty: LiveDatabase) -> LiveDatabase:
    """A database to which the six migrations were applied."""
    ad_platform.apply_all(empty)
    return empty
