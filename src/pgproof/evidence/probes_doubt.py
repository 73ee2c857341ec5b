"""Whether a refusal proves a defect of the schema, and whose it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pgproof.evidence.missing import MissingBase
from pgproof.migrations.lacking import Lacking, lacking
from pgproof.migrations.observation import Replay
from pgproof.model import Location, ObjectName
from pgproof.model.name import ROUTINES
from pgproof.platforms.members import extensions_with
from pgproof.probes.refusal import Refusal

IN_A_ROUTINE = re.compile(
    r"""^(?:PL/pgSQL|SQL)\ function\ (?P<name>(?:"(?:[^"\n]|"")*"|[^\s("\n])+)(?P<arguments>\([^\n]*\))?(?:\ line\ \d+)?
    (?P<at>.*)$""",
    re.MULTILINE | re.VERBOSE,
)
"""A line of context: `PL/pgSQL function app.f(integer) line 3 at RETURN`, `SQL function "f" during inlining`."""
_WORD = re.compile(r'"((?:[^"]|"")+)"|([A-Za-z_][\w$]*)')
_WRONG = frozenset(
    {
        "42P01",  # undefined_table
        "42703",  # undefined_column
        "42702",  # ambiguous_column
        "42883",  # undefined_function
        "42725",  # ambiguous_function
        "42804",  # datatype_mismatch
        "42P10",  # invalid_column_reference: ON CONFLICT without an index
        "42P17",  # invalid_object_definition: infinite recursion
        "42809",  # wrong_object_type
        "42803",  # grouping_error
        "42846",  # cannot_coerce
        "42704",  # undefined_object
        "42712",  # duplicate_alias
        "42P08",  # ambiguous_parameter
        "42P18",  # indeterminate_datatype
        "42P22",  # indeterminate_collation
        "42611",  # invalid_column_definition
    }
)
"""States of class 42 that no argument and no row excuses (manual, appendix A)."""
_SYNTAX = "42601"
_SEARCHED = ("public", "extensions", "pg_catalog")
_KINDS = {
    "relation": ("table", "view", "materialized view", "foreign table", "sequence"),
    "function": ROUTINES,
    "type": ("enum", "composite type", "domain", "range type", "table"),
}
"""The kinds of objects that a message's word may mean."""
_OF_A_ROW = re.compile(r'record "(?:new|old)" ')
"""How a trigger function's error speaks of a row of the table."""
_DYNAMIC = ("at EXECUTE", "at FOR over EXECUTE", "at RETURN QUERY EXECUTE", "at OPEN")
_EXECUTES = re.compile(r"\b(?:return\s+query|for|open\s+\w+\s+for)\s+execute\b|\bfor\b[^;]*\bin\s+execute\b", re.I)


