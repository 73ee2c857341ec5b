"""What the methods of a query of supabase-py name: columns, embedded relations, the rows that are written."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

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
from pgproof.code.postgrest.uses import compared, ordered, selected
from pgproof.code.python.chain import Step
from pgproof.code.python.keys import place
from pgproof.code.python.methods import COMPARISONS, NAMELESS
from pgproof.code.python.module import Module
from pgproof.code.python.payload import keys_of
from pgproof.code.python.postgrest_texts import Text, texts_of
from pgproof.code.python.values import known
from pgproof.code.usage import Clause, ColumnUse, Embed, Literal, Malformed, Unread


@dataclass(slots=True)
class Found:
    """What the steps of a query name."""

    columns: list[ColumnUse] = field(default_factory=list)
    embeds: list[Embed] = field(default_factory=list)
    everything: bool = False
    whole: bool = False
    always: set[str] = field(default_factory=set)
    unread: list[Unread] = field(default_factory=list)
    malformed: list[Malformed] = field(default_factory=list)


def collect(module: Module, step: Step, found: Found) -> None:
    """Add what one step names."""
    if step.name in ("insert", "upsert", "update"):
        _write(module, step, found)
        if step.name == "upsert":
            _on_conflict(module, step, found)
    elif step.name == "select":
        _select(module, step, found)
    elif step.name in COMPARISONS:
        _comparison(module, step, COMPARISONS[step.name], found)
    elif step.name == "filter":
        _raw_comparison(module, step, found)
    elif step.name == "match":
        _match(module, step, found)
    elif step.name == "or_":
        _or(module, step, found)
    elif step.name == "order":
        _order(module, step, found)
    elif step.name not in NAMELESS:
        found.unread.append(Unread(place(module, step.call), "filter", f"the method {step.name} is not known"))


def _argument(module: Module, node: ast.expr, what: str, found: Found) -> list[Text]:
    named = texts_of(module, node)
    if not named:
        found.unread.append(Unread(place(module, node), what, "its value is computed at run time"))
    return named


def _refused(error: PostgrestSyntaxError, text: Text, clause: Clause, found: Found) -> None:
    at = text.location(min(error.at, max(len(text.value) - 1, 0)))
    if error.certain:
        found.malformed.append(Malformed(at, clause, text.value, error.reason))
    else:
        what = "select" if clause is Clause.SELECT else "filter"
        found.unread.append(Unread(at, what, "it is put together at run time"))


def _select(module: Module, step: Step, found: Found) -> None:
    if not step.call.args:
        found.everything = True
    for node in step.call.args:
        for text in _argument(module, node, "select", found):
            try:
                part = selected(parse_select(text.value), text.location)
            except PostgrestSyntaxError as error:
                _refused(error, text, Clause.SELECT, found)
                continue
            found.columns += part.columns
            found.embeds += (embed for embed in part.embeds if embed not in found.embeds)
            found.everything = found.everything or part.everything
            found.unread += (Unread(at, "select", "a part is filled in at run time") for at in part.filled)


def _comparison(module: Module, step: Step, operator: str, found: Found) -> None:
    column, value = step.argument(0, "column"), step.argument(1, "value", "values", "pattern", "range", "query")
    if column is None:
        return
    values = _values(module, value, listed=operator == "in") if value is not None else ()
    if operator == "is":
        values = tuple(_truth(one) for one in values)
    for text in _argument(module, column, "filter", found):
        _path(text, operator, values, Clause.FILTER, found)


def _truth(value: Literal) -> Literal:
    """Return what `is` compares with: it is written as a text, too."""
    word = value.text.lower()
    if value.kind != "string":
        return value
    return Literal("boolean", word) if word in ("true", "false") else Literal("null")


def _values(module: Module, node: ast.expr, *, listed: bool) -> tuple[Literal, ...]:
    if _is_date(node):
        return (Literal("date"),)
    values = known(module, node)
    if listed:
        return tuple(element for one in values for element in one.elements)
    return values


def _is_date(node: ast.expr) -> bool:
    """Whether an expression is a moment: `datetime.now()`, `x.isoformat()`."""
    call = node.func if isinstance(node, ast.Call) else None
    return isinstance(call, ast.Attribute) and call.attr in ("isoformat", "utcnow", "now", "today")


def _path(text: Text, operator: str, values: tuple[Literal, ...], clause: Clause, found: Found) -> None:
    try:
        path = parse_path(text.value)
    except PostgrestSyntaxError as error:
        _refused(error, text, clause, found)
        return
    if not path.known:
        found.unread.append(Unread(text.location(0), "filter", "the column is put together at run time"))
        return
    use = ColumnUse(path.column, text.location(path.at), clause, path.relation, path.json, operator, values)
    found.columns.append(use)


def _raw_comparison(module: Module, step: Step, found: Found) -> None:
    """Read `filter(column, operator, criteria)`."""
    column, operator, value = step.argument(0, "column"), step.argument(1, "operator"), step.argument(2, "criteria")
    if column is None or operator is None:
        return
    words = [text for text in texts_of(module, operator) if HOLE not in text.value]
    name, negated = "", False
    if words:
        parsed = parse_operator(words[0].value + ".")
        if parsed is None:
            at, reason = words[0].location(0), f"{words[0].value} is no operator"
            found.malformed.append(Malformed(at, Clause.FILTER, words[0].value, reason))
            return
        name = parsed[0]
        negated = parsed[1]
    values = _values(module, value, listed=False) if value is not None and name != "in" else ()
    for text in _argument(module, column, "filter", found):
        _path(text, f"not.{name}" if negated else name, values, Clause.FILTER, found)


def _match(module: Module, step: Step, found: Found) -> None:
    given = step.argument(0, "query")
    if given is None:
        return
    keys = keys_of(module, given)
    for key in keys.keys.values():
        try:
            path = parse_path(key.name)
        except PostgrestSyntaxError as error:
            found.malformed.append(Malformed(key.location, Clause.MATCH, key.name, error.reason))
            continue
        use = ColumnUse(path.column, key.location, Clause.MATCH, path.relation, path.json, "eq", key.values, key.typed)
        found.columns.append(use)
    found.unread += (Unread(at, "filter", reason) for at, reason in keys.open)


def _relation(module: Module, step: Step, *names: str) -> tuple[str, ...] | None:
    """Return the embedded relation that a call is about; `()`: the table itself, `None`: not known."""
    node = next((one.value for one in step.call.keywords if one.arg in names), None)
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return ()
    named = [one.value for one in texts_of(module, node)]
    return tuple(named[0].split(".")) if len(named) == 1 and HOLE not in named[0] else None


def _or(module: Module, step: Step, found: Found) -> None:
    given = step.argument(0, "filters")
    relation = _relation(module, step, "reference_table", "foreign_table")
    if given is None or relation is None:
        return
    for text in _argument(module, given, "filter", found):
        if not text.value.replace(HOLE, "").strip(" ,"):
            found.unread.append(Unread(text.location(0), "filter", "the conditions are put together at run time"))
            continue
        try:
            conditions = parse_logic(text.value)
        except PostgrestSyntaxError as error:
            _refused(error, text, Clause.OR, found)
            continue
        found.columns += compared(conditions, text.location, relation)
        if not all(condition.known for condition in conditions):
            found.unread.append(Unread(text.location(0), "filter", "a column is put together at run time"))


def _order(module: Module, step: Step, found: Found) -> None:
    given = step.argument(0, "column")
    relation = _relation(module, step, "foreign_table", "reference_table")
    if given is None or relation is None:
        return
    for text in _argument(module, given, "filter", found):
        try:
            terms = parse_order(text.value + ".asc")  # the client adds the direction
        except PostgrestSyntaxError as error:
            _refused(error, text, Clause.ORDER, found)
            continue
        found.columns += ordered(terms, text.location, relation)
        if not all(term.known for term in terms):
            found.unread.append(Unread(text.location(0), "filter", "a column is put together at run time"))


def _write(module: Module, step: Step, found: Found) -> None:
    given = step.argument(0, "json")
    if given is None:
        return
    keys = keys_of(module, given)
    for key in keys.keys.values():
        found.columns.append(ColumnUse(key.name, key.location, Clause.VALUES, values=key.values, typed=key.typed))
    found.always |= keys.always
    found.whole = not keys.open
    found.unread += (Unread(at, "values", reason) for at, reason in keys.open)


def _on_conflict(module: Module, step: Step, found: Found) -> None:
    given = next((one.value for one in step.call.keywords if one.arg == "on_conflict"), None)
    if given is None:
        return
    for text in _argument(module, given, "filter", found):
        try:
            names = parse_names(text.value)
        except PostgrestSyntaxError as error:
            _refused(error, text, Clause.ON_CONFLICT, found)
            continue
        found.columns += (
            ColumnUse(name, text.location(at), Clause.ON_CONFLICT) for name, at in names if HOLE not in name
        )
