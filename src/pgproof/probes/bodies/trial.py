"""A body rewritten so that PL/pgSQL itself says whether each statement can work, and none of them is executed.

The blocks, their labels and declarations stay, so that PL/pgSQL resolves every name as it would in the function. The
statements are linearised, and each becomes a probe: `FOR … IN EXPLAIN statement`, or `SELECT … WHERE false` where the
shape of its rows matters to what follows. A probe that fails is reported by its number and the next one goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pgproof.probes.bodies.command import Command, command, constant
from pgproof.probes.bodies.lexer import tokens
from pgproof.probes.bodies.routine import Firing, Routine
from pgproof.probes.bodies.tree import (
    Assign,
    Block,
    Body,
    CursorUse,
    Dynamic,
    Exit,
    Expressions,
    Fetch,
    Foreach,
    ForInteger,
    ForQuery,
    If,
    Into,
    Loop,
    Open,
    Perform,
    Raise,
    Return,
    Sql,
    Statement,
    Target,
    Text,
    Variable,
    folded,
)
from pgproof.sql.quote import identifier, literal

OWN = "pgproof"
"""The name of the trial's own variables and tables."""

CONCRETE = {
    "anyelement": "integer",
    "anyarray": "integer[]",
    "anynonarray": "integer",
    "anyenum": "text",
    "anyrange": "int4range",
    "anymultirange": "int4multirange",
    "anycompatible": "integer",
    "anycompatiblearray": "integer[]",
    "anycompatiblenonarray": "integer",
    "anycompatiblerange": "int4range",
    "anycompatiblemultirange": "int4multirange",
    '"any"': "text",
    "cstring": "text",
    "internal": "text",
}
"""What stands for a pseudo-type; errors about types are unknown then."""

_TRIGGER_VARIABLES = """
tg_name name; tg_when text; tg_level text; tg_op text; tg_relid oid; tg_relname name; tg_table_name name;
tg_table_schema name; tg_nargs integer; tg_argv text[];
"""
_EVENT_VARIABLES = "tg_event text; tg_tag text;"
_WITH_DATA = re.compile(r"\bwith\s+data\s*$", re.IGNORECASE)
_NO_DESTINATION = "raise exception using errcode = '42601', message = 'query has no destination for result data';\n"
_RECORDS = frozenset({"record", "pg_catalog.record"})


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that is tried.

    `text` is what of the body is tried. `certain`: every call that does not fail earlier reaches it. `caught` are the
    conditions of the handlers around it. `records` are the record variables that have a shape at this place, with
    whether it is surely that one. `how` is what is compared: `expression`, `query`, `constant` (really assigned),
    `target`, `assign`, `return`, `foreach`, `dynamic`, `relation`, `made` (a temporary table), `rows`, `returned` (a
    variable), `no destination` (nothing is tried: PL/pgSQL refuses every such statement).
    """

    text: Text
    how: str
    certain: bool
    caught: tuple[str, ...]
    records: Mapping[str, bool]


@dataclass(slots=True)
class Trial:
    """The rewritten body of one routine, for one of its triggers if it has any: `head` is empty for a DO block."""

    routine: Routine
    firing: Firing | None
    head: str = ""
    code: list[str] = field(default_factory=list)
    probes: list[Probe] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    """Names that the body makes, alters or drops: what is wrong with them is unknown."""
    temporary: set[str] = field(default_factory=set)
    """Temporary tables that the trial makes as the body would."""
    assigned: set[str] = field(default_factory=set)
    """Record variables that get a row somewhere."""
    moves_search_path: bool = False

    def text(self, prefix: str, open_probe: int | None = None) -> str:
        """Return the code; a probe's report begins with `prefix`, and `open_probe` is not caught at all."""
        text = "".join(self.code).replace(_BEGIN, "begin ")
        if open_probe is not None:
            text = text.replace(_handler(open_probe), "end;\n")
        return text.replace(_PREFIX, prefix)

    def uncaught(self, prefix: str) -> str:
        """Return the code in which the first probe that fails ends the trial: half the work for a healthy body."""
        return _HANDLERS.sub("", "".join(self.code).replace(_BEGIN, "")).replace(_PREFIX, prefix)


