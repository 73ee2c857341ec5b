"""Statements of SQL, dynamic commands, cursors and results, rewritten as probes."""

from __future__ import annotations

import re

from pgproof.probes.bodies.command import Command, command, constant
from pgproof.probes.bodies.lexer import tokens
from pgproof.probes.bodies.tree import Dynamic, Into, Open, Return, Sql, Text
from pgproof.probes.bodies.trial import OWN, TARGET
from pgproof.probes.bodies.writer import Writer, concrete, never
from pgproof.sql.mentions import mentions_in
from pgproof.sql.quote import identifier, literal

_WITH_DATA = re.compile(r"\bwith\s+data\s*$", re.IGNORECASE)
_NO_DESTINATION = "raise exception using errcode = '42601', message = 'query has no destination for result data';\n"


class Commands(Writer):
    """Writes the probes of what runs SQL."""

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
                self._typed(value, f"'{concrete(routine.result)}'::regtype", "return")
        elif value is not None and self.trial.head and self._is_variable(value):
            self._probe(f"return next {value.text};\n", value, "returned")
        elif value is not None:
            target = "'record'" if routine.is_trigger else literal(concrete(routine.result))
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
        using = ", ".join(never(value.text) for value in dynamic.using)
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
        self._shape(into, f"execute {rows} into {TARGET}{using};")

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


def _in_strings(expression: str) -> set[str]:
    return {name for token in tokens(expression) if token.kind == "string" for _, name in mentions_in(token.word)}
