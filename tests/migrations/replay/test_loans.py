"""What a role that was made up is lent, so that it may own something; errors may be raised by migrations themselves."""

from __future__ import annotations

import pytest

from pgproof.migrations.replay.assumed import Roles
from pgproof.migrations.replay.wire import ServerError
from pgproof.server import admin as admin_room
from pgproof.shadow.sandbox import OWNER
from pgproof.shadow.shadow import Shadow
from tests.migrations.conftest import Replayer, failures

OWNED = "alter table note owner to app"


def denied(schema: str) -> ServerError:
    return ServerError(sqlstate="42501", message=f"permission denied for schema {schema}")


@pytest.mark.parametrize("schema", ["pg_catalog", "information_schema", "pgproof", "nowhere"])
def test_nothing_of_the_superusers_is_lent(shadow: Shadow, schema: str) -> None:
    with shadow.database() as database, database.admin() as admin:
        roles = Roles(OWNER, [OWNED])
        roles.assume(admin, "app")
        assert not roles.supply(admin, denied(schema), OWNED)
        may = "select has_schema_privilege('app', nspname, 'create') from pg_catalog.pg_namespace where nspname = $1"
        assert admin.rows(may, [schema]) in ([(False,)], [])


def test_the_schema_public_is_lent_and_taken_back(shadow: Shadow) -> None:
    with shadow.database() as database, database.admin() as admin:
        roles = Roles(OWNER, [OWNED])
        roles.assume(admin, "app")
        assert roles.supply(admin, denied("public"), OWNED)
        assert admin.rows("select pg_catalog.has_schema_privilege('app', 'public', 'create')") == [(True,)]
        roles.take_back(admin)
        assert admin.rows("select pg_catalog.has_schema_privilege('app', 'public', 'create')") == [(False,)]


def test_a_role_that_is_there_is_not_made_again(shadow: Shadow) -> None:
    with shadow.database() as database, database.admin() as admin:
        raised = ServerError(sqlstate="42704", message=f'role "{OWNER}" does not exist')
        assert not Roles(OWNER, [OWNED]).supply(admin, raised, OWNED)


def test_what_an_open_transaction_holds_is_not_waited_for(shadow: Shadow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_room, "LOCK_TIMEOUT_MS", 50)
    with shadow.database() as database, database.admin() as admin, database.connect() as connection:
        roles = Roles(OWNER, [OWNED])
        roles.assume(admin, "app")
        connection.execute("begin; grant usage on schema public to app")
        assert not roles.supply(admin, denied("public"), OWNED)


def test_whoever_makes_a_role_may_give_it_what_it_owns_as_a_superuser_may(replayed: Replayer) -> None:
    replay = replayed(
        "do $$ begin create role loans_owner; exception when duplicate_object then null; end $$;",
        "create schema kept; create table kept.note (id int); alter schema kept owner to loans_owner;"
        "alter table kept.note owner to loans_owner; alter table kept.note add state text;",
        "create table note (id int); alter table note owner to loans_owner; create table kept.more (id int);",
    )
    assert failures(replay) == []
