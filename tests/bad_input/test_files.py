"""Migration files that are no plain SQL in UTF-8: bytes, line ends, data, psql's commands, programs, endless work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.project import CONFIG, NOTE, TAG, Project
from tests.conftest import LiveDatabase

LATIN = b"create table note (id int primary key);\n-- caf\xe9\n"


def test_a_file_that_is_not_utf8_is_named_with_its_line_and_the_way_out(project: Project) -> None:
    answer = project.migrations(NOTE, LATIN).check()
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "pgproof: cannot read migrations/0002.sql: byte 0xE9 at line 2 is not UTF-8.\n"
        "  Convert the file (iconv -f latin1 -t utf8), or set "
        'encoding = "latin1" for this directory in pgproof.toml.\n'
    )


def test_all_files_that_cannot_be_read_are_named_at_once(project: Project) -> None:
    answer = project.migrations(LATIN, NOTE, LATIN, NOTE.encode("utf-16")).check()
    assert (answer.code, answer.out) == (2, "")
    problem, first, second, third, *ways_out = answer.err.splitlines()
    assert problem == "pgproof: 3 of 4 migrations cannot be read."
    assert first == "  cannot read migrations/0001.sql: byte 0xE9 at line 2 is not UTF-8"
    assert second == "  cannot read migrations/0003.sql: byte 0xE9 at line 2 is not UTF-8"
    assert third.startswith("  cannot read migrations/0004.sql: it begins with the byte order mark of UTF-16-LE")
    assert [line.split(" (")[0] for line in ways_out] == [
        "  Convert the file",
        "  Convert the file: iconv -f UTF-16-LE -t UTF-8",
    ]


def test_the_way_out_of_an_encoding_works(project: Project) -> None:
    project.write("pgproof.toml", CONFIG + 'encoding = "latin1"\n')
    assert project.migrations(LATIN).check().code == 0


@pytest.mark.parametrize("name", ["rot13", "base64", "latin-99", "undefined"])
def test_an_encoding_that_is_none_is_a_mistake_of_the_configuration(project: Project, name: str) -> None:
    project.write("pgproof.toml", f'{CONFIG}encoding = "{name}"\n')
    answer = project.migrations(LATIN).check()
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(
        "pgproof: pgproof.toml has a mistake.\n  line 2: encoding should be the name of an enc"
    )


UNIX = """\
create table note (
    id int primary key,
    body text not null default 'one line'
);
create function shout(what text) returns text language plpgsql as $body$
begin
    return upper(what);
end
$body$;
create view loud as
    select shout(body) as body
    from note;
