"""One call of a function: PostgREST finds it by its name and the names of the arguments (its "Functions as RPC")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pgproof.catalog.names import parts_of
from pgproof.code.match.mismatch import Kind, Mismatch, Unsure
from pgproof.code.match.relation import Column, Parameter, Relation, Routine
from pgproof.code.match.schema import Answer, Schema
from pgproof.code.match.tables import DEFAULT_SCHEMA, match_row, of_values
from pgproof.code.match.values import impossible_parameter
from pgproof.code.usage import Call
from pgproof.model import ObjectName

_NO_FUNCTION, _AMBIGUOUS = "PGRST202", "PGRST203"
_WHOLE_BODY = ("json", "jsonb", "text", "xml", "bytea")
"""A function with one parameter of these types and no name for it gets the request's body."""


def match_call(schema: Schema, call: Call) -> Iterator[Mismatch | Unsure]:
    """Yield where a call and the schema disagree, and where nobody can know."""
    if call.schema is None:
        return
    of = call.schema or DEFAULT_SCHEMA
    name = ObjectName("function", (of, call.name, ""))
    found = schema.routines(of, call.name)
    if found is Answer.UNKNOWN:
        yield Unsure(name, call.location)
    elif found is Answer.MISSING:
        near = tuple(sorted(schema.names(of, "function")))
        yield Mismatch(Kind.FUNCTION, name, call.location, call, _NO_FUNCTION, near=near)
    elif isinstance(found, tuple):
        yield from _arguments(schema, name, found, call)


def _arguments(
    schema: Schema, name: ObjectName, routines: Sequence[Routine], call: Call
) -> Iterator[Mismatch | Unsure]:
    given = {argument.name for argument in call.arguments}
    sure = {argument.name for argument in call.arguments if not argument.optional}
    fitting = [one for one in routines if _takes(one, given, given, whole=call.whole)]
    if not fitting and any(map(_takes_body, routines)):
        return
    left_out = not fitting and any(_takes(one, sure, given, whole=call.whole) for one in routines)
    if left_out or schema.doubts.about_shape(*name.parts[:2]):
        yield Unsure(name, call.location)
        return
    if not fitting:
        yield _refused(name, routines, given, call)
    elif len(fitting) > 1 and call.whole and not any(map(_takes_body, fitting)):
        listed = ", ".join(sorted(given))
        reason = f"{len(fitting)} functions take ({listed}), and PostgREST does not choose: {_signatures(fitting)}"
        yield Mismatch(Kind.ARGUMENTS, name, call.location, call, _AMBIGUOUS, f"ambiguous ({listed})", reason)
    elif len(fitting) == 1:
        yield from _values(schema, fitting[0], call)
        if row := _row(schema, fitting[0]):
            yield from match_row(schema, row, call)


def _takes(routine: Routine, sure: set[str], given: set[str], *, whole: bool) -> bool:
    """Whether a function takes the arguments that are surely given, and needs none that are not given at all."""
    if any(not parameter.name for parameter in routine.parameters):
        return False
    required = {parameter.name for parameter in routine.parameters if not parameter.optional}
    known = {parameter.name for parameter in routine.parameters}
    return sure <= known and (required <= given or not whole)


def _takes_body(routine: Routine) -> bool:
    match routine.parameters:
        case (one,):
            return not one.name and one.type in _WHOLE_BODY
    return False


def _refused(name: ObjectName, routines: Sequence[Routine], given: set[str], call: Call) -> Mismatch:
    takes = _signatures(routines)
    closest = min(routines, key=lambda one: len({p.name for p in one.parameters} ^ given))
    known = {parameter.name for parameter in closest.parameters}
    required = {parameter.name for parameter in closest.parameters if not parameter.optional}
    wrong, lacking = sorted(given - known), sorted(required - given) if call.whole else []
    parts = [f"it has no parameter {', '.join(wrong)}"] if wrong else []
    parts += [f"{', '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} not given"] if lacking else []
    reason = f"{' and '.join(parts) or 'its parameters have no names'}; there is {takes}"
    detail = f"({', '.join(sorted(given))})"
    places = [argument.location for argument in call.arguments if argument.name in wrong]
    near = tuple(sorted(known - given)) if wrong else ()
    return Mismatch(Kind.ARGUMENTS, name, (places or [call.location])[0], call, _NO_FUNCTION, detail, reason, near)


def _signatures(routines: Iterable[Routine]) -> str:
    return " and ".join(
        sorted(f"{one.name.parts[1]}({', '.join(map(_parameter, one.parameters))})" for one in routines)
    )


def _parameter(parameter: Parameter) -> str:
    return f"{parameter.name} {parameter.type}".strip() + (" = …" if parameter.optional else "")


def _values(schema: Schema, routine: Routine, call: Call) -> Iterator[Mismatch]:
    types = {parameter.name: parameter.type for parameter in routine.parameters}
    for argument in call.arguments:
        kind = types.get(argument.name, "")
        found = [(one.text, why) for one in argument.values if (why := impossible_parameter(schema, kind, one))]
        if found:
            yield of_values(routine.name, argument.location, call, found, f"{argument.name}: ")


def _row(schema: Schema, routine: Routine) -> Relation | None:
    """Return what a function's rows look like, `None` when that is not known or when they have no columns."""
    result = routine.result.removeprefix("SETOF ")
    if result.startswith("TABLE("):
        return _columns(routine, _split(result[len("TABLE(") : -1]))
    if len(parts := parts_of(result)) == 2:
        found = schema.relation(parts[0], parts[1])
        return found if isinstance(found, Relation) else None
    return _columns(routine, routine.out) if len(routine.out) > 1 else None


def _columns(routine: Routine, names: Iterable[str]) -> Relation:
    name = ObjectName("function", routine.name.parts)
    return Relation(name, {one: Column(one, "") for one in names})


def _split(listed: str) -> Iterator[str]:
    """Yield the names of the columns in `a integer, "b c" numeric(10,2)`."""
    depth, start = 0, 0
    quoted = False
    for place, character in enumerate(listed + ","):
        quoted ^= character == '"'
        depth += (character == "(") - (character == ")") if not quoted else 0
        if character == "," and not depth and not quoted:
            column = listed[start:place].strip()
            yield parts_of(column)[0] if column.startswith('"') else column.partition(" ")[0]
            start = place + 1
