"""The code of a trial as it grows: probes, and the shapes that records have at each place."""

from __future__ import annotations

from pgproof.probes.bodies.command import Command, command
from pgproof.probes.bodies.lexer import tokens
from pgproof.probes.bodies.tree import Into, Target, Text, folded
from pgproof.probes.bodies.trial import BEGIN, CONCRETE, OWN, PREFIX, TARGET, Probe, Trial, handler

RECORDS = frozenset({"record", "pg_catalog.record"})


class Writer:
    """Writes probes, and knows the variables in scope."""

    def __init__(self, trial: Trial) -> None:
        """Begin at the top of a body."""
        self.trial = trial
        self._scopes: list[dict[str, str]] = []
        self._cursors: dict[str, str] = {}
        self._certain = True
        self._caught: tuple[str, ...] = ()
        self._lists: list[tuple[int, int]] = []
        self._list_number = 0
        self._shaped: dict[str, tuple[int, int] | None] = {}

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
            self._shape((target,), f"select (pgproof_value).* into {TARGET} from ({row}) {OWN} where false;")
        elif _is_constant(value.text):
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
            self._quietly(statement.replace(TARGET, targets[0].text, 1))
        self._shaped[targets[0].root] = self._site() if statement else None

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

    def _explain(self, text: Text, how: str) -> None:
        self._probe(f"for {OWN} in explain {text.text}\nloop end loop;\n", text, how)

    def _probe(self, code: str, text: Text, how: str) -> int:
        number = len(self.trial.probes)
        records = {name: self._surely(site) for name, site in self._shaped.items()}
        self.trial.probes.append(Probe(text, how, self._certain, self._caught, records))
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
