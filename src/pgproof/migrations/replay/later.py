"""Values that are made later: what one file did is made sense of while the server works on the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """A value that is made once, when it is asked for by calling this."""

    __slots__ = ("_make", "_value")

    def __init__(self, make: Callable[[], T]) -> None:
        """`make` is called once."""
        self._make: Callable[[], T] | None = make

    def __call__(self) -> T:
        """Return the value."""
        if self._make is not None:
            make, self._make = self._make, None
            self._value: T = make()
        return self._value
