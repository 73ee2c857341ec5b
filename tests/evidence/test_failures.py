"""Why statements fail: one root cause is one finding, what the sandbox cannot do and a missing base are gaps."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.chains import Chain
from pgproof.evidence.limits import limit
from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result, Verdict
from pgproof.migrations.observation import Failure, Observation
from pgproof.model import Location
from pgproof.project.config import Config
from pgproof.workflows.check import check

NOTE = "create table note (id int primary key, state text);"


def run(root: Path, *texts: str, folder: str = "migrations") -> Result:
    """Check a project of these migrations, on the server that needs no installation."""
    for number, text in enumerate(texts, 1):
        file = root / folder / f"{number:04}_step.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return check(Settings(root, Config(server=18)), select=("MIG103",))


def errors(result: Result) -> list[tuple[str, str]]:
    """Return the file's number and the message of each finding."""
    return sorted((f.subject.rpartition("/")[2][:4], f.message) for f in result.findings)


def gaps(result: Result) -> list[str]:
    return [gap.reason for gap in result.gaps if "live database" not in gap.reason]


def test_what_a_failed_statement_would_have_made_is_its_consequence_to_the_last(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        "create table city (id int primary key) oops;",
        "create table school (id int primary key, city int references city);",
        "create table pupil (id int primary key, school int references school);",
        "create index on pupil (school);",
    )
    assert errors(result) == [("0001", 'syntax error at or near "oops" (42601)')]
    assert [c.partition(":")[0][-13:] for c in result.findings[0].consequences] == [
        "0002_step.sql",
        "0003_step.sql",
        "0004_step.sql",
    ]


def test_a_constraint_that_the_server_would_have_named_follows_from_the_statement_that_adds_it(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        "create table city (id int primary key) oops;",
        NOTE,
        "alter table note add city int references city;",
        "alter table note drop constraint note_city_fkey;",
    )
    assert errors(result) == [("0001", 'syntax error at or near "oops" (42601)')]


def test_what_is_only_believed_of_the_schema_that_upgrades_build_on_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "db").mkdir()
    (tmp_path / "db/note.sql").write_text(NOTE)
    result = run(
        tmp_path,
        "alter table note add a int;",
        "alter table note drop column state; alter table note drop column gone;",
        "create table tag (id int); alter table tag drop column gone;",
        "alter table note drp column a;",
        folder="db/upgrades",
    )
    assert errors(result) == [
        ("0003", 'column "gone" of relation "tag" does not exist (42703)'),
        ("0004", 'syntax error at or near "drp" (42601)'),
    ]
    assert any("1 statement: they fail, and what is assumed may not be so: db/note.sql" in gap for gap in gaps(result))


def test_the_same_want_in_several_files_is_one_finding(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        "create table note (id uuid default gen_random_uid());",
        "create table tag (id uuid default gen_random_uid());",
        "select gen_random_uid();",
    )
    assert errors(result) == [("0001", "function gen_random_uid() does not exist (42883)")]
    assert len(result.findings[0].consequences) == 2


def test_the_same_words_of_the_server_are_one_finding(tmp_path: Path) -> None:
    insert = "insert into note (state) values ('new');"
    result = run(tmp_path, NOTE, insert, insert)
    assert [number for number, _ in errors(result)] == ["0002"]


def test_two_mistakes_of_syntax_are_two_findings(tmp_path: Path) -> None:
    wrong = "create policy if not exists p on note using (true);"
    assert [number for number, _ in errors(run(tmp_path, NOTE, wrong, wrong))] == ["0002", "0003"]


def test_a_column_that_a_failed_statement_would_have_added_is_a_consequence(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        NOTE,
        "alter table note add owner no_such_type;",
        "create index on note (owner);",
        "comment on column note.owner is 'who';",
    )
    assert errors(result) == [("0002", 'type "no_such_type" does not exist (42704)')]
    assert len(result.findings[0].consequences) == 2


