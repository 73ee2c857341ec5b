"""Kinds that are neither relations nor routines nor types: all of it is read, by anyone, and made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.catalog import file, snapshot
from pgproof.catalog.compare import compare
from pgproof.catalog.fragments import MASK
from pgproof.catalog.ledger import unmodelled
from pgproof.catalog.object import NOT_READABLE, Catalog
from pgproof.model import ObjectName
from pgproof.sql.quote import identifier, literal
from tests.catalog.test_ddl import differences_of_a_copy
from tests.catalog.test_fixpoint import databases, differences, restore
from tests.catalog.test_hostile import NAMES
from tests.catalog.test_trials import tried
from tests.conftest import MAJORS, LiveDatabase

SQL = (Path(__file__).parent / "other_kinds.sql").read_text(encoding="utf-8")
OTHERS = ("family", "loose", "t", "one", "everything", "whole", "foreign", "parts", "part", "role")
NEW = {
    *("event trigger", "cast", "operator", "operator class", "operator family", "collation", "conversion"),
    *("statistics object", "text search configuration", "text search dictionary", "text search parser"),
    *("text search template", "publication", "publication table", "publication schema", "foreign data wrapper"),
    *("server", "foreign table", "user mapping", "default privileges"),
}


def spelled(name: str) -> str:
    others = {other: identifier(f"{name[:20]}_{other}") for other in OTHERS}
    return SQL.format(n=identifier(name), l=literal(name), **others)


def make(live: LiveDatabase, *names: str) -> LiveDatabase:
    """Make everything under each name. The roles stay in the cluster: copies depend on them."""
    for name in names:
        make_role(live, f"{name[:20]}_role")
        live.execute(spelled(name))
    return live


def make_role(live: LiveDatabase, role: str) -> None:
    create = literal(f"create role {identifier(role)} login")
    live.execute(f"do {literal(f'begin execute {create}; exception when duplicate_object then null; end')}")


@pytest.fixture
def plain(live: LiveDatabase) -> LiveDatabase:
    return make(live, "other kinds")


def kinds(catalog: Catalog) -> set[str]:
    return {name.kind for name in catalog.objects}


def test_all_of_it_can_be_made_again(plain: LiveDatabase) -> None:
    assert kinds(snapshot.read(plain.session())) > NEW
    assert differences_of_a_copy(plain) == []


def test_names_of_any_kind_can_be_made_again(live: LiveDatabase) -> None:
    make(live, *NAMES)
    assert differences_of_a_copy(live) == []


def test_a_snapshot_file_holds_all_of_it(plain: LiveDatabase) -> None:
    catalog = snapshot.read(plain.session())
    assert file.load(file.dump(catalog)) == catalog


@pytest.mark.parametrize("source", MAJORS)
@pytest.mark.parametrize("target", MAJORS)
def test_a_database_restored_from_its_dump_is_the_same(source: int, target: int) -> None:
    with databases(source, target) as (declared, live):
        make(declared, "restored kinds")
        make_role(live, "restored kinds_role")
        restore(declared, live)
        assert differences(declared, live)[1] == []


def test_expressions_are_parsed_again(plain: LiveDatabase) -> None:
    counts = tried(plain)
    assert counts["publication table", "filter"] == 1
    assert counts["statistics object", "columns"] == 2


def test_a_role_that_may_only_connect_sees_all_but_credentials(plain: LiveDatabase) -> None:
    make_role(plain, "kinds_nobody")
    everything, little = snapshot.read(plain.session()), snapshot.read(plain.session("kinds_nobody"))
    mapping = ObjectName("user mapping", ("other kinds", "other kinds_role"))
    hidden = {name for name, thing in everything.objects.items() if little.objects[name] != thing}
    assert hidden == {mapping, ObjectName("user mapping", ("other kinds", "public"))}
    assert little.objects[mapping].attributes["options"] == NOT_READABLE
    assert compare(everything, little) == []
    assert little.objects.keys() == everything.objects.keys()


def test_a_subscription_is_read_without_its_connection(live: LiveDatabase) -> None:
    make_role(live, "kinds_nobody")
    live.execute("""
