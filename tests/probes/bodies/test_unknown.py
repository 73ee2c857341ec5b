"""What may have another reason than the body is unknown, and said so."""

from __future__ import annotations

import pytest

from pgproof.probes.bodies.dynamic import likeness
from pgproof.probes.bodies.versions import brought_later
from tests.conftest import LiveDatabase
from tests.probes.bodies.proving import proved, states

SCHEMA = "create table job (id bigint primary key, state text); create schema app; create table app.hidden (id int);"
CREATE = "create function f() returns void language plpgsql {} as $body$ begin {} end $body$;"


def untold(live: LiveDatabase, body: str, clause: str = "", **around: object) -> str:
    found = proved(live, SCHEMA + CREATE.format(clause, body), **around)["f"]
    assert states(found) == []
    (one,) = found.untold
    return one.reason


def defect(live: LiveDatabase, body: str, clause: str = "", **around: object) -> str:
    found = proved(live, SCHEMA + CREATE.format(clause, body), **around)["f"]
    assert not found.untold
    return f"{found.defects[0].sqlstate} {found.defects[0].message}"


@pytest.fixture
def major() -> int:
    return 18


def test_what_a_failed_statement_would_have_made(live: LiveDatabase) -> None:
    reason = untold(live, "perform 1 from report;", unmade={"report"})
    assert reason == "report: a statement that failed would have made or altered it"


def test_a_column_that_a_failed_statement_would_have_added(live: LiveDatabase) -> None:
    words = {"job": {"alter", "table", "job", "add", "owner"}}
    assert "job" in untold(live, "perform owner from job;", unaltered=words)


def test_a_column_that_no_failed_statement_names_is_missing(live: LiveDatabase) -> None:
    words = {"job": {"alter", "table", "job", "add", "owner"}}
    assert defect(live, "perform title from job;", unaltered=words).startswith("42703")


def test_a_column_that_the_failed_making_of_its_table_names(live: LiveDatabase) -> None:
    words = {"job": {"create", "table", "job", "owner"}}
    assert "job" in untold(live, "perform owner from job;", unmade={"job"}, unaltered=words)


def test_a_column_that_the_failed_making_of_its_table_does_not_name(live: LiveDatabase) -> None:
    words = {"job": {"create", "table", "job", "owner"}}
    assert defect(live, "perform title from job;", unmade={"job"}, unaltered=words).startswith("42703")


def test_a_column_that_the_failed_making_of_its_table_may_take_from_elsewhere(live: LiveDatabase) -> None:
    words = {"job": {"create", "table", "job", "like", "other", "*"}}
    assert "job" in untold(live, "perform title from job;", unmade={"job"}, unaltered=words)


def test_a_name_in_another_schema_is_a_matter_of_the_search_path(live: LiveDatabase) -> None:
    assert untold(live, "perform 1 from hidden;") == "it depends on the search path of the session"


def test_with_a_search_path_of_its_own_it_is_missing(live: LiveDatabase) -> None:
    said = defect(live, "perform 1 from hidden;", "set search_path = public")
    assert said == '42P01 relation "hidden" does not exist'


def test_a_search_path_that_the_body_sets(live: LiveDatabase) -> None:
    body = "set local search_path = app; perform 1 from nowhere;"
    assert untold(live, body) == "it sets the search path itself"


def test_a_search_path_that_a_command_of_the_body_sets(live: LiveDatabase) -> None:
    body = "execute format('select set_config(%L, %L, %L)', 'search_path', 'app', 'false'); perform add_step(1);"
    assert untold(live, body) == "it sets the search path itself"


def test_a_temporary_table_of_a_caller(live: LiveDatabase) -> None:
    reason = untold(live, "perform 1 from batch;", makes={"batch"})
    assert reason == "batch: some function makes a table of this name"


def test_a_table_that_the_body_makes_itself(live: LiveDatabase) -> None:
    reason = untold(live, "create table made (id int); perform 1 from made;")
    assert reason == "made: the body itself makes or alters it"


def test_a_table_that_a_dynamic_command_makes(live: LiveDatabase) -> None:
    body = "execute format('create temp table made as select * from %I', current_user); perform 1 from made;"
    assert "the body itself makes" in untold(live, body)


def test_a_schema_that_nobody_makes_is_named(live: LiveDatabase) -> None:
    sql = SCHEMA + CREATE.format("", "perform graphile_worker.add_job('x'); perform publc.add_job('x');")
    assert [one.foreign for one in proved(live, sql)["f"].defects] == ["graphile_worker", ""]


def test_what_an_extension_brings(live: LiveDatabase) -> None:
    reason = untold(live, "perform digest('a', 'sha1');", is_member=lambda kind, name: name == "digest")
    assert reason == "digest may come with an extension"


@pytest.mark.parametrize(
    ("fails", "condition"), [("1 from nowhere", "undefined_table"), ("format('%y', 1)", "invalid_parameter_value")]
)
def test_its_own_handler_expects_the_error(live: LiveDatabase, fails: str, condition: str) -> None:
    body = f"begin perform {fails}; exception when {condition} then null; end;"
    assert untold(live, body) == "its own exception handler expects the error"


def test_a_handler_for_all_errors_hides_a_defect(live: LiveDatabase) -> None:
    body = "begin perform 1 from nowhere; exception when others then null; end;"
    found = proved(live, SCHEMA + CREATE.format("", body))["f"]
    assert [(one.sqlstate, one.hidden) for one in found.defects] == [("42P01", True)]