_PREFIX, _BEGIN, _TARGET = "\x01", "\x02", "\x03"


def _handler(number: int) -> str:
    return f"exception when others then perform pg_temp.pgproof_failed('{_PREFIX}{number}', sqlstate, sqlerrm); end;\n"


_HANDLERS = re.compile(re.escape(_handler(0)).replace("0", r"\d+", 1))


def build(routine: Routine, body: Body, firing: Firing | None = None) -> Trial:
    """Rewrite a body."""
    trial = Trial(routine, firing)
    _Builder(trial).routine(body)
    return trial


class _Builder:
    """Writes a trial while it walks through the body."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self._scopes: list[dict[str, str]] = []
        self._cursors: dict[str, str] = {}
        self._certain = True
        self._caught: tuple[str, ...] = ()
        self._lists: list[tuple[int, int]] = []
        self._list_number = 0
        self._shaped: dict[str, tuple[int, int] | None] = {}

    # the routine

    def routine(self, body: Body) -> None:
        trial, routine = self.trial, self.trial.routine
        rows = routine.returns_set or (routine.composite and not routine.outputs)
        by_result = rows and (bool(routine.outputs) or routine.result != "record")
        if by_result:
            trial.head = self._head()
        self._write(body.options, f"<<{identifier(routine.name.parts[1])}>>\ndeclare {OWN} record;\n")
        scope: dict[str, str] = {}
        for number, argument in enumerate(routine.arguments, 1):
            self._argument(argument.name, argument.mode, argument.type, number, scope, by_result)
        if routine.is_trigger:
            self._write(
                "new record; old record;", _TRIGGER_VARIABLES if routine.result == "trigger" else _EVENT_VARIABLES
            )
            scope |= {"new": "record", "old": "record"}
        self._scopes.append(scope)
        self._write("begin\n")
        self._fire()
        self.block(body.block)
        self._write("end")

    def _head(self) -> str:
        routine = self.trial.routine
        name = f"pg_temp.{identifier(routine.name.parts[1])}"
        if routine.outputs and routine.outputs[0].name and all(a.name for a in routine.outputs):
            columns = ", ".join(f"{identifier(a.name)} {_concrete(a.type)}" for a in routine.outputs)
            return f"{name}() returns table ({columns})"
        return f"{name}() returns setof {_concrete(routine.result)}"

    def _argument(self, name: str, mode: str, kind: str, number: int, scope: dict[str, str], by_result: bool) -> None:
        kind = _concrete(kind)
        if mode != "table" and not (by_result and name and mode in ("out", "inout")):
            self._write(f'"${number}" {kind};')
            if name:
                self._write(f'{identifier(name)} alias for "${number}";\n')
        elif not by_result and name:
            self._write(f"{identifier(name)} {kind};\n")
        scope[f"${number}"] = kind
        if name:
            scope[name] = kind

    def _fire(self) -> None:
        firing = self.trial.firing
        if firing is None:
            return
        for table in firing.transitions:
            made = identifier(table)
            self._write(f"drop table if exists pg_temp.{made};\ncreate temp table {made} (like {firing.table});\n")
        if firing.for_each_row:
            for record in ("new", "old"):
                self._write(f"select (null::{firing.table}).* into {record};\n")
                # of the table's own type, as `new.*` needs it; a domain that refuses NULL may refuse this
                self._quietly(f"{record} := pg_catalog.jsonb_populate_record(null::{firing.table}, '{{}}');")
                self._shaped[record] = (0, -1)

    # blocks

    def block(self, block: Block) -> None:
        label = f"<<{block.label}>>\n" if block.label else ""
        self._scopes.append({})
        opened = 0
        before, around = self._certain, self._caught
        for variable in block.variables:
            self._write(f"{label}declare ")
            opened += 1
            self._declare(variable)
        if block.label and not opened:
            self._write(f"{label}begin\n")
            opened = 1
        elif not opened:
            self._write("begin\n")
            opened = 1
        if block.handlers:
            self._caught = (*(c for handler in block.handlers for c in handler.conditions), *around)
        self.statements(block.statements)
        after, self._caught = self._certain, around
        for handler in block.handlers:
            self._certain = False
            self._write("declare sqlstate text; sqlerrm text; begin\n")
            self.statements(handler.statements)
            self._write("end;\n")
        self._certain = after and before and not block.handlers
        self._write("end;\n" * opened)
        self._scopes.pop()

    def _declare(self, variable: Variable) -> None:
        name = variable.name
        if variable.alias:
            self._write(f"{name} alias for {_quoted(variable.alias)}; begin\n")
            self._scopes[-1][variable.folded] = self._type(variable.alias)
            return
        self._write(f"{name} {variable.type.text}\n; begin\n")
        self._scopes[-1][variable.folded] = variable.type.text.lower()
        if variable.default:
            self._assign(Target(name, variable.start, variable.folded), variable.default)
        if variable.query:
            inner = "".join(f"{a.name} {a.type.text}; " for a in variable.arguments)
            self._write(f"declare {inner} begin\n" if inner else "begin\n")
            self._cursor(variable.folded, variable.query)
            self._write("end;\n")

    def _cursor(self, name: str, query: Text) -> None:
        """Try a cursor's query, and keep its shape for what is fetched from it."""
        self._cursors[name] = ""
        if (asked := command(query.text)) and asked.kind == "select":
            number = self._probe(f"for {OWN} in explain {query.text}\nloop end loop;\n", query, "query")
            table = f"pgproof_{number}"
            self._quietly(f"create temp table {table} as select * from ({query.text}\n) pgproof with no data;")
            self._cursors[name] = f"pg_temp.{table}"
        else:
            self._explain(query, "query")

    def statements(self, statements: Sequence[Statement]) -> None:
        self._list_number += 1
        number = self._list_number
        for index, statement in enumerate(statements):
            self._lists.append((number, index))
            self._statement(statement)
            self._lists.pop()

    @contextmanager
    def _inside(self) -> Iterator[None]:
        """What follows may never be reached."""
        before, self._certain = self._certain, False
        yield
        self._certain = before

    # statements

    def _statement(self, statement: Statement) -> None:
        match statement:
            case Block():
                self.block(statement)
            case If():
                self._if(statement)
            case Loop():
                self._opened(statement.label)
                if statement.condition:
                    self._expression(statement.condition)
                self._loop(statement.statements, endless=statement.condition is None)
                self._write("end;\n")
            case ForInteger():
                for bound in statement.bounds:
                    self._expression(bound)
                self._opened(statement.label, f"declare {statement.variable} integer; ")
                self._scopes.append({folded(statement.variable): "integer"})
                self._loop(statement.statements)
                self._scopes.pop()
                self._write("end;\n")
            case ForQuery():
                self._for_query(statement)
            case Foreach():
                self._foreach(statement)
            case Exit():
                if statement.when:
                    self._expression(statement.when)
                self._certain = False
            case Return():
                self._return(statement)
            case Raise() | Expressions():
                for expression in statement.expressions:
                    self._expression(expression)
                if isinstance(statement, Raise) and statement.ends:
                    self._certain = False
            case Assign():
                self._assign(statement.target, statement.value)
            case Perform():
                self._probe(
                    f"for {OWN} in explain select {statement.query.text}\nloop end loop;\n", statement.query, "query"
                )
            case Sql():
                self._sql(statement)
            case Dynamic():
                self._dynamic(statement)
            case Open():
                self._open(statement)
            case Fetch():
                shape = self._cursors.get(statement.cursor, "")
                self._shape(statement.into, f"select * into {_TARGET} from {shape};" if shape else "")
            case _:
                pass

    def _if(self, statement: If) -> None:
        if statement.subject:
            self._expression(statement.subject)
        for index, branch in enumerate(statement.branches):
            condition = branch.condition
            if statement.subject:
                tried = (
                    f"for {OWN} in explain select ({statement.subject.text}\n) in ({condition.text}\n) loop end loop;\n"
                )
                self._probe(tried, condition, "expression")
            else:
                self._expression(condition)
            if not index:
                before, self._certain = self._certain, False
            self.statements(branch.statements)
        self.statements(statement.otherwise or ())
        self._certain = before and not _leaves(statement)

    def _loop(self, statements: Sequence[Statement], *, endless: bool = False) -> None:
        before = self._certain
        self._certain = before and endless
        self.statements(statements)
        self._certain = before and not any(map(_leaves, statements))

    def _opened(self, label: str, declarations: str = "") -> None:
        self._write(f"<<{label}>>\n" if label else "", declarations, "begin\n")

    def _for_query(self, loop: ForQuery) -> None:
        self._opened(loop.label)
        source = loop.source
        if isinstance(source, Dynamic):
            self._dynamic(source, loop.targets)
        elif isinstance(source, CursorUse):
            for argument in source.arguments:
                self._expression(argument)
            shape = self._cursors.get(source.name, "")
            declared = loop.targets[0].text
            self._write(f"declare {declared} record; begin\n")  # a cursor's loop declares its variable
            self._scopes.append({folded(declared): "record"})
            self._shape(loop.targets, f"select * into {_TARGET} from {shape};" if shape else "")
        else:
            self._rows(source, loop.targets)
        self._loop(loop.statements)
        if isinstance(source, CursorUse):
            self._scopes.pop()
            self._write("end;\n")
        self._write("end;\n")

    def _foreach(self, loop: Foreach) -> None:
        self._opened(loop.label)
        array = loop.array
        number = len(self.trial.probes)
        self._probe(
            f"perform pg_temp.pgproof_typed('{_PREFIX}{number}', pg_typeof({_any(array.text)}), 'anyarray');\n",
            array,
            "foreach",
        )
        value = f"select ({array.text}\n)[1] as pgproof_value"
        self._shape(loop.targets, f"select (pgproof_value).* into {_TARGET} from ({value}) pgproof where false;")
        self._loop(loop.statements)
        self._write("end;\n")

    def _return(self, statement: Return) -> None:
        value, routine = statement.value, self.trial.routine
        if isinstance(value, Dynamic):
            self._dynamic(value, result=True)
        elif value is not None and statement.how == "query":
            self._return_query(value)
        elif value is not None and statement.how == "next":
            if routine.composite or routine.outputs:
                self._return_row(value)
            else:
                self._typed(value, f"'{_concrete(routine.result)}'::regtype", "return")
        elif value is not None and self.trial.head and self._is_variable(value):
            self._probe(f"return next {value.text};\n", value, "returned")
        elif value is not None:
            target = "'record'" if routine.is_trigger else literal(_concrete(routine.result))
            self._typed(value, f"{target}::regtype", "return")
        if not statement.how:
            self._certain = False

    def _return_query(self, query: Text) -> None:
        if not self.trial.head:
            self._explain(query, "query")
            return
        asked = command(query.text)
        if asked and asked.kind == "select":
            self._probe(f"return query select * from ({query.text}\n) pgproof where false;\n", query, "rows")
        elif asked and asked.returning:
            number = self._table(query, asked)
            self._probe(f"return query select * from pg_temp.pgproof_{number};\n", query, "rows")
        else:
            self._explain(query, "query")

    def _return_row(self, value: Text) -> None:
        if self.trial.head and self._is_variable(value):
            self._probe(f"return next {value.text};\n", value, "rows")
        else:
            self._expression(value)

    def _sql(self, statement: Sql) -> None:
        text = statement.text
        asked = command(text.text)
        if asked is None:
            self._explain(text, "query")
        elif asked.kind == "call":
            self._call(text, asked)
        elif asked.kind == "temporary":
            self._temporary(text, asked)
        elif asked.kind == "utility":
            self._utility(text, asked)
        elif statement.into:
            self._rows(text, statement.into, asked)
        elif asked.returning:
            self._probe(_NO_DESTINATION, text, "no destination")
        else:
            self._explain(text, "query")

    def _temporary(self, text: Text, asked: Command) -> None:
        """Make the temporary table: what follows uses it."""
        ending = "" if not asked.query else "\nwith no data"
        made = text.text if asked.empty else _WITH_DATA.sub("", text.text) + ending
        self.trial.temporary.add(asked.relations[0])
        self._write(f"drop table if exists pg_temp.{identifier(asked.relations[0])};\n")
        self._probe(f"{made}\n;\n", text, "made")

    def _utility(self, text: Text, asked: Command) -> None:
        self.trial.moves_search_path |= asked.moves_search_path
        if asked.query:
            self._explain(text, "query")
        for relation in asked.needs:
            self._probe(f"perform {literal(relation)}::pg_catalog.regclass;\n", text, "relation")
        self.trial.made |= asked.touched

    def _call(self, text: Text, asked: Command) -> None:
        """Look a procedure up as a function: the server then says that it is a procedure."""
        called = Text(text.text[asked.start :], text.start + asked.start)
        self._probe(f"for {OWN} in explain select {called.text}\nloop end loop;\n", called, "call")

    def _dynamic(self, dynamic: Dynamic, targets: Into = (), *, result: bool = False) -> None:
        self._expression(dynamic.command)
        for value in dynamic.using:
            self._expression(value)
        into = targets or dynamic.into
        text = constant(dynamic.command.text)
        asked = command(text) if text is not None else None
        if text is None or asked is None or asked.kind in ("call", "temporary", "utility"):
            self._may_make(dynamic.command.text, asked)
            self._shape(into, "")
            return
        using = ", ".join(_any(value.text) for value in dynamic.using)
        using = f" using {using}" if using else ""
        self._probe(
            f"for {OWN} in execute {literal('explain ' + text)}{using} loop end loop;\n", dynamic.command, "dynamic"
        )
        if asked.kind != "select":
            self._shape(into, "")
            return
        rows = literal(f"select * from ({text}\n) pgproof where false")
        if result and self.trial.head:
            self._probe(f"return query execute {rows}{using};\n", dynamic.command, "rows")
        self._shape(into, f"execute {rows} into {_TARGET}{using};")

    def _may_make(self, expression: str, asked: Command | None) -> None:
        """Note what a dynamic command may make or alter: every name in its text."""
        self.trial.made |= asked.touched if asked else _in_strings(expression)
        self.trial.moves_search_path |= "search_path" in expression.lower()

    def _open(self, statement: Open) -> None:
        for argument in statement.cursor.arguments:
            self._expression(argument)
        if isinstance(statement.source, Dynamic):
            self._cursors.pop(statement.cursor.name, None)
            self._dynamic(statement.source)
        elif statement.source:
            self._cursor(statement.cursor.name, statement.source)

    # assignments and shapes

    def _assign(self, target: Target, value: Text) -> None:
        for subscript in target.subscripts:
            self._expression(subscript)
        if not target.plain:
            path = _with_constant_subscripts(target)
            self._probe(f"{path} := null;\n", Text(target.text, target.start), "target")
            self._typed(value, f"pg_typeof({path})", "assign")
        elif self._is_record(target.root):
            self._expression(value)
            row = f"select {value.text}\n as pgproof_value"
            self._shape((target,), f"select (pgproof_value).* into {_TARGET} from ({row}) {OWN} where false;")
        elif _is_constant(value.text):
            self._probe(f"{target.text} := {value.text}\n;\n", value, "constant")
        else:
            self._typed(value, f"pg_typeof({target.text})", "assign")

    def _typed(self, value: Text, target: str, how: str) -> None:
        number = len(self.trial.probes)
        self._probe(
            f"perform pg_temp.pgproof_typed('{_PREFIX}{number}', pg_typeof({_any(value.text)}), {target});\n",
            value,
            how,
        )

    def _rows(self, query: Text, targets: Into, asked: Command | None = None) -> None:
        """Try a query whose rows go to targets; a record gets their shape."""
        asked = asked or command(query.text)
        if len(targets) != 1 or not targets[0].plain or not self._is_record(targets[0].root) or asked is None:
            self._explain(query, "query")
            self._targets(targets)
        elif asked.kind == "select":
            self._forget(targets)
            self._probe(f"select * into {targets[0].text} from ({query.text}\n) pgproof where false;\n", query, "query")
            self._shaped[targets[0].root] = self._site()
        elif asked.returning:
            number = self._table(query, asked)
            self._shape(targets, f"select * into {_TARGET} from pg_temp.pgproof_{number};")
        else:
            self._explain(query, "query")
            self._shape(targets, "")

    def _targets(self, targets: Into) -> None:
        """Try the targets that are fields."""
        for target in targets:
            if not target.plain:
                path = _with_constant_subscripts(target)
                self._probe(f"{path} := null;\n", Text(target.text, target.start), "target")

    def _table(self, query: Text, asked: Command) -> int:
        """Make an empty table of the rows that a statement returns (the statement is parsed, and not even planned)."""
        number = len(self.trial.probes)
        source = (
            query.text
            if asked.kind == "select_that_writes"
            else f"with pgproof as ({query.text}\n) select * from pgproof"
        )
        return self._probe(f"create temp table pgproof_{number} as {source}\nwith no data;\n", query, "query")

    def _shape(self, targets: Into, statement: str) -> None:
        """Give a record the shape of a query's rows; without a `statement` it has none that is known."""
        if len(targets) != 1 or not targets[0].plain or not self._is_record(targets[0].root):
            self._targets(targets)
            return
        self._forget(targets)
        if statement:
            self._quietly(statement.replace(_TARGET, targets[0].text, 1))
        self._shaped[targets[0].root] = self._site() if statement else None

    def _forget(self, targets: Into) -> None:
        self.trial.assigned.add(targets[0].root)
        self._write(f"{targets[0].text} := null;\n")

    def _site(self) -> tuple[int, int]:
        return self._lists[-1] if self._lists else (0, -1)

    def _is_record(self, name: str) -> bool:
        return self._type(name) in _RECORDS

    def _is_variable(self, value: Text) -> bool:
        words = tokens(value.text)
        return len(words) == 1 and words[0].names and bool(self._type(folded(value.text)))

    def _type(self, name: str) -> str:
        return next((scope[name] for scope in reversed(self._scopes) if name in scope), "")

    # probes

    def _expression(self, text: Text) -> None:
        self._probe(f"for {OWN} in explain select {text.text}\nloop end loop;\n", text, "expression")

    def _explain(self, text: Text, how: str) -> None:
        self._probe(f"for {OWN} in explain {text.text}\nloop end loop;\n", text, how)

    def _probe(self, code: str, text: Text, how: str) -> int:
        number = len(self.trial.probes)
        records = {name: self._surely(site) for name, site in self._shaped.items()}
        self.trial.probes.append(Probe(text, how, self._certain, self._caught, records))
        self._write(_BEGIN, code, _handler(number))
        return number

    def _surely(self, site: tuple[int, int] | None) -> bool:
        """Whether the statement at `site` has run when this place is reached."""
        return site is not None and (site == (0, -1) or any(n == site[0] and i >= site[1] for n, i in self._lists))

    def _quietly(self, code: str) -> None:
        self._write("begin ", code, "\nexception when others then null; end;\n")

    def _write(self, *pieces: str) -> None:
        self.trial.code.extend(pieces)


