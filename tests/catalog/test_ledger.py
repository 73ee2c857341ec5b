"""What is not read is counted and named."""

from __future__ import annotations

from pgproof.catalog import snapshot
from pgproof.catalog.difference import Unreadable
from pgproof.catalog.ledger import Unmodelled, ledger, unmodelled
from pgproof.model import ObjectName
from tests.conftest import LiveDatabase


def test_an_ordinary_schema_is_read_whole(live: LiveDatabase) -> None:
    live.execute("""
create table note (id serial primary key, tags text[]); create type state as enum ('a'); create type pair as (a int);
create type span as range (subtype = float8); create domain d as int; create function f() returns int language sql
return 1; select lo_unlink(lo_create(9))""")
    session = live.session()
    assert unmodelled(session) == []
    found = ledger(snapshot.read(session), session)
    assert (found.compared["table"], found.compared["column"], found.unreadable) == (1, 2, ())


def test_what_no_kind_reads_is_counted_and_named(live: LiveDatabase) -> None:
    live.execute("""
create type hull;
create function hull_in(cstring) returns hull language internal immutable strict as 'textin';
create function hull_out(hull) returns cstring language internal immutable strict as 'textout';
create type hull (input = hull_in, output = hull_out, like = text);
select lo_create(n) from generate_series(101, 107) n;
create language other handler plpgsql_call_handler;
create table member (id int); alter extension plpgsql add table member;
alter table member enable row level security; create policy mine on member using (true);
grant select on member to public;
create trigger own before update on member for each row execute function suppress_redundant_updates_trigger();
""")
    assert unmodelled(live.session()) == [
        Unmodelled("base type", 1, ("public.hull",)),
        Unmodelled("changed privileges of an extension's object", 1, ("public.member",)),
        Unmodelled("language", 1, ("other",)),
        Unmodelled("large object", 7, ("101", "102", "103", "104", "105")),
        Unmodelled("policy on a table of an extension", 1, ("public.member.mine",)),
        Unmodelled("trigger on a table of an extension", 1, ("public.member.own",)),
    ]
    live.execute("alter extension plpgsql drop table member")


def test_what_the_role_may_not_see_is_named(live: LiveDatabase) -> None:
    live.execute("do $$ begin create role ledger_nobody login; exception when duplicate_object then null; end $$")
    live.execute("create foreign data wrapper w; create server s foreign data wrapper w")
    live.execute("create user mapping for public server s options (user 'reader', password 'hidden')")
    session = live.session("ledger_nobody")
    assert unmodelled(session) == []
    found = ledger(snapshot.read(session), session)
    assert found.unreadable == (Unreadable(ObjectName("user mapping", ("s", "public")), "options"),)