def test_a_record_that_gets_its_rows_from_a_dynamic_command(live: LiveDatabase) -> None:
    sql = (
        SCHEMA
        + """create function f(t text) returns void language plpgsql as $$
    declare r record; begin execute 'select * from ' || quote_ident(t) into r; raise notice '%', r.anything; end $$;"""
    )
    found = proved(live, sql)["f"]
    assert states(found) == []
    assert found.untold[0].reason == "the columns of r are not known here"


def test_a_record_with_different_rows_on_different_ways(live: LiveDatabase) -> None:
    sql = (
        SCHEMA
        + """create function f(n integer) returns void language plpgsql as $$
    declare r record;
    begin
      if n = 1 then select * into r from job; else select id into r from job; end if;
      raise notice '%', r.state;
    end $$;"""
    )
    found = proved(live, sql)["f"]
    assert states(found) == []
    assert found.untold[0].reason == "r may have other columns on another way"


def test_the_columns_of_a_record_that_is_an_argument(live: LiveDatabase) -> None:
    sql = """create function f(job record) returns integer language plpgsql as $$
    begin perform 1 where job.state is null; return job.id; end $$;"""
    found = proved(live, SCHEMA + sql)["f"]
    assert states(found) == []
    assert {one.reason for one in found.untold} == {"the columns of $1 are not known here"}


def test_a_record_that_is_never_assigned(live: LiveDatabase) -> None:
    sql = (
        SCHEMA
        + """create function f() returns void language plpgsql as $$
    declare r record; begin raise notice '%', r.state; end $$;"""
    )
    assert states(proved(live, sql)["f"]) == ["55000"]


def test_a_body_that_takes_for_ever_to_plan_does_not_stop_the_others(
    live: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pgproof.probes.bodies import run

    monkeypatch.setattr(run, "LIMIT_S", 1)
    sql = (
        SCHEMA
        + """
    create function slow() returns integer language plpgsql immutable as
      $$ begin perform pg_sleep(60); return 1; end $$;
    create function a() returns void language plpgsql as $$ begin perform 1 where slow() = 1; end $$;
    create function b() returns void language plpgsql as $$ begin perform 1 from nowhere; end $$;
    """
    )
    found = proved(live, sql)
    assert found["a"].untold[0].reason == "it could not be tried: it takes too long"
    assert states(found["b"]) == ["42P01"]


def test_what_a_newer_version_brings(live: LiveDatabase) -> None:
    reason = untold(live, "perform uuidv9();", other_versions={"uuidv9"})
    assert reason == "a newer PostgreSQL has uuidv9"


def test_newer_versions_are_newer_than_the_server() -> None:
    assert "uuidv7" in brought_later(15)
    assert "any_value" not in brought_later(16)
    assert brought_later(18) == frozenset()


def test_a_variable_is_not_known_in_its_own_default(live: LiveDatabase) -> None:
    body = """create function f() returns bigint language plpgsql as $body$
declare job job = job from job job where state = 'x';
        found_id bigint := job.id;
        wrong bigint := missing from job;
begin return found_id; end $body$;"""
    found = proved(live, SCHEMA + body)["f"]
    assert states(found) == ["42703"]
    assert not found.untold


def test_the_row_of_a_table_with_a_domain_that_refuses_null(live: LiveDatabase) -> None:
    body = """create domain title as text not null; create table page (id int, title title, updated timestamptz);
create function f() returns trigger language plpgsql as $body$ begin
if row(new.*) is distinct from row(old.*) then new.updated = now(); end if; return new; end $body$;
create trigger t before update on page for each row execute function f();"""
    found = proved(live, body)["f"]
    assert states(found) == []
    assert {one.reason for one in found.untold} == {"the type of a row is not known here"}


def test_another_function_of_the_name_may_be_an_extensions(live: LiveDatabase) -> None:
    body = "create function digest(text) returns text language sql as $$ select $1 $$;"
    found = proved(live, body + CREATE.format("", "perform digest(1, 2);"), is_lent=lambda kind, name: name == "digest")
    assert states(found["f"]) == []
    assert [one.reason for one in found["f"].untold] == ["digest may come with an extension"]


def test_the_row_of_a_trigger_for_each_statement_is_null_and_there(live: LiveDatabase) -> None:
    body = """create table page (id int, title text);
create function f() returns trigger language plpgsql as $body$ declare t text; begin
t := coalesce(new.title, old.title); t := new.nothing; return null; end $body$;
create trigger t after truncate on page for each statement execute function f();"""
    assert states(proved(live, body)["f"]) == ["42703"]


def test_an_option_takes_a_string_in_a_dynamic_command(live: LiveDatabase) -> None:
    body = "execute format('create server s foreign data wrapper w options (host %s)', quote_literal($1));"
    create = f"create function f(host text) returns void language plpgsql as $body$ begin {body} end $body$;"
    found = proved(live, create + create.replace("f(host", "g(host").replace("create server", "create sever"))
    assert (states(found["f"]), states(found["g"])) == ([], ["42601"])


def test_a_value_that_follows_a_word_at_once_may_be_a_part_of_it() -> None:
    def is_number(_: str) -> bool:
        return False

    assert likeness("'select x' || quote_literal(v) || '::int'", is_number) is None
    assert likeness("format('select %L, b%L', v, v)", is_number) is None
    assert likeness("'select ' || quote_literal(v) || '::int'", is_number) == "select NULL::int"
    assert likeness("format('select id = %L', v)", is_number) == "select id = NULL"


def test_a_setting_of_the_session(live: LiveDatabase) -> None:
    body = "perform count(*) filter (where state is null) from job where state = current_setting('app.t' || 1);"
    assert untold(live, body) == "a setting is the session's"
