"""The code of a trial as it grows: probes, and the shapes that records have at each place."""

from __future__ import annotations

from typing import Any

from pgproof.probes.bodies.command import Command, command
from pgproof.probes.bodies.lexer import tokens
from pgproof.probes.bodies.neighbours import Neighbours
from pgproof.probes.bodies.reading import NotRead, Reading
from pgproof.probes.bodies.refused import refused_calls
from pgproof.probes.bodies.tree import Into, Target, Text, folded
from pgproof.probes.bodies.trial import BEGIN, CONCRETE, OWN, PREFIX, TARGET, Probe, Trial, handler
from pgproof.sql.quote import literal

RECORDS = frozenset({"record", "pg_catalog.record"})
_INTEGERS = frozenset({"integer", "int", "bigint", "smallint", "int2", "int4", "int8", "oid", "pg_catalog.int4"})
_WHOLE = ("query", "into", "rows", "table")
_EVALUATED = ("expression", "assign", "return", *_WHOLE)
_OPERATORS = frozenset("+-*/%()") | {"||"}


class Writer:
    """Writes probes, and knows the variables in scope."""

    def __init__(self, trial: Trial, neighbours: Neighbours) -> None:
        """Begin at the top of a body."""
        self.trial = trial
        self.neighbours = neighbours
        self._scopes: list[dict[str, str]] = []
        self._cursors: dict[str, str] = {}
        self._certain = True
        self._caught: tuple[str, ...] = ()
        self._loops = 0
        self._guards = 0
        self._not_null: set[str] = set()
        self._lists: list[tuple[int, int]] = []
        self._list_number = 0
        self._shaped: dict[str, tuple[int, int] | None] = {}

    def _assign(self, target: Target, value: Text) -> None:
        for subscript in target.subscripts:
            self._expression(subscript)
        if target.root in self._not_null and target.plain and value.text.lower() == "null":
            self._refuse(value, "22004", f'null value cannot be assigned to variable "{target.root}" declared NOT NULL')
        elif not target.plain:
            path = _with_constant_subscripts(target)
            self._probe(f"{path} := null;\n", Text(target.text, target.start), "target")
            if is_constant(value.text):
                self._probe(f"{path} := {value.text}\n;\n", value, "constant")
            else:
                self._typed(value, f"pg_typeof({path})", "assign")
        elif self._is_record(target.root):
            self._expression(value)
            row = f"select {value.text}\n as pgproof_value"
            self._shape((target,), f"select (pgproof_value).* into {TARGET} from ({row}) {OWN} where false;")
        elif is_constant(value.text):
            self._probe(f"{target.text} := {value.text}\n;\n", value, "constant")
        else:
            self._typed(value, f"pg_typeof({target.text})", "assign")

    def _typed(self, value: Text, target: str, how: str) -> None:
        number = len(self.trial.probes)
        self._probe(
            f"perform pg_temp.pgproof_typed('{PREFIX}{number}', pg_typeof({never(value.text)}), {target});\n",
            value,
            how,
        )

    def _rows(self, query: Text, targets: Into, asked: Command | None = None) -> None:
        """Try a query whose rows go to targets; a record gets their shape."""
        asked = asked or command(query.text)
        if len(targets) != 1 or not targets[0].plain or not self._is_record(targets[0].root) or asked is None:
            if asked is None or not self._columns(query, targets, asked):
                self._explain(query, "query")
            self._targets(targets)
        elif asked.kind == "select":
            self._forget(targets)
            self._probe(f"select * into {targets[0].text} from ({query.text}\n) pgproof where false;\n", query, "query")
            self._shaped[targets[0].root] = self._site()
        elif asked.returning:
            number = self._table(query, asked)
            self._shape(targets, f"select * into {TARGET} from pg_temp.pgproof_{number};")
        else:
            self._explain(query, "query")
            self._shape(targets, "")

    def _columns(self, query: Text, targets: Into, asked: Command) -> bool:
        """Try a query, and compare the types of its columns with those of the targets; False when it cannot be done."""
        columns = asked.tree.get("SelectStmt", {}).get("targetList", ())
        paths = [_with_constant_subscripts(target) for target in targets[: len(columns)]]
        if asked.kind != "select" or not columns or any(_is_star(column) for column in columns):
            return False
        if len(paths) == 1 and len(columns) != 1:
            return False
        if any(not target.plain for target in targets):
            return False
        names = [f"pgproof_{number}" for number in range(len(paths))]
        number = len(self.trial.probes)
        types = ", ".join(f"pg_typeof({name})" for name in names)
        rows = f"({query.text}\n) pgproof({', '.join(names)})"
        source = f"(select array[{types}] from (select 1) pgproof_row(pgproof_one) left join {rows} on false)"
        wanted = ", ".join(f"pg_typeof({path})" for path in paths)
        self._probe(f"perform pg_temp.pgproof_typed('{PREFIX}{number}', array[{wanted}], {source});\n", query, "into")
        return True

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
        return self._probe(f"create temp table pgproof_{number} as {source}\nwith no data;\n", query, "table")

    def _shape(self, targets: Into, statement: str) -> None:
        """Give a record the shape of a query's rows; without a `statement` it has none that is known."""
        if len(targets) != 1 or not targets[0].plain or not self._is_record(targets[0].root):
            self._targets(targets)
            return
        self._forget(targets)
        if statement:
            self._quietly(statement.replace(TARGET, targets[0].text, 1))
        self._shaped[targets[0].root] = self._site() if statement else None

    @property
    def _is_job(self) -> bool:
        """Whether no function is around: what a client may do, it may."""
        return self.trial.routine.language == "job"

    def _is_number(self, name: str) -> bool:
        return self._type(name) in _INTEGERS

    def _is_target(self, value: Text) -> bool:
        """Whether an argument is a variable, or a part of one."""
        reading = Reading(value.text)
        try:
            root = reading.target().root
        except NotRead:
            return False
        return reading.peek().start < 0 and bool(self._type(root))

    def _receive(self, value: Text) -> None:
        """Take note of a variable that a call may give a row to."""
        name = folded(value.text)
        if self._is_record(name):
            self.trial.assigned.add(name)
            self._shaped[name] = None

    def _forget(self, targets: Into) -> None:
        self.trial.assigned.add(targets[0].root)
        self._write(f"{targets[0].text} := null;\n")

    def _site(self) -> tuple[int, int]:
        return self._lists[-1] if self._lists else (0, -1)

    def _is_record(self, name: str) -> bool:
        return self._type(name) in RECORDS

    def _is_variable(self, value: Text) -> bool:
        words = tokens(value.text)
        return len(words) == 1 and words[0].names and bool(self._type(folded(value.text)))

    def _type(self, name: str) -> str:
        return next((scope[name] for scope in reversed(self._scopes) if name in scope), "")

    def _expression(self, text: Text) -> None:
        self._probe(f"for {OWN} in explain select {text.text}\nloop end loop;\n", text, "expression")

    def _condition(self, text: Text) -> None:
        self._typed(text, "'boolean'::regtype", "expression")

    def _explain(self, text: Text, how: str) -> None:
        self._probe(f"for {OWN} in explain {text.text}\nloop end loop;\n", text, how)

    def _refuse(self, text: Text, sqlstate: str, message: str) -> None:
        """Note what PostgreSQL refuses each time that it comes to `text`: nothing is tried."""
        self._probe(raised(sqlstate, message), text, "refused")

    def _probe(self, code: str, text: Text, how: str) -> int:
        number = self._one(code, text, how)
        if how in _EVALUATED and ("format" in text.text.lower() or self.neighbours.triggers):
            for refusal in refused_calls(text.text, how not in _WHOLE, self.neighbours.triggers):
                at = Text(text.text[refusal.offset :], text.start + refusal.offset)
                certain, self._certain = self._certain, self._certain and refusal.certain
                self._one(raised(refusal.sqlstate, refusal.message), at, "refused")
                self._certain = certain
        return number

    def _one(self, code: str, text: Text, how: str) -> int:
        number = len(self.trial.probes)
        records = {name: self._surely(site) for name, site in self._shaped.items()}
        self.trial.probes.append(
            Probe(text, how, self._certain, self._caught, records, self._loops > 0, self._guards > 0)
        )
        self._write(BEGIN, code, handler(number))
        return number

    def _surely(self, site: tuple[int, int] | None) -> bool:
        """Whether the statement at `site` has run when this place is reached."""
        return site is not None and (site == (0, -1) or any(n == site[0] and i >= site[1] for n, i in self._lists))

    def _quietly(self, code: str) -> None:
        self._write("begin ", code, "\nexception when others then null; end;\n")

    def _write(self, *pieces: str) -> None:
        self.trial.code.extend(pieces)


