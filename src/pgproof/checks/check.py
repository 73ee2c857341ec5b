"""What a check is. A check's file is its code, its documentation, its examples and one pure function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pgproof.model import Finding, Severity


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    `bad` and `ok` are example projects, each in one text. A section that begins with `-- file: PATH` is a file of the
    project; the section `-- live:` is SQL that made the live database, in which the lines `-- apply all`,
    `-- apply 0001 0003`, `-- record all` and `-- record 0001` stand for running migrations and for recording them in
    the history table. A text without sections is one migration. `doc` is the function's docstring: a first sentence,
    `## Why` and `## Fix`.
    """

    code: str
    name: str
    severity: Severity
    bad: str
    ok: str
    function: Callable[..., Iterator[Finding]]

    @property
    def doc(self) -> str:
        """The documentation, as Markdown."""
        return inspect.getdoc(self.function) or ""

    @property
    def family(self) -> str:
        """The letters of the code: `DRF`."""
        return self.code.rstrip("0123456789")


def check(code: str, name: str, severity: Severity, *, bad: str, ok: str) -> Callable[[Callable[..., Any]], Check]:
    """Make a check of the decorated function, whose parameter types name the evidence that it needs."""

    def made(function: Callable[..., Any]) -> Check:
        return Check(code, name, severity, bad, ok, function)

    return made
