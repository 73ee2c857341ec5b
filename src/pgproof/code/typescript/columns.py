"""What the methods of a query name: columns, embedded relations, the rows that are written."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.code.postgrest import (
    HOLE,
    PostgrestSyntaxError,
    parse_logic,
    parse_names,
    parse_operator,
    parse_order,
    parse_path,
    parse_select,
)
from pgproof.code.postgrest.uses import alternatives, compared, ordered, selected, values_of
from pgproof.code.typescript.chain import Branch, Step
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.collected import Collected, named, option, referenced, refused
from pgproof.code.typescript.joined import joined
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.literal import literals
from pgproof.code.typescript.shape import shape_of
from pgproof.code.typescript.text import Text, texts
from pgproof.code.usage import Action, Clause, ColumnUse, Literal, Malformed, Unread

_COMPARISONS = {
    **{name: name for name in ("eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike", "is", "in")},
    **dict.fromkeys(("likeAllOf", "likeAnyOf"), "like"),
    **dict.fromkeys(("ilikeAllOf", "ilikeAnyOf"), "ilike"),
    "regexMatch": "match",
    "regexIMatch": "imatch",
    "isDistinct": "isdistinct",
    "notIn": "not.in",
    "contains": "cs",
    "containedBy": "cd",
    "rangeGt": "sr",
    "rangeGte": "nxl",
    "rangeLt": "sl",
    "rangeLte": "nxr",
    "rangeAdjacent": "adj",
    "overlaps": "ov",
    "textSearch": "fts",
    "cs": "cs",
    "cd": "cd",
    "sl": "sl",
    "sr": "sr",
    "nxl": "nxl",
    "nxr": "nxr",
    "adj": "adj",
    "ov": "ov",
    "fts": "fts",
    "plfts": "plfts",
    "phfts": "phfts",
    "wfts": "wfts",
}
_NAMELESS = frozenset(
    {"limit", "range", "single", "maybeSingle", "csv", "geojson", "explain", "returns", "overrideTypes", "throwOnError"}
    | {"abortSignal", "rollback", "setHeader", "retry", "maxAffected", "insert", "upsert", "update", "delete", "schema"}
    | {"from", "rpc", "then", "catch", "finally", "$castInsert"}
)


def collect(code: Codebase, branches: list[Branch], action: Action | None) -> Collected:
    """Return what a query names on all its ways; `action` is `None` for a call of a function."""
    found = Collected()
    seen: set[tuple[str, int, int]] = set()
    for branch in branches:
        if not branch.sure and branches[0].steps:
            first = branches[0].steps[0].call
            reason = "another function adds to the query, on conditions that are not known"
            unread = Unread(first.module.location(first.node.end_byte - 1), "filter", reason)
            found.unread += [unread] if unread not in found.unread else []
        for step in branch.steps if branch.sure else _own(branches, branch):
            key = (step.call.module.path, step.call.node.id, hash(step.call.given))
            if key not in seen:
                seen.add(key)
                _step(code, step, action, found)
    embedded = {name for embed in found.embeds if not embed.path for name in (embed.relation, embed.alias)}
    found.columns = [one for one in found.columns if not _is_embed(one, embedded)]
    return found


def _own(branches: list[Branch], branch: Branch) -> tuple[Step, ...]:
    """Return the steps of an unsure way that come before it left the file of its beginning."""
    start = branch.steps[0].call.module if branch.steps else None
    given = branch.steps[0].call.given if branch.steps else None
    return tuple(step for step in branch.steps if step.call.module is start and step.call.given == given)


def _is_embed(use: ColumnUse, embedded: set[str]) -> bool:
    """Say whether `is.null` is asked of an embedded relation: whether there is any such row."""
    return use.operator in ("is", "not.is") and not use.relation and not use.json and use.column in embedded


def _step(code: Codebase, step: Step, action: Action | None, found: Collected) -> None:
    if step.name in ("insert", "upsert", "update"):
        _write(code, step, found)
    if step.name == "upsert":
        _on_conflict(code, step, found)
    if step.name == "select":
        _select(code, step, found)
    elif step.name in _COMPARISONS:
        _comparison(code, step, _COMPARISONS[step.name], found)
    elif step.name in ("not", "filter"):
        _raw_comparison(code, step, found)
    elif step.name == "match":
        _match(code, step, found)
    elif step.name == "or":
        _or(code, step, found)
    elif step.name == "order":
        _order(code, step, found)
    elif step.name not in _NAMELESS:
        place = step.call.module.location(step.call.node.end_byte - 1)
        found.unread.append(Unread(place, "filter", f"the method {step.name} is not known"))


def _select(code: Codebase, step: Step, found: Collected) -> None:
    given = step.argument(0)
    if given is None:
        found.everything = True
        return
    ways: list[list[ColumnUse]] = []
    for text in joined(code, given) or named(code, given, "select", found):
        try:
            items = parse_select(text.value)
        except PostgrestSyntaxError as error:
            refused(error, text, error.at, Clause.SELECT, found)
            continue
        part = selected(items, text.location)
        ways.append(part.columns)
        found.embeds += (embed for embed in part.embeds if embed not in found.embeds)
        found.everything = found.everything or part.everything
        found.unread += (Unread(place, "select", "a part is filled in at run time") for place in part.filled)
    found.columns += alternatives(ways)


def _comparison(code: Codebase, step: Step, operator: str, found: Collected) -> None:
    given, value = step.argument(0), step.argument(1)
    if given is None:
        return
    values = literals(code, value) if value is not None else ()
    if operator in ("in", "not.in"):
        values = tuple(element for one in values for element in (one.elements if one.kind == "list" else ()))
    _filter(named(code, given, "filter", found), operator, values, found)


def _filter(named: list[Text], operator: str, values: tuple[Literal, ...], found: Collected) -> None:
    found.columns += alternatives([[*_path(text, operator, values, found)] for text in named])


def _path(text: Text, operator: str, values: tuple[Literal, ...], found: Collected) -> Iterator[ColumnUse]:
    try:
        path = parse_path(text.value)
    except PostgrestSyntaxError as error:
        refused(error, text, error.at, Clause.FILTER, found)
        return
    if not path.known:
        found.unread.append(Unread(text.location(0), "filter", "the column is put together at run time"))
        return
    yield ColumnUse(path.column, text.location(path.at), Clause.FILTER, path.relation, path.json, operator, values)


def _raw_comparison(code: Codebase, step: Step, found: Collected) -> None:
    """Read `not(column, operator, value)` and `filter(…)`: the value is in PostgREST's language."""
    column, operator, value = step.argument(0), step.argument(1), step.argument(2)
    if column is None or operator is None:
        return
    words = [text for text in texts(code, operator) if not text.holes]
    name, values = "", tuple[Literal, ...]()
    if words:
        known = parse_operator(words[0].value + ".")
        if known is None:
            reason = f"{words[0].value} is no operator"
            found.malformed.append(Malformed(words[0].location(0), Clause.FILTER, words[0].value, reason))
            return
        values = _raw_values(code, known[0], words[0].value, value)
        name = f"not.{known[0]}" if step.name == "not" or known[1] else known[0]
    _filter(named(code, column, "filter", found), name, values, found)


