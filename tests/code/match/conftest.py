"""The schema that the calls of these tests are matched with, read from a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.catalog.object import Catalog
from pgproof.catalog.snapshot import read
from tests.conftest import MAJORS, make_live, running_cluster


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The catalog of schema.sql."""
    live = make_live(running_cluster(MAJORS[-1]))
    live.execute(Path(__file__).with_name("schema.sql").read_text("utf-8"))
    catalog = read(live.session())
    live.close()
    return catalog
