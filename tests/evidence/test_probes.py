"""What was executed becomes a finding only when nothing but the schema can be to blame, and once for each cause."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Outcome, Result, Verdict
from pgproof.project.config import read_config
from pgproof.workflows.check import check
from pgproof.workflows.probe import probe


def project(root: Path, *texts: str, toml: str = "") -> Settings:
    """Write a project of these migrations, on the server that needs no installation."""
    (root / "migrations").mkdir(parents=True)
    for number, text in enumerate(texts, 1):
        (root / "migrations" / f"{number:04}_step.sql").write_text(text, "utf-8")
    (root / "pgproof.toml").write_text(toml, "utf-8")
    return Settings(root, replace(read_config(root), server=18))


def behaviour(result: Result) -> list[tuple[str, str]]:
    return [(finding.code, finding.subject) for finding in result.findings if finding.code.startswith("BEH")]


def reasons(result: Result) -> list[str]:
    return [gap.reason for gap in result.gaps if "live database" not in gap.reason]


TOTAL = """
create function total() returns bigint language plpgsql as $$
declare
  counted record;
  relation text;
begin
  foreach relation in array array['note'] loop
    execute format('select count(*) as number from %I', relation) into counted;
  end loop;
  return counted.count;
end $$;
"""
NOTE = "create table note (id int primary key, body text not null);"


def test_what_fails_when_it_runs_is_an_error_with_its_place(tmp_path: Path) -> None:
    (finding,) = check(project(tmp_path, NOTE, TOTAL), select=("BEH",)).findings
    assert (finding.code, finding.subject, finding.message) == (
        "BEH102",
        "public.total()",
        'record "counted" has no field "count" (42703)',
    )
    assert finding.location
    assert finding.location.path == "migrations/0002_step.sql"
    assert finding.reproduce == "select public.total() limit 20"
    assert str(finding.proof) == "executed on replay"


def test_what_a_look_at_the_body_has_told_is_not_told_again(tmp_path: Path) -> None:
    claim = """
create function claim() returns table (id int, body text) language plpgsql as $$
begin return query select note.id, note.body from note where body <> ''; end $$;
"""
    result = check(project(tmp_path, NOTE, claim), select=("BEH", "FUN"))
    assert [finding.code for finding in result.findings] == ["FUN101"]


@pytest.mark.parametrize(
    "function",
    [
        "create function f(t text) returns bigint language plpgsql as $$ declare n bigint; begin "
        "execute 'select count(*) from ' || t into n; return n; end $$;",
        "create function f(t text) returns text language sql as $$ select t::regclass::text $$;",
        "create function f() returns text language sql as $$ select current_setting('app.name') $$;",
        "create function f() returns void language plpgsql as $$ begin raise undefined_table; end $$;",
        "create function f(n int) returns int language sql as $$ select 1 / (n - n) $$;",
    ],
    ids=["dynamic", "name as argument", "setting", "raised", "division"],
)
def test_what_an_argument_a_session_or_a_raise_is_to_blame_for_is_no_finding(tmp_path: Path, function: str) -> None:
    assert behaviour(check(project(tmp_path, NOTE, function), select=("BEH",))) == []


def test_what_a_failed_statement_would_have_made_is_unknown(tmp_path: Path) -> None:
    broken = "alter table note add column words int oops;"
    counting = """
create function count_words() returns trigger language plpgsql as $$
begin new.words := length(new.body); return new; end $$;
create trigger count_words before insert on note for each row execute function count_words();
"""
    assert behaviour(check(project(tmp_path / "a", NOTE, broken, counting))) == []
    second = "create table note (id int primary key, body text not null, words int);"
    assert behaviour(check(project(tmp_path / "b", NOTE, second, counting))) == []


def test_a_function_that_leaves_the_search_path_to_its_caller_proves_nothing(tmp_path: Path) -> None:
    text = """
create schema app; create table app.item (id int primary key);
create function app.items() returns bigint language plpgsql as $$ begin return (select count(*) from item); end $$;
create function app.own() returns bigint language plpgsql set search_path = public as
  $$ begin execute 'select 1'; perform app.items(); return (select count(*) from nowhere); end $$;
"""
    result = check(project(tmp_path, text), select=("BEH", "FUN"))
    assert [(finding.code, finding.subject) for finding in result.findings] == [("FUN102", "app.own()")]


def test_a_schema_that_nothing_makes_is_another_tools(tmp_path: Path) -> None:
    job = "create function f() returns void language sql as $$ select 1 $$; create table t (id int);"
    calls = """
create function enqueue() returns void language plpgsql as $$
declare found record;
begin execute format('select 1 as %I', 'x') into found; perform worker.add_job(found.x); end $$;
"""
    assert behaviour(check(project(tmp_path, job, calls), select=("BEH",))) == []


def test_a_probe_whose_set_up_fails_blocks(tmp_path: Path) -> None:
    toml = '[[probe]]\nname = "one"\nsetup = "insert into nowhere values (1)"\ncall = "select 1"\nexpect = 1\n'
    result = probe(project(tmp_path, NOTE, toml=toml))
    assert result.verdict is Verdict.UNDECIDED
    assert 'the probe one: the set-up is refused: relation "nowhere" does not exist (42P01)' in reasons(result)


def test_what_was_not_reached_is_named(tmp_path: Path) -> None:
    sql = """
