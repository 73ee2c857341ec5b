"""The sandbox that migrations run in: a role that is no superuser and owns its database.

The statements here make the template that every replayed database is a copy of. They are run by the administrator of
the private cluster when an image is made.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

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


ELEVATION = (Path(__file__).parent / "elevation.sql").read_text()
"""What a replayed database needs so that statements can be elevated, and nothing else can be."""

PADS = "pgproof.pads"
"""The file in the data directory that holds the pads of the seal's key."""

LAST_EVENT_TRIGGER = "~pgproof"
"""Event triggers fire in the order of their names; the migrations' come before this one."""


def seal(statement: str, password: str) -> bytes:
    """Return the seal with which `pgproof.elevate` runs this statement."""
    inner, outer = pads(password)
    return hashlib.sha256(outer + hashlib.sha256(inner + statement.encode()).digest()).digest()


def pads(password: str) -> tuple[bytes, bytes]:
    """Return the inner and the outer pad of a key that is derived from the password: together the file `PADS`."""
    key = hashlib.sha512(b"pgproof seal\0" + password.encode()).digest()  # one block of SHA-256
    inner, outer = (bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C))
    return inner, outer
