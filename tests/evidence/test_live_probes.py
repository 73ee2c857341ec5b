"""A clone of the live schema is used, and what fails there alone is told; the live database is only read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pgproof.judge.result import Result, Verdict
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase
from tests.evidence.test_probes import NOTE, TOTAL, project

pytestmark = pytest.mark.parametrize("major", [18])

RECURSES = """
alter table note enable row level security;
create policy seen on note using (id in (select id from note));
"""


def in_live(result: Result) -> list[tuple[str, str, str]]:
    return [
        (finding.code, finding.subject, finding.message)
        for finding in result.findings
        if finding.code in ("BEH110", "FUN110")
    ]


def test_what_fails_in_live_alone_is_told_and_recalled(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(NOTE + TOTAL + RECURSES)
    settings = replace(project(tmp_path, NOTE, TOTAL), live=live.url)

    first, second = check(settings), check(settings)

    told = [("BEH110", "public.note", 'infinite recursion detected in policy for relation "note" (42P17)')]
    assert in_live(first) == in_live(second) == told
    assert "BEH102" in {finding.code for finding in first.findings}
    assert live.rows("select count(*) from note") == [(0,)]


def test_a_live_schema_as_it_should_be_is_not_probed_again(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(NOTE + RECURSES)
    result = check(replace(project(tmp_path, NOTE, RECURSES), live=live.url))
    assert in_live(result) == []
    assert "BEH104" in {finding.code for finding in result.findings}


def test_without_migrations_the_live_schema_alone_is_used(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(NOTE + TOTAL + RECURSES)
    live.execute("create function nope() returns int language plpgsql as $$ begin return (select a from note); end $$")
    settings = project(tmp_path)
    (tmp_path / "migrations").rmdir()

    result = check(replace(settings, live=live.url))

    assert {(code, subject) for code, subject, _ in in_live(result)} == {
        ("BEH110", "public.note"),
        ("FUN110", "public.nope()"),
        ("BEH110", "public.total()"),
    }
    assert result.verdict is Verdict.NO_GO
    assert any(gap.blocking and gap.reason == "no migrations were found" for gap in result.gaps)


def test_a_function_with_a_strange_name_is_told_once(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(NOTE)
    live.execute("""create schema "we""ird`"; create function "we""ird`"."f""<i>"() returns int language plpgsql
      as $$ begin return (select nope from note); end $$""")
    result = check(replace(project(tmp_path, NOTE), live=live.url))
    assert [code for code, _, _ in in_live(result)] == ["FUN110"]


def test_a_probe_that_fails_in_live_alone_is_told(tmp_path: Path, live: LiveDatabase) -> None:
    toml = '[[probe]]\nname = "one more"\ncall = "select more(1)"\nexpect = 2\n'
    more = "create function more(n int) returns int language sql as $$ select n + 1 $$;"
    live.execute(more.replace("n + 1", "n + 2"))
    result = check(replace(project(tmp_path, more, toml=toml), live=live.url))
    assert [(code, subject) for code, subject, _ in in_live(result)] == [("BEH110", "one more")]


def test_what_cannot_be_made_again_is_a_gap_and_blames_nobody(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(NOTE)
    live.execute("create function c() returns int language internal as 'pg_backend_pid'")
    live.execute("create view pid as select c() as pid")
    result = check(replace(project(tmp_path, NOTE), live=live.url))
    assert in_live(result) == []
    gaps = [gap.reason for gap in result.gaps if gap.reason.startswith("behaviour of the live schema")]
    assert gaps == [
        "behaviour of the live schema: 2 objects could not be made here (function public.c(), view public.pid)"
    ]
