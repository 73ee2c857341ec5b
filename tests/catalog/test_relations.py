"""Each attribute of the kinds of relations: one thing is changed, and exactly that is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pgproof.catalog import snapshot
from pgproof.catalog.object import Catalog
from tests.catalog.changes import changes
from tests.catalog.transaction import TransactionSession
from tests.conftest import MAJORS, LiveDatabase, make_live, running_cluster

if TYPE_CHECKING:
    from psycopg import Connection

RELATIONS = (Path(__file__).parent / "relations.sql").read_text(encoding="utf-8")
ROLES = "drop role if exists relations_reader, relations_owner, relations_nobody"


class Given(NamedTuple):
    """The database of `relations.sql`, as it is before a test changes it."""

    database: LiveDatabase
    catalog: Catalog

    @contextmanager
    def changed(self, sql: str) -> Iterator[tuple[Connection[Any], Catalog]]:
        """Yield the catalog after `sql`, inside of a transaction that is rolled back."""
        import psycopg

        with psycopg.connect(self.database.url) as connection:
            connection.execute(sql.encode())
            yield connection, snapshot.read(TransactionSession(connection))
            connection.rollback()


@pytest.fixture(scope="module", params=MAJORS, ids=[f"pg{major}" for major in MAJORS])
def given(request: pytest.FixtureRequest) -> Iterator[Given]:
    database = make_live(running_cluster(request.param))
    database.execute(ROLES)
    database.execute(RELATIONS)
    yield Given(database, snapshot.read(database.session()))
    database.close()
    database.execute("drop owned by relations_reader, relations_owner; " + ROLES)


Change = tuple[str, str, str]

# fmt: off
MUTATIONS: dict[str, tuple[str, set[Change]]] = {
    # schema
    "schema added": ("create schema more", {("schema", "more", "extra")}),
    "schema owner": ("alter schema other owner to relations_owner", {
        ("schema", "other", "owner"), ("schema", "other", "privileges")}),
    "schema privileges": ("grant usage on schema app to relations_reader", {("schema", "app", "privileges")}),
    "schema comment": ("comment on schema app is 'renewed'", {("schema", "app", "comment")}),
    # table
    "table added": ("create table app.more ()", {("table", "app.more", "extra")}),
    "table dropped": ("drop table app.scratch", {
        ("table", "app.scratch", "missing"), ("column", "app.scratch.id", "missing")}),
    "unlogged": ("alter table app.plain set unlogged", {("table", "app.plain", "persistence")}),
    "table options": (
        "alter table app.plain set (fillfactor = 70, autovacuum_enabled = off)", {("table", "app.plain", "options")}),
    "toast options": ("alter table app.plain set (toast.autovacuum_enabled = off)", {
        ("table", "app.plain", "toast options")}),
    "access method": (
        "create access method again type table handler heap_tableam_handler; "
        "alter table app.scratch set access method again",
        {("table", "app.scratch", "access method"), ("access method", "again", "extra")}),
    "row security": ("alter table app.orders disable row level security", {("table", "app.orders", "row security")}),
    "forced row security": ("alter table app.orders force row level security", {
        ("table", "app.orders", "forced row security")}),
    "replica identity full": ("alter table app.plain replica identity full", {
        ("table", "app.plain", "replica identity")}),
    "replica identity index": ("alter table app.plain replica identity using index plain_id", {
        ("table", "app.plain", "replica identity")}),
    "inheritance removed": ("alter table app.dog no inherit app.animal", {("table", "app.dog", "inherits")}),
    "partition detached": ("alter table app.events detach partition app.events_2025", {
        ("table", "app.events_2025", "inherits"), ("table", "app.events_2025", "partition bound")}),
    "partition bound": (
        "alter table app.events detach partition app.events_2025; "
        "alter table app.events attach partition app.events_2025 for values from ('2025-01-01') to ('2027-01-01')", {
            ("table", "app.events_2025", "partition bound")}),
    "partition added": (
        "create table app.events_2026 partition of app.events for values from ('2026-01-01') to ('2027-01-01')", {
            ("table", "app.events_2026", "extra"),
            ("column", "app.events_2026.id", "extra"), ("column", "app.events_2026.at", "extra"),
            ("constraint", "app.events_2026.events_2026_pkey", "extra"),
            ("index", "app.events_2026_pkey", "extra"), ("index", "app.events_2026_at_idx", "extra")}),
    "clustered": ("alter table app.plain cluster on plain_note", {("table", "app.plain", "clustered on")}),
    "typed": ("alter table app.typed not of", {("table", "app.typed", "of type")}),
    "table owner": ("alter table app.plain owner to relations_owner", {
        ("table", "app.plain", "owner"), ("table", "app.plain", "privileges")}),
    "table owner takes its sequence along": ("alter table app.orders owner to relations_owner", {
        ("table", "app.orders", "owner"), ("table", "app.orders", "privileges"),
        ("sequence", "app.orders_id_seq", "privileges")}),
    "table privileges": ("grant insert on app.customer to relations_reader", {
        ("table", "app.customer", "privileges")}),
    "table grant option": ("grant select on app.customer to relations_reader with grant option", {
        ("table", "app.customer", "privileges")}),
    "table comment": ("comment on table app.customer is null", {("table", "app.customer", "comment")}),
    # column
    "column added": ("alter table app.plain add more integer", {("column", "app.plain.more", "extra")}),
    "column dropped": ("alter table app.customer drop spare", {("column", "app.customer.spare", "missing")}),
    "column dropped in the middle": ("alter table app.plain drop amount cascade", {
        ("column", "app.plain.amount", "missing"), ("column", "app.plain.moment", "position"),
        ("index", "app.plain_partial", "missing")}),
    "column renamed": ("alter table app.customer rename spare to extra", {
        ("column", "app.customer.spare", "missing"), ("column", "app.customer.extra", "extra")}),
    "column order": (
        "alter table app.customer drop email, add email varchar(40)", {
            ("column", "app.customer.email", "position"), ("column", "app.customer.credit", "position"),
            ("column", "app.customer.label", "position"), ("column", "app.customer.spare", "position")}),
    "type": ("alter table app.customer alter spare type bigint", {("column", "app.customer.spare", "type")}),
    "type modifier": ("alter table app.customer alter email type varchar(50)", {
        ("column", "app.customer.email", "type")}),
    "numeric precision": ("alter table app.customer alter credit type numeric(12, 2)", {
        ("column", "app.customer.credit", "type")}),
    "default": ("alter table app.customer alter credit set default 1", {("column", "app.customer.credit", "default")}),
    "default dropped": ("alter table app.customer alter credit drop default", {
        ("column", "app.customer.credit", "default")}),
    "not null": ("alter table app.customer alter spare set not null", {("column", "app.customer.spare", "not null")}),
    "identity by default": ("alter table app.customer alter id set generated by default", {
        ("column", "app.customer.id", "identity")}),
    "identity options": ("alter table app.customer alter id set increment by 10", {
        ("column", "app.customer.id", "identity options")}),
    "identity dropped": ("alter table app.customer alter id drop identity", {
        ("column", "app.customer.id", "identity"), ("column", "app.customer.id", "identity options")}),
    "generated expression": (
        "alter table app.customer drop label, drop spare, "
        "add label text generated always as (lower(name)) stored, add spare integer", {
            ("column", "app.customer.label", "default")}),
    "generated no more": ("alter table app.customer alter label drop expression", {
        ("column", "app.customer.label", "default"), ("column", "app.customer.label", "generated")}),
    "collation": ('alter table app.customer alter email type varchar(40) collate "C"', {
        ("column", "app.customer.email", "collation")}),
    "storage": ("alter table app.plain alter note set storage external", {("column", "app.plain.note", "storage")}),
    "compression": ("alter table app.plain alter note set compression pglz", {
        ("column", "app.plain.note", "compression")}),
    "statistics target": ("alter table app.plain alter note set statistics 500", {
        ("column", "app.plain.note", "statistics target")}),
    "column options": ("alter table app.plain alter note set (n_distinct = 5)", {
        ("column", "app.plain.note", "options")}),
    "column privileges": ("grant update (name) on app.customer to relations_reader", {
        ("column", "app.customer.name", "privileges")}),
    "column comment": ("comment on column app.customer.name is 'other'", {
        ("column", "app.customer.name", "comment")}),
    # constraint
    "primary key dropped": ("alter table app.orders drop constraint orders_pkey", {
        ("constraint", "app.orders.orders_pkey", "missing"), ("index", "app.orders_pkey", "missing")}),
    "primary key columns": (
        "alter table app.orders drop constraint orders_pkey, add constraint orders_pkey primary key (id, customer)", {
            ("constraint", "app.orders.orders_pkey", "definition")}),
    "foreign key on delete": (
        "alter table app.orders drop constraint orders_customer, add constraint orders_customer "
        "foreign key (customer) references app.customer (id)", {
            ("constraint", "app.orders.orders_customer", "definition")}),
    "foreign key on update": (
        "alter table app.orders drop constraint orders_customer, add constraint orders_customer "
        "foreign key (customer) references app.customer (id) on update cascade on delete cascade", {
            ("constraint", "app.orders.orders_customer", "definition")}),
    "foreign key match full": (
        "alter table app.orders drop constraint orders_customer, add constraint orders_customer "
        "foreign key (customer) references app.customer (id) match full on delete cascade", {
            ("constraint", "app.orders.orders_customer", "definition")}),
    "foreign key deferrable": ("alter table app.orders alter constraint orders_customer deferrable", {
        ("constraint", "app.orders.orders_customer", "definition")}),
    "foreign key not valid": (
        "alter table app.orders drop constraint orders_customer, add constraint orders_customer "
        "foreign key (customer) references app.customer (id) on delete cascade not valid", {
            ("constraint", "app.orders.orders_customer", "validated")}),
    "foreign key not checked": ("alter table app.orders disable trigger all", {
        ("constraint", "app.orders.orders_customer", "system triggers"),
        ("trigger", "app.orders.orders_touch", "state"), ("trigger", "app.orders.orders_late", "state")}),
    "foreign key not checked on one referenced partition": ("alter table app.events_2024 disable trigger all", {
        ("constraint", "app.attendance.attends", "system triggers"),
        ("trigger", "app.events.events_touch", "state on partitions")}),
    "unique nulls not distinct": (
        "alter table app.orders drop constraint orders_code, "
        "add constraint orders_code unique nulls not distinct (code)", {
            ("constraint", "app.orders.orders_code", "definition")}),
    "unique deferrable": (
        "alter table app.orders drop constraint orders_code, add constraint orders_code unique (code) deferrable", {
            ("constraint", "app.orders.orders_code", "definition")}),
    "unique options": ("alter index app.orders_code set (fillfactor = 50)", {("index", "app.orders_code", "options")}),
    "check expression": (
        "alter table app.orders drop constraint orders_status, "
        "add constraint orders_status check (status in ('new', 'paid', 'lost')); "
        "comment on constraint orders_status on app.orders is 'the life of an order'", {
            ("constraint", "app.orders.orders_status", "definition")}),
    "check not valid": (
        "alter table app.orders drop constraint orders_status, "
        "add constraint orders_status check (status in ('new', 'paid')) not valid; "
        "comment on constraint orders_status on app.orders is 'the life of an order'", {
            ("constraint", "app.orders.orders_status", "validated")}),
    "check no inherit": (
        "alter table app.orders drop constraint orders_status, "
        "add constraint orders_status check (status in ('new', 'paid')) no inherit; "
        "comment on constraint orders_status on app.orders is 'the life of an order'", {
            ("constraint", "app.orders.orders_status", "definition")}),
    "exclusion": (
        "alter table app.orders drop constraint orders_period, "
        "add constraint orders_period exclude using gist (period with &&) where (customer > 0)", {
            ("constraint", "app.orders.orders_period", "definition")}),
    "constraint renamed": ("alter table app.orders rename constraint orders_status to orders_state", {
        ("constraint", "app.orders.orders_status", "missing"), ("constraint", "app.orders.orders_state", "extra")}),
    "constraint comment": ("comment on constraint orders_status on app.orders is 'x'", {
        ("constraint", "app.orders.orders_status", "comment")}),
    # index
    "index added": ("create index plain_more on app.plain (amount)", {("index", "app.plain_more", "extra")}),
    "index dropped": ("drop index app.plain_note", {("index", "app.plain_note", "missing")}),
    **{
        f"index {what}": (
            f"drop index app.plain_note; create index plain_note on app.plain {text}; "
            "comment on index app.plain_note is 'search'", {("index", "app.plain_note", "definition")})
        for what, text in {
            "predicate": "(note) where amount > 1",
            "expression": "(lower(note))",
            "include": "(note) include (amount)",
            "operator class": "(note text_pattern_ops)",
            "collation": '(note collate "C")',
            "order": "(note desc)",
            "nulls first": "(note nulls first)",
            "access method": "using hash (note)",
            "options": "(note) with (fillfactor = 50)",
        }.items()
    },
    "index uniqueness": (
        "drop index app.plain_id; create index plain_id on app.plain (id)", {("index", "app.plain_id", "unique")}),
    "index nulls not distinct": (
        "drop index app.plain_id; create unique index plain_id on app.plain (id) nulls not distinct", {
            ("index", "app.plain_id", "definition")}),
    "index statistics": ("alter index app.plain_partial alter column 1 set statistics 700", {
        ("index", "app.plain_partial", "statistics targets")}),
    "index invalid": ("update pg_index set indisvalid = false where indexrelid = 'app.plain_note'::regclass", {
        ("index", "app.plain_note", "valid")}),
    "index renamed": ("alter index app.plain_note rename to plain_text", {
        ("index", "app.plain_note", "missing"), ("index", "app.plain_text", "extra")}),
    "index comment": ("comment on index app.plain_note is null", {("index", "app.plain_note", "comment")}),
    # view
    "view definition": (
        "create or replace view app.active with (check_option = local) as "
        "select id, customer, status from app.orders where status = 'paid'", {("view", "app.active", "definition")}),
    "view security invoker": ("alter view app.active set (security_invoker = on)", {
        ("view", "app.active", "security invoker")}),
    "view security barrier": ("alter view app.active set (security_barrier)", {
        ("view", "app.active", "security barrier")}),
    "view check option": ("alter view app.active set (check_option = cascaded)", {
        ("view", "app.active", "check option")}),
    "view column default": ("alter view app.active alter status set default 'new'", {
        ("column", "app.active.status", "default")}),
    "view owner": ("alter view app.active owner to relations_owner", {
        ("view", "app.active", "owner"), ("view", "app.active", "privileges")}),
    "view privileges": ("grant select on app.active to public", {("view", "app.active", "privileges")}),
    "view comment": ("comment on view app.active is null", {("view", "app.active", "comment")}),
    "view column comment": ("comment on column app.active.status is null", {
        ("column", "app.active.status", "comment")}),
    # materialized view
    "materialized view definition": (
        "drop materialized view app.totals; create materialized view app.totals as "
        "select customer, count(*) as number from app.orders where id > 0 group by customer; "
        "create index totals_customer on app.totals (customer)", {("materialized view", "app.totals", "definition")}),
    "materialized view not populated": ("refresh materialized view app.totals with no data", {
        ("materialized view", "app.totals", "populated")}),
    "materialized view index dropped": ("drop index app.totals_customer", {
        ("index", "app.totals_customer", "missing")}),
    "materialized view options": ("alter materialized view app.totals set (fillfactor = 60)", {
        ("materialized view", "app.totals", "options")}),
    "materialized view clustered": ("alter materialized view app.totals cluster on totals_customer", {
        ("materialized view", "app.totals", "clustered on")}),
    "materialized view privileges": ("grant select on app.totals to relations_reader", {
        ("materialized view", "app.totals", "privileges")}),
    "materialized view comment": ("comment on materialized view app.totals is 'x'", {
        ("materialized view", "app.totals", "comment")}),
    # sequence
    "sequence type": ("alter sequence app.orders_id_seq as bigint", {("sequence", "app.orders_id_seq", "type")}),
    "sequence start": ("alter sequence app.ticket start 7", {("sequence", "app.ticket", "start")}),
    "sequence increment": ("alter sequence app.ticket increment 6", {("sequence", "app.ticket", "increment")}),
    "sequence minimum": ("alter sequence app.ticket minvalue 0", {("sequence", "app.ticket", "minimum")}),
    "sequence maximum": ("alter sequence app.ticket maxvalue 2000", {("sequence", "app.ticket", "maximum")}),
    "sequence cache": ("alter sequence app.ticket cache 9", {("sequence", "app.ticket", "cache")}),
    "sequence cycle": ("alter sequence app.ticket cycle", {("sequence", "app.ticket", "cycle")}),
    "sequence owned by": ("alter sequence app.ticket owned by app.customer.spare", {
        ("sequence", "app.ticket", "owned by"), ("sequence", "app.ticket", "owner")}),
    "sequence owned by none": ("alter sequence app.orders_id_seq owned by none", {
        ("sequence", "app.orders_id_seq", "owned by"), ("sequence", "app.orders_id_seq", "owner")}),
    "sequence owner": ("alter sequence app.ticket owner to relations_owner", {
        ("sequence", "app.ticket", "owner"), ("sequence", "app.ticket", "privileges")}),
    "sequence unlogged": ("alter sequence app.ticket set unlogged", {("sequence", "app.ticket", "persistence")}),
    "sequence privileges": ("grant usage on sequence app.ticket to relations_reader", {
        ("sequence", "app.ticket", "privileges")}),
    "sequence comment": ("comment on sequence app.ticket is null", {("sequence", "app.ticket", "comment")}),
    # trigger
    "trigger definition": (
        "create or replace trigger orders_touch before update on app.orders for each row "
        "when (old.status is distinct from new.status) execute function app.touch()", {
            ("trigger", "app.orders.orders_touch", "definition")}),
    "trigger function": (
        "create or replace trigger orders_touch before update on app.orders for each row "
        "when (old.status <> new.status) execute function app.other_touch()", {
            ("trigger", "app.orders.orders_touch", "definition")}),
    "trigger disabled": ("alter table app.orders disable trigger orders_touch", {
        ("trigger", "app.orders.orders_touch", "state")}),
    "trigger always": ("alter table app.orders enable always trigger orders_touch", {
        ("trigger", "app.orders.orders_touch", "state")}),
    "trigger on replica": ("alter table app.orders enable replica trigger orders_touch", {
        ("trigger", "app.orders.orders_touch", "state")}),
    "trigger disabled on a partition": ("alter table app.events_2024 disable trigger events_touch", {
        ("trigger", "app.events.events_touch", "state on partitions")}),
    "trigger dropped": ("drop trigger orders_touch on app.orders", {
        ("trigger", "app.orders.orders_touch", "missing")}),
    "trigger comment": ("comment on trigger orders_touch on app.orders is null", {
        ("trigger", "app.orders.orders_touch", "comment")}),
    # policy
    "policy using": ("alter policy orders_read on app.orders using (true)", {
        ("policy", "app.orders.orders_read", "using")}),
    "policy check": ("alter policy orders_write on app.orders with check (true)", {
        ("policy", "app.orders.orders_write", "check")}),
    "policy roles": ("alter policy orders_read on app.orders to public", {
        ("policy", "app.orders.orders_read", "roles")}),
    "policy permissive": (
        "drop policy orders_write on app.orders; "
        "create policy orders_write on app.orders for update using (true) with check (customer > 0)", {
            ("policy", "app.orders.orders_write", "permissive")}),
    "policy command": (
        "drop policy orders_write on app.orders; "
        "create policy orders_write on app.orders as restrictive using (true) with check (customer > 0)", {
            ("policy", "app.orders.orders_write", "command")}),
    "policy comment": ("comment on policy orders_read on app.orders is null", {
        ("policy", "app.orders.orders_read", "comment")}),
    # rule
    "rule definition": (
        "create or replace rule plain_quiet as on delete to app.plain where old.id > 0 do instead nothing", {
            ("rule", "app.plain.plain_quiet", "definition")}),
    "rule dropped": ("drop rule plain_quiet on app.plain", {("rule", "app.plain.plain_quiet", "missing")}),
    "rule disabled": ("alter table app.plain disable rule plain_quiet", {("rule", "app.plain.plain_quiet", "state")}),
    "rule comment": ("comment on rule plain_quiet on app.plain is null", {
        ("rule", "app.plain.plain_quiet", "comment")}),
}
# fmt: on


@pytest.mark.parametrize("case", MUTATIONS)
def test_one_change_is_seen_as_exactly_that(given: Given, case: str) -> None:
    sql, expected = MUTATIONS[case]
    with given.changed(sql) as (_, catalog):
        assert changes(given.catalog, catalog) == expected