create table never (id int not null check (id > 3 and id < 2));
create table parted (at date) partition by range (at);
create function guarded() returns void language plpgsql as $$ begin raise exception 'not now'; end $$;
"""
    told = reasons(probe(project(tmp_path, sql)))
    assert (
        "2 tables that no row was found for: public.never (no candidate met all of its conditions), "
        "public.parted (it is partitioned and has no partition)" in told
    )
    assert "1 function that refused every call, and not for a wrong name or type (P0001 1)" in told


def test_a_probe_says_how_a_function_is_called_and_follows_from_a_body_that_is_broken(tmp_path: Path) -> None:
    sql = """
create function guarded(n int) returns int language plpgsql as $$
begin if n is distinct from 7 then raise exception 'not now'; end if; return n; end $$;
create function broken(out id int) language plpgsql as $$ begin select id into broken.id from note; end $$;
"""
    toml = ""
    for name, call in (("it works", "select guarded(7)"), ("it counts", "select broken()")):
        toml += f'[[probe]]\nname = "{name}"\ncall = "{call}"\nexpect = 7\n'
    result = check(project(tmp_path, NOTE + sql, toml=toml), select=("BEH", "FUN"))
    (finding,) = result.findings
    assert (finding.code, finding.subject) == ("FUN101", "public.broken()")
    assert [line for line in finding.consequences if "it counts" in line]
    assert not [reason for reason in reasons(result) if "refused every call" in reason]
    (alone,) = check(project(tmp_path / "alone", NOTE + sql, toml=toml), select=("BEH",)).findings
    assert alone.code == "BEH109"


def test_a_function_in_sql_that_is_put_into_a_query_is_told_once(tmp_path: Path) -> None:
    sql = """set check_function_bodies = off;
create function "Bodies"(n note) returns bigint language sql stable as 'select count(*) from note where nothing = 1';
"""
    (finding,) = check(project(tmp_path, NOTE + sql), select=("BEH", "FUN")).findings
    assert (finding.code, finding.subject) == ("FUN102", 'public."Bodies"(public.note)')


def test_sequences_that_are_behind_are_a_habit(tmp_path: Path) -> None:
    tables = "".join(f"create table t{n} (id serial primary key); insert into t{n} values (1);" for n in range(4))
    (finding,) = check(project(tmp_path, tables), select=("BEH",)).findings
    assert (finding.subject, len(finding.consequences), finding.fix.count("setval(")) == ("public", 4, 4)


def test_the_same_schema_is_not_probed_twice_and_the_result_is_the_same(tmp_path: Path) -> None:
    said: list[str] = []
    settings = replace(project(tmp_path, NOTE, f"{TOTAL} -- {tmp_path}"), progress=said.append)
    first = probe(settings)
    assert "probing behaviour" in said
    said.clear()
    assert probe(settings) == first
    assert "probing behaviour" not in said


def test_many_tables_are_not_broken_one_by_one_unless_asked(tmp_path: Path) -> None:
    many = "\n".join(f"create table t{n} (id int primary key);" for n in range(101))
    settings = project(tmp_path, many)
    checked = {outcome.code: outcome.outcome for outcome in check(settings, select=("BEH",)).checks}
    probed = {outcome.code: outcome.outcome for outcome in probe(settings).checks}
    assert (checked["BEH107"], probed["BEH107"]) == (Outcome.NOT_APPLICABLE, Outcome.PASSED)
    assert checked["BEH101"] is probed["BEH101"] is Outcome.PASSED


def test_without_tables_and_functions_there_is_nothing_to_probe(tmp_path: Path) -> None:
    result = probe(project(tmp_path, "select 1;"))
    outcomes = {
        outcome.outcome for outcome in result.checks if outcome.code.startswith("BEH") and outcome.code != "BEH110"
    }
    assert outcomes == {Outcome.NOT_APPLICABLE}


def test_an_event_trigger_that_fails_does_not_end_the_probing(tmp_path: Path) -> None:
    broken = """
create table member (id bigint primary key, team bigint not null);
alter table member enable row level security;
create policy see on member for select using (team in (select m.team from member m));
create function ddl() returns event_trigger language plpgsql as $$ begin raise exception 'no more'; end $$;
create event trigger on_ddl on ddl_command_end execute function ddl();
"""
    result = check(project(tmp_path, broken))
    assert behaviour(result) == [("BEH104", "public.member")]
    assert not [reason for reason in reasons(result) if "could not be used" in reason]


def test_a_default_that_a_table_inherits_is_its_parents(tmp_path: Path) -> None:
    parent = "create table log (id int, at date default '2020-01-01');"
    own = "own date default '2020-01-01' check (own > '2030-01-01')"
    child = f"create table log_2030 (check (at > '2030-01-01'), {own})"
    settings = project(tmp_path, f"{parent} {child} inherits (log);")
    assert behaviour(check(settings, select=("BEH105",))) == [("BEH105", "public.log_2030.own")]
