"""The Dockerfile: its steps are run, in folders, with the files that it copies and the programs that it makes."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from pgproof import __version__
from tests.cli.running import environment
from tests.distribution.conftest import ROOT, make_offline
from tests.distribution.dockerfile import Build, Stage, ignored, instructions


@pytest.fixture(scope="module")
def build(open_folder: Path) -> Build:
    """All steps, done. pip asks no index: what pgproof depends on is found beside it."""
    offline = make_offline(open_folder)
    env = {**offline.settings, "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(open_folder)}
    made = Build(ROOT, open_folder, env, str(offline.python))
    made.run()
    return made


@pytest.fixture
def image(build: Build) -> Stage:
    """The last stage."""
    return list(build.stages.values())[-1]


def start(build: Build, image: Stage, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the entry point as the engine would: in the working folder, with the image's environment."""
    command = [*image.entry, *(arguments or image.default)]
    return subprocess.run(
        command,
        cwd=image.place("."),
        env={**environment(), **image.mapped(build.made), **env},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_without_arguments_it_shows_the_help(build: Build, image: Stage) -> None:
    done = start(build, image)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: pgproof ")


def test_it_is_this_version(build: Build, image: Stage) -> None:
    assert start(build, image, "--version").stdout == f"pgproof {__version__}\n"


def test_it_checks_the_project_that_is_mounted(build: Build, image: Stage) -> None:
    project = image.place("/project")
    (project / "migrations").mkdir()
    (project / "migrations" / "0001_note.sql").write_text("create table note (id int primary key);\n")
    done = start(build, image, "check", "--server", "18")
    shutil.rmtree(project / "migrations")
    assert (done.returncode, done.stderr) == (0, "")
    assert "GO (repository only" in done.stdout
    assert list(image.place("/var/cache/pgproof").iterdir())


def test_it_runs_as_a_user_who_was_made_and_owns_the_cache(build: Build, image: Stage) -> None:
    assert image.user == "pgproof"
    made = next(note for note in build.noted() if note.startswith("useradd "))
    assert made.split()[-1] == image.user
    text = next(rest for name, rest in build.steps if name == "RUN" and "useradd" in rest)
    assert f"--owner={image.user} --group={image.user} {image.environment['PGPROOF_CACHE']}" in text


def test_git_is_there_and_trusts_the_mounted_project(build: Build, image: Stage) -> None:
    notes = build.noted()
    assert "apt-get update" in notes
    assert any(note.startswith("apt-get install") and note.endswith(" git") for note in notes)
    assert f"git config --system --add safe.directory {image.place('.')}" in notes


def test_both_stages_have_the_same_python(build: Build) -> None:
    """A virtual environment works only with the Python that it was made by."""
    (base,) = {stage.base for stage in build.stages.values()}
    version = base.removeprefix("python:").partition("-")[0]
    assert f'"Programming Language :: Python :: {version}"' in (ROOT / "pyproject.toml").read_text()


def test_the_context_has_what_is_copied_and_nothing_else() -> None:
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    sent = sorted(path.name for path in ROOT.iterdir() if not ignored(path.name, patterns))
    copied = [
        word
        for name, rest in instructions((ROOT / "Dockerfile").read_text())
        if name == "COPY" and "--from" not in rest
        for word in shlex.split(rest)[:-1]
    ]
    assert sent == sorted(copied)
    assert ignored("src/pgproof/__pycache__/x.pyc", patterns)
    assert not ignored("src/pgproof/cli/app.py", patterns)
