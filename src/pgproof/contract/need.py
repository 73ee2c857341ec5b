"""What a contract can say of a database: one dataclass a sentence, with names as they were written.

A `Path` is a name of one or two parts (with or without a schema); `grammar.py` reads the sentences, `wording.py` writes
them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or a view is there; `kind` is empty when any will do (`deals`, `view v_daily_spend`)."""

    path: Path
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column is there (`deals.stage_entered_at timestamptz not null default now()`).

    Parameters
    ----------
    relation, name
        The table or view, and the column.
    type
        As SQL writes it; empty: any.
    not_null
        `None`: either.
    default
        The expression; empty: any or none. `no_default` asks that there be none.
    """

    relation: Path
    name: str
    type: str = ""
    not_null: bool | None = None
    default: str = ""
    no_default: bool = False


@dataclass(frozen=True, slots=True)
class Routine:
    """A function or procedure is there: `arguments` are types, `None`: any; `result` as RETURNS writes it."""

    path: Path
    arguments: tuple[str, ...] | None = None
    result: str = ""
    kind: str = "function"


@dataclass(frozen=True, slots=True)
class Index:
    """An index is there, under a name or with these keys; a plain one also as the beginning of a longer one.

    `method` is the access method (`gin`); empty: btree.
    """

    name: Path = ()
    relation: Path = ()
    keys: tuple[str, ...] = ()
    unique: bool = False
    where: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A `primary key`, `unique` or `foreign key` constraint over these columns is there."""

    kind: str
    relation: Path
    columns: tuple[str, ...]
    references: Path = ()
    referenced: tuple[str, ...] = ()
    on_delete: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """A row-level security policy of a table, by name or for a command and a role; empty: any."""

    relation: Path
    name: str = ""
    command: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class RowSecurity:
    """Row-level security is on for a table."""

    relation: Path


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger of a table, by name or any, is there and not disabled."""

    relation: Path
    name: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """A `schema`, `extension`, `sequence`, `type` or `enum` is there; an enum with at least these `values`."""

    kind: str
    path: Path
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """A table, view, column or function is not there (`no table campaigns`)."""

    of: Relation | Column | Routine


@dataclass(frozen=True, slots=True)
class Privilege:
    """A role may, or may not, do something with the rows of a relation (some of its columns) or call a function.

    `may` holds when the privilege is granted and, under row-level security, a policy lets the role through to some
    row; `may not` when one of the two is lacking.
    """

    role: str
    action: str
    path: Path
    columns: tuple[str, ...] = ()
    arguments: tuple[str, ...] | None = None
    allowed: bool = True


class Compare(StrEnum):
    """How a number is compared with what was promised."""

    EXACTLY = "="
    AT_LEAST = ">="
    AT_MOST = "<="

    def holds(self, found: float, promised: float) -> bool:
        """Whether `found` keeps the promise."""
        if self is Compare.EXACTLY:
            return found == promised
        return found >= promised if self is Compare.AT_LEAST else found <= promised


@dataclass(frozen=True, slots=True)
class Rows:
    """So many rows are in a relation, or so many that fulfil the condition `where`."""

    relation: Path
    number: int
    compare: Compare = Compare.EXACTLY
    where: str = ""


@dataclass(frozen=True, slots=True)
class Fresh:
    """The newest value of a column of times is not older than `seconds`."""

    relation: Path
    column: str
    seconds: int


@dataclass(frozen=True, slots=True)
class AppendOnly:
    """Rows of a table are added and never changed or removed: no role but its owner may; `owner`: nor its owner."""

    relation: Path
    owner: bool = False


@dataclass(frozen=True, slots=True)
class States:
    """A column of states and the transitions between them, each (from, to); `guarded`: the database refuses others."""

    relation: Path
    column: str
    transitions: tuple[tuple[str, str], ...]
    guarded: bool = False

    @property
    def states(self) -> tuple[str, ...]:
        """Every state that is named, in the order of the contract."""
        return tuple(dict.fromkeys(state for pair in self.transitions for state in pair))

    @property
    def forbidden(self) -> tuple[tuple[str, str], ...]:
        """Every pair of two states that is no transition."""
        known = set(self.transitions)
        return tuple((a, b) for a in self.states for b in self.states if a != b and (a, b) not in known)


@dataclass(frozen=True, slots=True)
class Together:
    """Whoever writes the one column also writes the other one of the same row."""

    relation: Path
    column: str
    also: str


@dataclass(frozen=True, slots=True)
class Retired:
    """A relation (or, with `column`, a column of it) goes by another name now, and nobody uses the old one."""

    relation: Path
    now: Path
    column: str = ""
    now_column: str = ""


Need = (
    Relation
    | Column
    | Routine
    | Index
    | Key
    | Policy
    | RowSecurity
    | Trigger
    | Thing
    | Absence
    | Privilege
    | Rows
    | Fresh
    | AppendOnly
    | States
    | Together
    | Retired
)
