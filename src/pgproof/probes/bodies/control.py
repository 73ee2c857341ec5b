"""What control structures can only fail with: bounds, slices, RAISE, the end of a transaction."""

from __future__ import annotations

import re

from pgproof.probes.bodies.commands import Commands
from pgproof.probes.bodies.lexer import tokens
from pgproof.probes.bodies.tree import Foreach, ForInteger, Other, Raise, Text
from pgproof.probes.bodies.writer import is_constant, raised

_NAME = re.compile(r"'(?![0-9A-Z]{5}')[^']*'")
"""A string that is no SQLSTATE: PL/pgSQL takes it as the name of a condition."""


class Control(Commands):
    """Writes the probes of what is neither SQL nor an expression."""

    _protected = 0
    """How many blocks with handlers are around."""
    _handling = 0
    """How many handlers are around."""

    def _bounds(self, loop: ForInteger) -> None:
        for bound in loop.bounds:
            if bound.text.lower() == "null":
                self._refuse(bound, "22004", "a bound of a FOR loop cannot be null")
            elif is_constant(bound.text):
                self._probe(f"perform ({bound.text}\n)::integer;\n", bound, "constant")
            else:
                self._typed(bound, "'integer'::regtype", "expression")
        if len(loop.bounds) > 2 and _not_positive(loop.bounds[2].text):
            self._refuse(loop.bounds[2], "22023", "BY value of FOR loop must be greater than zero")

    def _raise(self, statement: Raise) -> None:
        for expression in statement.expressions:
            self._expression(expression)
        names = [name for name, _ in statement.options]
        at = Text("raise", statement.start)
        twice = next((name for name in names if names.count(name) > 1), "")
        if twice:
            self._refuse(at, "42601", f"RAISE option already specified: {twice.upper()}")
        elif statement.again and not self._handling:
            self._outside_handler("RAISE without parameters", statement.start)
        code = next((value for name, value in statement.options if name == "errcode"), None)
        if code and _NAME.fullmatch(code.text):
            self._probe(f"raise debug using errcode = {code.text}, message = '';\n", code, "refused")
        if statement.ends:
            self._certain = False

    def _end(self, statement: Other) -> None:
        """Judge COMMIT and ROLLBACK (manual, section 43.8)."""
        routine, word = self.trial.routine, Text(statement.word, statement.start)
        verb = statement.word.upper()
        if routine.name.kind == "function":
            self._refuse(word, "2D000", f"invalid transaction termination: {verb} in a function")
        elif self._protected:
            cannot = "commit" if statement.word == "commit" else "roll back"
            self._refuse(word, "2D000", f"cannot {cannot} while a subtransaction is active")
        elif routine.settings or routine.security_definer:
            why = "SECURITY DEFINER" if routine.security_definer else "SET"
            self._refuse(word, "2D000", f"invalid transaction termination: {verb} in a procedure with {why}")

    def _outside_handler(self, what: str, start: int) -> None:
        self._refuse(Text(what.lower(), start), "0Z002", f"{what} cannot be used outside an exception handler")

    def _sliced(self, loop: Foreach) -> None:
        """Compare the variable of a FOREACH with its SLICE: an array takes slices, anything else elements."""
        target = loop.targets[0]
        is_array = f"pg_temp.pgproof_is_array(pg_typeof({target.text}))"
        if loop.sliced:
            wrong, message = f"not {is_array}", "FOREACH ... SLICE loop variable must be of an array type"
        else:
            wrong, message = is_array, "FOREACH loop variable must not be of an array type"
        self._probe(f"if {wrong} then {raised('42804', message)} end if;\n", Text(target.text, target.start), "refused")


def _not_positive(text: str) -> bool:
    words = [word.word for word in tokens(text)]
    return words == ["0"] or (len(words) == 2 and words[0] == "-" and words[1].isdigit())
