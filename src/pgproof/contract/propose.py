"""SQL that would make what a contract misses. Nothing of it is shown before it was run on a copy (`evidence`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pgproof.catalog.names import qualified
from pgproof.catalog.object import Object
from pgproof.contract.access import CHANGING, privilege_object
from pgproof.contract.answer import Answer
from pgproof.contract.canonical import Ask
from pgproof.contract.need import (
    AppendOnly,
    Column,
    Index,
    Key,
    Need,
    Path,
    Privilege,
    Relation,
    RowSecurity,
    Thing,
)
from pgproof.contract.schema import Schema
from pgproof.contract.spelling import expression, same_expression, same_type
from pgproof.model.spelling import slip
from pgproof.sql.quote import identifier, literal

_OF_THE_MOMENT = frozenset({"now", "clock_timestamp", "transaction_timestamp", "statement_timestamp"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """Statements that make the schema as it is needed, and what they mean for the rows that are there.

    `table` is the table whose rows they touch (empty: none). `refused_rows`: NOT NULL would be refused as long as rows
    have no value; `lie` is a default that would say something untrue of older rows.
    """

    statements: tuple[str, ...]
    table: Path = ()
    refused_rows: bool = False
    lie: str = ""


def propose(needs: Sequence[Need], schema: Schema, all_needs: Iterable[Need]) -> list[Proposal]:
    """Return proposals for needs that do not hold, each need's own; a missing table is made of all that is said of it.

    What a contract does not say enough about (a function's body, a view's query) has none.
    """
    found: dict[Proposal, None] = {}
    made: set[Path] = set()
    for need in needs:
        relation = _table_of(need)
        if relation and isinstance(schema.relation(relation), Answer):
            path = schema.full(relation)
            if path not in made:
                made.add(path)
                found |= dict.fromkeys(_table(path, [one for one in all_needs if _is_of(one, path, schema)]))
        else:
            found |= dict.fromkeys(_one(need, schema))
    return list(found)


def _table_of(need: Need) -> Path:
    if isinstance(need, Relation):
        return need.path if need.kind in ("", "table") else ()
    if isinstance(need, Column | Key | Index | RowSecurity):
        return need.relation
    return ()


def _is_of(need: Need, path: Path, schema: Schema) -> bool:
    relation = _table_of(need)
    return bool(relation) and schema.full(relation) == path


def _table(path: Path, needs: list[Need]) -> Iterator[Proposal]:
    """Make a table of the columns whose types the contract tells; without any there is nothing to propose."""
    columns: dict[str, Column] = {}
    for need in needs:
        if isinstance(need, Column) and (need.type or need.name not in columns):
            columns[need.name] = need
    keys = [need for need in needs if isinstance(need, Key)]
    named = {column for key in keys for column in key.columns} | columns.keys()
    if not columns or not all(name in columns and columns[name].type for name in named):
        return
    lines = [_definition(column) for column in columns.values()]
    lines += [_constraint(key) for key in dict.fromkeys(keys)]
    name = qualified(path)
    statements = [f"create table {name} (\n  " + ",\n  ".join(lines) + "\n)"]
    if any(isinstance(need, RowSecurity) for need in needs):
        statements.append(f"alter table {name} enable row level security")
    statements += [_index(need, path) for need in dict.fromkeys(needs) if isinstance(need, Index) and need.keys]
    yield Proposal(tuple(statements))


def _definition(column: Column) -> str:
    default = f" default {column.default}" if column.default else ""
    return f"{identifier(column.name)} {column.type}{default}{' not null' * bool(column.not_null)}"


def _constraint(key: Key) -> str:
    columns = ", ".join(map(identifier, key.columns))
    if key.kind != "foreign key":
        return f"{key.kind} ({columns})"
    referenced = f" ({', '.join(map(identifier, key.referenced))})" if key.referenced else ""
    action = f" on delete {key.on_delete}" if key.on_delete else ""
    return f"foreign key ({columns}) references {qualified(key.references)}{referenced}{action}"


def _index(need: Index, path: Path) -> str:
    name = f" {identifier(need.name[-1])}" if need.name else ""
    using = f" using {identifier(need.method)}" if need.method else ""
    where = f" where {need.where}" if need.where else ""
    return f"create {'unique ' * need.unique}index{name} on {qualified(path)}{using} ({', '.join(need.keys)}){where}"


def _one(need: Need, schema: Schema) -> Iterator[Proposal]:
    match need:
        case Column():
            relation = schema.relation(need.relation)
            if isinstance(relation, Object) and relation.name.kind == "table":
                yield from _column(need, relation, schema)
        case Index() if need.keys:
            relation = schema.relation(need.relation)
            if isinstance(relation, Object):
                yield Proposal((_index(need, relation.name.parts),))
        case Key():
            relation = schema.relation(need.relation)
            target = schema.relation(need.references) if need.references else None
            if isinstance(relation, Object) and not isinstance(target, Answer):
                path = relation.name.parts
                yield Proposal((f"alter table {qualified(path)} add {_constraint(need)}",), path)
        case RowSecurity():
            relation = schema.relation(need.relation)
            if isinstance(relation, Object):
                yield Proposal((f"alter table {qualified(relation.name.parts)} enable row level security",))
        case Privilege():
            yield from _privilege(need, schema)
        case AppendOnly():
            relation = schema.relation(need.relation)
            if isinstance(relation, Object):
                yield from _closed(relation)
        case Thing(kind="extension" | "schema" as kind):
            yield Proposal((f"create {kind} if not exists {identifier(need.path[0])}",))
        case Thing(kind="enum"):
            found = schema.get("enum", *schema.full(need.path))
            if found is None and need.values:
                values = ", ".join(map(literal, need.values))
                yield Proposal((f"create type {qualified(need.path)} as enum ({values})",))
            elif found is not None:
                labels = found.attributes["labels"]
                lacking = [value for value in need.values if not isinstance(labels, list) or value not in labels]
                add = f"alter type {qualified(found.name.parts)} add value "
                yield Proposal(tuple(add + literal(value) for value in lacking))


def _column(need: Column, relation: Object, schema: Schema) -> Iterator[Proposal]:
    path = relation.name.parts
    table, name = f"alter table {qualified(path)}", identifier(need.name)
    found = schema.column(need.relation, need.name)
    lie = need.default if _of_the_moment(need.default) else ""
    default = f"{table} alter column {name} set default {need.default}"
    if isinstance(found, Answer):
        if not need.type or slip(need.name, schema.columns(relation)):
            return  # nobody wants the misspelt name of a column that is there
        if (need.not_null and not need.default) or lie:
            # In steps: the rows that are there get no value that nobody knows to be true.
            statements = [f"{table} add column {name} {need.type}", *([default] if need.default else [])]
            statements += [f"{table} alter column {name} set not null"] * bool(need.not_null)
            yield Proposal(tuple(statements), path, bool(need.not_null), lie)
        else:
            yield Proposal((f"{table} add column {_definition(need)}",), path)
        return
    value = found.attributes
    alter = f"{table} alter column {name}"
    statements = []
    type_ = str(value["type"])
    if need.type and not same_type(need.type, type_) and schema.canonical.get(Ask("type", need.type)) != type_:
        statements.append(f"{alter} type {need.type}")
    if need.no_default and value["default"] is not None:
        statements.append(f"{alter} drop default")
    if need.default and not same_expression(need.default, str(value["default"]), type_):
        statements.append(default)
    if need.not_null is not None and need.not_null != value["not null"]:
        statements.append(f"{alter} {'set' if need.not_null else 'drop'} not null")
    yield Proposal(tuple(statements), path, bool(need.not_null) and not value["not null"])


def _of_the_moment(default: str) -> bool:
    """Whether a default is the time at which the statement runs: of a row that was there before it is not true."""
    waiting = [expression(default)] if default else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            if "SQLValueFunction" in node or any(
                item.get("String", {}).get("sval") in _OF_THE_MOMENT for item in node.get("funcname", ())
            ):
                return True
            waiting += node.values()
    return False


def _privilege(need: Privilege, schema: Schema) -> Iterator[Proposal]:
    found = privilege_object(need, schema)
    if isinstance(found, Answer):
        return
    name = found.name
    on = (
        f"function {qualified(name.parts[:2])}({name.parts[2]})"
        if need.action == "execute"
        else qualified(name.parts[:2])
    )
    columns = need.columns or (need.path[1:] if need.action != "execute" and name.parts[1] != need.path[-1] else ())
    of = f" ({', '.join(map(identifier, columns))})" if columns else ""
    verb, to = ("grant", "to") if need.allowed else ("revoke", "from")
    role = need.role if need.role == "public" else identifier(need.role)
    if need.allowed or not of:
        yield Proposal((f"{verb} {need.action}{of} on {on} {to} {role}",))


def _closed(table: Object) -> Iterator[Proposal]:
    held = table.attributes.get("privileges")
    if not isinstance(held, dict):
        return
    roles = sorted(
        role
        for role, privileges in held.items()
        if role != table.attributes["owner"]
        and isinstance(privileges, list)
        and any(str(one).rstrip("*") in CHANGING for one in privileges)
    )
    names = ", ".join("public" if role == "public" else identifier(role) for role in roles)
    if names:
        yield Proposal((f"revoke update, delete, truncate on {qualified(table.name.parts)} from {names}",))