@dataclass(frozen=True, slots=True)
class Doubts:
    """What the replay could not make, so that a name that is not there proves nothing.

    `told` are functions and states that are findings already, by a look at the bodies; `untold` those, with what the
    server said, that could not be judged there.
    """

    replay: Replay
    base: MissingBase
    told: frozenset[tuple[ObjectName, str]] = frozenset()
    untold: frozenset[tuple[ObjectName, str]] = frozenset()

    def about(self, refusal: Refusal, table: str = "") -> str:
        """Return why a refusal is no proof that the schema is wrong, or `""`; `table` is what was written or read."""
        if refusal.sqlstate == _SYNTAX and "compilation of PL/pgSQL" not in refusal.context:
            return "the text may come from an argument"
        if refusal.sqlstate not in _WRONG and refusal.sqlstate != _SYNTAX:
            return "the statement was refused by design"
        if _raised(refusal):
            return "the function raises this itself"
        if "configuration parameter" in refusal.message:
            return "it needs a setting that only the application's session has"
        culprit = self.culprit(refusal)
        if self.of_a_body(refusal):
            return "the function's body is a finding of its own"
        if culprit is not None and (culprit, refusal.message) in self.untold:
            return "the function's body could not be judged there"
        if self._is_dynamic(refusal):
            return "the text of the statement is made while the function runs"
        return self._not_made(refusal, table)

    def of_a_body(self, refusal: Refusal) -> ObjectName | None:
        """Return the function that a refusal came from, when its body is a finding already for the same state."""
        culprit = self.culprit(refusal)
        return culprit if culprit is not None and (culprit, refusal.sqlstate) in self.told else None

    def _not_made(self, refusal: Refusal, table: str) -> str:
        """Return why what is missing may well be there where the project runs."""
        if any(not observation.text for observation in self.replay.observations):
            return "migrations that are programs were not run"
        missing = lacking(refusal.sqlstate, refusal.message)
        if missing is not None:
            if self.base.holds(missing) or (self.base and missing.kind != "column"):
                return "the migrations build on what none of them makes"
            schemas = {name.schema for name in self.replay.catalog.objects} | {"pg_catalog", "information_schema"}
            if missing.schema and (missing.schema not in schemas or f"schema {missing.schema}" in self.replay.assumed):
                return "its schema is made by something else than the migrations"
            created = {thing.name.parts[0] for thing in self.replay.catalog.of("extension")}
            real = created.difference(self.replay.standins)
            if set(extensions_with(missing.kind, missing.schema, missing.name)) - real:
                return "an extension makes it that was a stand-in, or none, here"
            if self._is_elsewhere(missing, self.culprit(refusal)):
                return "it depends on the search path of the session"
        if not self._known(refusal, table if _OF_A_ROW.match(refusal.message) else ""):
            return "a statement that failed, or was not run, mentions it"
        return ""

    def _is_elsewhere(self, missing: Lacking, culprit: ObjectName | None) -> bool:
        """Whether a schema has it that nobody searches unasked, and the function leaves the path to its caller."""
        kinds = _KINDS.get(missing.kind, ())
        if missing.schema or not kinds or culprit is None:
            return False
        if "search_path" in str(self.replay.catalog.objects[culprit].attributes["settings"]):
            return False
        return any(
            name.kind in kinds and name.parts[1] == missing.name and name.parts[0] not in _SEARCHED
            for name in self.replay.catalog.objects
            if len(name.parts) > 1
        )

    def _known(self, refusal: Refusal, table: str) -> bool:
        """Whether no failed statement mentions the table, and what the refusal and its functions are about."""
        unknown = {name for _, name in self.replay.unknown}
        said = set(_words(refusal.message))
        said |= {part for quoted in list(said) for part in quoted.split(".")}
        said |= {found["name"].rpartition(".")[2].strip('"') for found in IN_A_ROUTINE.finditer(refusal.context)}
        said |= set(filter(None, (table, refusal.table[1])))
        culprit = self.culprit(refusal)
        if culprit is not None:
            body = str(self.replay.catalog.objects[culprit].attributes["body"] or "")
            said |= self._relations.intersection(re.findall(r"[\w$]+", body))
        return unknown.isdisjoint(said)

    @property
    def _relations(self) -> frozenset[str]:
        kinds = ("table", "view", "materialized view", "foreign table")
        return frozenset(name.parts[1] for name in self.replay.catalog.objects if name.kind in kinds)

    def _is_dynamic(self, refusal: Refusal) -> bool:
        for found in IN_A_ROUTINE.finditer(refusal.context):
            at = found["at"]
            if any(mark in at for mark in _DYNAMIC):
                return True
            if "at RETURN QUERY" in at or "at FOR over" in at:
                routine = self.routine(refusal, found["name"], found["arguments"] or "")
                if routine is None or _EXECUTES.search(str(self.replay.catalog.objects[routine].attributes["body"])):
                    return True
        return False

    def culprit(self, refusal: Refusal) -> ObjectName | None:
        """Return the innermost function of the project that the refusal came from."""
        for found in IN_A_ROUTINE.finditer(refusal.context):
            name = self.routine(refusal, found["name"], found["arguments"] or "")
            if name is not None:
                return name
        return None

    def routine(self, refusal: Refusal, name: str, arguments: str) -> ObjectName | None:
        """Return the routine that a line of context names: its schema is left out there when the path finds it."""
        parts = _words(name)
        found = [
            one
            for one in self.replay.catalog.objects
            if one.kind in ROUTINES and one.parts[1] == parts[-1] and (len(parts) < 2 or one.parts[0] == parts[0])
        ]
        if len(found) > 1 and arguments:
            types = arguments.strip("()")
            found = [one for one in found if one.parts[2].replace(", ", ",").replace("public.", "") == types] or found
        return found[0] if len(found) == 1 else None

    def origin(self, name: ObjectName) -> Location | None:
        """Return the place of the statement that made the object what it is: its own, or its table's."""
        place = self.replay.origins.get(name)
        return place or (self.replay.origins.get(ObjectName("table", name.parts[:2])) if len(name.parts) > 2 else None)


def _words(text: str) -> list[str]:
    """Return the words and the quoted names in a text, these without their quotes."""
    return [quoted.replace('""', '"') or plain for quoted, plain in _WORD.findall(text)]


def _raised(refusal: Refusal) -> bool:
    """Whether a RAISE raised it: then its first line of context says so."""
    return refusal.context.split("\n", 1)[0].endswith("at RAISE")
