"""The migrations that do not stand as recorded, with `--all`: what is wrong with them, findings tell anyway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgproof.judge.result import MigrationState
from pgproof.reports.terminal import Ink, paint, wrapped
from pgproof.reports.view import View

_NAMED = 2
"""How many things that are missing are named."""
_RECORDS = {True: "recorded", False: "not recorded", None: ""}


def migrations(states: Sequence[MigrationState], view: View) -> Iterator[str]:
    """Yield a line for each migration of which something else is there than the records say."""
    odd = [state for state in states if _is_odd(state)]
    if not odd or view.limit is not None:
        return
    yield f"{paint('migrations', Ink.BOLD, view.colour)}   {len(states) - len(odd)} as they should be · {len(odd)} not"
    for state in odd:
        yield from wrapped(_line(state), view.width, "  ", "      ")
    yield ""


def _is_odd(state: MigrationState) -> bool:
    if state.recorded is False:
        return state.presence in ("present", "partly present")
    return state.presence in ("partly present", "absent")


def _line(state: MigrationState) -> str:
    more = f" and {len(state.missing) - _NAMED} more" if len(state.missing) > _NAMED else ""
    missing = f"{', '.join(state.missing[:_NAMED])}{more}"
    told = ", ".join(filter(None, (_RECORDS[state.recorded], state.presence)))
    before = ", without " if state.presence == "partly present" else ": "
    return f"{state.path}   {told}{before if missing else ''}{missing}"
