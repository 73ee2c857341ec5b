"""Whether what a contract names is there: relations, routines, policies, triggers, types."""

from __future__ import annotations

from typing import cast

from pgproof.catalog.object import Object
from pgproof.contract.answer import HOLDS, Answer, State, fails, unknown
from pgproof.contract.canonical import NOTHING, Ask
from pgproof.contract.need import Absence, Policy, Relation, Retired, Routine, RowSecurity, Thing, Trigger
from pgproof.contract.schema import Schema
from pgproof.contract.spelling import result, same_type
from pgproof.contract.wording import path as written
from pgproof.model import ObjectName
from pgproof.model.spelling import did_you_mean

TYPES = ("enum", "composite type", "domain", "range type")
ASKED = unknown("a server is asked")


def judge_relation(need: Relation, schema: Schema) -> Answer:
    """Whether the table or view is there."""
    found = schema.relation(need.path, need.kind)
    return found if isinstance(found, Answer) else HOLDS


def judge_routine(need: Routine, schema: Schema) -> Answer:
    """Whether a function with these arguments and this result is there."""
    found = fitting_routine(need, schema)
    if isinstance(found, Answer) or not need.result:
        return found if isinstance(found, Answer) else HOLDS
    return _result(need, found, schema)


def fitting_routine(need: Routine, schema: Schema) -> Object | Answer:
    """Return the function that a name with its arguments means, or why there is none."""
    missing = ObjectName(need.kind, (*schema.full(need.path), ", ".join(need.arguments or ())))
    is_procedure = need.kind == "procedure"
    candidates = [one for one in schema.routines(need.path) if (one.name.kind == "procedure") == is_procedure]
    if not candidates:
        return fails(missing, f"is not there{schema.similar_routine(need.path)}")
    fitting = [one for one in candidates if need.arguments is None or _takes(one, need.arguments)]
    if fitting:
        return fitting[0]
    found = ", ".join(str(one.name) for one in sorted(candidates, key=lambda one: one.name))
    return fails(missing, f"is not there with these arguments, only {found}")


def _takes(routine: Object, arguments: tuple[str, ...]) -> bool:
    types = [one for one in _split(routine.name.parts[2]) if one]
    return len(types) == len(arguments) and all(
        same_type(_type_of(wanted), found) for wanted, found in zip(arguments, types, strict=True)
    )


def _type_of(argument: str) -> str:
    """Return the type of an argument that may have its name before it."""
    _, _, rest = argument.partition(" ")
    return rest if rest and result(argument) is None and result(rest) is not None else argument


def _split(types: str) -> list[str]:
    """Split argument types at the commas outside of quotes (a list from oidvectortypes has no type modifiers)."""
    found, quoted = [""], False
    for letter in types:
        quoted ^= letter == '"'
        if letter == "," and not quoted:
            found.append("")
        else:
            found[-1] += letter
    return [one.strip() for one in found]


def _result(need: Routine, routine: Object, schema: Schema) -> Answer:
    found = str(routine.attributes.get("result", ""))
    if same_type(need.result, found):
        return HOLDS
    canonical = schema.ask(Ask("result", need.result))
    if canonical is None:
        return ASKED
    if canonical == found:
        return HOLDS
    if canonical == NOTHING:
        return fails(routine.name, f"returns {found}, and {need.result} is no type there")
    return fails(routine.name, f"returns {found}, not {canonical}")


def judge_policy(need: Policy, schema: Schema) -> Answer:
    """Whether such a policy is there and in force."""
    table = schema.relation(need.relation)
    if isinstance(table, Answer):
        return table
    fitting = [one for one in schema.of_table("policy", table) if _policy_fits(need, one)]
    missing = ObjectName("policy", (*table.name.parts, need.name)) if need.name else table.name
    if not fitting:
        named = [one.name.parts[2] for one in schema.of_table("policy", table)]
        there = f" (its policies: {', '.join(sorted(named))})" if named else " (it has no policy)"
        return fails(missing, f"is not there{did_you_mean(need.name, named) if need.name else ''}{there}")
    if not table.attributes.get("row security"):
        return fails(table.name, "has no effect: row-level security is off for the table")
    return HOLDS


def _policy_fits(need: Policy, policy: Object) -> bool:
    roles = cast("list[str]", policy.attributes["roles"] or [])
    return (
        need.name in ("", policy.name.parts[2])
        and (need.command == "" or policy.attributes["command"] in (need.command, "all"))
        and (need.role == "" or need.role in roles or "public" in roles)
    )


def judge_row_security(need: RowSecurity, schema: Schema) -> Answer:
    """Whether row-level security is on."""
    table = schema.relation(need.relation, "table")
    if isinstance(table, Answer):
        return table
    return HOLDS if table.attributes.get("row security") else fails(table.name, "has row-level security switched off")


def judge_trigger(need: Trigger, schema: Schema) -> Answer:
    """Whether the trigger is there and fires."""
    table = schema.relation(need.relation)
    if isinstance(table, Answer):
        return table
    fitting = [one for one in schema.of_table("trigger", table) if need.name in ("", one.name.parts[2])]
    if not fitting:
        named = [one.name.parts[2] for one in schema.of_table("trigger", table)]
        hint = did_you_mean(need.name, named) if need.name else ""
        return fails(
            ObjectName("trigger", (*table.name.parts, need.name)) if need.name else table.name, f"is not there{hint}"
        )
    if all(one.attributes["state"] == "disabled" for one in fitting):
        return fails(fitting[0].name, "is disabled")
    return HOLDS


def judge_thing(need: Thing, schema: Schema) -> Answer:
    """Whether a schema, extension, sequence or type is there; an enum with all these values."""
    path = need.path if need.kind in ("schema", "extension") else schema.full(need.path)
    kinds = TYPES if need.kind == "type" else (need.kind,)
    found = next((one for kind in kinds if (one := schema.get(kind, *path))), None)
    if found is None:
        found = next(
            (o for n, o in schema.catalog.objects.items() if n.kind in kinds and n.parts[-1:] == need.path), None
        )
    if found is None:
        missing = ObjectName(kinds[0] if need.kind == "type" else need.kind, path)
        known = [name.parts[-1] for name in schema.catalog.objects if name.kind in kinds]
        return fails(missing, f"is not there{did_you_mean(path[-1], known)}")
    values = cast("list[str]", found.attributes.get("labels") or [])
    lacking = [value for value in need.values if value not in values]
    if lacking:
        return fails(found.name, f"has no value {', '.join(map(repr, lacking))}, only {', '.join(map(repr, values))}")
    return HOLDS


def judge_absence(need: Absence, schema: Schema) -> Answer:
    """Whether the thing is not there."""
    of = need.of
    if isinstance(of, Relation):
        found = schema.relation(of.path, of.kind)
    elif isinstance(of, Routine):
        fitting = [o for o in schema.routines(of.path) if of.arguments is None or _takes(o, of.arguments)]
        return fails(fitting[0].name, "is there") if fitting else HOLDS
    else:
        found = schema.column(of.relation, of.name)
    if isinstance(found, Object):
        return fails(found.name, "is there")
    return found if found.state is State.UNKNOWN else HOLDS


def judge_retired(need: Retired, schema: Schema) -> Answer:
    """Whether what took the old name's place is there; who still uses the old one is the code's matter."""
    if need.column:
        found = schema.column(need.now, need.now_column)
        new = written((*need.now, need.now_column))
    else:
        found, new = schema.relation(need.now), written(need.now)
    if isinstance(found, Answer):
        return Answer(found.state, f"is now {new}, which {found.problem}", found.cause)
    return unknown("nothing has looked for the old name in the code", found.name)
