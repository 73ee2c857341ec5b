"""What a line of code expects of the database, as the readers yield it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pgproof.model import Location


class Action(StrEnum):
    """What a call does with the rows of a table."""

    SELECT = "select"
    INSERT = "insert"
    UPSERT = "upsert"
    UPDATE = "update"
    DELETE = "delete"


class Handling(StrEnum):
    """What the code does with the error that the call may return."""

    THROWN = "thrown"
    """The error is raised, returned to the caller or shown."""
    LOGGED = "logged"
    """It is written to a log, and the program goes on."""
    IGNORED = "ignored"
    """Nobody looks at it: the program goes on with no data."""
    EXPECTED = "expected"
    """The code tells this very error apart and has another way (a guarded fallback), or a test asserts it."""
    UNKNOWN = "unknown"


class Clause(StrEnum):
    """Where in a call a column is named."""

    SELECT = "select"
    FILTER = "filter"
    OR = "or"
    MATCH = "match"
    ORDER = "order"
    ON_CONFLICT = "on conflict"
    VALUES = "values"
    """The rows of an insert or upsert, the columns of an update."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands in the code: `kind` is `string`, `number`, `boolean`, `null`, `list`, `object` or `date`
    (a Date or datetime object); `text` is its text, for a list each element's in `elements`.
    """

    kind: str
    text: str = ""
    elements: tuple[Literal, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """A column that a call names.

    `relation` are the embedded relations to go through, from the table (empty: the table itself), as the call names
    them. `json` is the path behind the column, `->a->>b`, or empty. `operator` is PostgREST's (`eq`, `not.in`, `cs`).
    `values` are what the code compares it with or writes to it, when they stand in the code (several: any of them, as
    in `in`, a union type or a conditional); empty when unknown. `typed`: only the type of what is written names the
    column, so the code may never do it. `chosen`: the same words name it for another relation too, in another of the
    texts that are put together here, so relation and column may be chosen together.
    """

    column: str
    location: Location
    clause: Clause
    relation: tuple[str, ...] = ()
    json: str = ""
    operator: str = ""
    values: tuple[Literal, ...] = ()
    typed: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Embed:
    """A relation embedded in a select, `alias:relation!hint!inner(…)`; what is named inside has it in its path.

    `path` are the embedded relations around it. `spread` is `...relation(…)`.
    """

    relation: str
    location: Location
    path: tuple[str, ...] = ()
    alias: str = ""
    hint: str = ""
    inner: bool = False
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Malformed:
    """A text in PostgREST's own language that PostgREST refuses (PGRST100), at the place where it does."""

    location: Location
    clause: Clause
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that a reader could not resolve: `what` is `table`, `function`, `select`, `filter`, `values`,
    `arguments`, `query` or `file`; `reason` says why, for a person.
    """

    location: Location
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class TableUse:
    """One call on a table or view through a client that builds the query (supabase-js, supabase-py).

    Parameters
    ----------
    location
        Where the table is named.
    client
        `supabase-js`, `supabase-py`, `postgrest-js`.
    table, schema
        As the code names them; `schema` is empty when the client's default applies, `None` when it is not known.
    action
        What is done.
    columns, embeds
        All that is named. A `*` is no column. What is written through `values` has Clause.VALUES.
    everything
        The select has `*` at the top, or none was given.
    whole
        For a write: every key that can be written is in `columns` (nothing is spread in that could not be resolved).
    always
        For a write: the columns that each row surely has (not in a conditional spread).
    handling
        What happens with its error.
    function
        The function or method in whose body the call stands, `""` at the top level.
    unread
        What of this call could not be resolved.
    malformed
        What PostgREST will refuse, whatever the schema is.
    asked
        For a write: the names of what the conditions around it look at, as `rows.some((row) => row.folder_id)` does.
    """

    location: Location
    client: str
    table: str
    action: Action
    schema: str | None = ""
    columns: tuple[ColumnUse, ...] = ()
    embeds: tuple[Embed, ...] = ()
    everything: bool = False
    whole: bool = False
    always: frozenset[str] = frozenset()
    handling: Handling = Handling.UNKNOWN
    function: str = ""
    unread: tuple[Unread, ...] = ()
    malformed: tuple[Malformed, ...] = ()
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call: its name (of a parameter), where it stands, and its value as of `ColumnUse.values`.

    `optional`: the code declares that it may be left out, and nothing shows that it is ever given.
    """

    name: str
    location: Location
    values: tuple[Literal, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a database function through a client (`rpc`).

    `whole` says that no other argument can be given; `columns` and `embeds` are what is selected, filtered and ordered
    of its result.
    """

    location: Location
    client: str
    name: str
    schema: str | None = ""
    arguments: tuple[Argument, ...] = ()
    whole: bool = False
    columns: tuple[ColumnUse, ...] = ()
    embeds: tuple[Embed, ...] = ()
    handling: Handling = Handling.UNKNOWN
    function: str = ""
    unread: tuple[Unread, ...] = ()
    malformed: tuple[Malformed, ...] = ()


@dataclass(frozen=True, slots=True)
class Hole:
    """A place in a query's text where a value comes in at run time.

    `start` and `end` are offsets in `Query.text`. `kind` is `value` (a parameter of the driver's own: it can only be a
    value), `text` (put into the text: it may be anything), `fragment` (a nested piece of SQL of the client's own) or
    `identifier` (quoted as a name). `name` is its name or number for a parameter that has one.
    """

    start: int
    end: int
    kind: str
    name: str = ""
    values: tuple[Literal, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """One SQL text in the code.

    Parameters
    ----------
    location
        Where its text begins.
    client
        The driver or library it goes through (`node-postgres`, `asyncpg`, `sqlx`, `sql file`…); `""`: a string that
        looks like SQL and goes nobody knows where.
    text
        The SQL as the server would get it, the holes in place of what is filled in.
    holes
        Sorted by `start`; they do not overlap.
    lines
        For each piece of `text` where it stands: (offset in `text`, line, column), sorted; between, it follows on.
    handling, function
        As of `TableUse`.
    """

    location: Location
    client: str
    text: str
    holes: tuple[Hole, ...] = ()
    lines: tuple[tuple[int, int, int], ...] = ()
    handling: Handling = Handling.UNKNOWN
    function: str = ""


Usage = TableUse | Call | Query