def _raw_values(code: Codebase, name: str, operator: str, value: Ref | None) -> tuple[Literal, ...]:
    if value is None:
        return ()
    known = literals(code, value)
    if name != "in":
        return known
    found: list[Literal] = []
    for one in known:
        try:
            conditions = parse_logic(f"x.{operator}.{one.text}") if one.kind == "string" else ()
        except PostgrestSyntaxError:
            continue
        found += (literal for condition in conditions for literal in values_of(condition))
    return tuple(found)


def _match(code: Codebase, step: Step, found: Collected) -> None:
    given = step.argument(0)
    shape = shape_of(code, given) if given is not None else None
    if shape is None:
        return
    for key in shape.keys.values():
        try:
            path = parse_path(key.name)
        except PostgrestSyntaxError as error:
            found.malformed.append(Malformed(key.location, Clause.MATCH, key.name, error.reason))
            continue
        use = ColumnUse(path.column, key.location, Clause.MATCH, path.relation, path.json, "eq", key.values, key.typed)
        found.columns.append(use)
    found.unread += (Unread(place, "filter", reason) for place, reason in shape.open)


def _or(code: Codebase, step: Step, found: Collected) -> None:
    given = step.argument(0)
    relation = referenced(code, step, 1, found)
    if given is None or relation is None:
        return
    listed = named(code, given, "filter", found)
    if all(_is_filled_in(text) for text in listed) and (parts := joined(code, given)):
        listed = parts
    for text in listed:
        if _is_filled_in(text):
            found.unread.append(Unread(text.location(0), "filter", "the conditions are put together at run time"))
            continue
        try:
            conditions = parse_logic(text.value)
        except PostgrestSyntaxError as error:
            refused(error, text, error.at, Clause.OR, found)
            continue
        found.columns += compared(conditions, text.location, relation)
        if not all(condition.known for condition in conditions):
            found.unread.append(Unread(text.location(0), "filter", "a column is put together at run time"))


def _is_filled_in(text: Text) -> bool:
    return text.value.replace(HOLE, "").strip(" ,") == ""


def _order(code: Codebase, step: Step, found: Collected) -> None:
    given = step.argument(0)
    relation = referenced(code, step, 1, found)
    if given is None or relation is None:
        return
    for text in named(code, given, "filter", found):
        try:
            terms = parse_order(text.value + ".asc")  # the client adds the direction
        except PostgrestSyntaxError as error:
            refused(error, text, error.at, Clause.ORDER, found)
            continue
        found.columns += ordered(terms, text.location, relation)
        if not all(term.known for term in terms):
            found.unread.append(Unread(text.location(0), "filter", "the column is put together at run time"))


def _write(code: Codebase, step: Step, found: Collected) -> None:
    given = step.argument(0)
    shape = shape_of(code, given) if given is not None else None
    if shape is None:
        if given is not None:
            reason = "it is no object that could be read"
            found.unread.append(Unread(given.module.location(given.node), "values", reason))
        return
    found.whole = not shape.open
    for key in shape.keys.values():
        use = ColumnUse(key.name, key.location, Clause.VALUES, values=key.values, typed=key.typed)
        found.columns.append(use)
        if key.sure:
            found.always.add(key.name)
    found.unread += (Unread(place, "values", reason) for place, reason in shape.open)


def _on_conflict(code: Codebase, step: Step, found: Collected) -> None:
    for one in option(code, step, 1, "onConflict"):
        if not isinstance(one, Ref):
            place = step.call.module.location(step.call.node)
            found.unread.append(Unread(place, "filter", "the columns of onConflict are not known"))
            continue
        for text in texts(code, one):
            try:
                names = parse_names(text.value)
            except PostgrestSyntaxError as error:
                refused(error, text, error.at, Clause.ON_CONFLICT, found)
                continue
            found.columns += (
                ColumnUse(name, text.location(at), Clause.ON_CONFLICT) for name, at in names if HOLE not in name
            )
