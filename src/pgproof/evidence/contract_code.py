"""What the contract says of the code: retired names, columns that are written together, tables that only grow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pgproof.catalog.object import Catalog, Object
from pgproof.code.queries.attempt import Unfit, attempts
from pgproof.code.queries.examine import parsed
from pgproof.code.queries.tree import aliases, nodes, relations
from pgproof.code.usage import Action, Clause, Query, TableUse
from pgproof.contract.answer import HOLDS, Answer, State
from pgproof.contract.contract import Said
from pgproof.contract.need import AppendOnly, Need, Path, Retired, States, Together
from pgproof.contract.schema import Schema
from pgproof.contract.wording import path as written
from pgproof.evidence.ignores import CodeIgnores
from pgproof.evidence.live import Live
from pgproof.evidence.part import gathers
from pgproof.evidence.replay import Expected
from pgproof.evidence.settings import Settings
from pgproof.evidence.usages import SHIPPED, Usages
from pgproof.model import Location, Method, Proof, Subject

SQL_FILE = "sql file"
"""A loose file of SQL fills or repairs a database by hand, wherever it lies: it is not the application.

Files of named queries, which a generator or a loader reads, have clients of their own.
"""
OF_CODE = (Retired, Together, AppendOnly, States)
NOT_READ = Answer(State.UNKNOWN, "no code that uses the database was found")


@dataclass(frozen=True, slots=True)
class Use:
    """A place that names a relation: `columns` are those it names of it.

    For a write, `values` are the texts that it may write to a column, as far as they stand in the code, and `whole`
    says that no other column can be written there.
    """

    relation: Path
    location: Location
    columns: frozenset[str] = frozenset()
    action: Action | None = None
    whole: bool = False
    values: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Disobeyed:
    """A place in the code that does not keep to a need; `ignored` are the checks that a comment there switches off."""

    feature: str
    said: Said
    use: Use
    problem: str
    ignored: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Obeyed:
    """What the code makes of the needs that it has a say in, and every place that names a relation."""

    answers: Mapping[Need, Answer]
    places: tuple[Disobeyed, ...] = ()
    uses: tuple[Use, ...] = ()

    def __len__(self) -> int:
        """Return the number of needs."""
        return len(self.answers)

    def writers(self, relation: Path, column: str) -> list[Location]:
        """Return where a column is written, sorted."""
        return sorted(
            {one.location for one in self.uses if one.action and _is(one, relation) and column in one.columns}
        )


@gathers(Obeyed, Proof(Method.PARSED, (Subject.FILES,)))
def look_into_code(
    settings: Settings,
    usages: Usages | None,
    live: Live | None,
    expected: Expected | None,
    ignores: CodeIgnores | None,
) -> Obeyed:
    """Look for every place that uses a retired name, writes one of two columns, or changes a table that only grows."""
    said = [
        (feature.name, one)
        for feature in settings.config.contract.features
        for one in feature.needs
        if isinstance(one.need, OF_CODE)
    ]
    if not said:
        return Obeyed({})
    if usages is None or not len(usages):
        return Obeyed({one.need: NOT_READ for _, one in said})
    uses = tuple(_uses(usages))
    catalog = live.catalog if live else expected.replay.catalog if expected else None
    schema = Schema(catalog or Catalog(0, "", {}))
    answers: dict[Need, Answer] = {}
    places: list[Disobeyed] = []
    for feature, one in said:
        against = {(use.location, problem): use for use, problem in _against(one.need, uses, schema)}
        found = [
            Disobeyed(feature, one, use, problem, ignores.at(use.location) if ignores else frozenset())
            for (_, problem), use in against.items()
        ]
        places += found
        answers[one.need] = Answer(State.FAILS, found[0].problem) if found else HOLDS
    return Obeyed(answers, tuple(sorted(places, key=lambda place: (place.use.location, place.feature))), uses)


def _uses(usages: Usages) -> Iterator[Use]:
    for reading, use in usages.of(TableUse):
        if reading.role in SHIPPED:
            yield from _of_call(use)
    for reading, query in usages.of(Query):
        if reading.role in SHIPPED and query.client != SQL_FILE:
            yield from _of_query(query)


def _of_call(use: TableUse) -> Iterator[Use]:
    path = (use.schema, use.table) if use.schema else (use.table,)
    own = [one for one in use.columns if not one.relation]
    action = None if use.action is Action.SELECT else use.action
    written_columns = [one for one in own if one.clause is Clause.VALUES]
    columns = frozenset(one.column for one in (written_columns if action else own))
    values = {
        one.column: tuple(value.text for value in one.values if value.kind == "string") for one in written_columns
    }
    yield Use(path, use.location, columns, action, use.whole, values)
    if action:
        yield Use(path, use.location, frozenset(one.column for one in own))
    for embed in use.embeds:
        yield Use((embed.relation,), embed.location)


def _of_query(query: Query) -> Iterator[Use]:
    try:
        tried = attempts(query)
    except Unfit:
        return
    for attempt in tried:
        tree = parsed(attempt.text)
        if tree is None:
            continue
        columns = _columns(tree)
        for schema, name in sorted(relations(tree)):
            yield Use((schema, name) if schema else (name,), query.location, columns.get(name, frozenset()))
        for kind, node in nodes(tree):
            if kind in _WRITES and "relation" in node:
                yield _of_statement(kind, node, query, whole=attempt.whole)


_WRITES = {"InsertStmt": Action.INSERT, "UpdateStmt": Action.UPDATE, "DeleteStmt": Action.DELETE}


def _of_statement(kind: str, node: dict[str, object], query: Query, *, whole: bool) -> Use:
    relation = node["relation"]
    assert isinstance(relation, dict)
    path = tuple(filter(None, (relation.get("schemaname", ""), relation["relname"])))
    targets = node.get("cols" if kind == "InsertStmt" else "targetList", [])
    assert isinstance(targets, list)
    columns = frozenset(one.get("ResTarget", {}).get("name", "") for one in targets) - {""}
    known = whole and (bool(columns) or kind == "DeleteStmt")
    return Use(path, query.location, columns, _WRITES[kind], known)


def _columns(tree: object) -> dict[str, frozenset[str]]:
    """Return the columns that a statement surely names of each relation."""
    named, only = aliases(tree), {name for _, name in relations(tree)}
    found: dict[str, set[str]] = {}
    for kind, node in nodes(tree):
        if kind != "ColumnRef":
            continue
        parts = [part["String"].get("sval", "") for part in node.get("fields", ()) if "String" in part]
        if len(parts) == 1 and len(only) == 1:
            found.setdefault(next(iter(only)), set()).add(parts[0])
        elif len(parts) == 2 and (target := named.get(parts[0])):
            found.setdefault(target[1], set()).add(parts[1])
    return {name: frozenset(columns) for name, columns in found.items()}


def _is(use: Use, relation: Path) -> bool:
    return use.relation[-1] == relation[-1] and (
        len(use.relation) == 1 or len(relation) == 1 or use.relation == relation
    )


def _against(need: Need, uses: Sequence[Use], schema: Schema) -> Iterator[tuple[Use, str]]:
    match need:
        case Retired():
            new = written(filter(None, (*need.now, need.now_column)))
            for use in uses:
                if _is(use, need.relation) and (not need.column or need.column in use.columns):
                    yield use, f"uses {need.column or written(need.relation)}, which is now {new}"
        case AppendOnly():
            for use in uses:
                if use.action in (Action.UPDATE, Action.UPSERT, Action.DELETE) and _is(use, need.relation):
                    yield use, f"{use.action.value}s rows of {written(need.relation)}, which only grows"
        case Together():
            for use in uses:
                if _writes_alone(use, need, schema):
                    yield use, f"writes {need.column} of {written(need.relation)} without {need.also}"
        case States():
            for use in uses:
                if use.action and _is(use, need.relation) and use.values:
                    strange = [text for text in use.values.get(need.column, ()) if text not in need.states]
                    if strange:
                        name = written((*need.relation, need.column))
                        yield use, f"writes {', '.join(map(repr, strange))} to {name}, which has no such state"


def _writes_alone(use: Use, need: Together, schema: Schema) -> bool:
    """Whether a write surely leaves the other column as it was: no default fills it, and no trigger may."""
    if not use.action or not use.whole or not _is(use, need.relation):
        return False
    if need.column not in use.columns or need.also in use.columns:
        return False
    table, also = schema.relation(need.relation), schema.column(need.relation, need.also)
    if use.action is Action.INSERT and isinstance(also, Object) and also.attributes["default"] is not None:
        return False
    triggers = schema.of_table("trigger", table) if isinstance(table, Object) else ()
    return not any(str(one.attributes["definition"]).startswith("BEFORE") for one in triggers)
