"""`pgproof check` as a person runs it: exit codes, what is connected to, where reports go."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pgproof.reports.stored import load
from tests.cli.running import environment, pgproof
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.parametrize("major", [18])

HEALTHY = "create table note (id int primary key, body text not null);\n"
BROKEN = HEALTHY + "alter table note add column body text;\n"


def project(folder: Path, sql: str = HEALTHY, config: str = "server = 18\n") -> Path:
    (folder / "migrations").mkdir()
    (folder / "migrations" / "0001_note.sql").write_text(sql)
    (folder / "pgproof.toml").write_text(config)
    return folder


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout.splitlines()[-1]


def test_a_healthy_repository_is_go_with_its_scope(tmp_path: Path, major: int) -> None:
    done = pgproof("check", cwd=project(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert last_line(done).startswith("GO (repository only: nothing was compared with a database)   no findings · ")


def test_a_failing_migration_is_no_go(tmp_path: Path, major: int) -> None:
    done = pgproof("check", cwd=project(tmp_path, BROKEN))
    assert done.returncode == 1
    assert last_line(done).startswith("NO-GO (repository only")
    assert "  --> migrations/0001_note.sql:2:" in done.stdout


def test_nothing_to_read_is_undecided(tmp_path: Path, major: int) -> None:
    done = pgproof("check", cwd=tmp_path)
    assert done.returncode == 3
    assert last_line(done).startswith("UNDECIDED ")
    assert "--migrations DIR" in done.stdout


def test_required_evidence_that_is_absent_is_undecided(tmp_path: Path, major: int) -> None:
    done = pgproof("check", "--require", "live", cwd=project(tmp_path))
    assert done.returncode == 3
    assert "required evidence is absent: live" in done.stdout


def test_a_live_database_that_agrees_is_go(tmp_path: Path, live: LiveDatabase, major: int) -> None:
    live.execute(HEALTHY)
    done = pgproof("check", "--live", live.url, "--require", "live", cwd=project(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert last_line(done).startswith("GO (repository and live database)   no findings")


def test_the_severity_that_fails_is_the_users(tmp_path: Path, live: LiveDatabase, major: int) -> None:
    live.execute(HEALTHY + "create index by_hand on note (body);")
    project(tmp_path)
    assert pgproof("check", "--live", live.url, cwd=tmp_path).returncode == 0
    assert pgproof("check", "--live", live.url, "--fail-on", "warning", cwd=tmp_path).returncode == 1


def test_database_url_in_the_environment_names_nothing(tmp_path: Path, live: LiveDatabase, major: int) -> None:
    done = pgproof("check", cwd=project(tmp_path), DATABASE_URL=live.url, PGDATABASE=live.name)
    assert last_line(done).startswith("GO (repository only")


def test_a_variable_that_the_configuration_names_is_used(tmp_path: Path, live: LiveDatabase, major: int) -> None:
    live.execute(HEALTHY)
    project(tmp_path, config='live = "$OUR_DATABASE"\n')
    done = pgproof("check", cwd=tmp_path, OUR_DATABASE=live.url)
    assert last_line(done).startswith("GO (repository and live database)")
    assert last_line(pgproof("check", "--no-live", cwd=tmp_path)).startswith("GO (repository only")


def test_a_server_that_is_down_is_4_without_the_password(tmp_path: Path, major: int) -> None:
    done = pgproof("check", "--live", "postgresql://u:hunter2@127.0.0.1:1/d", cwd=project(tmp_path))
    assert done.returncode == 4
    assert done.stderr.startswith("pgproof: ")
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stdout + done.stderr


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, live: LiveDatabase, major: int) -> None:
    project(tmp_path)
    for name in ("one", "two"):
        done = pgproof("check", "--live", live.url, "--format", f"json={name}.json", "--no-cache", cwd=tmp_path)
        assert done.returncode == 1
    one, two = (tmp_path / "one.json").read_bytes(), (tmp_path / "two.json").read_bytes()
    assert one == two
    assert [finding.code for finding in load(one.decode()).findings] == ["DRF101"]
    assert live.name.encode() not in one or json.loads(one)["sources"]


def test_selected_checks_run_alone(tmp_path: Path, major: int) -> None:
    done = pgproof("check", "--select", "MIG", "--format", "json", cwd=project(tmp_path))
    codes = {check.code for check in load(done.stdout).checks}
    assert codes
    assert {code[:3] for code in codes} == {"MIG"}


def test_quiet_is_one_line(tmp_path: Path, major: int) -> None:
    done = pgproof("check", "--quiet", cwd=project(tmp_path))
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_timings_are_told_on_standard_error(tmp_path: Path, major: int) -> None:
    done = pgproof("check", "--timings", cwd=project(tmp_path))
    assert " ms  looking for migrations\n" in done.stderr


def servers_under(folder: Path) -> list[str]:
    """Return the command lines of running processes that name a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = process.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:  # it ended meanwhile
            continue
        if str(folder) in line and "postgres" in line:
            found.append(line)
    return found


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_leaves_no_server(tmp_path: Path, major: int, number: int, code: int) -> None:
    project(tmp_path, HEALTHY + "select pg_sleep(120);\n")
    cache = Path(os.environ["PGPROOF_CACHE"]) / f"interrupted-{code}"
    cache.mkdir()
    cache.chmod(0o755)
    command = [sys.executable, "-m", "pgproof", "check"]
    env = environment(PGPROOF_CACHE=str(cache))
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not servers_under(cache):
            time.sleep(0.05)
        time.sleep(0.5)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == code, err.decode()
    assert b"Traceback" not in err
    for _ in range(100):
        if not servers_under(cache):
            return
        time.sleep(0.05)
    pytest.fail(f"left running: {servers_under(cache)}")
