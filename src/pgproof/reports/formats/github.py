"""The findings as annotations: GitHub Actions' workflow commands, one a line, to be printed by the step.

GitHub shows ten annotations of each kind a step, so that the verdict and what blocks it come first and findings worst
first; the log has them all. The format `github_summary` is the report for people.
"""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.judge.result import Judged, Result
from pgproof.model import Gap, Location, Severity
from pgproof.reports.ending import counts
from pgproof.reports.place import in_repository
from pgproof.reports.suppressions import what_to_do
from pgproof.reports.terminal import one_line, verbatim
from pgproof.reports.view import View

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_TITLE = 250
"""Characters of a title; GitHub takes 255 (REST API, check runs, `annotations`)."""


def render(result: Result, view: View) -> str:
    """Return the workflow commands; of `view` only `folder` matters."""
    return "".join(f"{line}\n" for line in _lines(in_repository(result, view.folder)))


def _lines(result: Result) -> Iterator[str]:
    scope = f" ({result.scope})" if result.scope else ""
    yield _command("notice", f"pgproof: {result.verdict}{scope}", [counts(result), result.reason])
    for gap in result.gaps:
        if gap.blocking:
            yield _gap(gap)
    for finding in sorted(result.findings, key=lambda finding: finding.severity.rank):
        yield _finding(finding)
    for stale in result.stale:
        yield _command("notice", "pgproof: to clean up", [what_to_do(stale)], stale.suppression.location)


def _gap(gap: Gap) -> str:
    way_out = verbatim(gap.way_out, "", "") if gap.way_out else []
    return _command("error", "pgproof: not verified", [gap.reason, *way_out], gap.location)


def _finding(finding: Judged) -> str:
    subject = finding.subject if finding.kind == "file" else f"{finding.kind} {finding.subject}"
    text = [finding.message, *finding.seen]
    text += verbatim(finding.reproduce, f"{finding.proof}: ", "") if finding.reproduce else [str(finding.proof)]
    text += verbatim(finding.fix, "fix: ", "") if finding.fix else []
    text += [f"explains {len(finding.consequences)} more"] if finding.consequences else []
    text += [f"more: pgproof explain {finding.code}"]
    where = finding.location or (Location(finding.subject) if finding.kind == "file" else None)
    return _command(_COMMANDS[finding.severity], f"{finding.code} {finding.name}: {subject}", text, where)


def _command(command: str, title: str, text: list[str], where: Location | None = None) -> str:
    """Return one workflow command. What is not printable is escaped first, so that it stays one line of the log."""
    properties = {"title": _cut(one_line(title))}
    if where:
        place = {"file": one_line(where.path), "line": where.line, "col": where.column}
        properties = {key: str(value) for key, value in place.items() if value} | properties
    data = "\n".join(one_line(line) for line in text)
    return f"::{command} {','.join(f'{key}={_property(value)}' for key, value in properties.items())}::{_data(data)}"


def _cut(title: str) -> str:
    return title if len(title) <= _TITLE else title[: _TITLE - 1] + "…"


def _data(text: str) -> str:
    """Escape what ends a command, as the runner reads it back (actions/runner, `ActionCommand.TryParseV2`)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
