"""Schemas out of a seed: objects of all kinds that a plain superuser can make, with names that nobody would choose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from pgproof.sql.quote import identifier, literal

NAMES = (
    "Order",
    "two words",
    "ü",
    "select",
    'x"y',
    "it's",
    "a.b",
    "Ω$1",
    "%s",
    "back\\slash",
    "line\nfeed",
    "x" * 60,
    "t",
)
TYPES = {
    "integer": ("0", "(1 + 2) * 3", "length('a')", "-1"),
    "bigint": ("7", "(-2)::bigint"),
    "smallint": ("1",),
    "text": ("'x'", "lower('A')", "'a' || 'b'", "current_user", "''"),
    "varchar(20)": ("'new'", "'it''s'", "null"),
    "char(3)": ("'abc'",),
    "numeric(8, 2)": ("1.5", "round(1.25, 1)"),
    "double precision": ("1e10", "pi()"),
    "boolean": ("true", "(not true)"),
    "date": ("current_date", "'2024-01-31'", "now()::date - 1"),
    "timestamptz": ("now()", "'2024-01-31 10:00+00'", "now() + interval '1 day 2 hours'"),
    "timestamp(3)": ("now()",),
    "interval": ("'1 mon'", "interval '3' day"),
    "uuid": ("gen_random_uuid()",),
    "jsonb": ("'{\"a\": [1, null]}'", "jsonb_build_object('a', 1)"),
    "bytea": ("'\\x00ff'",),
    "integer[]": ("'{}'", "array[1, 2]"),
    "text[]": ("array['a', 'b']::text[]",),
    "int4range": ("'[1,5)'", "int4range(1, 5)"),
    "bit(3)": ("B'101'",),
    "inet": ("'10.0.0.1'",),
}
PRIVILEGES = ("select", "insert", "update", "delete", "truncate", "references", "trigger")


@dataclass
class Schema:
    """What has been made so far."""

    random: Random
    roles: tuple[str, ...]
    spaces: list[str] = field(default_factory=list)
    types: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(TYPES))
    tables: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    count: int = 0

    def name(self) -> str:
        """Return a new name, as SQL."""
        self.count += 1
        return identifier(f"{self.random.choice(NAMES)}{self.count}")

    def place(self) -> str:
        """Return a new qualified name."""
        return f"{self.random.choice(self.spaces)}.{self.name()}"

    def maybe(self, text: str, chance: float = 0.5) -> str:
        """Return the text, or nothing."""
        return text if self.random.random() < chance else ""

    def table(self) -> tuple[str, list[tuple[str, str]]]:
        """Return one of the tables with its columns."""
        return self.random.choice(list(self.tables.items()))

    def column(self, columns: list[tuple[str, str]], *types: str) -> str:
        """Return a column of one of the types, `""` when there is none."""
        found = [name for name, of in columns if of in types]
        return self.random.choice(found) if found else ""


def statements(seed: int, roles: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the statements of a schema: the same ones for the same seed."""
    made = Schema(Random(seed), roles)
    made.spaces = ["public"]
    for _ in range(made.random.randint(0, 2)):
        space = made.name()
        made.spaces.append(space)
        yield f"create schema {space}"
    yield from _types(made)
    yield from _functions(made)
    for _ in range(made.random.randint(2, 5)):
        yield from _table(made)
    yield from _partitions(made)
    for _ in range(made.random.randint(1, 4)):
        yield from _on_a_table(made)
    for _ in range(made.random.randint(1, 3)):
        yield from _view(made)
    yield from _others(made)
    yield from _privileges(made)


def _types(made: Schema) -> Iterator[str]:
    pick = made.random
    labels = [literal(f"{name}{n}") for n, name in enumerate(pick.sample([n for n in NAMES if len(n) < 50], 3))]
    enum, domain, composite = made.place(), made.place(), made.place()
    yield f"create type {enum} as enum ({', '.join(labels)})"
    made.types[enum] = (labels[0],)
    base = pick.choice(("varchar(20)", "text", "integer"))
    check = "value > 0 and value between 1 and 5" if base == "integer" else "value in ('a', 'b') or length(value) > 3"
    default = "1" if base == "integer" else "'a'"
    yield f"create domain {domain} as {base} {made.maybe('not null')} default {default} check ({check})"
    made.types[domain] = (default,)
    yield f'create type {composite} as ({made.name()} integer, {made.name()} {enum}, {made.name()} text collate "C")'
    made.types[composite] = ("null",)
    if made.maybe("x"):
        yield f"create type {made.place()} as range (subtype = float8, subtype_diff = float8mi)"
    yield f"comment on type {enum} is {literal(pick.choice(NAMES))}"


