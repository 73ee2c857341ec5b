"""docs/ci.md: what it shows is valid, exists, and runs."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from pgproof import __version__
from pgproof.cli.app import app
from pgproof.project.config import read_config
from pgproof.server.capabilities import grants
from tests.cli.running import environment
from tests.conftest import LiveDatabase
from tests.distribution.conftest import ROOT, Installed, make_offline
from tests.distribution.github import ACTION, Runner, make_runner

PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
NOTE = "create table note (id int primary key);\n"
GITLAB: dict[str, Any] = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())["pgproof"]


def blocks(language: str, under: str = "") -> list[str]:
    """Return the code blocks of a language, of one section or of the whole page."""
    text = re.split(rf"^## {under}$", PAGE, flags=re.MULTILINE)[1].partition("\n## ")[0] if under else PAGE
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


DOCUMENTS: list[dict[str, Any]] = [yaml.safe_load(block) for block in blocks("yaml")]
WORKFLOWS = [document for document in DOCUMENTS if "jobs" in document]
STEPS = [step for workflow in WORKFLOWS for job in workflow["jobs"].values() for step in job["steps"]]
USES = [step for step in STEPS if step.get("uses", "").startswith("pgproof/")]
LINES = [
    line
    for script in [*blocks("sh"), *(step["run"] for step in STEPS if "run" in step)]
    for line in script.splitlines()
    if re.match(r"(\S*/)?pgproof ", line)
] + [f"pgproof {words}" for words in re.findall(r"--volume \S+ pgproof (.*) >", PAGE)]


@pytest.fixture
def major() -> int:
    return 18


@pytest.fixture(scope="module")
def runner(open_folder: Path) -> Runner:
    return make_runner(open_folder)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one migration."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_note.sql").write_text(NOTE)
    return tmp_path


@pytest.fixture
def reader(live: LiveDatabase) -> Iterator[str]:
    """The URL of the role that the page's SQL makes, on a live database that the project's migration has made."""
    live.execute(NOTE)
    (sql,) = blocks("sql")
    name = f"{live.name}_pgproof"
    live.execute(sql.replace("your_database", live.name).replace('"pgproof"', name).replace("…", "x", 1))
    yield live.url_as(name)
    live.execute(f"drop owned by {name}; drop role {name}")


# what the page shows is valid


def test_the_grants_are_those_that_explain_prints() -> None:
    assert blocks("sql") == [grants("your_database")]


@pytest.mark.parametrize("line", LINES)
def test_every_command_and_every_option_exists(line: str) -> None:
    words = shlex.split(line.partition(" > ")[0])[1:]
    command: click.Command = app
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found, line
        command = found
    command.make_parser(click.Context(command)).parse_args(args=words)


@pytest.mark.parametrize("text", blocks("toml"))
def test_every_configuration_is_one(text: str, tmp_path: Path) -> None:
    (tmp_path / "pgproof.toml").write_text(text)
    assert read_config(tmp_path).live


def test_every_use_of_the_action_is_of_this_version_with_inputs_and_outputs_that_exist() -> None:
    assert len(USES) == 5
    for step in USES:
        assert step["uses"] == f"pgproof/pgproof@v{__version__}"
        assert step.get("with", {}).keys() <= ACTION["inputs"].keys()
    assert set(re.findall(r"steps\.pgproof\.outputs\.([\w-]+)", PAGE)) <= ACTION["outputs"].keys()


def test_every_workflow_asks_for_no_more_than_it_needs() -> None:
    for workflow in WORKFLOWS:
        assert workflow["permissions"]["contents"] == "read" or workflow["name"] == "schema snapshot"
        assert "pull_request_target" not in str(workflow)


def test_no_expression_is_part_of_a_script() -> None:
    for step in STEPS:
        assert "${{" not in step.get("run", "")


def test_what_gitlab_includes_is_the_snippet_of_this_version() -> None:
    includes = [document for document in DOCUMENTS if "include" in document]
    assert len(includes) == 2
    for document in includes:
        assert document["include"][0]["remote"].endswith(f"/pgproof/v{__version__}/ci/gitlab.yml")
        (job,) = document.keys() - {"include"}
        assert job == "pgproof"
        rules = document[job].get("rules", [])
        names = {name for part in (document[job], *rules) for name in part.get("variables", {})}
        assert names <= GITLAB["variables"].keys()


def test_the_versions_that_are_installed_are_this_one() -> None:
    assert set(re.findall(r"pgproof(?:\[embedded\])?==([\d.]+)", PAGE)) == {__version__}
    (hooks,) = (document["repos"] for document in DOCUMENTS if "repos" in document)
    assert hooks[0]["rev"] == f"v{__version__}"
    known = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in hooks[0]["hooks"]] == [hook["id"] for hook in known]


# and it runs


def shell(script: str, installed: Installed, project: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run one of the page's scripts in a project."""
    return installed.run("bash", "-euo", "pipefail", "-c", script, cwd=project, **env)


