"""A mark for what has to hold on each version of PostgreSQL that is tested."""

import pytest

from tests.conftest import MAJORS

every_version = pytest.mark.parametrize("major", MAJORS, ids=[f"pg{major}" for major in MAJORS])
