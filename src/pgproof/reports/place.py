"""Where a finding is shown by a format that knows only files."""

from __future__ import annotations

from pgproof.judge.result import Judged
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
