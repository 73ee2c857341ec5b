"""What a contract says of rows: asked of the live database, read-only, and never falsified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgproof.catalog import file, snapshot
from pgproof.judge.result import Readiness, Verdict
from pgproof.model import Severity
from tests.conftest import LiveDatabase
from tests.contract.project import checked, feature, found, needs, write

TEMPLATES = """
create table templates (id int primary key, tier text, made timestamptz not null);
insert into templates
select n, case when n < 4 then 'scenario' end, now() - interval '3 days' from generate_series(1, 5) n;
"""


def question(sql: str, answer: str) -> str:
    """Return a contract with one question."""
    return f"[[feature.f.query]]\nsql = {json.dumps(sql)}\n{answer}\n"


def test_numbers_ages_and_states_are_counted(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute(TEMPLATES)
    contract = needs(
        "templates has 5 rows",
        "templates has at least 3 rows where tier = 'scenario'",
        "templates has no rows where made > now()",
        "templates.made is at most 4 days old",
        "templates has at most 4 rows",
        "templates.made is at most 2 days old",
        "templates.tier goes 'edge_case' -> 'template'",
    )
    result = checked(write(tmp_path, contract), live.url)
    assert [one.message.split(";")[0] for one in found(result, "CON103")] == [
        "has 5 rows, not at most 4",
        "has nothing newer than 2 days",
        "has rows in other states than the contract names: 'scenario' (3)",
    ]
    assert {str(one.proof) for one in found(result, "CON103")} == {"executed on live"}
    assert (feature(result).holding, feature(result).failing) == (4, 3)


def test_without_a_live_database_rows_are_a_gap_and_the_feature_is_undecided(tmp_path: Path) -> None:
    result = checked(write(tmp_path, needs("templates has 5 rows"), "create table templates (id int);"))
    assert feature(result).readiness is Readiness.UNDECIDED
    assert not result.findings
    assert any("rows are asked of a live database only" in gap.reason for gap in result.gaps)


QUESTIONS = [
    ("select count(*) from templates", "answer = 5", ""),
    ("select count(*) from templates;", "at_least = 5", ""),
    ("select count(*) from templates -- all", "at_most = 4", "gives 5, not at most 4"),
    ("select count(*) from templates; -- all", "answer = 5", ""),
    ("select teir from templates", "answer = 5", '(42703); Perhaps you meant to reference the column "templates.tier"'),
    ("select max(tier) from templates", 'answer = "scenario"', ""),
    ("select bool_and(id > 0) from templates", "answer = true", ""),
    ("select tier from templates", "answer = 1", "gives more than one row"),
    ("select id, tier from templates where id = 1", "answer = 1", "gives 2 columns"),
    ("select id from templates where false", "answer = 1", "gives no row"),
    ("select 'x'", "answer = 1", "gives x, which is no number"),
    (
        "select count(*) from template",
        "answer = 1",
        'relation "template" does not exist (42P01), did you mean "templates"?',
    ),
    ("select count(*) from counted()", "answer = 1", "calls public.counted, which is volatile"),
    ("select * from through_a_view", "answer = 1", "calls public.counted, which is volatile"),
    ("select count(*) from templates where id ~~~ 1", "answer = 0", "calls public.sneak, which is volatile"),
    ("select pg_sleep(100)", 'answer = ""', "calls pg_sleep, which is volatile"),
    ("select pg_advisory_lock(1)", 'answer = ""', "calls pg_advisory_lock, which is volatile"),
    ("select nextval('seq')", "answer = 1", "calls nextval, which is volatile"),
]


def test_a_question_is_one_select_of_stable_functions(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute(
        TEMPLATES + "create sequence seq; create function counted() returns setof int language sql as 'select 1';"
        "create view through_a_view as select count(*) from counted();"
        "create function sneak(int, int) returns bool language sql as 'select true';"
        "create operator ~~~ (leftarg = int, rightarg = int, function = sneak);"
    )
    contract = "".join(question(sql, answer) for sql, answer, _ in QUESTIONS)
    result = checked(write(tmp_path, contract), live.url)
    messages = {one.location.line: one.message for one in found(result, "CON103") if one.location}
    unasked = {gap.location.line: gap.reason for gap in result.gaps if gap.location and gap.blocking and gap.way_out}
    assert not messages.keys() & unasked.keys()
    messages |= unasked
    lines = [number for number, line in enumerate(contract.splitlines(), 1) if line.startswith("[[")]
    for line, (sql, _, problem) in zip(lines, QUESTIONS, strict=True):
        assert (line in messages) is bool(problem), (sql, messages.get(line))
        assert problem in messages.get(line, ""), sql


def test_what_the_role_may_not_see_is_blocking_and_never_0(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute(
        "create table hidden (id int); insert into hidden values (1); alter table hidden enable row level security;"
        "create table closed (id int); create role reader login; grant select on hidden to reader"
    )
    contract = needs("hidden has no rows", "closed has no rows") + question("select count(*) from hidden", "answer = 0")
    try:
        result = checked(write(tmp_path, contract), live.url_as("reader"))
    finally:
        live.execute("drop owned by reader; drop role reader")
    assert not result.findings
    assert result.verdict is Verdict.UNDECIDED
    reasons = [gap.reason for gap in result.gaps if gap.blocking and gap.location]
    assert len(reasons) == 3
    assert sum("row-level security" in reason for reason in reasons) == 2
    assert sum("permission denied" in reason for reason in reasons) == 1
    assert feature(result).readiness is Readiness.UNDECIDED


def test_a_question_that_costs_too_much_is_not_asked(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute("create table big as select n from generate_series(1, 20000) n; analyze big")
    contract = question("select count(*) from big a, big b, big c", "answer = 0") + "[verify]\nmax_cost = 5000\n"
    result = checked(write(tmp_path, contract), live.url)
    assert ["would cost more than 5,000" in gap.reason for gap in result.gaps if gap.location] == [True]


def test_nothing_is_left_behind(live: LiveDatabase, tmp_path: Path) -> None:
    """The session's own settings, a table and a sequence are as they were, whatever was asked."""
    live.execute(TEMPLATES + "create sequence seq")
    before = live.rows("select xmin::text, * from templates order by id")
    contract = needs("templates has 5 rows") + question("select set_config('search_path', 'x', false)", 'answer = "x"')
    checked(write(tmp_path, contract), live.url)
    assert live.rows("select xmin::text, * from templates order by id") == before
    assert live.rows("select is_called from seq") == [(False,)]