def test_types_that_do_not_go_together_because_one_could_not_be_altered_are_a_consequence() -> None:
    def failed(path: str, text: str, state: str, message: str, *names: str) -> Observation:
        mentions = frozenset(("", name) for name in names)
        here = Location(path, 1, 1)
        failure = Failure(state, message, "")
        return Observation(path, 0, here, text, node="AlterTableStmt", failure=failure, mentions=mentions)

    chain = Chain()
    chain.add(failed("1.sql", "alter table person alter column id type text", "0A000", "used in a policy", "person"))
    key, refused = "foreign key constraint cannot be implemented", "operator does not exist: uuid = text"
    add = "alter table {} add foreign key (owner) references {}"
    assert chain.explains(failed("2.sql", add.format("note", "person"), "42804", key, "note", "person"))
    assert chain.explains(failed("2.sql", "alter table note …", "42883", refused, "note", "person"))
    assert not chain.explains(failed("2.sql", add.format("note", "city"), "42804", key, "note", "city"))


def test_another_column_of_the_same_table_is_a_finding_of_its_own(tmp_path: Path) -> None:
    result = run(tmp_path, NOTE, "alter table note add owner no_such_type;", "create index on note (stat);")
    assert errors(result) == [
        ("0002", 'type "no_such_type" does not exist (42704)'),
        ("0003", 'column "stat" does not exist (42703)'),
    ]


def test_what_an_insert_mentions_is_not_what_it_would_have_made(tmp_path: Path) -> None:
    result = run(tmp_path, NOTE, "insert into note values (1, 2, tag);", "create view v as select * from tag;")
    assert ("0003", 'relation "tag" does not exist (42P01)') not in errors(result)  # nobody makes it: the base
    assert [number for number, _ in errors(result)] == ["0002"]
    assert "the migrations build on 1 table that none of them makes (tag)" in gaps(result)[0]


def test_where_it_is_made_later_is_said(tmp_path: Path) -> None:
    result = run(tmp_path, "create index on note (state);", NOTE)
    assert "it is made later, by migrations/0002_step.sql:1:1" in result.findings[0].seen


def test_what_was_made_before_in_another_schema_is_not_made_later(tmp_path: Path) -> None:
    result = run(tmp_path, "create schema app; create table app.note (id int);", "alter table note add state text;")
    assert not any("later" in line for line in result.findings[0].seen)
    assert any("there is app.note" in line for line in result.findings[0].seen)


def test_a_routine_with_other_arguments_is_pointed_at(tmp_path: Path) -> None:
    result = run(tmp_path, "create function f(int) returns int language sql as 'select 1';", "select f('a'::text, 2);")
    assert "there is public.f(integer)" in result.findings[0].seen


def test_the_column_that_was_probably_meant_is_pointed_at(tmp_path: Path) -> None:
    lead = "create table lead (id int primary key, campaign_id int, company_name text);"
    other = "create table other (campaign_links_id int);"
    result = run(
        tmp_path, lead + other, "create index on lead (campaign_link_id);", "create index on lead (opted_out);"
    )
    near, far = sorted(result.findings, key=lambda finding: finding.subject)
    assert "there is a column campaign_id" in near.seen
    assert not any("there is a column" in line for line in far.seen)


def test_values_of_rows_that_the_file_does_not_name_are_not_shown(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        "create table a (id uuid primary key default gen_random_uuid(), at timestamptz default now(), n int not null);"
        "create table b (id int primary key); insert into b values (41);",
        "insert into a (n) values (null);",
        "insert into b values (41);",
        "insert into b select 40 + 1;",
        "create table c (a uuid references a); insert into c values (gen_random_uuid());",
    )
    shown = [line for finding in result.findings for line in finding.seen]
    assert not any("Failing row" in line for line in shown)
    assert "detail: Key (id)=(41) already exists." in shown
    assert any(line.startswith('detail: Key (a) is not present in table "a"') for line in shown)


def test_a_long_detail_is_told_in_one_line(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        NOTE + "create view v as select * from note; create view w as select * from note;",
        "drop table note;",
    )
    assert "detail: view v depends on table note (and 1 more)" in result.findings[0].seen


def test_a_template_is_a_limit_and_no_mistake(tmp_path: Path) -> None:
    templates = (
        "create table {{ .Schema }}.note (id int);",
        "create table ${schema}.note (id int);",
        "create table %(schema)s.note (id int);",
        "create table @schema@.note (id int);",
        "create table @schema.note (id int);",
        "create index on {{schema}}.note (${column});",
        "create table note (id int, at numeric({digits}));",
        "select '/* TEMPLATE: schema */note'::regclass;",
        "create function f() returns void language plpgsql as $$ begin notify :CHANNEL; end $$;",
    )
    result = run(tmp_path, NOTE + "select 1;" * 20, *templates)
    assert errors(result) == []
    assert result.verdict is Verdict.GO
    (gap,) = (gap for gap in gaps(result) if not gap.startswith("assumed"))
    assert gap == "9 statements: the text is a template that some program fills in"


