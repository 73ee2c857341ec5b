"""What the role that pgproof was given may do on a live database, and which grants would unlock more."""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.server.session import Session

_ROLE = """
select r.rolname::text, pg_catalog.current_database()::text, r.rolsuper, r.rolcreaterole, r.rolcreatedb,
    pg_catalog.pg_has_role(d.datdba, 'usage'),
    pg_catalog.has_database_privilege(d.oid, 'create'),
    pg_catalog.pg_has_role('pg_write_all_data', 'usage'),
    pg_catalog.pg_has_role('pg_monitor', 'usage'),
    r.rolsuper or r.rolbypassrls
from pg_catalog.pg_roles r, pg_catalog.pg_database d
where r.rolname = current_user and d.datname = pg_catalog.current_database()
"""
# Tables of all kinds in schemas that are neither PostgreSQL's own nor temporary.
_TABLES = """
select pg_catalog.count(*),
    pg_catalog.count(*) filter (where s.usable and pg_catalog.has_table_privilege(c.oid, 'select')),
    pg_catalog.count(*) filter (where pg_catalog.pg_has_role(c.relowner, 'usage')),
    pg_catalog.count(*) filter (
        where s.usable and pg_catalog.has_table_privilege(c.oid, 'insert, update, delete, truncate')
    )
from pg_catalog.pg_class c
join (
    select n.oid, pg_catalog.has_schema_privilege(n.oid, 'usage') as usable
    from pg_catalog.pg_namespace n
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
) s on s.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f')
"""
_SCHEMAS = """
select n.nspname::text
from pg_catalog.pg_namespace n
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and pg_catalog.has_schema_privilege(n.oid, 'create')
order by 1
"""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a role may do.

    `writes` says in words how it could change the database (empty: it could not). Of `tables` it may read `readable`.
    `monitors`: it sees the statistics of others; `sees_all_rows`: row-level security hides nothing from it.
    """

    role: str
    database: str
    writes: tuple[str, ...]
    tables: int
    readable: int
    monitors: bool
    sees_all_rows: bool


def capabilities(session: Session) -> Capabilities:
    """Read what the session's role may do; CONNECT suffices."""
    with session.chunk():
        ((role, database, superuser, create_role, create_db, owner, create, write_all, monitors, sees_all),) = (
            session.rows(_ROLE)
        )
        ((tables, readable, owned, writable),) = session.rows(_TABLES)
        schemas = [name for (name,) in session.rows(_SCHEMAS)]
    if superuser:
        writes = ["it is a superuser"]
    else:
        said = (
            (owner, "it owns the database"),
            (create_role, "it may create roles"),
            (create_db, "it may create databases"),
            (create and not owner, "it may create schemas"),
            (write_all, "it is a member of pg_write_all_data"),
            (owned, f"it owns {owned} of {tables} tables and views"),
            (writable and not owned, f"it may change rows in {writable} of {tables} tables and views"),
            (schemas, f"it may create objects in {len(schemas)} schemas ({_some(schemas)})"),
        )
        writes = [words for true, words in said if true]
    return Capabilities(role, database, tuple(writes), tables, readable, monitors, sees_all)


def grants(database: str, role: str = "pgproof") -> str:
    """Return SQL that makes a role for pgproof in three tiers, with what each unlocks."""
    base, name = _quoted(database), _quoted(role)
    return f"""\
-- 1. CONNECT: the whole catalog (tables, policies, functions, privileges…), compared with the migrations
create role {name} login password '…';
grant connect on database {base} to {name};

-- 2. SELECT: the migrations' history, row counts, orphans, what a pending constraint would refuse
grant pg_read_all_data to {name};
alter role {name} bypassrls;  -- else tables with row-level security stay unread (their counts would be wrong)

-- 3. pg_monitor: replication, running statements, statistics
grant pg_monitor to {name};
"""


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
