"""What a hostile migration tries: data, run by `test_attempts.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Later = Literal["replayed", "fails", "stops"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way that was tried to get out of the sandbox, or to deceive the recorder.

    Parameters
    ----------
    name
        What is tried, in a few words.
    held
        Why it does not work.
    files
        The migrations. In them `{canary}` stands for a call that writes `{marker}` when a superuser makes it,
        `{secret}` for the path of a file that must not be read, and `{sockets}` for the folder of the server's socket.
    fails
        SQLSTATEs: each failure has one of them, and something must fail. Empty: nothing fails.
    may_fail
        The same, when it is a matter of luck whether anything fails.
    refused
        Part of the reason for which pgproof does not run a statement.
    later
        What becomes of a file after it: it is `replayed`, it `fails` (with one of the SQLSTATEs, or not, by luck), or
        the replay `stops` before it, since no session can be opened any more.
    majors
        The versions that it can be tried on; empty: all.
    contrib
        Whether it takes a server with PostgreSQL's own extensions.
    """

    name: str
    held: str
    files: tuple[str, ...]
    fails: frozenset[str]
    may_fail: frozenset[str]
    refused: str
    later: Later
    majors: tuple[int, ...]
    contrib: bool


def attempt(
    name: str,
    held: str,
    *files: str,
    fails: str = "",
    may_fail: str = "",
    refused: str = "",
    later: Later = "replayed",
    majors: tuple[int, ...] = (),
    contrib: bool = False,
) -> Attempt:
    """Return an attempt; `fails` and `may_fail` are SQLSTATEs with blanks between (`psql`: it has none)."""
    return Attempt(name, held, files, _states(fails), _states(may_fail), refused, later, majors, contrib)


def _states(several: str) -> frozenset[str]:
    return frozenset("" if state == "psql" else state for state in several.split())
