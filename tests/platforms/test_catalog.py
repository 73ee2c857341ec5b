"""A stand-in beside the real extension: the same names and types in the catalog."""

from __future__ import annotations

import pytest

from pgproof.platforms import standins
from tests.conftest import MAJORS
from tests.platforms.conftest import Owner, in_transaction, lacking

_NAMES_ONLY = {"plpgsql_check"}
"""Stand-ins that have the functions that people call, and no more of the real one."""
BESIDE = [
    s.extension
    for s in standins()
    if lacking(s.extension) and len(lacking(s.extension)) < len(MAJORS) and s.extension not in _NAMES_ONLY
]

_MEMBERS = """
with member as (
  select d.classid, d.objid
  from pg_depend d join pg_extension e on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid
  where d.deptype = 'e' and e.extname = '{extension}'
)
"""

# Functions that SQL can call: no support function of an index, no input or output of a type
_FUNCTIONS = """
select format('%s(%s) %s %s%s%s', p.proname, pg_get_function_arguments(p.oid),
  coalesce(pg_get_function_result(p.oid), ''), p.prokind::text, p.provolatile::text, p.proisstrict)
from member m join pg_proc p on m.classid = 'pg_proc'::regclass and m.objid = p.oid
where not ('{{internal,cstring,cstring[]}}'::regtype[]::oid[] && (p.proargtypes::oid[] || p.prorettype))
  and p.prorettype <> 'index_am_handler'::regtype
  and not exists (select from unnest(p.proargtypes::oid[]) a(oid) where a.oid::regtype::text like '%\\_input')
"""
_OPERATORS = """
select format('%s %s %s', o.oid::regoperator, o.oprresult::regtype, o.oprcode::text)
from member m join pg_operator o on m.classid = 'pg_operator'::regclass and m.objid = o.oid
"""
_OPERATOR_CLASSES = """
select format('%s %s %s %s', a.amname, c.opcname, c.opcintype::regtype, c.opcdefault)
from member m join pg_opclass c on m.classid = 'pg_opclass'::regclass and m.objid = c.oid
join pg_am a on a.oid = c.opcmethod
"""
_CASTS = """
select format('%s %s %s %s', c.castsource::regtype, c.casttarget::regtype, c.castcontext::text, c.castmethod::text)
from member m join pg_cast c on m.classid = 'pg_cast'::regclass and m.objid = c.oid
"""
_RELATIONS = """
select format('%s %s', c.relkind::text, c.relname)
from member m join pg_class c on m.classid = 'pg_class'::regclass and m.objid = c.oid
"""
# Row types go with their relations, and arrays with their elements.
_TYPES = """
select t.typname
from member m join pg_type t on m.classid = 'pg_type'::regclass and m.objid = t.oid
where t.typcategory <> 'A' and not exists (select from pg_class c where c.oid = t.typrelid and c.relkind <> 'c')
"""


def members(major: int, extension: str, query: str) -> set[str]:
    for owner in in_transaction(major):
        owner.create(extension)
        return set(owner.values((_MEMBERS + query).format(extension=extension)))
    raise AssertionError


def both(extension: str, query: str) -> tuple[set[str], set[str]]:
    """Return what the real extension has and the stand-in has."""
    real = next(major for major in MAJORS if major not in lacking(extension))
    return members(real, extension, query), members(lacking(extension)[0], extension, query)


@pytest.mark.parametrize("query", [_FUNCTIONS, _OPERATORS, _OPERATOR_CLASSES, _CASTS, _RELATIONS])
@pytest.mark.parametrize("extension", BESIDE)
def test_it_has_what_the_real_one_has_and_no_more(extension: str, query: str) -> None:
    real, standin = both(extension, query)
    assert standin == real


# The types of index keys are fewer; of every type whose input is read, there is one that stands for the text.
_KEYS = {"gbtreekey2", "gbtreekey4", "gbtreekey16", "gbtreekey32", "gbtreekey_var"}


@pytest.mark.parametrize("extension", BESIDE)
def test_it_has_the_types_of_the_real_one(extension: str) -> None:
    real, standin = both(extension, _TYPES)
    assert real - standin == (_KEYS if extension == "btree_gist" else set())
    assert standin - real <= {f"{extension}_input"}


def test_the_real_extensions_are_there_to_compare_with() -> None:
    assert {"citext", "hstore", "pg_trgm", "pgcrypto", "vector"} <= set(BESIDE)


@pytest.mark.parametrize("extension", ["citext", "hstore", "ltree", "pg_trgm", "pgcrypto", "uuid-ossp"])
@pytest.mark.parametrize("major", [18])
def test_it_moves_to_another_schema(fresh: Owner, extension: str) -> None:
    fresh.create(extension)
    fresh.run("create schema elsewhere")
    with fresh.database.admin() as admin:
        admin.execute(f'alter extension "{extension}" set schema elsewhere')
    schemas = fresh.values(
        (
            _MEMBERS + "select n.nspname from member join pg_proc p on p.oid = objid "
            "join pg_namespace n on n.oid = pronamespace"
        ).format(extension=extension)
    )
    assert set(schemas) == {"elsewhere"}


@pytest.mark.parametrize("extension", ["http", "pgjwt", "postgis"])
@pytest.mark.parametrize("major", [18])
def test_it_stays_where_it_is_as_the_real_one(owner: Owner, extension: str) -> None:
    owner.run("create schema elsewhere")
    owner.create(extension)
    assert owner.refusal(f"alter extension {extension} set schema elsewhere") == "0A000"
