"""Statements of SQL, dynamic commands, cursors and results, rewritten as probes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pgproof.probes.bodies.command import Command, command
from pgproof.probes.bodies.dynamic import constant, likeness
from pgproof.probes.bodies.lexer import tokens
from pgproof.probes.bodies.reading import NotRead, Reading
from pgproof.probes.bodies.refused import refused_command
from pgproof.probes.bodies.tree import Dynamic, Into, Open, Return, Sql, Text
from pgproof.probes.bodies.trial import OWN, TARGET
from pgproof.probes.bodies.writer import Writer, concrete, never, raised
from pgproof.sql.mentions import mentions_in
from pgproof.sql.parse import SyntaxProblem
from pgproof.sql.parse import parse as parse_sql
from pgproof.sql.quote import identifier, literal

_WITH_DATA = re.compile(r"\bwith\s+data\s*$", re.IGNORECASE)
_ROW = re.compile(r"(?:row\s*)?\((?P<fields>.*)\)", re.IGNORECASE | re.DOTALL)


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
        elif value is not None and self.trial.head and (fields := _fields(value)):
            self._probe(f"return query select {fields.text}\n where false;\n", fields, "returned")
        elif value is not None:
            if self.trial.firing and self.trial.firing.for_each_row and self._is_variable(value):
                row = f"pg_temp.pgproof_same_row(pg_typeof({value.text}), {literal(self.trial.firing.table)})"
                self._probe(f"perform {row};\n", value, "refused")
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
        elif asked.returning and not self._is_job:
            self._refuse(text, "42601", "query has no destination for result data")
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
        if not self._is_job and (refusal := refused_command(asked.tree)):
            self._refuse(text, refusal.sqlstate, refusal.message)
            return
        if asked.query:
            self._explain(text, "query")
        self._needs(text, asked.needs)
        self.trial.made |= asked.touched

    def _needs(self, text: Text, relations: Sequence[str]) -> None:
        """Look for relations that a command needs, but for those that the body has made before."""
        for relation in relations:
            if relation.rpartition(".")[2].strip('"') not in self.trial.made:
                self._probe(f"perform {literal(relation)}::pg_catalog.regclass;\n", text, "relation")

    def _call(self, text: Text, asked: Command) -> None:
        """Look a procedure up as a function: the server then says that it is one."""
        name = asked.tree["CallStmt"]["funccall"]["funcname"][-1]["String"]["sval"]
        called = Text(text.text[asked.start :], text.start + asked.start)
        if name in self.neighbours.ending and self.trial.routine.name.kind == "function":
            self._refuse(called, "2D000", f"invalid transaction termination: {name} commits or rolls back")
            return
        how = "call in doubt"
        if name in self.neighbours.procedures:
            called, how = self._without_outputs(called, name)
        no_procedure = raised("42809", f"{name} is not a procedure")
        self._probe(f"for {OWN} in explain select {called.text}\nloop end loop;\n{no_procedure}", called, how)

    def _without_outputs(self, called: Text, name: str) -> tuple[Text, str]:
        """Return a call without its OUT arguments, by which no procedure is found, and how it is tried."""
        given = _arguments(called)
        wanted = self.neighbours.procedures[name]
        if given is None or any(one.mode == "variadic" for one in wanted):
            return called, "call in doubt"
        if len(given) > len(wanted):
            self._refuse(called, "42883", f"procedure {name} does not exist with {len(given)} arguments")
        for argument, one in zip(given, wanted, strict=False):
            if one.is_output:
                if not self._is_target(argument):
                    what = f'procedure parameter "{one.name}" is an output parameter'
                    self._refuse(argument, "42601", f"{what} but corresponding argument is not writable")
                self._receive(argument)
        if len(given) != len(wanted):
            return called, "call in doubt"
        before = called.text[: given[0].start - called.start] if given else called.text
        inputs = [argument.text for argument, one in zip(given, wanted, strict=True) if one.mode != "out"]
        return Text(f"{before}{', '.join(inputs)})", called.start), "call"

    def _dynamic(self, dynamic: Dynamic, targets: Into = (), *, result: bool = False) -> None:
        self._expression(dynamic.command)
        self.trial.moves_search_path |= "search_path" in dynamic.command.text.lower()
        for value in dynamic.using:
            self._expression(value)
        into = targets or dynamic.into
        if dynamic.command.text.lower() == "null":
            self._refuse(dynamic.command, "22004", "query string argument of EXECUTE is null")
        text = constant(dynamic.command.text)
        asked = command(text) if text is not None else None
        using = ", ".join(never(value.text) for value in dynamic.using)
        using = f" using {using}" if using else ""
        if asked and (refusal := refused_command(asked.tree, dynamic=True)):
            self._refuse(dynamic.command, refusal.sqlstate, refusal.message)
        elif text is None or asked is None or asked.kind in ("call", "temporary", "utility"):
            self._needs(dynamic.command, asked.needs if asked else ())
            if not self._alike(dynamic.command, using):
                self._may_make(dynamic.command.text, asked)
            self._shape(into, "")
        else:
            self._known(dynamic.command, asked, text, using, into, result=result)

    def _known(self, expression: Text, asked: Command, text: str, using: str, into: Into, *, result: bool) -> None:
        """Try a dynamic command whose text is in the body."""
        self._explain_dynamic(expression, text, using, "dynamic")
        if asked.kind != "select":
            self._shape(into, "")
            return
        rows = literal(f"select * from ({text}\n) pgproof where false")
        if result and self.trial.head:
            self._probe(f"return query execute {rows}{using};\n", expression, "rows")
        self._shape(into, f"execute {rows} into {TARGET}{using};")

    def _alike(self, expression: Text, using: str) -> bool:
        """Try a command of the same form, when what is not known of the text is quoted or a number; whether it is one
        that makes nothing.
        """
        text = likeness(expression.text, self._is_number)
        if text is None:
            return False
        try:
            trees = parse_sql(text)
        except SyntaxProblem as problem:
            if not _parses(text.replace("NULL", "''")):  # an option takes a string, and nothing else
                self._refuse(expression, "42601", problem.message)
            return False
        asked = command(text)
        if len(trees) == 1 and (refusal := refused_command(trees[0], dynamic=True)):
            self._refuse(expression, refusal.sqlstate, refusal.message)
        if asked is None or asked.kind in ("call", "temporary", "utility"):
            return False
        self._explain_dynamic(expression, text, using, "alike")
        return True

    def _explain_dynamic(self, expression: Text, text: str, using: str, how: str) -> None:
        self._probe(f"for {OWN} in execute {literal('explain ' + text)}{using} loop end loop;\n", expression, how)

    def _may_make(self, expression: str, asked: Command | None) -> None:
        """Note what a dynamic command may make or alter: every name in its text."""
        self.trial.made |= asked.touched if asked else _in_strings(expression)

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


def _arguments(called: Text) -> tuple[Text, ...] | None:
    """Return the arguments of `name(a, b)`, `None` when one of them is named."""
    reading = Reading(called.text + ";")
    try:
        reading.until("(")
        found = reading.list_until(")")[0]
    except NotRead:
        return None
    if any(word.word in ("=>", ":=") for one in found for word in tokens(one.text)):
        return None
    return tuple(Text(one.text, called.start + one.start) for one in found)


def _fields(value: Text) -> Text | None:
    """Return what stands in the parentheses of `(a, b)` or `row(a, b)`, `None` for another expression."""
    asked = command("select " + value.text)
    targets = asked.tree.get("SelectStmt", {}).get("targetList", []) if asked else []
    found = _ROW.fullmatch(value.text)
    if len(targets) != 1 or "RowExpr" not in targets[0]["ResTarget"].get("val", {}) or found is None:
        return None
    return Text(found.group("fields"), value.start + found.start("fields"))


def _parses(text: str) -> bool:
    try:
        parse_sql(text)
    except SyntaxProblem:
        return False
    return True
