"""The hook for pre-commit."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import yaml

from tests.distribution.conftest import ROOT, Installed

HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())


def test_the_hook_needs_what_the_extra_of_the_package_needs() -> None:
    (hook,) = HOOKS
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert hook["additional_dependencies"] == project["optional-dependencies"]["embedded"]


def test_the_hook_finds_what_is_wrong_and_connects_to_nothing(installed: Installed, tmp_path: Path) -> None:
    (hook,) = HOOKS
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_note.sql").write_text("create table note (id int primary key);\n")
    (tmp_path / "pgproof.toml").write_text('live = "$NOT_SET_ON_THIS_MACHINE"\n')
    command = [*shlex.split(hook["entry"]), *hook["args"]]
    done = installed.run(*command, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "migrations" / "0002_note.sql").write_text("create table note (id int primary key);\n")
    done = installed.run(*command, cwd=tmp_path)
    assert done.returncode == 1
    assert "error[MIG103]" in done.stdout


def test_the_hook_runs_for_migrations_and_configuration_only() -> None:
    (hook,) = HOOKS
    files = re.compile(hook["files"])
    assert all(map(files.search, ("a/1.sql", "supabase/migrations/2_x.sql", "pgproof.toml", "db/pgproof.toml")))
    assert not any(map(files.search, ("README.md", "src/app.py", "notpgproof.toml", "a.sqlx")))
    assert hook["pass_filenames"] is False
