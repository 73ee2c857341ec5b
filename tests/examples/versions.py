"""A mark for what has to hold on the oldest and the newest version of PostgreSQL that are tested."""

import pytest

from tests.conftest import ENDS

oldest_and_newest = pytest.mark.parametrize("major", ENDS, ids=[f"pg{major}" for major in ENDS])
