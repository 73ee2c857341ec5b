"""A policy binds the project, its comments and `--fail-on`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import pgproof

POLICY = 'fail_on = "warning"\n[allow]\nignore = ["MIG10"]\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "migrations").mkdir(parents=True)
    (tmp_path / "policy.toml").write_text(POLICY)
    (folder / "pgproof.toml").write_text('server = 18\nextends = "../policy.toml"\n')
    (folder / "migrations" / "V1__a.sql").write_text("select 1;\n")
    (folder / "migrations" / "V1__b.sql").write_text("select 2;\n")
    return folder


def test_the_policy_decides_what_fails(project: Path) -> None:
    done = pgproof("check", cwd=project)
    assert done.returncode == 1
    assert "1 finding at or above warning" in done.stdout


def test_the_command_line_may_be_stricter_and_not_milder(project: Path) -> None:
    assert pgproof("check", "--fail-on", "note", cwd=project).returncode == 1
    done = pgproof("check", "--fail-on", "error", cwd=project)
    assert done.returncode == 2
    assert done.stderr.startswith('pgproof: --fail-on error is milder than "warning", which ../policy.toml asks for.')


def test_what_it_allows_can_be_ignored_by_a_comment(project: Path) -> None:
    (project / "migrations" / "V1__a.sql").write_text(
        "-- pgproof:ignore MIG101 never both in one database\nselect 1;\n"
    )
    assert pgproof("check", cwd=project).returncode == 0


def test_what_it_does_not_allow_cannot(project: Path) -> None:
    (project / "migrations" / "V1__a.sql").write_text("-- pgproof:ignore HIS103 applied by hand\nselect 1;\n")
    with (project / "pgproof.toml").open("a") as file:
        file.write('[ignore]\nDRF102 = "ours"\n')
    done = pgproof("check", cwd=project)
    assert done.returncode == 2
    assert "  migrations/V1__a.sql:1: HIS103 may not be ignored, says ../policy.toml\n" in done.stderr
    assert "  pgproof.toml:4: DRF102 may not be ignored, says ../policy.toml\n" in done.stderr


def test_a_misspelt_check_in_the_policy_has_its_place(project: Path) -> None:
    (project.parent / "policy.toml").write_text('[ignore]\nMIG1O2 = "dates"\n')
    done = pgproof("check", cwd=project)
    assert done.returncode == 2
    assert done.stderr.startswith('pgproof: ../policy.toml:2: no check is called "MIG1O2"')
