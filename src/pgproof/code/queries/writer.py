"""A statement as it is written, with where each part of it comes from."""

from __future__ import annotations

from pgproof.code.usage import Literal


class Writer:
    """Writes the text, and where each part of it comes from."""

    def __init__(self) -> None:
        """Begin empty."""
        self.texts: list[str] = []
        self.pieces: list[tuple[int, int, bool]] = []
        self.length = 0
        self.loose: set[int] = set()
        self.omitted: list[int] = []
        self.parameters = 0
        self.values: dict[int, Literal] = {}

    def copy(self, text: str, source: int) -> None:
        """Add what stands in the query."""
        self._add(text, source, True)

    def put(self, text: str, source: int) -> None:
        """Add what stands for something in the query."""
        self._add(text, source, False)

    def parameter(self, source: int, loose: bool, form: str = "${}") -> None:
        """Add the next parameter."""
        self.parameters += 1
        if loose:
            self.loose.add(self.parameters)
        self.put(form.replace("{}", str(self.parameters)), source)

    def omit(self, source: int) -> None:
        """Leave a piece of SQL out."""
        self.omitted.append(self.length)
        self.put(" ", source)

    def _add(self, text: str, source: int, exact: bool) -> None:
        if text:
            self.pieces.append((self.length, source, exact))
            self.texts.append(text)
            self.length += len(text)