def _functions(made: Schema) -> Iterator[str]:
    pick = made.random
    one = made.place()
    argument = made.name()
    yield (
        f"create function {one}({argument} integer default 1 + 2) returns integer language sql"
        f" {pick.choice(('volatile', 'stable', 'immutable'))} {made.maybe('strict')} {made.maybe('security definer')}"
        f" {made.maybe('set search_path = pg_catalog, pg_temp')} {made.maybe('cost 7')} {made.maybe('parallel safe')}"
        f" as 'select {1 + pick.randrange(9)}'"
    )
    yield f"create procedure {made.place()}(inout a text) language plpgsql as 'begin a := $q$x$q$; end'"
    yield f"create function {made.place()}(integer) returns bigint begin atomic select ($1 + 1)::bigint; end"
    if made.maybe("x"):
        yield f"create aggregate {made.place()}(integer) (sfunc = int4pl, stype = integer, initcond = '0')"
    yield f"comment on function {one}(integer) is 'says\nmore'"


def _table(made: Schema) -> Iterator[str]:
    pick = made.random
    table = made.place()
    columns = [(made.name(), pick.choice(list(made.types))) for _ in range(pick.randint(1, 6))]
    key = made.name()
    lines = [f"{key} {pick.choice(('serial', 'bigserial', 'bigint generated always as identity (start 7 cache 3)'))}"]
    for name, of in columns:
        default = made.maybe(f"default {pick.choice(made.types[of])}", 0.4)
        collate = made.maybe('collate "C"', 0.3) if of in ("text", "varchar(20)") and not default else ""
        lines.append(f"{name} {of} {collate} {default} {made.maybe('not null', 0.3) if default else ''}")
    lines.append(f"{made.maybe(f'constraint {made.name()} ')}primary key ({key})")
    if number := made.column(columns, "integer", "bigint"):
        lines.append(f"check ({number} > 0 and {number} between 1 and 9 and {number} not in (3, 4))")
        lines.append(f"{made.name()} bigint generated always as ({number} * 2) stored")
    if word := made.column(columns, "varchar(20)", "text"):
        lines.append(
            f"check ({word} in ('a', 'b') or {word} like 'x%' or {word} is null) {made.maybe('no inherit', 0.2)}"
        )
    unlogged = made.maybe("unlogged", 0.1)
    yield f"create {unlogged} table {table} ({', '.join(lines)}) {made.maybe('with (fillfactor = 70)', 0.2)}"
    if made.maybe("x", 0.4):  # numbers of attributes with a gap
        yield f"alter table {table} add column gone integer, add column {identifier('late')} text"
        yield f"alter table {table} drop column gone"
        columns.append(("late", "text"))
    if not unlogged and made.tables and made.maybe("x"):
        other = pick.choice(list(made.tables))
        yield (
            f"alter table {table} add column ref bigint, add foreign key (ref) references {other}"
            f" {made.maybe('on delete set null')} {made.maybe('deferrable initially deferred')}"
            f" {made.maybe('not valid')}"
        )
    yield f"comment on column {table}.{key} is {literal(pick.choice(NAMES))}"
    if not unlogged:
        made.tables[table] = columns


def _partitions(made: Schema) -> Iterator[str]:
    table, first, rest = made.place(), made.place(), made.place()
    yield f"create table {table} (id integer not null, at date not null, word text default 'x') partition by range (at)"
    yield f"create index on {table} (lower(word)) where id in (1, 2)"
    yield f"create table {first} partition of {table} for values from ('2024-01-01') to ('2025-01-01')"
    yield f"create table {rest} partition of {table} default"
    yield f"alter table {table} add check (id between 1 and 100 and id <> 7)"
    child = made.place()
    if made.tables:
        parent, _ = made.table()
        yield f"create table {child} (own integer) inherits ({parent})"


