"""What the code names and the database does not have: calls of clients that build the query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pgproof.catalog.names import parts_of
from pgproof.code.match.calls import match_call
from pgproof.code.match.mismatch import Kind, Mismatch, Unsure
from pgproof.code.match.relation import Relation
from pgproof.code.match.tables import match_table
from pgproof.code.queries.runtime import Made, made_by_code
from pgproof.code.reading import Reading
from pgproof.code.roles import role_of
from pgproof.code.source import Role
from pgproof.code.usage import Call, Query, TableUse, Unread
from pgproof.evidence.declared_types import DeclaredTypes
from pgproof.evidence.elsewhere import Elsewhere
from pgproof.evidence.ignores import CodeIgnores
from pgproof.evidence.part import gathers
from pgproof.evidence.pending_objects import PendingObjects
from pgproof.evidence.renames import Renames
from pgproof.evidence.target import Target
from pgproof.evidence.usages import SHIPPED, Usages
from pgproof.model import Gap, Location, Method, ObjectName, Proof, Subject

_SQL_FILE = "sql file"
_PAGES = (".tsx", ".jsx", ".vue", ".svelte")
_SITES = ("table", "function")
"""What an Unread is about that stands for a whole call."""


_BY_NAME = (Kind.TABLE, Kind.COLUMN, Kind.FUNCTION)
"""What generated types can tell of, too."""


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A mismatch, the role of the file that it is in, and where generated types have what the migrations do not.

    `ignored` are the checks that a comment beside it asks not to tell of.
    """

    mismatch: Mismatch
    role: Role
    declared: Location | None = None
    ignored: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mismatches:
    """Every place, in the order of the files.

    `sites` calls were matched. `resolved` of `total` calls in code that is shipped were read completely.
    """

    items: tuple[Misplaced, ...]
    sites: int
    resolved: int
    total: int
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return how many calls were matched."""
        return self.sites

    def of(self, *kinds: Kind) -> list[Misplaced]:
        """Return the mismatches of some kinds."""
        return [one for one in self.items if one.mismatch.kind in kinds]


@gathers(Mismatches, Proof(Method.PARSED, (Subject.FILES,)))
def match_code(
    usages: Usages,
    target: Target,
    elsewhere: Elsewhere,
    types: DeclaredTypes,
    pending: PendingObjects | None,
    renames: Renames | None,
    ignores: CodeIgnores,
) -> Mismatches:
    """Match every call with the database.

    When its base is missing, only types that were generated from a database can tell what is surely not there. What the
    code makes itself is nobody's mistake, nor is what a migration makes that was not applied yet.
    """
    made = made_by_code((reading.role, query) for reading, query in usages.of(Query) if _is_run(reading.role, query))
    waits: defaultdict[str, set[str]] = defaultdict(set)
    blind = bool(target.absent) and not types
    read = [] if blind else usages.readings
    items: list[Misplaced] = []
    unsure: list[Unsure] = []
    sites = 0
    for reading in read:
        chosen = _chosen_at_run_time(reading)
        for found in reading.found:
            if not isinstance(found, TableUse | Call):
                continue
            sites += 1
            role = _role(reading, found)
            for one in _match(target, found):
                several = isinstance(one, Mismatch) and found.location in chosen
                if several and isinstance(one, Mismatch) and (_is_elsewhere(one) or _goes_with(target, one)):
                    unsure.append(Unsure(one.subject, one.location))
                elif isinstance(one, Mismatch):
                    if file := pending.file_of(one) if pending and target.live and one.kind in _BY_NAME else "":
                        waits[file].add(_spelled(one.subject))
                    elif _is_loose(one, target, types, renames, elsewhere):
                        unsure += [Unsure(one.subject, one.location)] if role in SHIPPED else []
                    elif not _is_made(one, role, made[role]):
                        items += _judged(one, role, target, types, renames)
                elif role in SHIPPED:
                    unsure.append(one)
    shipped = [reading for reading in usages.readings if reading.role in SHIPPED]
    calls = [found for reading in shipped for found in reading.found if isinstance(found, TableUse | Call)]
    lost = sum(isinstance(found, Unread) and found.what in _SITES for reading in shipped for found in reading.found)
    items = [replace(one, ignored=ignores.at(one.mismatch.location)) for one in items] if ignores.items else items
    gaps = (*_unread(shipped), *_unsure(unsure, elsewhere), *_waiting(waits))
    return Mismatches(tuple(items), sites, sum(not call.unread for call in calls), len(calls) + lost, gaps)


def _is_run(role: Role, query: Query) -> bool:
    """Whether a text may be run: a loose file of SQL is `elsewhere`, and the live database knows better.

    What goes nobody knows where out of a page is shown to somebody.
    """
    shown = not query.client and role is Role.PRODUCT and query.location.path.endswith(_PAGES)
    return query.client != _SQL_FILE and not shown


def _role(reading: Reading, found: TableUse | Call) -> Role:
    """Return what a call is for: a test's, when a test names the table for a function of the product."""
    path = found.location.path
    return Role.TEST if path != reading.path and role_of(path, "") is Role.TEST else reading.role