comment on table note is 'one line';
"""


def test_a_byte_order_mark_and_carriage_returns_make_the_same_database(project: Project, live: LiveDatabase) -> None:
    live.execute(UNIX)
    project.migrations(b"\xef\xbb\xbf" + UNIX.replace("\n", "\r\n").encode())
    answer = project.check("--live", live.url)
    assert answer.code == 0, answer.out
    assert "no findings" in answer.last_line


DUMP = """\
\\set ON_ERROR_STOP on
\\restrict abcdef
set statement_timeout = 0;
create table note (id int primary key, body text);
copy note (id, body) from stdin;
1	a semicolon; and a quote '
2	\\N
3	drop table note;
\\.
\\unrestrict abcdef
\\echo done
do $do$ begin if (select count(*) from note) <> 3 then raise exception 'rows are lost'; end if; end $do$;
create function nested() returns text language sql as $a$ select $b$ ; $a ' $b$ ; $a$;
\\if :{?with_tags}
create table never (id int);
\\else
create table tag (id int primary key);
\\endif
"""


def test_a_dump_with_data_psql_commands_and_dollar_quotes_is_replayed_whole(
    project: Project, live: LiveDatabase
) -> None:
    live.execute(
        "create table note (id int primary key, body text); create table tag (id int primary key);"
        "create function nested() returns text language sql as $a$ select $b$ ; $a ' $b$ ; $a$;"
    )
    answer = project.migrations(DUMP).check("--live", live.url)
    assert answer.code == 0, answer.out + answer.err
    assert "no findings" in answer.last_line
    assert "6 of 6 statements replayed" in answer.out


def test_what_leaves_the_sandbox_is_not_run_and_is_said(project: Project, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    mark.mkdir(mode=0o777)
    mark.chmod(0o777)
    for above in (tmp_path, *tmp_path.parents[:3]):
        above.chmod(0o755)
    project.migrations(
        NOTE
        + f"copy note to program 'touch {mark}/1';\n"
        + f"\\! touch {mark}/2\n"
        + f"\\copy note to program 'touch {mark}/3'\n"
        + f"\\o | touch {mark}/4\n"
        + f"\\set x `touch {mark}/5`\n"
        + f"copy note to '{mark}/6';\n"
        + TAG
        + "\\connect postgres\n"
    )
    answer = project.check("--format", "json")
    assert answer.code == 0
    assert list(mark.iterdir()) == []
    assert answer.codes == []
    told = {gap.location.line: gap.reason for gap in answer.result.gaps if gap.location}
    for line, reason in {
        2: "permission denied to COPY to or from an external program",
        3: "\\! runs a command of the shell",
        4: "\\copy writes a file",
        5: "\\o writes to a file or a command",
        6: "\\set runs a command of the shell (backquotes)",
        7: "permission denied to COPY to a file",
        9: "\\connect connects to another database",
    }.items():
        assert reason in told[line]
    (coverage,) = answer.result.coverage
    assert (coverage.read, coverage.total) == (2, 9)


def test_a_statement_that_never_ends_is_cancelled_and_blocks_the_verdict(project: Project) -> None:
    project.write("pgproof.toml", CONFIG + '[replay]\nstatement_timeout = "300ms"\n')
    answer = project.migrations(NOTE + "select pg_sleep(1000);\n" + TAG).check()
    assert answer.code == 3
    assert "blocking migrations/0001.sql:2:1: 1 statement: never ended: cancelled after 0.3 s" in answer.out
    assert 'allow more in pgproof.toml: [replay] statement_timeout = "10min"' in answer.out
    assert "2 of 3 statements replayed" in answer.out


def test_what_the_private_server_lacks_is_no_mistake_of_the_file_but_blocks_the_verdict(project: Project) -> None:
    project.write("pgproof.toml", CONFIG + '[replay]\nmemory = "300MB"\n')
    answer = project.migrations(NOTE + "select length(repeat('x', 500000000));\n" + TAG).check()
    assert answer.code == 3
    assert "no findings" in answer.last_line
    assert "blocking migrations/0001.sql:2:1: 1 statement: out of memory" in answer.out
    assert 'allow more in pgproof.toml: [replay] memory = "8GB"' in answer.out


def test_a_variable_that_whoever_runs_the_file_must_set_is_a_gap(project: Project) -> None:
    answer = project.migrations(NOTE + "select :unset;\n" + TAG).check()
    assert "migrations/0001.sql:2:1: 1 statement: psql's variable unset is not set by the files" in answer.out
    assert "2 of 3 statements replayed" in answer.out


@pytest.mark.parametrize(
    ("statement", "place", "problem"),
    [
        ("select 'open;", "2:8", 'unterminated quoted string at or near "\'open;…" (42601)'),
        ('select "open;', "2:8", 'unterminated quoted identifier at or near ""open;…" (42601)'),
        ("do $$ begin;", "2:4", 'unterminated dollar-quoted string at or near "$$ begin;…" (42601)'),
        ("/* open", "2:1", 'unterminated /* comment at or near "/* open…" (42601)'),
        ("selec 1;", "2:1", 'syntax error at or near "selec" (42601)'),
        ("\\i nothing.sql", "2:1", "there is no file nothing.sql"),
        ("\\ir ../other/latin.sql", "2:1", "cannot read other/latin.sql: byte 0xE9 at line 1 is not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_one_finding_at_its_place(
    project: Project, statement: str, place: str, problem: str
) -> None:
    project.write("other/latin.sql", b"-- caf\xe9\n")
    answer = project.migrations(f"{NOTE}{statement}\n-- more", TAG).check("--format", "json")
    assert answer.code == 1
    (finding,) = answer.result.findings
    assert (finding.code, finding.message, str(finding.location)) == ("MIG103", problem, f"migrations/0001.sql:{place}")


def test_an_open_quote_gives_the_same_answer_twice(project: Project) -> None:
    project.migrations(f"{NOTE}select 'open;\n{TAG}")
    assert project.check("--no-cache") == project.check("--no-cache")


@pytest.mark.parametrize(
    ("sqlstate", "code"),
    [("53100", 1), ("53200", 1), ("53300", 1), ("57014", 1), ("57P01", 1), ("57P05", 1), ("08006", 1), ("42501", 3)],
)
def test_a_state_that_a_migration_raises_itself_excuses_nothing(project: Project, sqlstate: str, code: int) -> None:
    raised = f"do $$ begin raise exception 'out of memory' using errcode = '{sqlstate}'; end $$;\n"
    answer = project.migrations(NOTE + raised + TAG).check()
    assert answer.code == code
    assert "migrations/0001.sql:2:" in answer.out


def test_a_timeout_that_the_migrations_set_themselves_blocks_the_verdict(project: Project) -> None:
    answer = project.migrations(NOTE + "set statement_timeout = '50ms'; select pg_sleep(100);\n" + TAG).check()
    assert answer.code == 3
    assert "canceling statement due to statement timeout (on the private server, or by a limit that" in answer.out


def test_an_if_that_never_ends_is_a_finding(project: Project) -> None:
    answer = project.migrations(f"{NOTE}\\if true\n{TAG}").check("--format", "json")
    assert [finding.message for finding in answer.result.findings] == ["the file ends inside \\if: \\endif is missing"]
