"""The sandbox that migrations run in: a role that is no superuser and owns its database.

The statements here make the template that every replayed database is a copy of. They are run by the administrator of
the private cluster when an image is made.
"""

from __future__ import annotations

import hashlib

OWNER = "postgres"
"""The role that migrations run as. It logs in as itself: `set role` from a superuser's session could be undone."""

SCHEMA = "pgproof"
"""Holds pgproof's own objects in a replayed database; left out of every catalog that is read."""

# CREATEROLE may grant any predefined role up to PostgreSQL 15, and with these it runs programs as the server's user
# (manual, section 22.5). They cannot be dropped, so they are deleted.
_NO_PROGRAMS = """
delete from pg_catalog.pg_authid
where rolname in ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
"""

# From 16 on, CREATEROLE grants only what it was given WITH ADMIN OPTION, and a created role is of no use without a
# grant to its creator. pg_create_subscription is left out: a subscription connects to another server.
_GRANTED = (
    "pg_monitor",
    "pg_read_all_data",
    "pg_write_all_data",
    "pg_read_all_settings",
    "pg_read_all_stats",
    "pg_stat_scan_tables",
    "pg_signal_backend",
    "pg_checkpoint",
)


def cluster_statements(major: int) -> list[str]:
    """Return the statements that prepare the whole cluster, before any database is made."""
    statements = [
        "revoke all on database template1 from public",
        f"create role {OWNER} login nosuperuser createrole createdb bypassrls replication",
    ]
    if major <= 15:
        statements.insert(0, _NO_PROGRAMS)
    else:
        statements.append(f"alter role {OWNER} set createrole_self_grant = 'set, inherit'")
        granted = (*_GRANTED, "pg_maintain") if major >= 17 else _GRANTED
        statements += [f"grant {role} to {OWNER} with admin true, inherit false, set false" for role in granted]
    if major >= 15:
        statements.append(f"grant set on parameter session_replication_role to {OWNER}")
    return statements


# What elevation runs is bound to its text by a seal, an HMAC (RFC 2104) that only the administrator can make: nothing
# else in the database can use the function, and whoever sees a seal can run that same statement again and no other.
# It needs no second session, so it works in a transaction whose snapshot is older.
#
# The function has no `set search_path`: an extension goes where the migration's search path says. So every name in it
# is qualified, operators too. `standard_conforming_strings` is pinned because a text that pgproof's parser takes for
# one statement may be two without it. Under `replica` no event trigger of the migration fires with the superuser's
# rights; pgproof's own are ENABLE ALWAYS.
ELEVATION = """
create schema pgproof;
grant usage on schema pgproof to public;
create table pgproof.seal (inner_pad bytea not null, outer_pad bytea not null);
create function pgproof.sealed(statement text, seal bytea) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$
        select exists (
            select from pgproof.seal s
            where sha256(s.outer_pad || sha256(s.inner_pad || convert_to($1, 'UTF8'))) = $2
        )
    $$;
revoke execute on function pgproof.sealed from public;
create function pgproof.elevate(statement text, seal bytea) returns void
    language plpgsql security definer
    set session_replication_role = replica
    set standard_conforming_strings = on
    as $$
    begin
        if pgproof.sealed(statement, seal) is not true then
            raise exception 'pgproof: this statement has no seal' using errcode = '42501';
        end if;
        if pg_catalog.current_schema() operator(pg_catalog.=) 'pg_catalog'
            or pg_catalog.current_schema() operator(pg_catalog.=) 'information_schema'
            or pg_catalog.current_schema() operator(pg_catalog.=) 'pgproof'
        then
            raise exception 'pgproof: a statement that needs a superuser may not create objects in schema %',
                pg_catalog.current_schema() using errcode = '42501';
        end if;
        execute statement;
    end
    $$;
"""


def seal(statement: str, password: str) -> bytes:
    """Return the seal with which `pgproof.elevate` runs this statement."""
    inner, outer = pads(password)
    return hashlib.sha256(outer + hashlib.sha256(inner + statement.encode()).digest()).digest()


def pads(password: str) -> tuple[bytes, bytes]:
    """Return the row of `pgproof.seal`: the inner and the outer pad of a key that is derived from the password."""
    key = hashlib.sha512(b"pgproof seal\0" + password.encode()).digest()  # one block of SHA-256
    inner, outer = (bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C))
    return inner, outer
