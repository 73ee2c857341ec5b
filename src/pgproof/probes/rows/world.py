"""A database filled with rows: at least one in every table that can hold one, made in the order that foreign keys ask.

Everything is kept, so that what comes later (round trips, calls) finds rows, each in a transaction of its own.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from random import Random

import psycopg

from pgproof.catalog.names import qualified
from pgproof.catalog.object import Catalog, Object
from pgproof.model import ObjectName
from pgproof.probes.refusal import Refusal
from pgproof.probes.rows.body_hints import hints_of_bodies, trigger_hints
from pgproof.probes.rows.choosing import Chooser
from pgproof.probes.rows.circles import circle, closures, fill_together, impossible
from pgproof.probes.rows.hints import Hints
from pgproof.probes.rows.judging import Judge, Row
from pgproof.probes.rows.proposing import propose
from pgproof.probes.rows.referring import lacking
from pgproof.probes.rows.settings import referring_tables, setting_values, settings_read
from pgproof.probes.rows.slots import slots
from pgproof.probes.rows.solving import Group, solve
from pgproof.probes.rows.table import BOUNDS, Check, Table, TableName, read_tables
from pgproof.probes.rows.unfilled import PARTITIONLESS, Unfilled, why
from pgproof.probes.rows.values import Values
from pgproof.probes.rows.writing import drawn, insert, texts
from pgproof.probes.session import Session

ROWS = 2
"""How many rows a table gets, if it can hold that many: a second one for what must differ from the first."""

_TRIES = 40
_SAME = 10
"""After so many refusals of one kind, for rows that differ, there is no point in going on."""
_TRIES_OF_TRIGGERS = 150
"""The same where triggers look at the row: which values they want, nobody says."""
_IN_VAIN = 300
"""After so many refusals with no row between them a table is not tried again, whichever other table asks for a row."""
_IN_VAIN_S = 3.0
"""The same for the time that they took: triggers may look at much."""
_DEPTH = 6
"""How far a new row may ask for new rows in the tables that it refers to."""
_READ = 4
"""How many rows are taken over that are there already."""

Given = Mapping[str, str | None]


class World:
    """The rows of one database. `tables` are all of its tables, `stored` some of their rows as texts."""

    def __init__(self, session: Session, catalog: Catalog, seed: str = "pgproof") -> None:
        """Read what the catalog asks of rows, and which rows there are already."""
        self.session = session
        self.catalog = catalog
        self.judge = Judge(session)
        self._seed = seed
        self.bounds = {(schema, name): bound for schema, name, bound in session.rows(BOUNDS) if bound}
        self.tables = read_tables(catalog, self.bounds)
        self.values = Values(catalog, hints_of_bodies(catalog), seed)
        self.stored: dict[TableName, list[Row]] = {}
        self.unfilled: dict[TableName, Unfilled] = {}
        self.made: set[TableName] = set()
        """The tables that took a row of ours."""
        self.refused: dict[TableName, Refusal] = {}
        """The last refusal of each table that took none."""
        self.behind: dict[TableName, str] = {}
        """Columns whose sequence gives keys that rows have already."""
        self._reach = closures(self.tables)
        self._of_triggers = trigger_hints(catalog)
        self._watched = {name: frozenset(self._of_triggers.get(name, ())) for name in self.tables}
        self.options = propose(self.tables, self.bounds, self._of_triggers, self.values, self.judge)
        self._working: set[TableName] = set()
        self._in_vain: dict[object, tuple[int, float]] = defaultdict(lambda: (0, 0.0))
        """How many refusals of a table's rows, with some values given, came since one was taken, and their seconds."""
        self._fresh: dict[TableName, tuple[int, Row | None]] = {}
        self._triggers: dict[TableName, list[Object]] = defaultdict(list)
        for thing in catalog.of("trigger"):
            self._triggers[thing.name.parts[0], thing.name.parts[1]].append(thing)
        self._solved: dict[tuple[TableName, object], list[Group]] = {}
        for name, table in self.tables.items():
            self.stored[name] = self._read(table)
        self.seeded = frozenset(name for name, rows in self.stored.items() if rows)

    def fill(self, names: Iterable[TableName]) -> None:
        """Put rows into these tables, and into those that they need.

        Settings of the session that the project reads are set to keys of rows, so the tables of these come first.
        """
        read = settings_read(self.catalog)
        for name in referring_tables(read, self.tables) if read else ():
            self.ensure(name)
        keys = {name: key for name in self.tables if (key := self._first_key(name))}
        self.session.configure(dict(setting_values(read, keys)))
        for name in names:
            self.unfilled.pop(name, None)
            self.ensure(name)

    def _first_key(self, name: TableName) -> str:
        """Return the key of the first row of a table whose primary key is one column."""
        key = next((key for key in self.tables[name].keys if key.kind == "primary key"), None)
        rows = self.stored[name]
        return (rows[0].get(key.columns[0]) or "") if key and rows and len(key.columns) == 1 else ""

    def ensure(self, name: TableName) -> bool:
        """Put rows into a table and before that into those that it refers to; say whether it holds any."""
        if name in self.unfilled or name in self._working or len(self.stored[name]) >= ROWS:
            return bool(self.stored[name])
        self._working.add(name)
        table = self.tables[name]
        for key in table.foreign_keys:
            parent = key.references
            if parent not in self._working and (table.required(key.columns) or name not in self._reach[parent]):
                self.ensure(parent)
        if circle(name, self._reach) and not self.stored[name]:
            self._fill_circle(name)
        for _ in range(ROWS - len(self.stored[name]) if name not in self.unfilled else 0):
            if not self.make(name):
                break
        self._working.discard(name)
        return bool(self.stored[name])

    def make(
        self, name: TableName, given: Given | None = None, depth: int = 0, condition: Check | None = None
    ) -> Row | None:
        """Put one more row into a table, with some values given; `None` when none was found that it takes.

        It meets the `condition` too, if there is one.
        """
        refused: dict[tuple[str, str], int] = defaultdict(int)
        last: Refusal | None = None
        wanted = name, frozenset((given or {}).items())
        for row in self.proposals(name, given or {}, depth, condition):
            times, seconds = self._in_vain[wanted]
            if times >= _IN_VAIN or seconds > _IN_VAIN_S:
                break
            begun = time.monotonic()
            answer = self.session.ask(insert(self.tables[name], row), keep=True)
            self._in_vain[wanted] = (0, 0.0) if answer.rows else (times + 1, seconds + time.monotonic() - begun)
            if answer.rows:
                stored = self._row(self.tables[name], answer.rows[0])
                self.stored[name].append(stored)
                self.unfilled.pop(name, None)
                self.made.add(name)
                return stored
            last = self.refused[name] = answer.refusal or Refusal("", "a trigger keeps the row out")
            if self._is_behind(name, last, row):
                return self.make(name, given, depth, condition)
            refused[last.sqlstate, last.message] += 1
            most = _TRIES_OF_TRIGGERS if self._watched[name] else _SAME
            if refused[last.sqlstate, last.message] >= most or last.sqlclass == "42":
                break
        if not self.stored[name]:
            self.refresh(name)  # a trigger of another table may have filled it
        if not self.stored[name] and not given:
            self.unfilled[name] = self._why(name, last)
        return None

    def proposals(self, name: TableName, given: Given, depth: int = 0, condition: Check | None = None) -> Iterator[Row]:
        """Yield rows for a table that meet its conditions and repeat no key, as far as can be told."""
        table = self.tables[name]
        if table.partitioned and not table.partitions:
            return
        for parent, wanted in lacking(table, self.stored) if depth < _DEPTH else ():
            self.make(parent, wanted, depth + 1)
        for bound in self._bounds_of(table):
            conditions = tuple(one for one in (bound, condition) if one)
            groups = self._solve(table, given, conditions)
            chooser = self._chooser(table, groups)
            for _ in table.foreign_keys:
                if not chooser.exhausted or depth >= _DEPTH or not self._more_parents(table, chooser, depth):
                    break
                groups = self._solve(table, given, conditions)
                chooser = self._chooser(table, groups)
            yield from islice(chooser.rows(), _TRIES_OF_TRIGGERS if self._watched[name] else _TRIES)

    def _chooser(self, table: Table, groups: list[Group], repeating: ObjectName | None = None) -> Chooser:
        random = Random(f"{self._seed} {table.name}")
        return Chooser(table, groups, self.stored[table.name], random, self._watched[table.name], repeating)

    def compose(self, name: TableName, given: Given, repeating: ObjectName | None = None) -> Row | None:
        """Return a row with some values given that meets the conditions, as far as can be told.

        It repeats no key but, perhaps, `repeating`.
        """
        table = self.tables[name]
        return next(self._chooser(table, self._solve(table, given, ()), repeating).rows(), None)

    def solved(self, name: TableName) -> list[Group]:
        """Return what was found for a table's groups of columns."""
        table = self.tables[name]
        return self._solve(table, {}, tuple(one for one in islice(self._bounds_of(table), 1) if one))

    def fresh(self, name: TableName) -> Row | None:
        """Return a row that the table takes and that is not stored, tried and taken back."""
        stored = len(self.stored[name])
        if name not in self._fresh or self._fresh[name][0] != stored:
            self._fresh[name] = (stored, self._try_fresh(name))
        return self._fresh[name][1]

    def _try_fresh(self, name: TableName) -> Row | None:
        for row in islice(self.proposals(name, {}), _TRIES):
            answer = self.session.ask(insert(self.tables[name], row))
            if answer.rows:
                return row
            if answer.refusal is not None:
                self.refused[name] = answer.refusal
                if self._is_behind(name, answer.refusal, row):
                    return self._try_fresh(name)
        return None

    def _is_behind(self, name: TableName, refusal: Refusal, row: Row) -> bool:
        """Note that a sequence gives keys that rows have already, which were there before ours."""
        column = drawn(self.tables[name], refusal, row) if name in self.seeded.difference(self.behind) else ""
        if column:
            self.behind[name] = column
        return bool(column)

    def domain_candidates(self, domain: Object) -> list[str]:
        """Return candidates for a domain, also those that its checks refuse, that its base type accepts."""
        base = str(domain.attributes["base type"])
        proposed = self.values.candidates(qualified(domain.name.parts), Hints())
        return self.judge.canonical({base: proposed})[base]

    def triggers(self, name: TableName) -> list[Object]:
        """Return the triggers of a table, in the order in which they fire."""
        return self._triggers.get(name, [])

    def refresh(self, name: TableName) -> None:
        """Read the rows of a table again."""
        self.stored[name] = self._read(self.tables[name])

    def _solve(self, table: Table, given: Given, conditions: tuple[Check, ...]) -> list[Group]:
        counts = (self.behind.get(table.name), *(len(self.stored.get(k.references, ())) for k in table.foreign_keys))
        memo = (table.name, (counts, conditions, tuple(sorted(given.items(), key=str))))
        if memo not in self._solved:
            checks = (*table.checks, *conditions)
            whole = Table(table.name, table.columns, checks, table.keys, table.foreign_keys, table.partitioned)
            random = Random(f"{self._seed} {table.name}")
            behind = self.behind.get(table.name, "")
            found = list(slots(table, given, self.options[table.name], self.stored, behind))
            self._solved[memo] = solve(whole, found, self.judge, random)
        return self._solved[memo]

    def _bounds_of(self, table: Table) -> Iterator[Check | None]:
        """Yield the bounds that a row of a partitioned table may keep to, one partition after the other."""
        leaves = [leaf for leaf in table.partitions if leaf in self.bounds][:3]
        if not leaves:
            yield None
        for leaf in leaves:
            yield from (check for check in self.tables[leaf].checks if check.name.kind == "table")

    def _more_parents(self, table: Table, chooser: Chooser, depth: int) -> bool:
        """Make further rows to refer to, when every row that can be composed repeats a key."""
        made = False
        for key in table.foreign_keys:
            blocked = chooser.blocked.intersection(key.columns)
            if blocked and key.references != table.name and key.references not in self._working:
                made |= self.make(key.references, depth=depth + 1) is not None
        return made

    def _fill_circle(self, name: TableName) -> None:
        members = circle(name, self._reach)
        self._working |= set(members)
        for member in members:
            for key in self.tables[member].foreign_keys:
                if key.references not in members:
                    self.ensure(key.references)
        refusal = fill_together(self, members)
        self._working -= set(members) - {name}
        for member in members:
            self.refresh(member)
            if not self.stored[member]:
                self.unfilled[member] = Unfilled(impossible(members), refusal)

    def _read(self, table: Table) -> list[Row]:
        try:
            rows = self.session.rows(f"select {texts(table)} from {qualified(table.name)} limit {_READ}")
        except psycopg.Error:
            return []
        return [self._row(table, row) for row in rows]

    def _row(self, table: Table, values: tuple[str | None, ...]) -> Row:
        return dict(zip(table.columns, values, strict=False))

    def _why(self, name: TableName, refusal: Refusal | None) -> Unfilled:
        table = self.tables[name]
        if table.partitioned and not table.partitions:
            return Unfilled(PARTITIONLESS)
        if refusal is not None:
            return Unfilled(refusal.message, refusal)
        return why(table, self.solved(name), self.stored)