def test_a_placeholder_of_a_schema_stands_for_one(tmp_path: Path) -> None:
    texts = []
    for table, schema in zip("abcde", ("${s}", '{{ index .Options "S" }}', '"@s@"', "%(s)s", "{s}"), strict=True):
        texts += [
            f'create schema if not exists {schema}; create table {schema}.{table} (id int primary key, "a b" text);'
            f"create view {schema}.{table}s as select id, 'x {schema}' as x from {schema}.{table}; -- it's {schema}.x\n"
            f"alter table {schema}.{table} add more int; create index on {schema}.{table} (gone);"
        ]
    result = run(tmp_path, *texts, "create index on a (more); create index on b (nope);")
    assert [number for number, _ in errors(result)] == ["0006"]
    assert any(gap.startswith("assumed: ") and "stand for the schema public" in gap for gap in gaps(result))


def test_files_that_are_mostly_templates_allow_no_verdict(tmp_path: Path) -> None:
    template = "create table {{ .Table }} (id int);"
    result = run(tmp_path, template, template, NOTE)
    assert result.verdict is Verdict.UNDECIDED
    assert "2 statements: the text is a template" in result.reason


@pytest.mark.parametrize(
    "text",
    [
        "insert into note (id, state, oops) values (1, 'Dear {{name}}, pay ${amount} by %(day)s @here@', 2);",
        "insert into note values (1, 'Dear {{name}}' 'x');",
        "insert into note values (1, 'Dear {{name}}'",
    ],
)
def test_placeholders_in_a_string_are_data(tmp_path: Path, text: str) -> None:
    result = run(tmp_path, NOTE, text)
    assert [number for number, _ in errors(result)] == ["0002"]


def test_what_was_made_up_is_said_once(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        "create table app.note (id uuid default uuid_generate_v4(), state citext);"
        "grant select on app.note to failures_reader;",
    )
    assert errors(result) == []
    assert result.verdict is Verdict.GO
    assert gaps(result)[0] == (
        "assumed: extension citext, extension uuid-ossp, role failures_reader, schema app; "
        "the migrations use them, and none of them makes them"
    )


def test_stand_ins_that_took_part_are_said(tmp_path: Path) -> None:
    result = run(tmp_path, "create extension pg_cron; create extension http;")
    assert gaps(result) == ["what these extensions do: http, pg_cron; stand-ins with their names and types took part"]


def test_rows_that_a_refused_copy_would_have_loaded_are_no_mistake_of_what_needs_them(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        "create table form (id int primary key, body text not null); create temp table load (body text);\n"
        "\\copy load (body) from program 'cat x'\n"
        "insert into form values (1, (select body from load));",
        "create table answer (form int not null); insert into answer values (null);",
    )
    assert [number for number, _ in errors(result)] == ["0002"]
    assert any("runs a command of the shell" in reason for reason in gaps(result))


def test_a_file_that_the_journal_lists_and_nobody_has_is_to_be_brought_back(tmp_path: Path) -> None:
    entries = ", ".join(f'{{"idx": {n}, "when": {n}, "tag": "000{n}_a"}}' for n in (0, 1))
    (tmp_path / "drizzle/meta").mkdir(parents=True)
    (tmp_path / "drizzle/meta/_journal.json").write_text(
        f'{{"dialect": "postgresql", "entries": [{entries}]}}', "utf-8"
    )
    (tmp_path / "drizzle/0000_a.sql").write_text("create table a (id int primary key);", "utf-8")
    result = check(Settings(tmp_path, Config(platform="plain")))
    assert [finding.code for finding in result.findings] == ["HIS110"]
    (gap,) = (gap for gap in result.gaps if "no such file" in gap.reason)
    assert gap.way_out == "bring the files back, or take them out of the list where no database has run them"


def test_a_language_that_the_server_lacks_is_a_limit(tmp_path: Path) -> None:
    result = run(tmp_path, NOTE, "create function f() returns int language plpython3u as 'return 1';")
    assert errors(result) == []
    assert "1 statement: plpython3u is not available" in gaps(result)


