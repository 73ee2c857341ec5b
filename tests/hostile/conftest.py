"""Hostile migrations are replayed as others are: on one private server a version and a worker."""

from __future__ import annotations

from tests.migrations.conftest import _shadows_end, replayed

__all__ = ["_shadows_end", "replayed"]
