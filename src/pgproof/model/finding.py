"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.model.location import Location
from pgproof.model.name import ObjectName
from pgproof.model.severity import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect, as a check yields it; code, name and proof are added by the runner.

    Parameters
    ----------
    subject
        The object, or the path of the file, that the finding is about.
    message
        One line: what is wrong, in the field's own words. No clock, no OID: the same input gives the same text.
    location
        Where the cause stands in the project's files, when it is known; the line is shown with the finding.
    seen
        Lines of evidence: what was looked at and what was found there.
    reproduce
        SQL or a shell command that shows it.
    fix
        What to do: SQL or a sentence.
    severity
        Overrides the check's own severity, for a check whose findings weigh differently.
    explains
        Objects (or paths) whose findings are consequences of this one: one root cause gives one finding.
    consequences
        What follows from it that the check itself knows, one line each.
    detail
        What distinguishes two findings of one check on one subject (an attribute's name); part of the fingerprint.
    cause
        The object whose finding this one follows from, if there is one.
    database
        The folder of the package whose migrations make the database, `""` for the repository's own; the runner says it.
    """

    subject: ObjectName | str
    message: str
    location: Location | None = None
    seen: tuple[str, ...] = ()
    reproduce: str = ""
    fix: str = ""
    severity: Severity | None = None
    explains: frozenset[ObjectName | str] = frozenset()
    consequences: tuple[str, ...] = ()
    detail: str = ""
    database: str = ""
    cause: ObjectName | None = None