def _match(target: Target, found: TableUse | Call) -> Iterator[Mismatch | Unsure]:
    return match_table(target.schema, found) if isinstance(found, TableUse) else match_call(target.schema, found)


_LONGEST_CALL = 30
"""Lines."""


def _chosen_at_run_time(reading: Reading) -> set[Location]:
    """Return where one call names several tables: it goes through a list, or takes a parameter."""
    tables: defaultdict[Location, set[str]] = defaultdict(set)
    for found in reading.found:
        if isinstance(found, TableUse):
            tables[found.location].add(found.table)
    return {place for place, names in tables.items() if len(names) > 1}


def _is_elsewhere(mismatch: Mismatch) -> bool:
    """Whether what is wrong is not named in the call itself: it may come with another of the tables than this one."""
    call, place = mismatch.use.location, mismatch.location
    return place.path != call.path or not call.line <= place.line <= call.line + _LONGEST_CALL


def _goes_with(target: Target, mismatch: Mismatch) -> bool:
    """Whether the column is one of several that the place may name, and the table has another of them.

    Table and column are chosen together then: `last(table: "menus" | "items", key: "venue_id" | "menu_id")`.
    """
    columns = mismatch.use.columns if mismatch.kind is Kind.COLUMN else ()
    table = target.schema.relation(*mismatch.subject.parts[:2]) if columns else None
    others = {one.column for one in columns if one.location == mismatch.location} - {mismatch.subject.parts[-1]}
    return isinstance(table, Relation) and not others.isdisjoint(table.columns)


def _judged(
    mismatch: Mismatch, role: Role, target: Target, types: DeclaredTypes, renames: Renames | None
) -> Iterator[Misplaced]:
    by_name = mismatch.kind in _BY_NAME and mismatch.subject.schema
    declared = None if target.live else _declared(mismatch, target, types)
    if not target.absent or (by_name and declared is None and _tell(types, mismatch, target)):
        dropped = renames is not None and renames.of(*_parts(mismatch)) is not None
        yield Misplaced(mismatch, role, None if dropped else declared)  # types that know what is dropped are older


def _is_loose(
    mismatch: Mismatch, target: Target, types: DeclaredTypes, renames: Renames | None, elsewhere: Elsewhere
) -> bool:
    """Whether loose SQL gives a table the column, unless the migrations dropped it or generated types lack it.

    Or lets the column have the value.
    """
    if target.live or mismatch.subject.kind != "column":
        return False
    parts = mismatch.subject.parts
    if mismatch.kind is Kind.VALUE:
        return all(elsewhere.value(parts[1], one) is not None for one in mismatch.detail.split(", "))
    if mismatch.kind is not Kind.COLUMN:
        return False
    dropped = renames is not None and renames.of(*parts) is not None
    return not dropped and types.place(*parts[:2]) is None and elsewhere.column(*parts[1:]) is not None


def _parts(mismatch: Mismatch) -> list[str]:
    return [part for part in mismatch.subject.parts if part]


