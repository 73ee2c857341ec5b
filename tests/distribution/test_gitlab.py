"""The GitLab snippet: its lines are run as the runner would, with pip asking no index but the wheel of this tree."""

from __future__ import annotations

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
import yaml

from pgproof import __version__
from tests.cli.running import environment
from tests.distribution.conftest import ROOT, make_offline

SNIPPET = ROOT / "ci" / "gitlab.yml"
JOB: dict[str, Any] = yaml.safe_load(SNIPPET.read_text())["pgproof"]


class Runner:
    """Runs the job in a project."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        """Put a `python` without pgproof in front of all others."""
        offline = make_offline(folder)
        (folder / "bin").mkdir()
        (folder / "bin" / "python").symlink_to(offline.python)
        self._settings = {**offline.settings, "PIP_FIND_LINKS": str(wheel.parent)}
        self._path = f"{folder / 'bin'}:/usr/bin:/bin"
        self._folder = folder

    def run(self, project: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run `before_script` and `script`, with the umask of GitLab's runner."""
        known = {**JOB["variables"], "CI_PROJECT_DIR": str(project), **variables}
        known = {name: re.sub(r"\$(\w+)", lambda found: known[found[1]], value) for name, value in known.items()}
        lines = [line.replace("/tmp/pgproof", str(self._folder / "pgproof")) for line in self._lines()]
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", "\n".join(["umask 0000", *lines])],
            cwd=project,
            env={**environment(), **self._settings, "PATH": self._path, **known},
            capture_output=True,
            text=True,
            timeout=300,
        )

    def _lines(self) -> list[str]:
        installed = (self._folder / "pgproof").exists()
        before = [line for line in JOB["before_script"] if not installed or "PGPROOF_CACHE" in line]
        return [*before, *JOB["script"]]


@pytest.fixture(scope="module")
def runner(open_folder: Path, wheel: Path) -> Runner:
    """A machine with a Python."""
    return Runner(open_folder, wheel)


@pytest.fixture
def project(open_folder: Path, request: pytest.FixtureRequest) -> Path:
    """A project with one migration, where the runner checks projects out."""
    folder = open_folder / "builds" / str(request.node.name)
    (folder / "migrations").mkdir(parents=True)
    (folder / "migrations" / "0001_note.sql").write_text("create table note (id int primary key);\n")
    return folder


def test_a_healthy_project_passes_and_leaves_the_reports_that_are_collected(runner: Runner, project: Path) -> None:
    done = runner.run(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert "GO (repository only" in done.stdout
    reports = JOB["artifacts"]["reports"]
    assert json.loads((project / reports["codequality"]).read_text()) == []
    assert ElementTree.parse(project / reports["junit"]).getroot().tag == "testsuites"
    for path in JOB["artifacts"]["paths"]:
        assert (project / path).is_file()


def test_a_finding_fails_the_job_and_is_in_the_reports(runner: Runner, project: Path) -> None:
    (project / "migrations" / "0002_note.sql").write_text("create table note (id int primary key);\n")
    assert runner.run(project).returncode == 1
    reports = JOB["artifacts"]["reports"]
    (found,) = json.loads((project / reports["codequality"]).read_text())
    assert found["location"]["path"] == "migrations/0002_note.sql"
    assert len(ElementTree.parse(project / reports["junit"]).findall(".//failure")) == 1


def test_arguments_are_handed_on(runner: Runner, project: Path) -> None:
    (project / "migrations" / "0003_gap.sql").write_text("create table gap (id int primary key);\n")
    assert runner.run(project).returncode == 0
    assert runner.run(project, PGPROOF_ARGUMENTS="--fail-on note --select MIG").returncode == 1


def test_a_variable_that_is_missing_is_an_error(runner: Runner, project: Path) -> None:
    (project / "pgproof.toml").write_text('live = "$PGPROOF_LIVE"\n')
    done = runner.run(project)
    assert done.returncode == 2
    assert "the variable PGPROOF_LIVE is not set" in done.stderr


def test_the_second_run_takes_what_the_first_one_kept(runner: Runner, project: Path) -> None:
    assert runner.run(project).returncode == 0
    cache = project / ".pgproof-cache"
    kept = {Path(path).name for path in JOB["cache"]["paths"]}
    assert kept == {"pip", "replays", "servers"}
    assert os.listdir(cache / "replays")  # noqa: PTH208
    assert not cache.stat().st_mode & 0o022


def test_the_version_is_this_one() -> None:
    text = SNIPPET.read_text()
    assert JOB["variables"]["PGPROOF_VERSION"] == __version__
    assert f"/v{__version__}/ci/gitlab.yml" in text


def test_the_image_has_a_python_that_pgproof_runs_on() -> None:
    version = JOB["image"].removeprefix("python:").removesuffix("-slim")
    assert f'"Programming Language :: Python :: {version}"' in (ROOT / "pyproject.toml").read_text()
