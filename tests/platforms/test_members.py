"""What each extension makes is listed, so that a name tells which extension is missing."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from pgproof.platforms import standins
from pgproof.platforms.members import FILE, KINDS, extensions_with
from tests.platforms.conftest import in_transaction, lacking

_MEMBERS = """
select o.type, coalesce(o.schema, ''),
    case when o.type = 'operator' then
        (select format('%s %s %s', nullif(oprleft, 0)::regtype, oprname, oprright::regtype)
         from pg_operator where oid = d.objid)
    else coalesce(p.proname, c.opcname, a.amname, o.name, t.typname, n.nspname) end
from pg_depend d
cross join lateral pg_identify_object(d.classid, d.objid, d.objsubid) o
left join pg_proc p on d.classid = 'pg_proc'::regclass and p.oid = d.objid
left join pg_opclass c on d.classid = 'pg_opclass'::regclass and c.oid = d.objid
left join pg_am a on d.classid = 'pg_am'::regclass and a.oid = d.objid
left join pg_type t on d.classid = 'pg_type'::regclass and t.oid = d.objid
left join pg_namespace n on d.classid = 'pg_namespace'::regclass and n.oid = d.objid
where d.refclassid = 'pg_extension'::regclass and d.deptype = 'e'
    and d.refobjid = (select oid from pg_extension where extname = '{}')
"""
_KINDS = {
    "aggregate": "function",
    "procedure": "function",
    "materialized view": "relation",
    "table": "relation",
    "view": "relation",
    **{f"text search {kind}": "text search object" for kind in ("configuration", "dictionary", "parser", "template")},
}


def test_the_list_says_what_the_stand_ins_make(request: pytest.FixtureRequest) -> None:
    listed = json.loads(FILE.read_text(encoding="utf-8"))
    made = listed | {
        s.extension: _made(max(lacking(s.extension)), s.extension) for s in standins() if lacking(s.extension)
    }
    if request.config.getoption("--update-golden"):
        FILE.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        listed = made
    assert listed.keys() == {standin.extension for standin in standins()}
    assert listed == made, "pytest --update-golden writes the list anew"


def _made(major: int, extension: str) -> dict[str, list[str]]:
    """Return what a stand-in makes by kind: names, with the schema where that is the extension's own."""
    made: defaultdict[str, set[str]] = defaultdict(set)
    for owner in in_transaction(major):
        owner.create(extension)
        for kind, schema, name in owner.run(_MEMBERS.format(extension)):
            if kind == "schema":
                made["schema"].add(name)
            elif (known := _KINDS.get(kind, kind)) in KINDS:
                own = schema not in ("", "public", "pg_catalog")
                made[known].add(f"{schema}.{name}" if own else name)
                made["schema"].update([schema] if own else [])
    return {kind: sorted(names) for kind, names in sorted(made.items()) if names}


@pytest.mark.parametrize(
    ("kind", "schema", "name", "extension"),
    [
        ("operator class", "", "gin_trgm_ops", "pg_trgm"),
        ("function", "", "uuid_generate_v4", "uuid-ossp"),
        ("function", "extensions", "uuid_generate_v4", "uuid-ossp"),
        ("function", "cron", "schedule", "pg_cron"),
        ("function", "public", "st_distance", "postgis"),
        ("function", "", "geomfromewkt", "postgis"),
        ("function", "", "has_materialized_view", "pgtap"),
        ("type", "", "vector", "vector"),
        ("type", "", "citext", "citext"),
        ("type", "", "geography", "postgis"),
        ("access method", "", "hnsw", "vector"),
        ("operator", "", "text % text", "pg_trgm"),
        ("relation", "cron", "job", "pg_cron"),
        ("relation", "", "pg_stat_statements", "pg_stat_statements"),
        ("schema", "", "pgmq", "pgmq"),
        ("schema", "", "vault", "supabase_vault"),
        ("text search object", "", "unaccent", "unaccent"),
    ],
)
def test_a_name_tells_the_extension(kind: str, schema: str, name: str, extension: str) -> None:
    assert extensions_with(kind, schema, name) == (extension,)


def test_what_is_in_an_extensions_own_schema_is_nowhere_else() -> None:
    assert extensions_with("function", "", "schedule") == ()
    assert extensions_with("relation", "public", "job") == ()
    assert extensions_with("function", "", "has_role") == ()  # pgTAP has one, and so has every other project