create subscription copy connection 'host=nowhere password=hidden' publication b, a
  with (connect = false, slot_name = none, enabled = false)""")
    catalog = snapshot.read(live.session("kinds_nobody"))
    assert catalog == snapshot.read(live.session())
    [subscription] = catalog.of("subscription")
    assert subscription.attributes["connection"] == NOT_READABLE
    assert subscription.attributes["publications"] == ["a", "b"]
    assert differences_of_a_copy(live) == []
    live.execute("drop subscription copy")


def test_secrets_never_leave_the_server(live: LiveDatabase) -> None:
    live.execute("""
create foreign data wrapper w; create server s foreign data wrapper w options (host 'h', api_key 'hidden');
create user mapping for current_user server s options (user 'reader', password 'hidden', anything 'hidden');
do $$ begin
  execute format('alter database %I set app.jwt_secret = %L', current_database(), 'hidden');
  execute format('alter role postgres in database %I set app.service_key = %L', current_database(), 'hidden');
end $$""")
    catalog = snapshot.read(live.session())
    assert "hidden" not in file.dump(catalog)
    assert catalog.of("server")[0].attributes["options"] == {"host": "h", "api_key": MASK}
    assert catalog.of("user mapping")[0].attributes["options"] == {"user": "reader", "password": MASK, "anything": MASK}
    assert catalog.of("database")[0].attributes["settings"] == {"app.jwt_secret": MASK}


def test_what_the_observer_put_there_is_left_out_with_its_schema(live: LiveDatabase) -> None:
    live.execute("""
create schema pgproof; create function pgproof.seen() returns event_trigger language plpgsql as 'begin end';
create event trigger pgproof_seen on ddl_command_end execute function pgproof.seen()""")
    assert "event trigger" not in kinds(snapshot.read(live.session(), leave_out=frozenset({"pgproof"})))
    assert "event trigger" in kinds(snapshot.read(live.session()))


def test_roles_in_names_follow_owner_mapping(live: LiveDatabase) -> None:
    live.execute("""
alter default privileges grant select on tables to public; create foreign data wrapper w;
create server s foreign data wrapper w; create user mapping for postgres server s""")
    ours = snapshot.read(live.session())
    make_role(live, "kinds_app")
    live.execute("""
alter default privileges revoke select on tables from public; drop user mapping for postgres server s;
alter default privileges for role kinds_app grant select on tables to public;
create user mapping for kinds_app server s""")
    theirs = snapshot.read(live.session())
    mapped = [d for d in compare(ours, theirs, {"postgres": "kinds_app"}) if d.attribute not in ("owner", "privileges")]
    assert mapped == []
    assert {d.action for d in compare(ours, theirs)} == {"missing", "extra"}


def test_members_of_extensions_are_left_out(plain: LiveDatabase) -> None:
    before = snapshot.read(plain.session())
    members = {
        "event trigger": '"other kinds"',
        "cast": '("other kinds"."other kinds" as text)',
        "operator": '"other kinds".!! (none, integer)',
        "operator class": '"other kinds"."other kinds" using hash',
        "operator family": '"other kinds"."other kinds_loose" using btree',
        "collation": '"other kinds"."other kinds"',
        "conversion": '"other kinds"."other kinds"',
        "text search configuration": '"other kinds"."other kinds"',
        "text search dictionary": '"other kinds"."other kinds"',
        "text search parser": '"other kinds"."other kinds"',
        "text search template": '"other kinds"."other kinds"',
        "foreign data wrapper": '"other kinds"',
        "server": '"other kinds"',
        "foreign table": '"other kinds"."other kinds_foreign"',
    }
    for kind, name in members.items():
        plain.execute(f"alter extension plpgsql add {kind} {name}")
    gone = {name.kind for name in before.objects.keys() - snapshot.read(plain.session()).objects.keys()}
    assert gone == {*members, "column", "constraint", "trigger"}
    for kind, name in members.items():
        plain.execute(f"alter extension plpgsql drop {kind} {name}")


def test_all_of_it_is_modelled(plain: LiveDatabase) -> None:
    assert unmodelled(plain.session()) == []
