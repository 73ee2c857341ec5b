"""From what the server said of the probes to defects: what may have another reason than the body is not judged."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from pgproof.model.spelling import slip
from pgproof.probes.bodies.conditions import catches
from pgproof.probes.bodies.conversion import never_converts
from pgproof.probes.bodies.dynamic import UNKNOWN
from pgproof.probes.bodies.lacks import Lacks, lacks
from pgproof.probes.bodies.proved import Defect, Untold
from pgproof.probes.bodies.routine import Routine
from pgproof.probes.bodies.run import Place, Said
from pgproof.probes.bodies.surroundings import ANYTHING, KEYS, Surroundings, relations_in
from pgproof.probes.bodies.tree import folded
from pgproof.probes.bodies.trial import CONCRETE, OWN, Probe, Trial
from pgproof.probes.bodies.writer import is_constant

_NOT_ITS_OWN = ("42501", "25", "53", "54", "55P03", "57", "58", "P0", "XX", "F0", "40", "08", "3D")
"""Errors and classes that say nothing of the body: rights, limits, what a function raises when the planner folds it."""
_OF_VALUES = ("22", "23")
_OF_THE_TABLE = ("42701", "42P16", "42P22", "42P07")
"""What the trial's own temporary tables may be refused for."""
_NEEDS_TYPES = ("42804", "42846", "42883", "42725", "42P18", "42P13", "types")
_WHATEVER_COLUMNS = ("42702", "42601")
"""Errors that other columns would not mend."""
_NO_FIELD = re.compile(r'record "(?P<record>.+)" has no field "(?P<field>.+)"', re.DOTALL)
_NOT_ASSIGNED = re.compile(r'record "(?P<record>.+)" is not assigned yet', re.DOTALL)
_SETTING = re.compile(r'unrecognized configuration parameter ".+\..+"', re.DOTALL)
"""A custom setting (manual, 20.16), which a session or another function may make."""
_UNREGISTERED = "record type has not been registered"
_CALLS = ("call", "call in doubt")
_RETURNED = "returned record type does not match expected record type"
_OF_A_ROW = re.compile(r"\b(?:new|old)\b", re.IGNORECASE)
_NEVER_NULL = re.compile(r"[\w.]+\(\)|current_\w+", re.IGNORECASE)
_SHOWN = 70


def judge_probe(trial: Trial, said: Said, place: Place | None, around: Surroundings) -> Defect | Untold | None:
    """Judge what one probe said; `place` is what the server said when it was tried alone."""
    probe = trial.probes[said.number]
    if said.sqlstate == "types":
        return _types(trial, probe, said.message)
    if said.sqlstate in _OF_THE_TABLE and probe.how in ("table", "made"):
        return None
    if said.sqlstate.startswith(_NOT_ITS_OWN) and probe.how != "refused":
        return None
    if said.sqlstate == "42809" and probe.how in _CALLS and "is not a procedure" not in said.message:
        return None
    if probe.how == "alike" and not _whatever_values(said):
        return None
    if said.message == _UNREGISTERED:  # `new.*` of a table with a domain that refuses the trial's empty row
        return Untold("the type of a row is not known here", probe.text.start)
    if _SETTING.fullmatch(said.message):
        return Untold("a setting is the session's", probe.text.start)
    if place is None or f"{OWN}_" in said.message:
        return None
    offset = _offset(probe, place)
    by_chance = said.sqlstate.startswith(_OF_VALUES) and place.position < 0
    if offset is None or (by_chance and probe.how not in ("constant", "refused")):
        return None
    reason = _why_not(trial, probe, said, around)
    if reason:
        return Untold(reason, offset, said.message)
    message = _RETURNED if probe.how == "returned" and said.sqlstate == "42804" else said.message
    if probe.how in _CALLS and message.startswith("function "):  # it was looked up as one
        message = "procedure " + message.removeprefix("function ")
    made = _defect(trial, probe, said.sqlstate, message, offset, place.detail)
    return replace(made, foreign=_foreign(said, around))


def judge_whole(routine: Routine, said: Said, place: Place | None, around: Surroundings) -> Defect | Untold | None:
    """Judge what a language's validator said of a body."""
    if said.sqlstate.startswith(_NOT_ITS_OWN):
        return None
    offset = _offset_in(routine.body, place) if place else -1
    names = relations_in(routine.body) if routine.language == "sql" else frozenset()
    reason = _missing_reason(routine, said, names, around)
    if reason:
        return Untold(reason, offset, said.message)
    detail = place.detail if place else ""
    found, foreign = tuple(sorted(names)), _foreign(said, around)
    return Defect(said.sqlstate, said.message, offset, certain=True, detail=detail, relations=found, foreign=foreign)


