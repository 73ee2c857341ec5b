"""What was renamed is one difference, with whatever follows from it; what may have been renamed is never merged."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from pgproof.catalog import snapshot
from pgproof.catalog.alike import alike
from pgproof.catalog.compare import compare
from pgproof.catalog.difference import Difference
from pgproof.catalog.fixpoint import survivors
from tests.conftest import LiveDatabase, make_live

BASE = """
create schema app;
create type app.mood as enum ('glad', 'sad');
create table app.author (id serial primary key, name text not null, mood app.mood default 'glad');
create table app.note (
  id bigserial primary key, author_id integer references app.author (id), parent bigint references app.note (id),
  body text check (length(body) > 2), state varchar(9) default 'new' check (state in ('new', 'old'))
);
create index note_body on app.note (lower(body)) where state = 'new';
create view app.fresh as select note.id, note.body, author.name from app.note join app.author on author.id = author_id;
create function app.touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touch before update on app.note for each row execute function app.touch();
create function app.first(n app.note) returns text language sql begin atomic select n.body; end;
alter table app.note enable row level security;
create policy own on app.note using (exists (select from app.author a where a.id = note.author_id));
comment on table app.note is 'what was said';
"""
Compare = Callable[[str], list[Difference]]


@pytest.fixture
def compared(live: LiveDatabase) -> Iterator[Compare]:
    other = make_live(live.cluster)

    def differences(change: str) -> list[Difference]:
        live.execute(BASE)
        other.execute(BASE + change)
        ours, theirs = snapshot.read(live.session()), snapshot.read(other.session())
        return survivors(compare(ours, theirs), ours, theirs, lambda: psycopg.connect(live.url))

    yield differences
    other.close()


def brief(found: list[Difference]) -> list[tuple[str, str, str]]:
    return [(one.action, f"{one.name.kind} {one.name}", one.attribute) for one in found]


@pytest.mark.parametrize(
    ("change", "name", "new"),
    [
        ("alter table app.note rename to memo", "table app.note", "memo"),
        ("alter table app.author rename to writer", "table app.author", "writer"),
        ("alter type app.mood rename to feeling", "enum app.mood", "feeling"),
        ("alter view app.fresh rename to latest", "view app.fresh", "latest"),
        ('alter table app.note rename to "My ""note"""', "table app.note", 'My "note"'),
    ],
)
def test_a_rename_is_one_difference(compared: Compare, change: str, name: str, new: str) -> None:
    found = compared(change)
    assert brief(found) == [("renamed", name, "name")]
    assert found[0].live == new


def test_a_table_made_again_under_another_name_brings_the_names_that_the_server_chose(live: LiveDatabase) -> None:
    other = make_live(live.cluster)
    table = "(id serial primary key, body text unique, made date, state text check (state <> ''));"
    for database, name in ((live, "note"), (other, "memo")):
        database.execute(f"create table {name} {table} create index on {name} (made)")
    ours, theirs = snapshot.read(live.session()), snapshot.read(other.session())
    found = survivors(compare(ours, theirs), ours, theirs, lambda: psycopg.connect(live.url))
    other.close()
    assert {one.action for one in found} == {"renamed"}
    assert [(one.name.parts[-1], one.live) for one in found] == [
        ("note_body_key", "memo_body_key"),
        ("note_pkey", "memo_pkey"),
        ("note_state_check", "memo_state_check"),
        ("note_made_idx", "memo_made_idx"),
        ("note_id_seq", "memo_id_seq"),
        ("note", "memo"),
    ]
    [(whole, *following)] = alike(found)
    assert (whole.name.kind, len(following)) == ("table", 5)


def test_what_else_changed_of_a_renamed_table_is_told_under_its_declared_name(compared: Compare) -> None:
    found = compared("""
        alter table app.note rename to memo;
        alter table app.memo alter body set not null, disable row level security, drop constraint note_state_check;
        create index memo_state on app.memo (state);""")
    assert brief(found) == [
        ("changed", "column app.note.body", "not null"),
        ("missing", "constraint app.note.note_state_check", ""),
        ("extra", "index app.memo_state", ""),
        ("changed", "table app.note", "row security"),
        ("renamed", "table app.note", "name"),
    ]
    assert str(found[0].other) == "app.memo.body"


def test_two_renames_at_once_are_two_differences(compared: Compare) -> None:
    found = compared("alter table app.note rename to memo; alter table app.author rename to writer")
    assert brief(found) == [("renamed", "table app.author", "name"), ("renamed", "table app.note", "name")]


def test_a_small_table_is_only_perhaps_the_same(live: LiveDatabase) -> None:
    other = make_live(live.cluster)
    live.execute("create table tag (id integer, label text)")
    other.execute("create table planet (id integer, label text)")
    found = compare(snapshot.read(live.session()), snapshot.read(other.session()))
    other.close()
    assert brief(found) == [("extra", "table public.planet", ""), ("missing", "table public.tag", "")]
    assert [str(one.perhaps) for one in found] == ["public.tag", "public.planet"]


def test_of_several_that_are_alike_none_is_taken_for_another(live: LiveDatabase) -> None:
    other = make_live(live.cluster)
    columns = "(id integer primary key, a text, b text, c text, d text)"
    live.execute(f"create table one {columns}")
    other.execute(f"create table two {columns}; create table three {columns}")
    found = compare(snapshot.read(live.session()), snapshot.read(other.session()))
    other.close()
    assert [(one.action, one.perhaps) for one in found] == [("missing", None), ("extra", None), ("extra", None)]


def test_a_column_is_perhaps_renamed_and_never_merged(compared: Compare) -> None:
    found = compared("alter table app.author rename column name to full_name")
    told = {(one.action, str(one.name)): str(one.perhaps) for one in found if one.name.kind == "column"}
    assert told[("missing", "app.author.name")] == "app.author.full_name"
    assert told[("extra", "app.author.full_name")] == "app.author.name"
