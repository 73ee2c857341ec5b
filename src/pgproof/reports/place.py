"""Where a finding is shown by a format that knows only files."""

from __future__ import annotations

from dataclasses import replace

from pgproof.judge.result import Judged, Result
from pgproof.model import Location

DATABASE = "database"
"""The folder that stands for the database; it is in no repository, and says so by its name."""


def place(finding: Judged) -> Location:
    """Return where the finding's cause stands, else the file that it is about, else its object under `database/`.

    Code scanning refuses a whole upload for one result without a file (docs.github.com, SARIF support for code
    scanning, "result object"), and what was made by hand in a database has none.
    """
    if finding.location:
        return finding.location
    return Location(finding.subject if finding.kind == "file" else f"{DATABASE}/{finding.subject}")


def in_repository(result: Result, folder: str) -> Result:
    """Return the result with places as the repository has them, for a project in the `folder` of one (`""`: its root).

    What shows a finding beside the code (code scanning, annotations, merge requests) knows paths from the repository's
    root only.
    """
    if not folder:
        return result

    def moved(location: Location | None) -> Location | None:
        return location and replace(location, path=f"{folder}/{location.path}")

    def found(finding: Judged) -> Judged:
        return replace(finding, location=moved(place(finding) if finding.kind == "file" else finding.location))

    return replace(
        result,
        findings=tuple(map(found, result.findings)),
        gaps=tuple(replace(gap, location=moved(gap.location)) for gap in result.gaps),
        suppressed=tuple(
            replace(
                one,
                finding=found(one.finding),
                suppression=replace(one.suppression, location=moved(one.suppression.location)),
            )
            for one in result.suppressed
        ),
        stale=tuple(
            replace(one, suppression=replace(one.suppression, location=moved(one.suppression.location)))
            for one in result.stale
        ),
    )