def _leaves(statement: Statement) -> bool:
    """Whether the function, or the loop around, may be left in a statement."""
    match statement:
        case Return():
            return not statement.how
        case Exit():
            return True
        case Raise():
            return statement.ends
        case If():
            inner = [s for branch in statement.branches for s in branch.statements] + list(statement.otherwise or ())
            return any(map(_leaves, inner))
        case Block():
            return any(map(_leaves, statement.statements))
        case Loop() | ForInteger() | ForQuery() | Foreach():
            return any(map(_leaves, statement.statements))
    return False


def _any(expression: str) -> str:
    """Return an expression of the same type that is never evaluated."""
    return f"(select * from (select {expression}\n) pgproof where false)"


def _concrete(kind: str) -> str:
    return CONCRETE.get(kind, kind)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _is_constant(text: str) -> bool:
    """Whether an expression is one string or number: assigning it executes nothing of the user's."""
    words = tokens(text)
    if words and words[0].word == "-":
        words = words[1:]
    return len(words) == 1 and words[0].kind in ("string", "number")


def _with_constant_subscripts(target: Target) -> str:
    path = target.text
    for subscript in reversed(target.subscripts):
        begin = subscript.start - target.start
        path = path[:begin] + "1" + path[begin + len(subscript.text) :]
    return path


def _in_strings(expression: str) -> set[str]:
    from pgproof.sql.mentions import mentions_in

    return {name for token in tokens(expression) if token.kind == "string" for _, name in mentions_in(token.word)}