def _whatever_values(said: Said) -> bool:
    """Whether an error of a dynamic command does not depend on what stood for unknown values and names."""
    if UNKNOWN in said.message or said.message.startswith("missing FROM-clause"):
        return False
    return said.sqlstate in ("42P01", "42703", "3F000", "42P02")


def _foreign(said: Said, around: Surroundings) -> str:
    """Return the schema that nothing makes, if that is what is missing and no slip of the pen, or `""`."""
    missing = lacks(said.sqlstate, said.message)
    if missing is None or not missing.schema or ("schema", missing.schema) in around.schemas:
        return ""
    known = (name for kind, name in around.schemas if kind == "schema")
    return "" if slip(missing.schema, known) else missing.schema


def _offset_in(body: str, place: Place) -> int:
    """Return where in a whole body an error lies, -1 when it is not said. Line ends count as one character."""
    position = place.position - place.query.count("\r\n", 0, max(place.position, 0))
    found = place.query.replace("\r\n", "\n").find(body)
    return position - found if found >= 0 and place.position >= 0 else -1


def _why_not(trial: Trial, probe: Probe, said: Said, around: Surroundings) -> str:
    """Return why it cannot be judged, or `""`."""
    routine = trial.routine
    if catches(probe.caught, said.sqlstate):
        return "its own exception handler expects the error"
    if probe.guarded and lacks(said.sqlstate, said.message):
        return "it is reached only after a look into the catalog"
    if said.sqlstate in _NEEDS_TYPES and any(argument.type in CONCRETE for argument in routine.arguments):
        return "an argument may be of any type"
    unassigned = _NOT_ASSIGNED.fullmatch(said.message)
    of_a_row = _OF_A_ROW.search(unassigned["record"] if unassigned else probe.text.text)  # `case new.a when 1 then …`
    if routine.result == "trigger" and not trial.firing and of_a_row:
        return "no trigger uses the function"
    if unassigned:
        return _unassigned(trial, probe, unassigned["record"])
    if no_field := _NO_FIELD.fullmatch(said.message):
        return _no_field(trial, probe, no_field["record"], no_field["field"], around)
    if (
        probe.how == "call in doubt"
        and said.sqlstate == "42883"
        and (lacking := lacks(said.sqlstate, said.message))
        and lacking.name in around.with_outputs
    ):
        return "a procedure with OUT arguments"
    if probe.how in ("rows", "returned") and not probe.records.get(folded(probe.text.text), True):
        return f"{probe.text.text} may have other columns on another way"
    if trial.moves_search_path and lacks(said.sqlstate, said.message):
        return "it sets the search path itself"
    text, made = probe.text.text, () if probe.how == "relation" else trial.made
    return _missing_reason(routine, said, relations_in(text), around, made, trial.temporary)


def _no_field(trial: Trial, probe: Probe, record: str, field: str, around: Surroundings) -> str:
    if not probe.records.get(record, True):
        return f"{record} may have other columns on another way"
    table = trial.firing.table.rpartition(".")[2].strip('"') if trial.firing and record in ("new", "old") else ""
    if table in around.unaltered and _would({field.lower()}, around.unaltered[table]):
        return f"{table}: a statement that failed would have made or altered it"
    return ""


def _unassigned(trial: Trial, probe: Probe, record: str) -> str:
    if record in ("new", "old") and trial.firing:
        return ""
    later = record in trial.assigned and probe.looped
    return f"the columns of {record} are not known here" if later or record in probe.records else ""


def _missing_reason(
    routine: Routine,
    said: Said,
    relations: Iterable[str],
    around: Surroundings,
    made: Collection[str] = (),
    known: Collection[str] = (),
) -> str:
    """Return why what is missing, or wrong with what is there, may be another's doing.

    `made` are names that the body makes or alters, `known` its temporary tables, which the trial made as well.
    """
    missing = lacks(said.sqlstate, said.message)
    about = {missing.name} if missing and missing.kind in ("relation", "function", "type", "schema") else set(relations)
    if here := about.intersection(made):
        return f"{min(here)}: the body itself makes or alters it"
    if here := about.intersection(around.makes).difference(known):
        return f"{min(here)}: some function makes a table of this name"
    mendable = said.sqlstate not in _WHATEVER_COLUMNS and not said.message.startswith("missing FROM-clause")
    if mendable and (here := _undone(about, missing, said.sqlstate, around)):
        return f"{min(here)}: a statement that failed would have made or altered it"
    if missing and around.base_is_missing and missing.kind not in ("column", "operator"):
        return "what the migrations build on is not known"
    return _elsewhere(routine, missing, around) if missing else ""


