"""Another major version is tried only for what a version may lack."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.evidence.versions import depends_on_version
from pgproof.judge.result import Verdict
from pgproof.migrations.observation import Failure, Observation
from pgproof.model import Location
from pgproof.project.config import Config
from pgproof.server import binaries
from pgproof.workflows.check import check


def failed(sqlstate: str, message: str, node: str = "SelectStmt", text: str = "select 1") -> Observation:
    return Observation("m/1.sql", 0, Location("m/1.sql", 1, 1), text, node, failure=Failure(sqlstate, message))


@pytest.mark.parametrize(
    "observation",
    [
        failed("42883", "function uuidv7() does not exist"),
        failed("42704", 'type "int8multirange" does not exist'),
        failed("42704", 'unrecognized configuration parameter "transaction_timeout"'),
        failed("42601", 'syntax error at or near "merge"', "MergeStmt"),
        failed("42601", 'syntax error at or near "virtual"', "", "create table t (a int as (1) VIRTUAL)"),
        failed("0A000", "cannot use subquery in check constraint"),
        failed("42P17", "generation expression is not immutable"),
        failed("0A000", "ICU is not supported in this build"),
    ],
)  # fmt: skip
def test_what_a_version_may_lack(observation: Observation) -> None:
    assert depends_on_version(observation)


@pytest.mark.parametrize(
    "observation",
    [
        failed("42P01", 'relation "users" does not exist'),
        failed("42703", 'column "a" does not exist'),
        failed("42P07", 'relation "users" already exists'),
        failed("42710", 'policy "p" for table "t" already exists'),
        failed("23505", 'duplicate key value violates unique constraint "t_pkey"'),
        failed("42883", "function public.touch() does not exist"),
        failed("42883", "function touch() does not exist", "CreateTrigStmt"),
        failed("42704", 'policy "p" for table "t" does not exist'),
        failed("42704", 'type "app.role" does not exist'),
        failed("42601", 'syntax error at or near "not"', "", "create policy if not exists p on t using (true)"),
        failed("42501", "permission denied to create role"),
    ],
)
def test_what_no_version_mends(observation: Observation) -> None:
    assert not depends_on_version(observation)


def test_what_works_on_another_version_at_hand_is_no_mistake(tmp_path: Path) -> None:
    newest = max(i.major for i in binaries.find())
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations/0001_t.sql").write_text("create table t (a int, b int generated always as (a) virtual);")
    result = check(Settings(tmp_path, Config()), select=("MIG103",))
    assert result.verdict is (Verdict.GO if newest >= 18 else Verdict.NO_GO)
