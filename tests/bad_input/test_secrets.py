"""Passwords: of the connection, in the configuration, in the migrations."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pgproof.judge.result import Result
from pgproof.reports import format_names
from pgproof.server.folders import CACHE_VARIABLE
from tests.bad_input.project import CONFIG, NOTE, SECRET, TAG, Project
from tests.conftest import LiveDatabase


def test_the_password_of_the_connection_is_in_no_report_and_not_in_the_cache(
    project: Project, live: LiveDatabase, tmp_path: Path
) -> None:
    live.execute(TAG)
    own = f"{SECRET}-of-the-connection"
    project.write("pgproof.toml", f'{CONFIG}live = "{live.url}&password={own}"\n')
    files = {name: tmp_path / name for name in format_names(Result)}
    formats = [word for name, file in files.items() for word in ("--format", f"{name}={file}")]
    answer = project.migrations(NOTE, TAG).check(*formats, "--timings")
    assert answer.code == 1
    assert "pgproof.toml: live holds a password in plain text; name a variable instead" in answer.out
    for file in files.values():
        assert own not in file.read_text("utf-8")
    assert not any(own.encode() in file.read_bytes() for file in Path(os.environ[CACHE_VARIABLE]).glob("replays/*"))


@pytest.mark.parametrize(
    "statement",
    [
        f"create role app login password '{SECRET}' nonsense",
        f"create role app login; alter role app password '{SECRET}'; create role app login password '{SECRET}'",
        f"create server s foreign data wrapper nothing options (user 'u', password '{SECRET}')",
        f"select dblink_connect('host=h user=u password={SECRET}')",
        f"create subscription s connection 'postgresql://u:{SECRET}@h/d' publication p",
    ],
)
def test_a_password_in_a_migration_that_fails_is_in_no_report(project: Project, statement: str, tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in format_names(Result)}
    formats = [word for name, file in files.items() for word in ("--format", f"{name}={file}")]
    project.migrations(NOTE + statement + ";\n").check(*formats)
    for file in files.values():
        assert SECRET not in file.read_text("utf-8"), file.name