def _on_a_table(made: Schema) -> Iterator[str]:
    pick = made.random
    if not made.tables:
        return
    table, columns = made.table()
    word = made.column(columns, "text", "varchar(20)")
    if word:
        key = pick.choice((word, f"lower({word})", f"{word} desc nulls last"))
        yield (
            f"create index {made.name()} on {table} ({key})"
            f" {made.maybe(f'include ({word})', 0.2)} where {word} in ('new', 'old') and {word} <> 'x'"
        )
        yield f"create policy {made.name()} on {table} {made.maybe('as restrictive')} using ({word} in ('a', 'b'))"
        yield f"alter table {table} alter {word} set statistics 50"
        if len(columns) > 1 and (number := made.column(columns, "integer", "bigint", "boolean")):
            yield f"create statistics {made.place()} (dependencies) on {word}, {number} from {table}"
        yield f"alter table {table} alter {word} set storage external"
    yield f"alter table {table} {pick.choice(('enable', 'force'))} row level security"
    function = made.place()
    yield f"create function {function}() returns trigger language plpgsql as $$ begin return new; end $$"
    trigger = made.name()
    when = f"when (old.{word} is distinct from 'x')" if word else ""
    yield f"create trigger {trigger} before update on {table} for each row {when} execute function {function}()"
    if made.maybe("x", 0.3):
        yield f"alter table {table} {pick.choice(('disable', 'enable always', 'enable replica'))} trigger {trigger}"
    if made.maybe("x", 0.3):
        yield f"create rule {made.name()} as on delete to {table} do also notify {made.name()}"
    yield f"comment on trigger {trigger} on {table} is 'fires'"


def _view(made: Schema) -> Iterator[str]:
    pick = made.random
    if not made.tables:
        return
    table, columns = made.table()
    listed = ", ".join(f"t.{name}" for name, _ in columns) or "1 as one"
    word = made.column(columns, "text", "varchar(20)")
    where = f"where t.{word} in ('a', 'b') and (t.{word} between 'a' and 'c' and t.{word} <> 'b')" if word else ""
    options = made.maybe("with (security_barrier)", 0.3)
    view = made.place()
    yield f"create view {view} {options} as select {listed} from {table} t {where}"
    yield f"comment on view {view} is 'seen'"
    if word:
        yield (
            f"create materialized view {made.place()} as select t.{word}, count(*) filter (where t.{word} like 'a%')"
            f" from {table} t group by 1 {pick.choice(('with data', 'with no data'))}"
        )


def _others(made: Schema) -> Iterator[str]:
    pick = made.random
    step = pick.choice((1, -1, 5))
    yield f"create sequence {made.place()} as smallint increment {step} {made.maybe('cycle')} cache 3"
    if made.maybe("x"):
        dictionary, configuration = made.place(), made.place()
        yield f"create text search dictionary {dictionary} (template = simple, stopwords = english)"
        yield f"create text search configuration {configuration} (copy = simple)"
        yield f"alter text search configuration {configuration} alter mapping for word with {dictionary}, simple"
    if made.maybe("x"):
        operator = f"{pick.choice(made.spaces)}.==="
        yield f"create operator {operator} (function = int4eq, leftarg = integer, rightarg = integer, commutator = ===)"
    if made.tables and made.maybe("x"):
        table, _ = made.table()
        yield f"create publication {made.name()} for table only {table} with (publish = 'insert, update')"
    if made.maybe("x", 0.3):
        yield f"create collation {made.place()} (lc_collate = 'C', lc_ctype = 'POSIX')"
    if made.maybe("x", 0.3):
        function = made.place()
        yield f"create function {function}() returns event_trigger language plpgsql as 'begin end'"
        yield f"create event trigger {made.name()} on sql_drop when tag in ('DROP TABLE') execute function {function}()"


def _privileges(made: Schema) -> Iterator[str]:
    pick = made.random
    for table, columns in made.tables.items():
        for role in pick.sample(made.roles, len(made.roles)):
            several = pick.sample(PRIVILEGES, pick.randint(1, 3))
            yield f"grant {', '.join(several)} on {table} to {role} {made.maybe('with grant option', 0.2)}"
        if columns and made.roles:
            yield f"grant select ({columns[0][0]}) on {table} to {made.roles[0]}"
        if made.roles and made.maybe("x", 0.3):
            yield f"alter table {table} owner to {pick.choice(made.roles)}"
    for space in made.spaces:
        yield f"grant usage on schema {space} to public"
        if made.roles and made.maybe("x", 0.4):
            yield f"alter default privileges in schema {space} grant select on tables to {made.roles[-1]}"
