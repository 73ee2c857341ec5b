"""The GitHub Action: its steps are run as the runner would, with the actions of others left out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.distribution.conftest import ROOT
from tests.distribution.github import ACTION, EXPRESSION, STEPS, Runner, make_runner

BROKEN = "create table note (id int primary key);\ncreate table note (id int primary key);\n"


@pytest.fixture(scope="module")
def runner(open_folder: Path) -> Runner:
    """A machine with nothing but a Python."""
    return make_runner(open_folder)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A project with one migration."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_note.sql").write_text("create table note (id int primary key);\n")
    return tmp_path


def test_a_healthy_project_passes(runner: Runner, workspace: Path) -> None:
    assert runner.use(workspace) == 0, runner.log
    assert runner.outputs["verdict"] == "GO"
    assert runner.outputs["exit-code"] == "0"
    assert "GO (repository only" in runner.log
    assert runner.summary.startswith("## pgproof: GO")
    assert json.loads(Path(runner.outputs["sarif"]).read_text())["version"] == "2.1.0"


def test_a_finding_fails_the_job_and_is_annotated(runner: Runner, workspace: Path) -> None:
    (workspace / "migrations" / "0002_note.sql").write_text(BROKEN)
    assert runner.use(workspace) == 1, runner.log
    assert runner.outputs["verdict"] == "NO-GO"
    (error,) = (line for line in runner.commands() if line.startswith("::error "))
    assert "file=migrations/0002_note.sql" in error
    assert "MIG103" in error
    (result,) = json.loads(Path(runner.outputs["sarif"]).read_text())["runs"][0]["results"]
    assert result["ruleId"] == "MIG103"
    assert json.loads(Path(runner.outputs["result"]).read_text())["verdict"] == "NO-GO"


def test_what_a_pull_request_writes_is_no_command_to_the_runner(runner: Runner, workspace: Path) -> None:
    hostile = "::add-path::/evil\n::set-output name=x::y\n##[error]z\n"
    text = f"{BROKEN}do $$ begin raise exception '{hostile}'; end $$;\n"
    (workspace / "migrations" / "0002_note.sql").write_text(text)
    (workspace / "migrations" / "0003_::add-mask::x.sql").write_text(text)
    assert runner.use(workspace) == 1
    kinds = {line.split("::")[1].split()[0] for line in runner.commands()}
    assert kinds == {"error", "notice"}
    assert not [line for line in runner.commands() if "##[" in line]


def test_inputs_are_handed_on(runner: Runner, workspace: Path) -> None:
    (workspace / "sql").mkdir()
    (workspace / "migrations").rename(workspace / "sql" / "changes $(touch x)")
    arguments = "--select\nMIG\n\n--exit-zero"
    assert (
        runner.use(workspace, migrations="sql/changes $(touch x)", server="18", fail_on="note", arguments=arguments)
        == 0
    )
    assert "using sql/changes $(touch x)" in runner.log
    assert "PostgreSQL 18" in runner.log
    assert not list(workspace.rglob("x"))


def test_a_folder_is_handed_on(runner: Runner, workspace: Path) -> None:
    assert runner.use(workspace.parent, path=workspace.name) == 0, runner.log


def test_a_secret_that_is_missing_is_an_error(runner: Runner, workspace: Path) -> None:
    assert runner.use(workspace, live="") == 2
    assert "--live is empty" in runner.log
    assert runner.outputs == {"exit-code": "2"}
    assert runner.summary == ""


def test_a_database_that_cannot_be_reached_is_an_error_without_its_password(runner: Runner, workspace: Path) -> None:
    assert runner.use(workspace, live="postgresql://reader:hunter2@127.0.0.1:1/shop") == 4
    assert "no server listens there" in runner.log
    assert "hunter2" not in runner.log


def test_a_result_of_an_earlier_use_is_not_taken_for_this_one(runner: Runner, workspace: Path) -> None:
    assert runner.use(workspace) == 0
    assert runner.use(workspace, path="nowhere") == 2
    assert "verdict" not in runner.outputs


def test_no_input_is_part_of_a_script() -> None:
    for step in STEPS:
        assert not EXPRESSION.search(step.get("run", "")), step


def test_every_input_is_used_and_every_output_is_made() -> None:
    text = (ROOT / "action.yml").read_text()
    for name in ACTION["inputs"]:
        assert f"inputs.{name} }}}}" in text, name
    script = (ROOT / "ci" / "github.sh").read_text()
    for output in ACTION["outputs"]:
        assert f"{output}=" in script, output


def test_what_is_kept_between_runs_is_what_the_next_run_takes(runner: Runner, workspace: Path) -> None:
    assert runner.use(workspace) == 0
    (listed,) = (step["with"]["path"] for step in STEPS if "actions/cache" in step.get("uses", ""))
    kept = [path.rpartition("/")[2] for path in listed.split("\n") if path]
    assert kept == ["replays", "servers"]
    cache = runner.temp / "pgproof-cache"
    for other in cache.iterdir():
        if other.name not in kept:
            shutil.rmtree(other)
    assert runner.use(workspace) == 0
    assert not (cache / "projects").exists()  # no server was started
