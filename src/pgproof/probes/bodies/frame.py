"""What is around the statements of a trial: arguments, the rows of a trigger, declarations."""

from __future__ import annotations

from pgproof.probes.bodies.control import Control
from pgproof.probes.bodies.tree import Target, Text, Variable
from pgproof.probes.bodies.trial import OWN
from pgproof.probes.bodies.writer import RECORDS, concrete
from pgproof.sql.quote import identifier

_TRIGGER_VARIABLES = """
tg_name name; tg_when text; tg_level text; tg_op text; tg_relid oid; tg_relname name; tg_table_name name;
tg_table_schema name; tg_nargs integer; tg_argv text[];
"""
_EVENT_VARIABLES = "tg_event text; tg_tag text;"


class Frame(Control):
    """Writes the declarations of a trial."""

    def _begin(self, options: str) -> None:
        """Write everything up to the first statement: the routine's own arguments, and what a trigger is given."""
        trial, routine = self.trial, self.trial.routine
        rows = routine.returns_set or (routine.composite and not routine.outputs)
        by_result = rows and (bool(routine.outputs) or routine.result != "record")
        if by_result:
            trial.head = self._head()
        self._write(options, f"<<{identifier(routine.name.parts[1])}>>\ndeclare {OWN} record;\n")
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
        if kind in RECORDS:  # its columns are the caller's
            self.trial.assigned.update((f"${number}", name))
            self._shaped.update({f"${number}": None, name: None})
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


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
