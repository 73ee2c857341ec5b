"""Function bodies of a project: where a defect is written, what is unknown, what a second run needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Judged, Outcome, Result, Verdict
from pgproof.model import Severity
from pgproof.project.config import Config
from pgproof.shadow import shadow
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase

JOB = "create table job (id bigint primary key, state text);\n"


def run(root: Path, *texts: str, select: str = "FUN") -> Result:
    """Check a project of these migrations, on the server that needs no installation."""
    for number, text in enumerate(texts, 1):
        file = root / "migrations" / f"{number:04}_step.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="")
    return check(Settings(root, Config(server=18)), select=(select,))


def only(result: Result) -> Judged:
    (finding,) = result.findings
    return finding


def gaps(result: Result) -> list[str]:
    return [gap.reason for gap in result.gaps if "live database" not in gap.reason]


def shown(root: Path, finding: Judged) -> str:
    """Return the text of the project at the finding's place."""
    assert finding.location
    line = (root / finding.location.path).read_text("utf-8").splitlines()[finding.location.line - 1]
    return line[finding.location.column - 1 :]


@pytest.mark.parametrize(
    "function",
    [
        "  create function f() returns void language plpgsql as $$\nbegin\n  perform stat from job;\nend $$;",
        "create function f() returns void as 'begin perform ''it''''s'', stat from job; end' language plpgsql;",
        "create function f() returns void\r\nlanguage plpgsql as $$\r\nbegin\r\n  perform 'é', stat from job; end $$;",
        "do $d$ begin create function f() returns void\n"
        "language plpgsql as $$begin perform stat from job; end $$; end $d$;",
        "create function f() returns text language sql as $$ select\n  stat from job $$;",
    ],
    ids=["dollars", "quotes", "line ends", "in a block", "sql"],
)
def test_a_defect_is_shown_where_it_is_written(tmp_path: Path, function: str) -> None:
    set_off = "set check_function_bodies = off;\n" if "language sql" in function else ""
    finding = only(run(tmp_path, JOB + set_off + function))
    assert (finding.code, finding.subject) == ("FUN102", "public.f()")
    assert finding.message == 'column "stat" does not exist (42703)'
    assert shown(tmp_path, finding).startswith("stat from job")
    assert str(finding.proof) == "executed on replay"


def test_the_last_definition_counts_and_alter_function_is_none(tmp_path: Path) -> None:
    create = "create or replace function f() returns void language plpgsql as $$ begin perform {} from job; end $$;"
    result = run(
        tmp_path,
        JOB + create.format("nothing"),
        "-- again\n" + create.format("stat"),
        "alter function f() set search_path = public;",
    )
    assert only(result).message == 'column "stat" does not exist (42703)'
    assert str(only(result).location) == "migrations/0002_step.sql:2:82"


def test_what_was_repaired_or_dropped_later_is_no_defect(tmp_path: Path) -> None:
    broken = "create function {}() returns void language plpgsql as $$ begin perform stat from job; end $$;"
    result = run(
        tmp_path,
        JOB + broken.format("f") + broken.format("g") + broken.format("h"),
        "drop function f();",
        "create or replace function g() returns void language plpgsql as $$ begin perform state from job; end $$;",
        "alter table job add column stat text;",
    )
    assert result.findings == ()
    assert result.verdict is Verdict.GO


def test_a_table_that_is_renamed_breaks_functions_once(tmp_path: Path) -> None:
    function = (
        "create function f{0}() returns bigint language plpgsql as $$ begin return (select count(*) from job); end $$;"
    )
    result = run(tmp_path, JOB + "".join(function.format(n) for n in range(1, 6)), "alter table job rename to task;")
    finding = only(result)
    assert finding.message == 'relation "job" does not exist (42P01)'
    assert len(finding.consequences) == 4
    assert finding.seen[0].endswith("fails on every call")


def test_one_column_that_is_missing_is_one_cause(tmp_path: Path) -> None:
    body = "begin delete from job where made < now(); insert into job (id, made) select n.id, now() from note n; end"
    fields = "begin if new.stat is null then insert into note values (new.stat); end if; return new; end"
    functions = f"""create table note (id bigint);
    create function f() returns void language plpgsql as $$ {body} $$;
    create function g() returns trigger language plpgsql as $$ {fields} $$;
    create trigger t before insert on job for each row execute function g();"""
    assert [one.subject for one in run(tmp_path, JOB + functions).findings] == ["public.f()", "public.g()"]


