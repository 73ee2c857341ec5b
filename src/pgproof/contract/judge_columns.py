"""Whether columns, indexes and keys are what a contract needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from pgproof.catalog.names import parts_of
from pgproof.catalog.object import Object
from pgproof.contract.answer import HOLDS, Answer, State, fails, unknown
from pgproof.contract.canonical import NOTHING, Ask
from pgproof.contract.judge_objects import ASKED
from pgproof.contract.need import Column, Fresh, Index, Key, Rows, States, Together
from pgproof.contract.schema import Schema
from pgproof.contract.spelling import index as parsed_index
from pgproof.contract.spelling import same_expression, same_type
from pgproof.contract.wording import path as written
from pgproof.model import ObjectName
from pgproof.model.spelling import did_you_mean
from pgproof.sql.quote import identifier

ROWS = unknown("rows are looked at in the live database only")
_TIMES = ("date", "timestamp")
_ON_DELETE = re.compile(r"\bON DELETE (CASCADE|RESTRICT|SET NULL|SET DEFAULT)\b")
_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")
_LITERAL = re.compile(r"'((?:[^']|'')*)'")


def judge_column(need: Column, schema: Schema) -> Answer:
    """Whether the column is there, with this type, nullability and default."""
    column = schema.column(need.relation, need.name)
    if isinstance(column, Answer):
        return column
    value = column.attributes
    found = str(value["type"])
    problems: list[str] = []
    if need.type and not same_type(need.type, found):
        canonical = schema.ask(Ask("type", need.type))
        if canonical is None:
            return ASKED
        if canonical == NOTHING:
            problems.append(f"is {found}, and there is no type {need.type}")
        elif canonical != found:
            problems.append(f"is {found}, not {canonical}")
    of_view = value["of"] in ("view", "materialized view")
    if (
        need.not_null is not None
        and not of_view
        and need.not_null != (value["not null"] and not value["not null state"])
    ):
        problems.append("may be null" if need.not_null else "is not null")
    default = _default(need, column, schema)
    if default is None:
        return ASKED
    problems += [default] if default else []
    return fails(column.name, "; ".join(problems)) if problems else HOLDS


def _default(need: Column, column: Object, schema: Schema) -> str | None:
    """Return what is wrong with the default, or `""`; `None` when a server is to be asked."""
    found = column.attributes["default"]
    if need.no_default:
        return f"has the default {found}" if found is not None else ""
    if not need.default:
        return ""
    if found is None or column.attributes["generated"]:
        return "has no default"
    if same_expression(need.default, str(found), str(column.attributes["type"])):
        return ""
    asked = schema.ask(Ask("default", need.default, column.name.parts[:2], need.name))
    if asked is None:
        return None
    return "" if asked == found else f"has the default {found}, not {asked or need.default}"


def judge_index(need: Index, schema: Schema) -> Answer:
    """Whether a valid index with these keys, or of this name, is there."""
    if not need.relation:
        path = schema.full(need.name)
        found = schema.get("index", *path) or next(
            (o for n, o in schema.catalog.objects.items() if n.kind == "index" and n.parts[1:] == need.name), None
        )
        if found is None:
            known = [n.parts[1] for n in schema.catalog.objects if n.kind == "index"]
            return fails(ObjectName("index", path), f"is not there{did_you_mean(path[-1], known)}")
        return _valid(found, need)
    table = schema.relation(need.relation)
    if isinstance(table, Answer):
        return table
    indexes = sorted(schema.of_table("index", table), key=lambda one: one.name)
    missing = ObjectName("index", (table.name.parts[0], need.name[-1])) if need.name else table.name
    if need.name:
        indexes = [one for one in indexes if one.name.parts[1] == need.name[-1]]
    if not need.keys:
        return _valid(indexes[0], need) if indexes else fails(missing, "is not there")
    keys = f"({', '.join(need.keys)})" + (f" where {need.where}" if need.where else "")
    text = f"using {identifier(need.method or 'btree')} {keys}"
    wanted = parsed_index(text)
    if wanted is None:
        return fails(missing, f"is no index that PostgreSQL could make: {keys}")
    fitting = [one for one in indexes if _covers(wanted, one, schema, need)]
    if not fitting and (need.where or not all(map(_PLAIN.fullmatch, need.keys))):
        asked = schema.ask(Ask("index", text, table.name.parts))
        if asked is None:
            return ASKED
        fitting = [one for one in indexes if asked and _covers(parsed_index(asked), one, schema, need)]
    return _valid(fitting[0], need) if fitting else fails(missing, f"is not there{_keys_missing(need, table, schema)}")


def _keys_missing(need: Index, table: Object, schema: Schema) -> str:
    columns = schema.columns(table)
    lacking = [
        f"{key}{did_you_mean(key, columns)}" for key in need.keys if _PLAIN.fullmatch(key) and key not in columns
    ]
    return f" (nor is the column {', '.join(lacking)})" if lacking else ""


def _valid(index: Object, need: Index) -> Answer:
    if not index.attributes["valid"]:
        return fails(index.name, "is not valid: its creation failed, and nothing uses it")
    if need.unique and not index.attributes["unique"]:
        return fails(index.name, "is not unique")
    return HOLDS


def _covers(wanted: Any, index: Object, schema: Schema, need: Index) -> bool:
    """Whether an index has these keys; a plain one that goes on with more of them will do as well."""
    found = parsed_index(_definition(index, schema))
    if wanted is None or found is None or wanted.get("accessMethod") != found.get("accessMethod"):
        return False
    if need.unique and not index.attributes["unique"]:
        return False
    keys, there = wanted.get("indexParams", []), found.get("indexParams", [])
    exact = need.unique or need.method or need.where
    same_keys = keys == there if exact else keys == there[: len(keys)]
    return bool(same_keys and wanted.get("whereClause") == found.get("whereClause"))


def _definition(index: Object, schema: Schema) -> str:
    """Return an index's text from USING on; that of a constraint says it by its columns."""
    if index.attributes["definition"] is not None:
        return str(index.attributes["definition"])
    table = (index.name.parts[0], str(index.attributes["table"]))
    constraint = schema.get("constraint", *table, str(index.attributes["constraint"]))
    if constraint is None or constraint.attributes["type"] == "exclusion":
        return ""
    columns = cast("list[str]", constraint.attributes["columns"] or [])
    return f"using btree ({', '.join(written((column,)) for column in columns)})"