def test_a_question_that_takes_too_long_is_given_up(
    live: LiveDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pgproof.contract.asking.TIMEOUT_MS", 300)
    endless = "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r"
    result = checked(write(tmp_path, question(endless, "answer = 0")), live.url)
    assert [gap.reason.rpartition(": ")[2] for gap in result.gaps if gap.location] == ["took longer than 0.3 s"]
    assert result.verdict is Verdict.UNDECIDED


def test_a_snapshot_file_has_no_rows_and_no_roles(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute(TEMPLATES)
    (tmp_path / "live.json").write_text(file.dump(snapshot.read(live.session())), "utf-8")
    contract = needs("templates.tier text", "templates has 5 rows", "public may select templates")
    result = checked(write(tmp_path, contract), str(tmp_path / "live.json"))
    assert (feature(result).holding, feature(result).unknown, feature(result).failing) == (1, 2, 0)
    assert not result.findings


def test_rows_in_the_states_of_the_contract_hold(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute("create table deals (stage text check (stage in ('lead', 'won'))); insert into deals values ('won')")
    result = checked(write(tmp_path, needs("deals.stage goes 'lead' -> 'won'")), live.url)
    assert feature(result).readiness is Readiness.READY
    assert not [one for one in result.findings if one.severity is not Severity.NOTE]


def test_a_table_that_is_not_there_is_one_finding_whatever_is_said_of_its_rows(
    live: LiveDatabase, tmp_path: Path
) -> None:
    live.execute(TEMPLATES)
    sentences = ("gone has no rows", "gone has 1 row where a = 1", "gone.at is at most 2 days old", "gone.a int")
    result = checked(write(tmp_path, needs(*sentences, "templates has 1 row")), live.url)
    assert [(one.code, one.subject) for one in result.findings] == [
        ("CON101", "public.gone"),
        ("CON103", "public.templates"),
    ]
