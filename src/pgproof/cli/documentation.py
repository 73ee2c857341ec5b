"""The documentation of a check: its docstring, its examples, and how to switch it off."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from pgproof.checks import all_checks
from pgproof.checks.check import Check
from pgproof.reports.terminal import Ink, paint
from pgproof.reports.view import Explanation

_SWITCH = """\
once             pgproof check --ignore {code}
in one place     -- pgproof:ignore {code} the reason why it does not matter here
                 above the statement, or -- pgproof:ignore-file … for the file; until=2027-01-31 lets it expire
everywhere       in pgproof.toml:
                 [ignore]
                 {code} = "the reason why it does not matter here"
what there was   pgproof baseline"""
_HEADING = re.compile(r"^## +(.+)$", re.MULTILINE)


def sections(check: Check) -> tuple[str, dict[str, str]]:
    """Return the first paragraph of a check's documentation, and its sections by heading."""
    first, *rest = _HEADING.split(check.doc)
    return first.strip(), {heading.strip(): text.strip() for heading, text in zip(rest[::2], rest[1::2], strict=True)}


def explanation(code: str) -> Explanation | None:
    """Return the documentation of the check with this code for a report, `None` when this version has no such check."""
    for check in all_checks():
        if check.code == code:
            return Explanation(_sentence(sections(check)[0]), check.doc)
    return None


def as_document(check: Check) -> dict[str, str]:
    """Return a check for JSON."""
    summary, parts = sections(check)
    return {
        "code": check.code,
        "name": check.name,
        "family": check.family,
        "severity": check.severity,
        "summary": summary,
        **{heading.lower(): text for heading, text in parts.items()},
        "bad": check.bad.strip(),
        "ok": check.ok.strip(),
    }


def as_text(check: Check, colour: bool) -> str:
    """Return a check for a person."""
    summary, parts = sections(check)
    code = check.code
    blocks = [
        f"{paint(code, Ink.BOLD, colour)} {check.name}   {check.severity}",
        summary,
        *(f"{paint(heading, Ink.BOLD, colour)}\n{_indented(text)}" for heading, text in parts.items()),
        f"{paint('This is reported', Ink.BOLD, colour)}\n{_indented(check.bad.strip())}",
        f"{paint('This is not', Ink.BOLD, colour)}\n{_indented(check.ok.strip())}",
        f"{paint('How to switch it off', Ink.BOLD, colour)}\n"
        + _indented(_SWITCH.format(code=code)),
    ]  # fmt: skip
    return "\n\n".join(blocks) + "\n"


def as_list(checks: Iterable[Check]) -> str:
    """Return a line for each check."""
    return "".join(f"{c.code}  {c.severity:7}  {c.name:24}  {_sentence(sections(c)[0])}\n" for c in checks)


def _sentence(summary: str) -> str:
    return " ".join(summary.split())


def _indented(text: str) -> str:
    return textwrap.indent(text, "  ")
