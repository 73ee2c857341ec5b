"""A PL/pgSQL body as data: its blocks and statements, each text with its offset in the body (manual, chapter 43).

Texts of SQL are kept as written, `INTO` and its targets replaced by blanks, so that every offset stays true.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the body: an expression, a query, a type."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is assigned to: `total`, `new.state`, `rows[i].name`; `root` is its variable, folded.

    `subscripts` are the texts in its brackets.
    """

    text: str
    start: int
    root: str
    subscripts: tuple[Text, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it is a whole variable, and no part of one."""
        return "." not in self.text and "[" not in self.text


Into = tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A declaration. `alias` is the name that it stands for; a cursor has a `query`, and perhaps `arguments`."""

    name: str
    start: int
    type: Text
    default: Text | None = None
    alias: str = ""
    query: Text | None = None
    arguments: tuple[Variable, ...] = ()
    not_null: bool = False

    @property
    def folded(self) -> str:
        """The name as PostgreSQL compares it."""
        return folded(self.name)


@dataclass(frozen=True, slots=True)
class Handler:
    """`WHEN condition [OR condition …] THEN`; a condition is a name or `sqlstate 42P01`, in lower case."""

    conditions: tuple[str, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """`[<<label>>] [DECLARE …] BEGIN … [EXCEPTION …] END`; `guarded`: it depends on what the catalog holds."""

    start: int
    label: str
    variables: tuple[Variable, ...]
    statements: tuple[Statement, ...]
    handlers: tuple[Handler, ...] = ()
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition and what it leads to."""

    condition: Text
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class If:
    """`IF … ELSIF … ELSE`, and `CASE` with its `subject`; `otherwise` is None without an ELSE."""

    start: int
    branches: tuple[Branch, ...]
    otherwise: tuple[Statement, ...] | None
    subject: Text | None = None
    is_case: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """`LOOP`, and `WHILE` with its `condition`."""

    start: int
    label: str
    condition: Text | None
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class ForInteger:
    """`FOR i IN a..b BY c`."""

    start: int
    label: str
    variable: str
    bounds: tuple[Text, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Dynamic:
    """What EXECUTE runs: an expression for the command's text, and the values for its parameters."""

    start: int
    command: Text
    using: tuple[Text, ...] = ()
    into: Into = ()


@dataclass(frozen=True, slots=True)
class ForQuery:
    """A loop over the rows of a query, of a dynamic command, or of a cursor with its arguments."""

    start: int
    label: str
    targets: Into
    source: Text | Dynamic | CursorUse
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Foreach:
    """`FOREACH x IN ARRAY a`; with `sliced`, x is an array too."""

    start: int
    label: str
    targets: Into
    array: Text
    sliced: bool
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class CursorUse:
    """A cursor's name, and the arguments that it is opened with."""

    name: str
    arguments: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Exit:
    """`EXIT` (`leaves`) or `CONTINUE`."""

    start: int
    label: str
    when: Text | None
    leaves: bool


@dataclass(frozen=True, slots=True)
class Return:
    """`RETURN`, `RETURN NEXT` (`how` = `next`), `RETURN QUERY` (`query`), also of a dynamic command."""

    start: int
    how: str
    value: Text | Dynamic | None


@dataclass(frozen=True, slots=True)
class Raise:
    """`RAISE`: its expressions; `ends` for a level that ends the function. `options` are those of USING, and `message`
    for a text before it; `again` for a RAISE that says nothing.
    """

    start: int
    expressions: tuple[Text, ...]
    ends: bool
    options: tuple[tuple[str, Text], ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Assign:
    """`target := value`."""

    start: int
    target: Target
    value: Text


@dataclass(frozen=True, slots=True)
class Perform:
    """`PERFORM …`: the query without its first word."""

    start: int
    query: Text


@dataclass(frozen=True, slots=True)
class Expressions:
    """Expressions that are only evaluated: `ASSERT`."""

    start: int
    expressions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Sql:
    """A statement of SQL, `INTO` blanked out."""

    start: int
    text: Text
    into: Into = ()


@dataclass(frozen=True, slots=True)
class Open:
    """`OPEN`: for a query or a dynamic command, or a bound cursor with its arguments."""

    start: int
    cursor: CursorUse
    source: Text | Dynamic | None


@dataclass(frozen=True, slots=True)
class Fetch:
    """`FETCH … INTO`, and `GET DIAGNOSTICS` without a cursor; `stacked` for GET STACKED DIAGNOSTICS."""

    start: int
    cursor: str
    into: Into
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Other:
    """A statement without any expression: `NULL`, `CLOSE`, `MOVE`, `COMMIT`, `ROLLBACK`."""

    start: int
    word: str


Statement = (
    Block | If | Loop | ForInteger | ForQuery | Foreach | Exit | Return | Raise | Assign | Perform | Expressions
    | Sql | Dynamic | Open | Fetch | Other
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """A whole body: its `#` options as written, and its outermost block."""

    options: str
    block: Block


def folded(name: str) -> str:
    """Return an identifier as PostgreSQL compares it."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
