"""What is known of a body after its trial, as data."""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.model import ObjectName


@dataclass(frozen=True, slots=True)
class Defect:
    """Something in a body that cannot work.

    `sqlstate` and `message` are the server's; `offset` counts characters in the body, -1 when it is the whole body.
    `certain`: every call that comes so far fails. `hidden`: its own `WHEN OTHERS` hides it. `firing` is the table whose
    trigger fails. `tried` is what was tried, in one line, `relations` are those that it names. `foreign` is the schema
    that nothing makes, when that is what is missing. `repair` is a first line for the body that mends it: it was tried.
    """

    sqlstate: str
    message: str
    offset: int
    certain: bool = False
    hidden: bool = False
    detail: str = ""
    firing: str = ""
    tried: str = ""
    relations: tuple[str, ...] = ()
    foreign: str = ""
    repair: str = ""


@dataclass(frozen=True, slots=True)
class Untold:
    """Something in a body that could not be judged, and why; `message` is what the server said."""

    reason: str
    offset: int
    message: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What the text of a body shows without a trial.

    `kind` is `no return`, `write`, `unquoted` (a parameter in a dynamic command) or `hidden` (a column
    hides a parameter); `what` its message or the name that it is about.
    """

    kind: str
    what: str
    offset: int
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Uses:
    """What a body reads, writes and calls, each as (schema or `""`, name), and the columns as (relation, column)."""

    reads: tuple[tuple[str, str], ...] = ()
    writes: tuple[tuple[str, str], ...] = ()
    calls: tuple[tuple[str, str], ...] = ()
    columns_written: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Proved:
    """One routine's body: how many of its statements were tried, what cannot work, what could not be judged."""

    name: ObjectName
    language: str
    tried: int = 0
    security_definer: bool = False
    pins_search_path: bool = False
    defects: tuple[Defect, ...] = ()
    untold: tuple[Untold, ...] = ()
    remarks: tuple[Remark, ...] = ()
    uses: Uses = Uses()
    users: tuple[str, ...] = ()
    """The policies, defaults, checks and views that call it."""
    text: str = ""
    """A scheduled job's command."""
