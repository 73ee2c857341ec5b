"""What the code names and the database does not have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pgproof.code.usage import Call, TableUse
from pgproof.model import Location, ObjectName


class Kind(StrEnum):
    """What is wrong; each is a check's matter."""

    TABLE = "missing table"
    COLUMN = "missing column"
    FUNCTION = "missing function"
    ARGUMENTS = "wrong arguments"
    RELATIONSHIP = "missing relationship"
    VALUE = "impossible value"
    OMITTED = "omitted column"
    GENERATED = "generated column"
    CONFLICT = "conflict target"
    OPERATOR = "impossible operator"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One place where code and database disagree.

    Parameters
    ----------
    kind
        What is wrong.
    subject
        The object that the code believes in.
    location
        Where the code names it.
    use
        The call.
    code
        What PostgREST or the server answers (`42703`, `PGRST200`); `""` when nothing fails.
    detail
        What distinguishes this cause from others on the same subject: the value, the names of the arguments.
    reason
        What the database has instead, in words.
    near
        Names that may have been meant, the likeliest first.
    """

    kind: Kind
    subject: ObjectName
    location: Location
    use: TableUse | Call
    code: str = ""
    detail: str = ""
    reason: str = ""
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsure:
    """One place where nobody can know: `subject` may be there although the catalog does not have it."""

    subject: ObjectName
    location: Location
