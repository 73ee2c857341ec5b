"""What the project says about findings that it does not want to see: one form, wherever it was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pgproof.model import Location


@dataclass(frozen=True, slots=True)
class Ignore:
    """Findings of one check are not reported, for a reason.

    Parameters
    ----------
    check
        The check's code or name, as it was written.
    reason
        Why it does not matter here.
    location
        Where that is said: the comment, or the entry of the configuration.
    until
        The last day on which it holds; `None`: for ever.
    subject
        The findings' subject, `*` in it standing for anything; `""`: every subject.
    comment
        It is a comment in the file that the findings are in.
    lines
        The first and the last line that a comment speaks of; `None`: all of its file.
    expected
        To be reported when there is nothing that it ignores. A policy's is not: it speaks to many projects.
    allowed, policy
        The beginnings of the codes that may be ignored, and the policy that says so (`""`: none, and all may be).
    """

    check: str
    reason: str
    location: Location
    until: date | None = None
    subject: str = ""
    comment: bool = False
    lines: tuple[int, int] | None = None
    expected: bool = True
    allowed: tuple[str, ...] = ("",)
    policy: str = ""
