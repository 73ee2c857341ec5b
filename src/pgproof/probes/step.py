"""One thing that was tried, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.model import ObjectName
from pgproof.probes.session import Refusal

ABOUT_DATA = "the refusal speaks of a value that was made up"
"""Another value may fare better: a text that a trigger takes for the name of something."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was tried (`action`) on what, and whether it went as it should.

    `note` says in a few words what was seen, or why it was not tried; it holds no value that differs between runs.
    """

    subject: ObjectName
    action: str
    done: bool
    note: str = ""
    refusal: Refusal | None = None
