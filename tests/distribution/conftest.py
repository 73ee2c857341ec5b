"""The wheel that a release is, and a fresh virtual environment that has nothing of pgproof but it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import venv
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
