"""Names that an attacker or a creative person chose, in every place where a name can stand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pgproof.catalog import snapshot
from pgproof.catalog.kinds import BY_NAME
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier, literal
from tests.catalog.test_recreate import recreated
from tests.conftest import LiveDatabase

NAMES = (
    'a"b""c',
    "it's; drop table x; --",
    "two\nlines\r\n\ttab",
    "<script>alert('&amp;')</script>",
    "🐘 élan 表",
    "%I %s %% $1 $$ ${x} {0} \\ \\n",
    " on only x USING btree (a) AS ",
    "a.b.c",
    "select",
    "Public",
    "\u202eright to left\u200b",
    "é" * 31,
)

EVERYTHING = """
create role {n};
create schema {n};
comment on schema {n} is {l};
create function {n}.{n}() returns trigger language plpgsql as 'begin return new; end';
create table {n}.{n} (
  {n} integer generated always as identity (sequence name {n}.{ident}),
  {second} text collate "C" default {l},
  generated text generated always as ({second} || {l}) stored,
  constraint {key} primary key ({n}),
  constraint {n} check ({second} <> {l})
);
create table {n}.{part} (id integer, more text) partition by list (more);
create table {n}.{child} partition of {n}.{part} for values in ({l});
alter table {n}.{part} add constraint {n} foreign key (id) references {n}.{n} ({n});
create index {index} on {n}.{n} ({second}) where {second} > {l};
alter table {n}.{n} replica identity using index {key}, cluster on {key};
create sequence {n}.{seq} owned by {n}.{n}.{second};
create view {n}.{view} as select {n}, {second}, {l} as {third} from {n}.{n};
create materialized view {n}.{mv} as select {n} from {n}.{n};
create trigger {n} before update of {second} on {n}.{n} for each row when (new.{second} > {l})
  execute function {n}.{n}({l});
create policy {n} on {n}.{n} to {n} using ({second} = {l}) with check ({second} > {l});
create rule {n} as on insert to {n}.{view} do instead insert into {n}.{n} ({second}) values ({l});
comment on table {n}.{n} is {l};
comment on column {n}.{n}.{second} is {l};
comment on constraint {n} on {n}.{n} is {l};
comment on trigger {n} on {n}.{n} is {l};
comment on policy {n} on {n}.{n} is {l};
comment on rule {n} on {n}.{view} is {l};
comment on index {n}.{index} is {l};
grant select, insert on {n}.{n} to {n} with grant option;
grant update ({second}) on {n}.{n} to {n};
grant usage on schema {n} to {n};
alter sequence {n}.{seq} owner to current_user;
alter view {n}.{view} owner to {n};
"""
SUFFIXES = ("second", "third", "part", "child", "index", "seq", "view", "mv", "ident", "key")


def spelled(name: str) -> dict[str, str]:
    """The last characters make way where a name must differ from the others in its schema."""
    others = {suffix: identifier(name[:20] + suffix) for suffix in SUFFIXES}
    return {"n": identifier(name), "l": literal(name), **others}


@pytest.fixture
def hostile(live: LiveDatabase) -> Iterator[LiveDatabase]:
    for name in NAMES:
        live.execute(f"drop role if exists {identifier(name)}")
    for name in NAMES:
        live.execute(EVERYTHING.format(**spelled(name)))
    yield live
    for name in NAMES:
        live.execute(f"drop owned by {identifier(name)} cascade; drop role {identifier(name)}")


def test_hostile_names_are_read_and_made_again(hostile: LiveDatabase) -> None:
    assert recreated(hostile) == set()


def test_hostile_names_stand_in_the_catalog_as_they_are(hostile: LiveDatabase) -> None:
    catalog = snapshot.read(hostile.session())
    for name in NAMES:
        table = catalog.objects[ObjectName("table", (name, name))]
        assert table.attributes["comment"] == name
        privileges = table.attributes["privileges"]
        assert isinstance(privileges, dict)
        assert privileges[name] == ["INSERT*", "SELECT*"]
        assert catalog.objects[ObjectName("policy", (name, name, name))].attributes["roles"] == [name]
        index = catalog.objects[ObjectName("index", (name, name[:20] + "index"))]
        assert str(index.attributes["definition"]).startswith("USING btree (")
        trigger = catalog.objects[ObjectName("trigger", (name, name, name))]
        assert str(trigger.attributes["definition"]).startswith("BEFORE UPDATE OF ")


def test_references_lead_to_objects(hostile: LiveDatabase) -> None:
    catalog = snapshot.read(hostile.session())
    belonging = 0
    for thing in catalog.objects.values():
        for parent in BY_NAME[thing.name.kind].belongs(thing):
            either = {thing.name.kind, parent.kind} == {"index", "table"}
            if parent.kind not in ("materialized view", "foreign table") and not either:
                assert parent in catalog.objects, f"{thing.name} belongs to {parent}"
                belonging += 1
    assert belonging >= 8 * len(NAMES)