def test_a_variable_that_the_shell_would_have_set_is_no_mistake(tmp_path: Path) -> None:
    result = run(tmp_path, NOTE + "\n\\set owner `echo $OWNER`\ncreate role :owner;", "create role :other;")
    assert errors(result) == []
    assert "1 statement: psql's variable other is not set by the files: whoever runs them gives it" in gaps(result)


def test_a_setting_that_a_variable_would_have_given_is_no_mistake(tmp_path: Path) -> None:
    result = run(tmp_path, NOTE, "\\set OWNER :owner\nset app.owner = :'OWNER';\nselect current_setting('app.owner');")
    assert errors(result) == []


def test_the_script_of_an_extension_is_run_by_create_extension() -> None:
    message = "pg_extension_config_dump() can only be called from an SQL script executed by CREATE EXTENSION"
    failed = Observation(
        "1.sql", 0, Location("1.sql", 1, 1), "select 1", "SelectStmt", failure=Failure("0A000", message)
    )
    assert limit(failed) == "the file is the script of an extension, which CREATE EXTENSION runs"


def test_what_only_this_machine_refuses_is_a_limit(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        NOTE + "create role a_reader; grant select on note to a_reader;",
        "create collation numbers (provider = icu, locale = 'en-u-kn-true');",
        "revoke select on note from a_reader; drop role a_reader;",
    )
    assert errors(result) == []
    assert "1 statement: ICU is not supported in this build" in gaps(result)


@pytest.mark.parametrize(
    ("detail", "is_limit"),
    [
        ("1 object in database other\n2 objects in database another", True),
        ("privileges for table note\n1 object in database other", False),
        ("", False),
    ],
)
def test_a_role_that_only_other_databases_use_could_be_dropped(detail: str, is_limit: bool) -> None:
    here = Location("1.sql", 1, 1)
    failure = Failure("2BP01", 'role "a" cannot be dropped because some objects depend on it', detail)
    assert bool(limit(Observation("1.sql", 0, here, "drop role a", node="DropRoleStmt", failure=failure))) == is_limit


def test_what_an_extension_that_is_not_there_may_have_is_no_mistake(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        NOTE + "create extension oddity; create index on note using gin (state odd_ops); select oddly(1);",
        "create table more (id odd_id); create function seen() returns int language sql as 'select 1'; select seen(1);",
        "create trigger t before update on note for each row execute function touch_note();",
    )
    assert [(number, message) for number, message in errors(result)] == [
        ("0002", "function seen(integer) does not exist (42883)"),
        ("0003", "function touch_note() does not exist (42883)"),
    ]
    assert "3 statements: oddity, which is not available, may have what they need" in gaps(result)


def test_what_a_well_known_extension_has_is_no_mistake_where_nothing_creates_it(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        NOTE,
        "select create_distributed_table('note', 'id'); select * from citus_shards; select st_frobnicate(1);",
        "select time_bucket('1 hour', now(), 'Europe/Berlin'), create_note_table('x');",
    )
    assert [message for _, message in errors(result)] == []
    assert "2 statements: the extension citus is not there, or in part only" in gaps(result)


def test_supabase_makes_pg_cron_where_it_must_be_whatever_schema_is_said(tmp_path: Path) -> None:
    cron = "create extension pg_cron with schema cron; select cron.schedule('a', '* * * * *', 'select 1');"
    assert errors(run(tmp_path, cron, folder="supabase/migrations")) == []


def test_a_file_that_a_query_would_have_named_is_no_mistake(tmp_path: Path) -> None:
    result = run(tmp_path, NOTE + "\nselect 'more.sql' as script \\gset\n\\ir :script;\n\\ir none.sql\n")
    assert [message for _, message in errors(result)] == ["there is no file none.sql"]
    assert "1 statement: psql's variable script is not set by the files: whoever runs them gives it" in gaps(result)


def test_a_query_may_call_what_an_extension_that_is_not_there_has(tmp_path: Path) -> None:
    query = 'def go(c: psycopg.Connection) -> None:\n    c.execute("select {} from note")\n'
    (tmp_path / "app.py").write_text("import psycopg\n" + query.format("oddly(id)") + query.format("stat"))
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_step.sql").write_text(NOTE + "create extension oddity;")
    found = check(Settings(tmp_path, Config(server=18)), select=("COD2",)).findings
    assert [(one.code, one.subject) for one in found] == [("COD202", "public.note.stat")]