def _undone(about: Collection[str], missing: Lacks | None, sqlstate: str, around: Surroundings) -> set[str]:
    """Return those of the names that failed statements would have made, or altered in a way that may matter.

    A column is missing from a relation that is there: only statements that name it would have made it.
    """
    column = missing is not None and missing.kind == "column"
    here = {name for name in about if name in around.unmade and not (column and ("relation", name) in around.schemas)}
    if missing and missing.name in about:
        return here
    wanted = {missing.name.lower()} if missing and column else KEYS if sqlstate == "42P10" else set()
    return here | {n for n in about if n in around.unaltered and _would(wanted, around.unaltered[n])}


def _would(wanted: Collection[str], words: Collection[str]) -> bool:
    if not wanted:  # whatever changes the columns may matter
        return not KEYS.issuperset(words)
    return ANYTHING in words or any(word in words for word in wanted)


def _elsewhere(routine: Routine, missing: Lacks, around: Surroundings) -> str:
    if missing.schema in around.lent:
        return f"what is in schema {missing.schema} is known only in part"
    if missing.schema and ("schema", missing.schema) not in around.schemas:
        return ""
    schemas = around.schemas.get((missing.kind, missing.name), ())
    if not missing.schema and "search_path" not in routine.settings and set(schemas) - {"public", "extensions"}:
        return "it depends on the search path of the session"
    # beside a function of the same name, the extension may have one that takes these arguments
    if around.is_lent(missing.kind, missing.name) or (not schemas and around.is_member(missing.kind, missing.name)):
        return f"{missing.name} may come with an extension"
    if missing.schema in ("", "pg_catalog") and missing.name in around.other_versions:
        return f"a newer PostgreSQL has {missing.name}"
    if any(schema in around.lent for schema in schemas) and missing.kind == "function" and missing.schema:
        return f"{missing.name} is a stand-in"
    return ""


def _types(trial: Trial, probe: Probe, message: str) -> Defect | Untold | None:
    """Judge two types that were compared; `message` is what `pgproof_typed` says."""
    kinds, source, target = message.split("\n")
    here, kind, _, wanted = kinds.split(" ")
    if probe.how == "foreach":
        wrong = "" if here == "A" else f"FOREACH expression must yield an array, not type {source}"
        sqlstate = "42804"
    else:
        sqlstate, wrong = never_converts(here, kind, source, wanted, target)
    if probe.how == "return" and (wanted == "c" or target == "record") and is_constant(probe.text.text):
        sqlstate, wrong = "42804", "cannot return non-composite value from function returning composite type"
    if not wrong:
        return None
    if any(argument.type in CONCRETE for argument in trial.routine.arguments):
        return Untold("an argument may be of any type", probe.text.start)
    if sqlstate.startswith(_OF_VALUES) and not _NEVER_NULL.fullmatch(probe.text.text):
        probe = replace(probe, certain=False)  # NULL becomes a value of any type
    return _defect(trial, probe, sqlstate, wrong, probe.text.start)


def _defect(trial: Trial, probe: Probe, sqlstate: str, message: str, offset: int, detail: str = "") -> Defect:
    tried = " ".join(probe.text.text.split())
    return Defect(
        sqlstate,
        message,
        offset,
        probe.certain,
        "others" in probe.caught,
        detail,
        trial.firing.table if trial.firing else "",
        tried[:_SHOWN] + " …" * (len(tried) > _SHOWN),
        tuple(sorted(relations_in(probe.text.text))),
    )


def _offset(probe: Probe, place: Place) -> int | None:
    """Return where in the body an error lies, `None` when it lies in a function that the probe's text calls."""
    text = probe.text
    if place.position < 0:
        return text.start
    if probe.how in ("dynamic", "alike"):
        within = place.position - len("explain ")
        plain = text.text.startswith("'") and "'" not in text.text[1 : within + 1]
        return (
            text.start + 1 + within
            if plain and place.query.lower().startswith("explain ") and within >= 0
            else text.start
        )
    if probe.how in ("relation", "target", "constant", "made", "refused", "case"):
        return text.start
    found = place.query.find(text.text)
    if found < 0:
        return None
    within = place.position - found
    return text.start + within if 0 <= within <= len(text.text) else None
