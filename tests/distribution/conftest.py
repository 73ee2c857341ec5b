"""The wheel that a release is, and a fresh virtual environment that has nothing of pgproof but it."""

from __future__ import annotations

import importlib.util
import os
import shlex
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.running import environment

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Installed:
    """A virtual environment with pgproof in it."""

    folder: Path

    @property
    def bin(self) -> Path:
        """Its programs."""
        return self.folder / "bin"

    def run(self, *command: str, cwd: Path, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command that finds this environment's programs first."""
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            command,
            cwd=cwd,
            input=stdin,
            env=environment(PATH=path, **env),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=300,
        )


def link_dependencies(folder: Path) -> None:
    """Make a folder in which Python finds all that the tests' own Python finds, but pgproof."""
    found = importlib.util.find_spec("psycopg")
    assert found
    assert found.origin
    folder.mkdir()
    for entry in Path(found.origin).parent.parent.iterdir():
        if "pgproof" not in entry.name and entry.suffix != ".pth":
            (folder / entry.name).symlink_to(entry)


def make_environment(folder: Path) -> Installed:
    """Make a virtual environment without pgproof, in which its dependencies are found."""
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    link_dependencies(folder / "dependencies")
    (packages / "dependencies.pth").write_text(f"{folder / 'dependencies'}\n")
    return Installed(folder)


def write_program(path: Path, text: str) -> Path:
    """Write a shell script that stands in for a program."""
    path.write_text(f"#!/bin/sh\n{text}")
    path.chmod(0o755)
    return path


@dataclass(frozen=True)
class Offline:
    """A Python whose virtual environments have what pgproof depends on, and settings with which pip asks no index."""

    python: Path
    settings: dict[str, str]


def make_offline(folder: Path) -> Offline:
    """Make such a Python, in a folder that every user may walk into."""
    base = make_environment(folder / "base")
    python = shlex.quote(str(base.bin / "python"))
    dependencies = shlex.quote(str(base.folder / "dependencies"))
    made = f"""\
{python} "$@" || exit
if [ "$1 $2" = "-m venv" ]; then
    for packages in "$3"/lib/python3*/site-packages; do echo {dependencies} > "$packages/base.pth"; done
fi
"""
    settings = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_COMPILE": "1"}
    return Offline(write_program(folder / "python", made), settings)


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that every user may walk into."""
    with tempfile.TemporaryDirectory(prefix="pgproof-distribution-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def pip(*arguments: str | Path) -> None:
    """Run pip, which asks no index."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PIP_NO_INDEX": "1"}, cwd="/")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the working tree."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A fresh virtual environment with the wheel in it."""
    made = make_environment(tmp_path_factory.mktemp("installed") / "venv")
    pip("--python", made.bin / "python", "install", "--no-deps", wheel)
    return made
