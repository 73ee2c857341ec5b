"""What only newer majors have."""

from __future__ import annotations

import pytest

from pgproof.catalog import snapshot
from pgproof.model import ObjectName
from tests.catalog.changes import changes
from tests.catalog.test_recreate import recreated
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.parametrize("major", [18])

ONLY_18 = """
create table t (
  id integer constraint id_there not null,
  a integer not null no inherit,
  c integer constraint positive check (c > 0) not enforced
);
alter table t add constraint c_there not null c not valid;
create table v (id integer, b integer generated always as (id * 2));
create table target (id integer primary key);
alter table t add constraint fk foreign key (id) references target not enforced;
create table parted (id integer generated always as identity, at date) partition by range (at);
create table parted_1 partition of parted for values from ('2024-01-01') to ('2025-01-01');
grant maintain on t to public;
"""

CHANGES = {
    "alter table t drop constraint id_there, add constraint id_else not null id": set(),
    "alter table t alter id drop not null": {("column", "public.t.id", "not null")},
    "alter table t validate constraint c_there": {("column", "public.t.c", "not null state")},
    "alter table t alter constraint t_a_not_null inherit": {("column", "public.t.a", "not null state")},
    "alter table v alter b set expression as (id * 3)": {("column", "public.v.b", "default")},
    "alter table t alter constraint fk enforced": {("constraint", "public.t.fk", "definition")},
    "revoke maintain on t from public": {("table", "public.t", "privileges")},
}


@pytest.mark.parametrize("change", CHANGES)
def test_one_change_is_seen_as_exactly_that(live: LiveDatabase, change: str) -> None:
    live.execute(ONLY_18)
    before = snapshot.read(live.session())
    live.execute(change)
    assert changes(before, snapshot.read(live.session())) == CHANGES[change]


def test_all_of_it_can_be_made_again(live: LiveDatabase) -> None:
    live.execute(ONLY_18)
    assert recreated(live) == set()


def test_not_null_is_no_constraint_of_its_own_and_virtual_columns_say_so(live: LiveDatabase) -> None:
    live.execute(ONLY_18)
    catalog = snapshot.read(live.session())
    assert [str(one.name) for one in catalog.of("constraint")] == [
        "public.t.fk",
        "public.t.positive",
        "public.target.target_pkey",
    ]
    column = catalog.objects[ObjectName("column", ("public", "v", "b"))].attributes
    assert (column["generated"], column["default"]) == ("virtual", "(id * 2)")
    inherited = catalog.objects[ObjectName("column", ("public", "parted_1", "id"))].attributes
    assert (inherited["identity"], inherited["identity options"]) == ("always", None)
