"""A pull request brings its own configuration, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Verdict
from pgproof.model.errors import UsageError
from pgproof.project.config import Config, read_config
from pgproof.project.database import named_database
from pgproof.workflows.check import check
from tests.conftest import MAJORS

SECRET = "ThisMustNotBeRead"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a repository, in a job of CI that allows nothing."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / "migrations").mkdir()
    (root / "migrations" / "0001_note.sql").write_text("create table note (id int primary key);\n")
    (tmp_path / "secret.sql").write_text(f"{SECRET};\n")
    monkeypatch.setenv("CI", "true")
    monkeypatch.delenv("PGPROOF_ALLOW", raising=False)
    return root


def configured(root: Path, text: str) -> Config:
    (root / "pgproof.toml").write_text(f"server = {MAJORS[-1]}\n{text}")
    return read_config(root)


def test_its_command_is_not_run(root: Path) -> None:
    config = configured(root, "[replay]\ncommand = 'touch ran'\n")
    with pytest.raises(UsageError, match="which this job does not allow") as error:
        check(Settings(root, config))
    assert 'PGPROOF_ALLOW to "command"' in error.value.way_out
    assert not (root / "ran").exists()


def test_the_job_may_allow_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = configured(root, "[replay]\ncommand = 'touch ran'\n")
    monkeypatch.setenv("PGPROOF_ALLOW", "dblink command")
    check(Settings(root, config))
    assert (root / "ran").exists()


@pytest.mark.parametrize("ci", ["", "0", "false"])
def test_on_ones_own_machine_the_configuration_is_enough(root: Path, ci: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", ci)
    check(Settings(root, configured(root, "[replay]\ncommand = 'touch ran'\n")))
    assert (root / "ran").exists()


def test_its_extensions_that_leave_the_sandbox_are_not_made(root: Path) -> None:
    config = configured(root, "[replay]\nextensions = ['dblink', 'plpython3u']\n")
    with pytest.raises(UsageError, match="which this job does not allow") as error:
        check(Settings(root, config))
    assert 'PGPROOF_ALLOW to "dblink plpython3u"' in error.value.way_out


@pytest.mark.parametrize("major", [15])
def test_an_extension_that_job_and_configuration_allow_is_made(
    root: Path, major: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "migrations" / "0001_note.sql").write_text("create extension dblink;\ncreate table note (id int);\n")
    refused = check(Settings(root, Config(server=major)))
    assert any("extension dblink can leave the sandbox" in gap.reason for gap in refused.gaps)
    monkeypatch.setenv("PGPROOF_ALLOW", "dblink")
    made = check(Settings(root, Config(server=major, replay_extensions=("dblink",))))
    assert made.verdict is Verdict.GO
    assert not any("dblink" in gap.reason for gap in made.gaps)


@pytest.mark.parametrize("key", ["base", "live"])
@pytest.mark.parametrize("named", ["../secret.sql", "{outside}/secret.sql", "link.sql"])
def test_it_names_no_file_outside_of_the_repository(root: Path, key: str, named: str) -> None:
    (root / "link.sql").symlink_to(root.parent / "secret.sql")
    value = named.format(outside=root.parent)
    with pytest.raises(UsageError, match="outside of the repository") as error:
        named_database(key, value, {"CI": "true"}, "pgproof.toml", root)
    assert named_database(key, value, {}, "pgproof.toml", root) == value
    assert f"--{key} {value}" in error.value.way_out
    assert SECRET not in str(error.value)


@pytest.mark.parametrize("value", ["schema.json", "db/base.sql", "../project/schema.json", "postgresql://host/db"])
def test_it_names_what_is_in_the_repository(root: Path, value: str) -> None:
    assert named_database("live", value, {"CI": "true"}, "pgproof.toml", root / "migrations" / "..") == value


def test_a_migration_that_is_a_link_out_of_the_project_is_not_read(root: Path) -> None:
    (root / "migrations" / "0002_link.sql").symlink_to(root.parent / "secret.sql")
    with pytest.raises(UsageError, match="symbolic link out of the project") as error:
        check(Settings(root, configured(root, "")))
    assert SECRET not in str(error.value)