def test_a_column_of_a_definition_that_was_skipped_is_a_consequence(tmp_path: Path) -> None:
    again = "create table if not exists job (id bigint primary key, state text, owner text);"
    function = "create function f() returns void language plpgsql as $$ begin perform owner from job; end $$;"
    finding = only(run(tmp_path, JOB, again + function, select=""))
    assert (finding.code, finding.subject) == ("MIG104", "public.job")
    assert any('public.f(): column "owner" does not exist (42703)' in line for line in finding.consequences)


def test_conditions_that_are_none_and_texts_that_become_part_of_commands_are_habits(tmp_path: Path) -> None:
    create = "create function {}({}) returns void language plpgsql security definer set search_path = '' as $$ {} $$;"
    raises = "begin raise exception using errcode = '{}'; end"
    functions = [create.format(name, "", raises.format(code)) for name, code in (("f", "NO_JOB"), ("g", "NO_NOTE"))]
    functions += [create.format(f"e{n}", "t text", "begin execute t; end") for n in range(4)]
    habit, conditions = sorted(run(tmp_path, "".join(functions)).findings, key=lambda one: one.subject)
    assert (conditions.subject, conditions.severity) == ("public.f()", Severity.WARNING)
    assert conditions.consequences == ('so does unrecognized exception condition "NO_NOTE" (42704) in public.g()',)
    assert (habit.code, habit.subject, len(habit.consequences)) == ("FUN108", "public", 4)


def test_what_a_failed_migration_would_have_made_is_unknown(tmp_path: Path) -> None:
    function = "create function f() returns void language plpgsql as $$ begin perform 1 from report; end $$;"
    result = run(tmp_path, JOB + function, "create table report (id int primary key, job int references nowhere);")
    assert result.findings == ()
    assert any("report: a statement that failed would have made" in gap for gap in gaps(result))


def test_who_calls_a_broken_function_is_told(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        JOB,
        "create function f() returns boolean language plpgsql as $$ begin return (select true from nowhere); end $$;"
        "alter table job enable row level security; create policy mine on job using (f());",
    )
    assert "policy mine on table job calls it" in only(result).consequences


def test_a_project_without_functions_starts_no_second_database(tmp_path: Path) -> None:
    result = run(tmp_path, JOB)
    outcomes = {one.outcome for one in result.checks if one.code != "FUN110"}  # that one is about the live database
    assert outcomes == {Outcome.NOT_APPLICABLE}


def test_a_second_run_starts_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    function = "create function f() returns void language plpgsql as $$ begin perform stat from job; end $$;"
    first = run(tmp_path, JOB + function)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a server was started")

    monkeypatch.setattr(shadow, "open_shadow", refuse)
    again = run(tmp_path, JOB + function)
    assert again.findings == first.findings
    assert again.gaps == first.gaps


def test_event_triggers_of_the_project_do_not_disturb(tmp_path: Path) -> None:
    refusing = """
    create function refuse() returns event_trigger language plpgsql as $$ begin raise exception 'no DDL'; end $$;
    create event trigger refuse on ddl_command_start execute function refuse();
    """
    function = "create function f() returns void language plpgsql as $$ begin perform stat from job; end $$;"
    result = run(tmp_path, JOB + function + refusing)
    assert only(result).code == "FUN102"


def test_definer_functions_without_a_search_path_are_a_habit(tmp_path: Path) -> None:
    function = "create function {}.f{}() returns integer language sql security definer as 'select 1';"
    many = "create schema many;" + "".join(function.format("many", n) for n in range(4))
    result = run(tmp_path, many + "".join(function.format("public", n) for n in range(3)), select="FUN109")
    finding, *few = result.findings
    assert [one.subject for one in few] == ["public.f0()", "public.f1()", "public.f2()"]
    assert (finding.kind, finding.subject, finding.severity) == ("schema", "many", Severity.NOTE)
    assert finding.message == "4 SECURITY DEFINER functions without a search_path of their own"
    assert len(finding.consequences) == 4
    everyone = "grant create on schema public to public;" + function.format("public", 1)
    assert only(run(tmp_path / "open", everyone, select="FUN109")).severity is Severity.WARNING


