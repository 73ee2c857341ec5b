"""What the other rooms may ask of a connection: rows of one statement."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Session(Protocol):
    """A connection that answers one statement a message (extended protocol), with `search_path = pg_catalog`.

    `version` is `server_version_num` (for example 150018). `rows` returns plain tuples of Python values.
    `chunk` opens a short `BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ` transaction with local timeouts and
    ends it; `rows` may be called inside (same snapshot) or outside of it (its own transaction).
    """

    @property
    def version(self) -> int:
        """`server_version_num`."""
        ...

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement, with parameters `$1`, `$2`…, and return its rows."""
        ...

    def chunk(self) -> AbstractContextManager[None]:
        """Open a transaction."""
        ...
