"""The text of an error: the thing, the place, the way out."""

from __future__ import annotations

import re
import traceback

from pgproof.reports.terminal import one_line

_PASSWORD = re.compile(r"(://[^/@\s:]*:)[^/@\s]+@|(\bpassword\s*=\s*)\S+", re.IGNORECASE)


def problem_text(problem: str, way_out: str = "") -> str:
    """Return `pgproof: problem.` and below it, indented, the lines of the way out."""
    end = "" if problem.rstrip().endswith((".", "!", "?", ":")) else "."
    lines = [f"pgproof: {one_line(problem.strip())}{end}", *(f"  {one_line(line)}" for line in way_out.splitlines())]
    return "\n".join(lines) + "\n"


def defect_text(error: BaseException) -> str:
    """Return the text for an error that is pgproof's own, with its trace and without passwords."""
    trace = "".join(traceback.format_exception(error))
    redacted = _PASSWORD.sub(lambda found: f"{found[1] or found[2]}*****" + "@" * bool(found[1]), trace)
    told = problem_text(f"a defect in pgproof: {type(error).__name__}", "Please report it with the lines above.")
    return "\n".join(map(one_line, redacted.splitlines())) + "\n" + told