def test_a_trigger_function_that_no_trigger_uses_is_unknown(tmp_path: Path) -> None:
    function = "create function f() returns trigger language plpgsql as $$ begin new.made = now(); "
    function += "case new.state when 'a' then null; else null; end case; return new; end $$;"
    result = run(tmp_path, JOB + function)
    assert result.findings == ()
    assert any("no trigger uses the function" in gap for gap in gaps(result))


@pytest.mark.parametrize("major", [18])
def test_only_what_the_live_schema_breaks_is_told_of_it(tmp_path: Path, live: LiveDatabase) -> None:
    functions = """
    create function fine() returns bigint language plpgsql as $$ begin return (select count(state) from job); end $$;
    create function broken() returns bigint language plpgsql as $$ begin return (select count(*) from nowhere); end $$;
    """
    live.execute(JOB + functions)
    live.execute("alter table job rename column state to status")
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_step.sql").write_text(JOB + functions, "utf-8")
    result = check(Settings(tmp_path, Config(), live.url), select=("FUN",))
    assert [(f.code, f.subject, f.message) for f in result.findings] == [
        ("FUN102", "public.broken()", 'relation "nowhere" does not exist (42P01)'),
        ("FUN110", "public.fine()", 'column "state" does not exist (42703)'),
    ]
    assert str(result.findings[1].proof) == "executed on clone of live"
    both = check(Settings(tmp_path, Config(), live.url), select=("FUN", "DRF"))
    (cause,) = (finding for finding in both.findings if finding.code == "DRF101")
    assert (cause.subject, cause.consequences) == (
        "public.job.state",
        ('public.fine(): column "state" does not exist (42703)',),
    )
    assert "FUN110" not in {finding.code for finding in both.findings}


USES_A_QUEUE = "create function f() returns void language plpgsql as $$ begin perform job_queue.add('x'); end $$;"


def test_a_schema_that_nothing_makes_is_missing(tmp_path: Path) -> None:
    assert only(run(tmp_path, USES_A_QUEUE)).message == 'schema "job_queue" does not exist (3F000)'


def test_a_schema_of_a_tool_that_the_project_speaks_of_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {"job-queue": "1"}}')
    result = run(tmp_path, USES_A_QUEUE)
    assert not result.findings
    assert "no migration makes the schema job_queue, which package.json speaks of" in gaps(result)[0]


def test_what_may_be_in_a_schema_that_was_made_up_or_in_an_unknown_extension(tmp_path: Path) -> None:
    function = "create function {}() returns void language plpgsql as $$ begin perform {}; end $$;"
    bodies = {"e": "tool.add('x')", "f": "spread('job')", "g": "nope"}
    text = "create table tool.note (id int); create extension nobody_knows;" + JOB
    result = run(tmp_path, text + "".join(function.format(*one) for one in bodies.items()), select="")
    assert only(result).subject == "public.g()"
    assert any("what is in schema tool is known only in part" in gap for gap in gaps(result))


CRON = """create extension pg_cron;
select cron.schedule('tidy', '0 3 * * *', $$
  delete from job where id < 0; delete from jobs where id > 0$$);
select cron.schedule('0 4 * * *', 'select stat from job');
select cron.schedule('again', '0 4 * * *', 'vacuum job; select 1; call pay()');
select cron.schedule('well', '0 4 * * *', 'vacuum job; select state from job');
select cron.schedule('gone', '0 4 * * *', 'select stat from job'); select cron.unschedule('gone');
select cron.schedule('no sql', '0 4 * * *', 'delete job');
"""


def test_commands_of_scheduled_jobs(tmp_path: Path) -> None:
    result = run(tmp_path, JOB + CRON)
    found = {finding.subject: (finding.message, shown(tmp_path, finding)[:4]) for finding in result.findings}
    assert found == {
        "cron.tidy": ('relation "jobs" does not exist (42P01)', "jobs"),
        'cron."job 2"': ('column "stat" does not exist (42703)', "stat"),
        "cron.again": ("procedure pay() does not exist (42883)", "pay("),
        'cron."no sql"': ('syntax error at or near "job" (42601)', "job'"),
    }
    assert {finding.code for finding in result.findings} == {"FUN111"}
    assert "fails on every run" in result.findings[0].seen[0]
