"""Behaviour that was promised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: `expect` is a value, or `rows` a number, or `error` a SQLSTATE or a part of the message.

    `then` is asked after the call, and its answer counts. `role` and `settings` hold from the call on.
    """

    name: str
    call: str
    setup: tuple[str, ...] = ()
    then: str = ""
    role: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    expect: str | float | None = None
    rows: int | None = None
    error: str = ""