def _declared(mismatch: Mismatch, target: Target, types: DeclaredTypes) -> Location | None:
    """Return where generated types tell of a database in which this is no mistake."""
    parts = _parts(mismatch)
    if mismatch.kind in _BY_NAME:
        return types.place(*parts) if mismatch.subject.schema else None
    if mismatch.subject.kind != "column":
        return None
    if mismatch.kind is Kind.OMITTED:
        return types.optional(*parts)
    relation = target.schema.relation(*parts[:2])
    column = relation.columns.get(parts[-1]) if isinstance(relation, Relation) else None
    if mismatch.kind is not Kind.VALUE or column is None or target.schema.labels(column.type) is None:
        return None
    enum = parts_of(column.type)
    labels = [types.label(*(enum if len(enum) > 1 else ("public", *enum)), one) for one in mismatch.detail.split(", ")]
    return labels[0] if all(labels) else None


def _tell(types: DeclaredTypes, mismatch: Mismatch, target: Target) -> bool:
    """Whether the types are of a database that would have it: they know its table, or most of those that are absent."""
    of_a_table = mismatch.kind is Kind.COLUMN and types.place(*mismatch.subject.parts[:2]) is not None
    return of_a_table or types.describe(target.absent)


def _is_made(mismatch: Mismatch, role: Role, made: Made) -> bool:
    """Whether the code makes, or changes, what it is about: a test's own table, for example."""
    kind, name = mismatch.subject.kind, mismatch.subject.parts[1]
    if kind == "column" and role is not Role.TEST:
        # It is of a table that the database has, whoever else makes one of that name.
        return mismatch.kind in (Kind.COLUMN, Kind.OMITTED) and not made.columns.isdisjoint(
            {(name, mismatch.subject.parts[-1]), (name, "*")}
        )
    return ("function" if kind == "function" else "relation", name) in made.names


def _waiting(waits: Mapping[str, set[str]]) -> Iterator[Gap]:
    for file, names in sorted(waits.items()):
        yield Gap(f"what the code does with {_listed(names)}: {file}, which makes it, was not applied yet")


def _spelled(name: ObjectName) -> str:
    return f"{name.kind} {'.'.join(part for part in name.parts if part)}"


def _unread(readings: Sequence[Reading]) -> Iterator[Gap]:
    """Say how much of the calls is not known, of each part, and where and why for some of it."""
    parts: defaultdict[str, list[Unread]] = defaultdict(list)
    for reading in readings:
        for found in reading.found:
            for one in found.unread if isinstance(found, TableUse | Call) else (found,):
                if isinstance(one, Unread) and one.what != "query":
                    parts[one.what].append(one)
    for what, places in sorted(parts.items()):
        shown = "; ".join(f"{one.location}: {one.reason}" for one in places[:SHOWN])
        noun = _NOUNS.get(what, (what, f"{what}s"))[len(places) > 1]
        yield Gap(f"{len(places)} {noun} in the code ({shown}{'; …' * (len(places) > SHOWN)})")


SHOWN = 3
"""How many places of a gap are named."""
_NOUNS = {
    "table": ("table name", "table names"),
    "function": ("function name", "function names"),
    "select": ("select list", "select lists"),
    "filter": ("filter", "filters"),
    "values": ("written row", "written rows"),
    "arguments": ("list of arguments", "lists of arguments"),
    "file": ("file", "files"),
}


def _unsure(unsure: Sequence[Unsure], elsewhere: Elsewhere) -> Iterator[Gap]:
    """Name what the code uses and what may be there although the catalog does not have it."""
    loose: defaultdict[str, set[str]] = defaultdict(set)
    rest: set[str] = set()
    for one in unsure:
        kind = "function" if one.subject.kind == "function" else "relation"
        parts = [part for part in one.subject.parts[1:] if part]
        column = one.subject.kind == "column"
        if place := elsewhere.column(*parts) if column else elsewhere.place(kind, parts[0]):
            loose[place.path].add(".".join(parts) if column else parts[0])
        else:
            rest.add(_spelled(one.subject))
    for path, names in sorted(loose.items()):
        yield Gap(f"what the code does with {_listed(names)}: made in {path}, which is no migration")
    if rest:
        yield Gap(f"what the code does with {_listed(rest)}: the replay cannot know")


def _listed(names: set[str]) -> str:
    shown = sorted(names)[:5]
    return ", ".join(shown) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
