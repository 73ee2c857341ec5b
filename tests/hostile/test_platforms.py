"""A platform's own roles, schemas and functions lead no further than the sandbox."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from pgproof.migrations.replay import PREPARE
from pgproof.platforms import load
from pgproof.server import binaries
from pgproof.shadow.shadow import open_shadow

_ROLES = """
select rolname::text from pg_catalog.pg_roles
where pg_catalog.pg_has_role('postgres', oid, 'member') or pg_catalog.pg_has_role('postgres', oid, 'set')
order by 1
"""
_ROLES_15 = _ROLES.replace(" or pg_catalog.pg_has_role('postgres', oid, 'set')", "")
_DANGEROUS = """
select p.oid::regprocedure::text from pg_catalog.pg_proc p join pg_catalog.pg_roles o on o.oid = p.proowner
where p.prosecdef and o.rolsuper and p.pronamespace <> 'pgproof'::regnamespace
  and not exists (select from unnest(p.proconfig) c where c ~ '^search_path=("?pg_catalog"?)(, *"?pg_temp"?)?$')
"""
# A trigger of the migration on a table that such a function writes to would run as a superuser.
_TRAPS = """
select c.oid::regclass::text, p.oid::regprocedure::text
  from pg_catalog.pg_class c, pg_catalog.pg_proc p join pg_catalog.pg_roles o on o.oid = p.proowner
 where c.oid >= 16384 and pg_catalog.has_table_privilege('postgres', c.oid, 'trigger')
   and p.prosecdef and o.rolsuper and pg_catalog.strpos(p.prosrc, c.relname::text) > 0
   and p.pronamespace <> 'pgproof'::regnamespace
"""


@pytest.mark.parametrize("major", [15, 18])
def test_supabases_roles_and_objects_lead_no_further(major: int, tmp_path: Path) -> None:
    with (
        open_shadow(f"{tmp_path} {major}", binaries.choose(major), load("supabase"), prepare=PREPARE) as shadow,
        shadow.database() as database,
    ):
        with database.admin() as admin:
            roles = [name for (name,) in admin.rows(_ROLES if major >= 16 else _ROLES_15)]
            assert admin.rows("select rolname from pg_roles where rolsuper") == [("pgproof_admin",)]
            assert admin.rows(_DANGEROUS) == []
            assert admin.rows(_TRAPS) == []
        assert len(roles) > 5
        for role in roles:
            with database.connect() as connection:
                try:
                    connection.execute(f'set role "{role}"'.encode())
                except psycopg.errors.InsufficientPrivilege:
                    continue
                for statement in (
                    "copy (select 1) to program 'true'",
                    "select pg_read_file('PG_VERSION')",
                    "set role pgproof_admin",
                    "alter role postgres superuser",
                    "select pg_read_binary_file('pgproof.pads')",
                ):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        connection.execute(statement.encode())