def never(expression: str) -> str:
    """Return an expression of the same type that is never evaluated."""
    return f"(select * from (select {expression}\n) pgproof where false)"


def concrete(kind: str) -> str:
    """Return a type, or what stands for a pseudo-type."""
    return CONCRETE.get(kind, kind)


def raised(sqlstate: str, message: str) -> str:
    """Return code that raises an error."""
    return f"raise exception using errcode = {literal(sqlstate)}, message = {literal(message)};\n"


def is_constant(text: str) -> bool:
    """Whether an expression is made of strings, numbers and PostgreSQL's operators for them, so that its evaluation
    executes nothing of the user's.
    """
    words = tokens(text)
    return any(word.kind in ("string", "number") for word in words) and all(
        word.kind in ("string", "number") or (word.kind == "symbol" and word.word in _OPERATORS) for word in words
    )


def _is_star(column: dict[str, Any]) -> bool:
    fields = column["ResTarget"].get("val", {}).get("ColumnRef", {}).get("fields", ())
    return any("A_Star" in field for field in fields)


def _with_constant_subscripts(target: Target) -> str:
    path = target.text
    for subscript in reversed(target.subscripts):
        begin = subscript.start - target.start
        path = path[:begin] + "1" + path[begin + len(subscript.text) :]
    return path
