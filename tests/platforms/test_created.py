"""Every stand-in is created, by the owner, on every version that has not the real extension."""

from __future__ import annotations

import pytest

from pgproof.platforms import standins
from tests.conftest import ENDS
from tests.platforms.conftest import Owner, lacking, running_shadow

PLACES = [(major, standin.extension) for standin in standins() for major in lacking(standin.extension) if major in ENDS]


@pytest.mark.parametrize(("major", "extension"), PLACES)
def test_the_owner_creates_it_and_drops_it(owner: Owner, extension: str) -> None:
    owner.create(extension)
    owner.run(f'drop extension "{extension}" cascade')
    assert owner.value(f"select count(*) from pg_extension where extname = '{extension}'") == 0


@pytest.mark.parametrize("major", ENDS)
def test_the_shadow_names_what_is_a_standin(major: int) -> None:
    assert set(running_shadow(major).standins) == {s.extension for s in standins() if major in lacking(s.extension)}


# Functions and operators with arguments that fit calls better than the server's own, whose literals are unknown
_PLANTED = [
    ("nextval", "text"),
    ("format", "text, text"),
    ("format", "text, text, text"),
    ("format", "text, variadic text[]"),
    ("replace", "text, varchar, varchar"),
    ("btrim", "text, varchar"),
    ("current_setting", "varchar"),
    ("pg_extension_config_dump", "text, text"),
    ("to_regnamespace", "varchar"),
]
_OPERATORS = ["=", "<>", "||", ">="]
_TYPES = [("text", "varchar"), ("name", "varchar"), ("oid", "regclass"), ("oid", "regprocedure"), ("text", "text[]")]


def plant(owner: Owner) -> None:
    """Make a schema whose functions say that they were called."""
    owner.run("create schema planted")
    body = "returns text language plpgsql as $$ begin raise exception 'planted' using errcode = 'XPLAN'; end $$"
    for name, arguments in _PLANTED:
        owner.run(f"create function planted.{name}({arguments}) {body}")
    for left, right in _TYPES:
        owner.run(f"create function planted.called({left}, {right}) {body.replace('returns text', 'returns boolean')}")
        for operator in _OPERATORS:
            owner.run(
                f"create operator planted.{operator} (leftarg = {left}, rightarg = {right}, function = planted.called)"
            )


@pytest.mark.parametrize(("major", "extension"), [(min(lacking(s.extension)), s.extension) for s in standins()])
def test_what_is_planted_in_its_schema_is_not_called_when_it_is_created(owner: Owner, extension: str) -> None:
    plant(owner)
    movable = owner.value(
        f"select bool_and(schema is null) from pg_available_extension_versions where name='{extension}'"
    )
    if not movable:
        owner.run("set local search_path = planted")
    owner.create(extension, "planted" if movable else "")


@pytest.mark.parametrize("major", [18])
def test_the_plant_is_called_by_a_careless_script(owner: Owner) -> None:
    plant(owner)
    assert owner.refusal("set local search_path = planted; select nextval('x')") == "XPLAN"


@pytest.mark.parametrize("major", [18])
def test_jobs_are_numbered_by_the_servers_own_function(owner: Owner) -> None:
    plant(owner)
    owner.create("pg_cron", "planted")
    assert owner.value("select cron.schedule('nightly', '0 3 * * *', 'vacuum')") == 1


_WITH_SUPERUSERS_RIGHTS = """
select coalesce(array_agg(p.proname order by p.proname), '{}')
from pg_proc p
join pg_roles r on r.oid = p.proowner
where p.prosecdef and r.rolsuper and p.pronamespace not in ('pg_catalog'::regnamespace, 'pgproof'::regnamespace)
"""


@pytest.mark.parametrize(("major", "extension"), [(min(lacking(s.extension)), s.extension) for s in standins()])
def test_which_functions_run_with_a_superusers_rights(owner: Owner, extension: str) -> None:
    owner.create(extension)
    expected = {
        # in a schema that the superuser owns, on tables that nobody else may change
        "pg_cron": ["alter_job", "schedule_in_database", "unschedule", "unschedule"],
        # that do nothing
        "pgaudit": ["pgaudit_ddl_command_end", "pgaudit_sql_drop"],
    }
    assert owner.value(_WITH_SUPERUSERS_RIGHTS) == expected.get(extension, [])


_CALL_EVERYTHING = """
do $body$
declare
  f record;
begin
  for f in
    select format('select %I.%I(%s)', n.nspname, p.proname, (
             select string_agg(format('%L::%s', edge, format_type(t, null)), ', ' order by place)
             from unnest(p.proargtypes::oid[]) with ordinality as a (t, place))) as call
    from pg_depend d
    join pg_extension e on d.refclassid = 'pg_extension'::regclass and e.oid = d.refobjid
    join pg_proc p on d.classid = 'pg_proc'::regclass and p.oid = d.objid
    join pg_namespace n on n.oid = p.pronamespace
    cross join unnest(array[null, '', '1', '{{}}', repeat('x', 300)]) as edges (edge)
    where d.deptype = 'e' and e.extname = '{extension}' and p.prokind = 'f'
      and 'internal'::regtype <> all (p.proargtypes::oid[])
  loop
    begin
      execute f.call;
    exception
      when others then null;
    end;
  end loop;
end $body$
"""


@pytest.mark.parametrize(("major", "extension"), [(min(lacking(s.extension)), s.extension) for s in standins()])
def test_no_call_brings_the_server_down(owner: Owner, extension: str) -> None:
    """Functions of the server's own in other roles could, and a migration may call them."""
    owner.create(extension)
    owner.run(_CALL_EVERYTHING.format(extension=extension))
    assert owner.value("select 1") == 1
