"""A whole body rewritten as a trial: blocks, declarations, branches and loops."""

from __future__ import annotations

from collections.abc import Sequence

from pgproof.probes.bodies.frame import Frame
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
    folded,
)
from pgproof.probes.bodies.trial import OWN, PREFIX, TARGET, Trial
from pgproof.probes.bodies.writer import RECORDS, never

NO_NEIGHBOURS = Neighbours()


def build(routine: Routine, body: Body, firing: Firing | None = None, neighbours: Neighbours = NO_NEIGHBOURS) -> Trial:
    """Rewrite a body."""
    trial = Trial(routine, firing)
    _Rewriter(trial, neighbours).routine(body)
    return trial


class _Rewriter(Frame):
    """Writes a trial while it walks through the body."""

    def routine(self, body: Body) -> None:
        self._begin(body.options)
        self._fire()
        self.block(body.block)
        self._write("end")

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