def test_without_a_database_in_any_shell(open_folder: Path, wheel: Path, project: Path) -> None:
    script = next(block for block in blocks("sh", "No database") if "pip install" in block)
    folder = open_folder / "shell"
    folder.mkdir()
    offline = make_offline(folder)
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(offline.python)
    settings = {**offline.settings, "PIP_FIND_LINKS": str(wheel.parent), "PATH": f"{folder / 'bin'}:/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace("/tmp/pgproof", str(folder / "pgproof"))],
        cwd=project,
        env={**environment(), **settings},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "GO (repository only" in done.stdout
    assert json.loads((project / "pgproof.json").read_text())["verdict"] == "GO"


def test_a_snapshot_is_taken_and_compared_with(installed: Installed, project: Path, reader: str) -> None:
    (take,) = blocks("sh", "Snapshot file")
    assert shell(take, installed, project, DATABASE_URL=reader).returncode == 0
    (toml,) = blocks("toml", "Snapshot file")
    (project / "pgproof.toml").write_text(toml)
    done = installed.run("pgproof", "check", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert "GO (repository and a snapshot of the live database)" in done.stdout
    (project / "migrations" / "0002_tag.sql").write_text("create table tag (id int primary key);\n")
    assert installed.run("pgproof", "check", cwd=project).returncode == 1


def test_the_role_reads_everything_and_could_write_nothing(installed: Installed, project: Path, reader: str) -> None:
    (script,) = blocks("sh", "Read-only role")
    done = shell(script, installed, project, PGPROOF_LIVE=reader)
    assert (done.returncode, done.stderr) == (0, "")
    assert "GO (repository and live database)" in done.stdout
    assert "could change the live database" not in done.stdout
    assert "may not read" not in done.stdout


def test_a_preview_database_is_compared_with(installed: Installed, project: Path, live: LiveDatabase) -> None:
    (script,) = blocks("sh", "Preview database")
    done = shell(script, installed, project, PREVIEW_DATABASE_URL=live.url)
    assert done.returncode == 1
    live.execute(NOTE)
    assert shell(script, installed, project, PREVIEW_DATABASE_URL=live.url).returncode == 0
    assert (project / "pgproof.md").read_text().startswith("## pgproof: GO")


@pytest.mark.parametrize("number", range(len(USES)))
def test_the_action_is_used_as_shown(number: int, runner: Runner, project: Path, reader: str) -> None:
    values = {
        "secrets.PGPROOF_LIVE": reader,
        "steps.database.outputs.url": reader,
        "github.base_ref": "main",
    }
    inputs = {
        name.replace("-", "_"): re.sub(r"\$\{\{ (.*?) \}\}", lambda found: values[found[1]], str(value))
        for name, value in USES[number].get("with", {}).items()
    }
    if "server" in inputs:
        inputs["server"] = "18"  # which needs no network here
    if "since" in inputs:
        (project / "migrations" / "0001_note.sql").write_text(NOTE * 2)  # found before, so that it does not count
        for command in (
            "init --quiet --initial-branch=main",
            "add .",
            "-c user.name=x -c user.email=x@example.org commit --quiet --message=x",
            "update-ref refs/remotes/origin/main HEAD",
        ):
            subprocess.run(["git", *command.split()], cwd=project, check=True, capture_output=True)
    assert runner.use(project, **inputs) == 0, runner.log
    assert runner.outputs["verdict"] == "GO"


def test_a_branch_without_secrets_is_checked_alone_on_gitlab(installed: Installed, project: Path) -> None:
    (toml,) = blocks("toml", "Read-only role")
    (project / "pgproof.toml").write_text(toml)
    rules = next(document["pgproof"]["rules"] for document in DOCUMENTS if "rules" in document.get("pgproof", {}))
    assert rules[0] == {"if": '$CI_COMMIT_REF_PROTECTED == "true"'}
    arguments = rules[1]["variables"]["PGPROOF_ARGUMENTS"]
    assert installed.run("pgproof", "check", cwd=project).returncode == 2
    assert installed.run("pgproof", "check", *arguments.split(), cwd=project).returncode == 0
