"""Which live role stands for the role that the migrations were replayed as."""

from __future__ import annotations

import pytest

from pgproof.catalog import snapshot
from pgproof.catalog.compare import compare
from pgproof.catalog.object import Catalog, Object, Value
from pgproof.catalog.owners import corresponding, roles
from tests.catalog.test_compare import thing
from tests.conftest import LiveDatabase


def owned_by(**owners: str) -> list[Object]:
    return [thing("table", "public", table, owner=owner) for table, owner in owners.items()]


def catalog(owner: str, *things: Object) -> Catalog:
    return Catalog(16, owner, {one.name: one for one in things})


def test_it_is_the_role_that_owns_most_of_the_common_objects() -> None:
    declared = catalog("postgres", *owned_by(a="postgres", b="postgres", c="postgres"))
    live = catalog("admin", *owned_by(a="app", b="app", c="admin", d="admin", e="admin", f="admin"))
    assert corresponding(declared, live) == {"postgres": "app"}


def test_without_common_objects_it_is_the_owner_of_the_live_database() -> None:
    assert corresponding(catalog("postgres"), catalog("admin", *owned_by(a="app"))) == {"postgres": "admin"}


def test_the_owner_of_the_live_database_wins_a_draw() -> None:
    declared = catalog("postgres", *owned_by(a="postgres", b="postgres"))
    assert corresponding(declared, catalog("z", *owned_by(a="app", b="z"))) == {"postgres": "z"}


def test_objects_that_the_migrations_gave_away_have_no_say() -> None:
    declared = catalog("postgres", *owned_by(a="postgres", b="auditor", c="auditor"))
    live = catalog("app", *owned_by(a="app", b="auditor", c="auditor"))
    assert corresponding(declared, live) == {"postgres": "app"}


def test_a_further_role_of_the_replay_is_found_in_the_same_way() -> None:
    declared = catalog("postgres", *owned_by(a="postgres", b="pgproof_admin"))
    live = catalog("app", *owned_by(a="app", b="rds_superuser"))
    expected = {"postgres": "app", "pgproof_admin": "rds_superuser"}
    assert corresponding(declared, live, ["pgproof_admin"]) == expected


def test_the_roles_of_a_catalog_are_owners_grantees_and_those_of_policies() -> None:
    privileges: dict[str, Value] = {"public": ["SELECT"], "grantee": ["SELECT"]}
    table = thing("table", "public", "a", owner="owner", privileges=privileges)
    policy = thing("policy", "public", "a", "own", roles=["public", "reader"])
    assert roles(catalog("postgres", table, policy)) == ["grantee", "owner", "postgres", "reader"]


def read(database: LiveDatabase) -> Catalog:
    return snapshot.read(database.session())


@pytest.mark.parametrize(
    "sql",
    [
        "alter schema public owner to pgproof_admin; grant usage on schema public to public",
        "drop schema public; create schema public; grant usage on schema public to public",
        "alter schema public owner to postgres",
        "comment on schema public is null",
    ],
)
def test_whoever_made_the_schema_public_is_no_difference(live: LiveDatabase, sql: str) -> None:
    declared = read(live)
    live.execute(sql)
    there = read(live)
    assert compare(declared, there, corresponding(declared, there)) == []


def test_another_owner_of_the_schema_public_is_a_difference(live: LiveDatabase) -> None:
    declared = read(live)
    live.execute("do $$ begin create role eve; exception when duplicate_object then null; end $$")
    live.execute("alter schema public owner to eve")
    there = read(live)
    [found] = compare(declared, there, corresponding(declared, there))
    assert (found.attribute, found.declared, found.live) == ("owner", "pg_database_owner", "eve")


def test_a_right_of_everyone_on_the_schema_public_is_a_difference(live: LiveDatabase) -> None:
    declared = read(live)
    live.execute("alter schema public owner to pgproof_admin; grant create on schema public to public")
    there = read(live)
    [found] = compare(declared, there, corresponding(declared, there))
    assert (found.key, found.declared, found.live) == ("public", ["USAGE"], ["CREATE", "USAGE"])
