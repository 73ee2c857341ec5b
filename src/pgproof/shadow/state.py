"""What a template database does not carry: roles, memberships, settings and privileges on the database itself.

These live in catalogs that the whole cluster shares. A layer keeps their rows as they are, with their OIDs: the objects
in the layer's database refer to roles by OID, so a role that a later migration made can be taken away and put back
without touching the objects that it owns in another layer.
"""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.server.admin import AdminSession

# Rows with an OID below 16384 come from initdb (manual, section 53.1). pg_shdepend: rows about databases go with those.
_SHARED = {
    "pg_authid": "t.oid >= 16384",
    "pg_auth_members": "true",
    "pg_db_role_setting": "t.setdatabase = 0",
    "pg_shdescription": "t.classoid = 'pg_authid'::regclass",
    "pg_parameter_acl": "true",
    "pg_shdepend": "t.dbid = 0 and t.classid <> 'pg_database'::regclass",
}
_SINCE = {"pg_parameter_acl": 15}

_READ_DATABASE = """
select d.datacl::text,
    pg_catalog.shobj_description(d.oid, 'pg_database'),
    (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(s.setrole, s.setconfig) order by s.setrole), '[]')
        ::text from pg_catalog.pg_db_role_setting s where s.setdatabase = d.oid),
    (select coalesce(pg_catalog.json_agg(p.refobjid order by p.refobjid), '[]')::text
        from pg_catalog.pg_shdepend p
        where p.dbid = 0 and p.classid = 'pg_database'::regclass and p.objid = d.oid and p.deptype = 'a')
from pg_catalog.pg_database d
where d.datname = $1
"""
_SET_PRIVILEGES = "update pg_catalog.pg_database set datacl = $2::aclitem[] where datname = $1"
_SET_COMMENT = """
insert into pg_catalog.pg_shdescription (objoid, classoid, description)
select d.oid, 'pg_database'::regclass, $2 from pg_catalog.pg_database d where d.datname = $1
"""
_SET_SETTINGS = """
insert into pg_catalog.pg_db_role_setting (setdatabase, setrole, setconfig)
select d.oid, (s ->> 0)::oid, array(select pg_catalog.json_array_elements_text(s -> 1))
from pg_catalog.pg_database d, pg_catalog.json_array_elements($2::json) s
where d.datname = $1
"""
_SET_DEPENDENCIES = """
insert into pg_catalog.pg_shdepend (dbid, classid, objid, objsubid, refclassid, refobjid, deptype)
select 0, 'pg_database'::regclass, d.oid, 0, 'pg_authid'::regclass, r::text::oid, 'a'
from pg_catalog.pg_database d, pg_catalog.json_array_elements_text($2::json) r
where d.datname = $1
"""


@dataclass(frozen=True, slots=True)
class SharedState:
    """`shared` maps each shared catalog to its rows as JSON; the rest belongs to one database."""

    shared: dict[str, str]
    privileges: str | None
    comment: str | None
    settings: str
    grantees: str


def read_state(admin: AdminSession, database: str) -> SharedState:
    """Return the state of the cluster, and of one database in it."""
    with admin.chunk():
        ((privileges, comment, settings, grantees),) = admin.rows(_READ_DATABASE, (database,))
        return SharedState(_read_shared(admin), privileges, comment, settings, grantees)


def same_shared(admin: AdminSession, state: SharedState) -> bool:
    """Whether the cluster is in this state already."""
    with admin.chunk():
        return _read_shared(admin) == state.shared


def restore_shared(admin: AdminSession, state: SharedState) -> None:
    """Put the cluster into this state. No session of another role may be open."""
    admin.execute("begin")
    try:
        for catalog, condition in _catalogs(admin).items():
            admin.execute(f"delete from pg_catalog.{catalog} t where {condition}")  # noqa: S608 (constants)
        for catalog in _catalogs(admin):
            admin.execute(
                f"insert into pg_catalog.{catalog} "  # noqa: S608 (constants)
                f"select * from pg_catalog.json_populate_recordset(null::pg_catalog.{catalog}, $1::json)",
                (state.shared[catalog],),
            )
    except BaseException:
        admin.execute("rollback")
        raise
    admin.execute("commit")


def restore_database(admin: AdminSession, state: SharedState, database: str) -> None:
    """Give a fresh copy the privileges, comment and settings of the database that it is a copy of."""
    if state.privileges is not None:
        admin.execute(_SET_PRIVILEGES, (database, state.privileges))
        admin.execute(_SET_DEPENDENCIES, (database, state.grantees))
    if state.comment is not None:
        admin.execute(_SET_COMMENT, (database, state.comment))
    if state.settings != "[]":
        admin.execute(_SET_SETTINGS, (database, state.settings))


def _read_shared(admin: AdminSession) -> dict[str, str]:
    read = {}
    for catalog, condition in _catalogs(admin).items():
        query = (
            "select coalesce(pg_catalog.json_agg(t order by t::text), '[]')::text "  # noqa: S608 (constants)
            f"from pg_catalog.{catalog} t where {condition}"
        )
        ((read[catalog],),) = admin.rows(query)
    return read


def _catalogs(admin: AdminSession) -> dict[str, str]:
    major = admin.version // 10_000
    return {catalog: condition for catalog, condition in _SHARED.items() if _SINCE.get(catalog, 0) <= major}
