"""A whole body rewritten as a trial: blocks, declarations, branches and loops."""

from __future__ import annotations

from collections.abc import Sequence

from pgproof.probes.bodies.control import Control
from pgproof.probes.bodies.neighbours import Neighbours
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
    Loop,
    Open,
    Other,
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
from pgproof.probes.bodies.trial import OWN, PREFIX, TARGET, Trial
from pgproof.probes.bodies.writer import RECORDS, concrete, never
from pgproof.sql.quote import identifier

NO_NEIGHBOURS = Neighbours()

_TRIGGER_VARIABLES = """
tg_name name; tg_when text; tg_level text; tg_op text; tg_relid oid; tg_relname name; tg_table_name name;
tg_table_schema name; tg_nargs integer; tg_argv text[];
"""
_EVENT_VARIABLES = "tg_event text; tg_tag text;"


def build(routine: Routine, body: Body, firing: Firing | None = None, neighbours: Neighbours = NO_NEIGHBOURS) -> Trial:
    """Rewrite a body."""
    trial = Trial(routine, firing)
    _Rewriter(trial, neighbours).routine(body)
    return trial


class _Rewriter(Control):
    """Writes a trial while it walks through the body."""

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
        if routine.result == "trigger":
            self._write("new record; old record;", _TRIGGER_VARIABLES)
            scope |= {"new": "record", "old": "record"}
        elif routine.is_trigger:
            self._write(_EVENT_VARIABLES)
        self._scopes.append(scope)
        self._write("begin\n")
        self._fire()
        self.block(body.block)
        self._write("end")

    def _head(self) -> str:
        routine = self.trial.routine
        name = f"pg_temp.{identifier(routine.name.parts[1])}"
        if routine.outputs and routine.outputs[0].name and all(a.name for a in routine.outputs):
            columns = ", ".join(f"{identifier(a.name)} {concrete(a.type)}" for a in routine.outputs)
            return f"{name}() returns table ({columns})"
        return f"{name}() returns setof {concrete(routine.result)}"

    def _argument(self, name: str, mode: str, kind: str, number: int, scope: dict[str, str], by_result: bool) -> None:
        kind = concrete(kind)
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
        # for a statement, too: its fields are null then (pl_exec.c, plpgsql_exec_trigger)
        for record in ("new", "old"):
            self._write(f"select (null::{firing.table}).* into {record};\n")
            # of the table's own type, as `new.*` needs it; a domain that refuses NULL may refuse this
            self._quietly(f"{record} := pg_catalog.jsonb_populate_record(null::{firing.table}, '{{}}');")
            self._shaped[record] = (0, -1)

    def block(self, block: Block) -> None:
        label = f"<<{block.label}>>\n" if block.label else ""
        self._scopes.append({})
        opened = 0
        self._guards += block.guarded
        before, around = self._certain, self._caught
        for variable in block.variables:
            if variable.default and variable.type.text.lower() not in RECORDS:
                opened += self._default(variable, variable.default)
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
            self._protected += 1
        self.statements(block.statements)
        after, self._caught = self._certain, around
        self._protected -= bool(block.handlers)
        self._handling += 1
        for handler in block.handlers:
            self._certain = False
            self._write("declare sqlstate text; sqlerrm text; begin\n")
            self.statements(handler.statements)
            self._write("end;\n")
        self._handling -= 1
        self._certain = after and before and not block.handlers
        self._write("end;\n" * opened)
        self._guards -= block.guarded
        self._scopes.pop()

    def _default(self, variable: Variable, default: Text) -> int:
        """Try a default where its own variable is not known yet, as PL/pgSQL does; a record needs it for its shape."""
        self._write(f"declare {OWN}_default {variable.type.text}\n; begin\n")
        self._scopes[-1][f"{OWN}_default"] = variable.type.text.lower()
        self._assign(Target(f"{OWN}_default", variable.start, f"{OWN}_default"), default)
        return 1

    def _declare(self, variable: Variable) -> None:
        name = variable.name
        if variable.alias:
            self._write(f"{name} alias for {_quoted(variable.alias)}; begin\n")
            self._scopes[-1][variable.folded] = self._type(variable.alias)
            return
        self._write(f"{name} {variable.type.text}\n; begin\n")
        self._scopes[-1][variable.folded] = variable.type.text.lower()
        self._not_null.discard(variable.folded)
        if variable.not_null:
            self._not_null.add(variable.folded)
        if variable.default and variable.type.text.lower() in RECORDS:
            self._assign(Target(name, variable.start, variable.folded), variable.default)
        if variable.query:
            inner = "".join(f"{a.name} {a.type.text}; " for a in variable.arguments)
            self._write(f"declare {inner} begin\n" if inner else "begin\n")
            self._cursor(variable.folded, variable.query)
            self._write("end;\n")

    def statements(self, statements: Sequence[Statement]) -> None:
        self._list_number += 1
        number = self._list_number
        for index, statement in enumerate(statements):
            self._lists.append((number, index))
            self._statement(statement)
            self._lists.pop()

    def _statement(self, statement: Statement) -> None:
        match statement:
            case Block():
                self.block(statement)
            case If():
                self._if(statement)
            case Loop():
                self._opened(statement.label)
                if statement.condition:
                    self._condition(statement.condition)
                self._loop(statement.statements, endless=statement.condition is None)
                self._write("end;\n")
            case ForInteger():
                self._bounds(statement)
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
                    self._condition(statement.when)
                self._certain = False
            case Return():
                self._return(statement)
            case Raise():
                self._raise(statement)
            case Expressions():
                for expression in statement.expressions:
                    self._expression(expression)
            case Assign():
                self._assign(statement.target, statement.value)
            case Perform():
                self._probe(
                    f"for {OWN} in explain select {statement.query.text}\nloop end loop;\n",
                    statement.query,
                    "expression",
                )
            case Sql():
                self._sql(statement)
            case Dynamic():
                self._dynamic(statement)
            case Open():
                self._open(statement)
            case Fetch() if statement.stacked and not self._handling:
                self._outside_handler("GET STACKED DIAGNOSTICS", statement.start)
            case Other(word="commit" | "rollback"):
                self._end(statement)
            case Fetch():
                shape = self._cursors.get(statement.cursor, "")
                self._shape(statement.into, f"select * into {TARGET} from {shape};" if shape else "")
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
                self._probe(tried, condition, "case")
            else:
                self._condition(condition)
            if not index:
                before, self._certain = self._certain, False
            self.statements(branch.statements)
        self.statements(statement.otherwise or ())
        self._certain = before and not _leaves(statement)

    def _loop(self, statements: Sequence[Statement], *, endless: bool = False) -> None:
        before = self._certain
        self._certain = before and endless
        self._loops += 1
        self.statements(statements)
        self._loops -= 1
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
            self._shape(loop.targets, f"select * into {TARGET} from {shape};" if shape else "")
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
        if len(loop.targets) == 1 and loop.targets[0].plain and not self._is_record(loop.targets[0].root):
            self._sliced(loop)
        number = len(self.trial.probes)
        self._probe(
            f"perform pg_temp.pgproof_typed('{PREFIX}{number}', pg_typeof({never(array.text)}), 'anyarray');\n",
            array,
            "foreach",
        )
        value = f"select ({array.text}\n)[1] as pgproof_value"
        self._shape(loop.targets, f"select (pgproof_value).* into {TARGET} from ({value}) pgproof where false;")
        self._loop(loop.statements)
        self._write("end;\n")


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


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
