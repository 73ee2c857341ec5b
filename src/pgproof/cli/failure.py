"""The text of an error: the thing, the place, the way out; never a password."""

from __future__ import annotations

import traceback

from pgproof.reports.terminal import one_line


def problem_text(problem: str, way_out: str = "") -> str:
    """Return `pgproof: problem.` and below it, indented, the lines of the way out."""
    problem = problem.strip()
    end = "" if problem.endswith((".", "!", "?", ":")) else "."
    return _safe([f"pgproof: {one_line(problem)}{end}", *(f"  {line}" for line in way_out.splitlines())])


def defect_text(error: BaseException) -> str:
    """Return the text for an error that is pgproof's own, with its trace."""
    told = problem_text(f"a defect in pgproof: {type(error).__name__}", "Please report it with the lines above.")
    return _safe("".join(traceback.format_exception(error)).splitlines()) + told


def _safe(lines: list[str]) -> str:
    from pgproof.server.redact import redact

    return redact("".join(f"{one_line(line)}\n" for line in lines))