def judge_key(need: Key, schema: Schema) -> Answer:
    """Whether a primary key, unique constraint or foreign key over these columns is there and validated."""
    table = schema.relation(need.relation)
    if isinstance(table, Answer):
        return table
    for column in need.columns:
        found = schema.column(need.relation, column)
        if isinstance(found, Answer):
            return Answer(found.state, f"lacks its column {column}, which {found.problem}", found.cause)
    if need.kind != "foreign key":
        return HOLDS if any(_is_key(need, one) for one in _keys(table, schema)) else fails(table.name, "is not there")
    target = schema.relation(need.references)
    if isinstance(target, Answer):
        return Answer(target.state, f"references {written(need.references)}, which {target.problem}", target.cause)
    fitting = [one for one in schema.of_table("constraint", table) if _references(need, one, target)]
    if not fitting:
        return fails(table.name, "is not there")
    for one in fitting:
        action = _ON_DELETE.search(str(one.attributes["definition"]))
        on_delete = action[1].lower() if action else "no action"
        if need.on_delete and on_delete != need.on_delete:
            return fails(one.name, f"says on delete {on_delete}, not {need.on_delete}")
        if not one.attributes["validated"]:
            return fails(one.name, "is not validated: older rows may break it")
    return HOLDS


def _keys(table: Object, schema: Schema) -> Iterator[tuple[str, list[str]]]:
    """Yield what makes rows unique: constraints, and unique indexes over plain columns with no condition."""
    for one in schema.of_table("constraint", table):
        if one.attributes["type"] in ("primary key", "unique"):
            yield str(one.attributes["type"]), cast("list[str]", one.attributes["columns"] or [])
    for one in schema.of_table("index", table):
        tree = parsed_index(str(one.attributes["definition"])) if one.attributes["definition"] else None
        if tree and one.attributes["unique"] and one.attributes["valid"] and "whereClause" not in tree:
            names = [key.get("IndexElem", {}).get("name", "") for key in tree.get("indexParams", [])]
            if all(names):
                yield "unique", names


def _is_key(need: Key, found: tuple[str, list[str]]) -> bool:
    kind, columns = found
    return set(columns) == set(need.columns) and (need.kind == "unique" or kind == need.kind)


def _references(need: Key, constraint: Object, target: Object) -> bool:
    value = constraint.attributes
    if value["type"] != "foreign key" or parts_of(str(value["references"])) != target.name.parts:
        return False
    columns, referenced = cast("list[str]", value["columns"]), cast("list[str]", value["referenced columns"])
    wanted = need.referenced or tuple(dict(zip(columns, referenced, strict=True)).get(one, "") for one in need.columns)
    return sorted(zip(columns, referenced, strict=True)) == sorted(zip(need.columns, wanted, strict=True))


def judge_rows(need: Rows, schema: Schema) -> Answer:
    """Whether there is anything that could have rows."""
    found = schema.relation(need.relation)
    return found if isinstance(found, Answer) else ROWS


def judge_fresh(need: Fresh, schema: Schema) -> Answer:
    """Whether the column is there and holds times."""
    column = schema.column(need.relation, need.column)
    if isinstance(column, Answer):
        return column
    type_ = str(column.attributes["type"])
    if not type_.startswith(_TIMES):
        return fails(column.name, f"is {type_}, which has no age")
    return ROWS


def judge_states(need: States, schema: Schema) -> Answer:
    """Whether an enum or a CHECK holds the column to exactly these states."""
    column = schema.column(need.relation, need.column)
    if isinstance(column, Answer):
        return column
    allowed = _allowed(column, schema)
    if allowed is None:
        return unknown("nothing in the database holds it to these states: neither an enum nor a CHECK", column.name)
    problems = [f"can never be {state!r}" for state in need.states if state not in allowed]
    problems += [f"may be {state!r}, which the contract does not name" for state in allowed if state not in need.states]
    if problems:
        return fails(column.name, "; ".join(problems))
    return ROWS


def _allowed(column: Object, schema: Schema) -> list[str] | None:
    enum = schema.get("enum", *parts_of(str(column.attributes["type"])))
    if enum is not None:
        return cast("list[str]", enum.attributes["labels"])
    table = schema.relation(column.name.parts[:2])
    for one in () if isinstance(table, Answer) else schema.of_table("constraint", table):
        if one.attributes["type"] == "check" and one.attributes["columns"] == [column.name.parts[2]]:
            definition = str(one.attributes["definition"])
            if " = ANY " in definition or "IN (" in definition:
                return [literal.replace("''", "'") for literal in dict.fromkeys(_LITERAL.findall(definition))]
    return None


def judge_together(need: Together, schema: Schema) -> Answer:
    """Whether both columns are there; who writes them is the code's matter."""
    for name in (need.column, need.also):
        column = schema.column(need.relation, name)
        if isinstance(column, Answer):
            return (
                column
                if name == need.column
                else Answer(column.state, f"is written with {name}, which {column.problem}", column.cause)
            )
    return Answer(State.UNKNOWN, "nothing has looked at who writes it in the code")
