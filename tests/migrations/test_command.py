"""The project's own command, above all Alembic: it works on pgproof's database, on no other, and that is checked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pgproof.migrations.command import Command, replay_command
from pgproof.migrations.command_environment import environment
from pgproof.model import Location
from pgproof.model.errors import UsageError
from pgproof.platforms import PLAIN, load
from pgproof.server import binaries
from pgproof.shadow.shadow import Shadow, open_shadow
from tests.migrations.conftest import failures, names

pytestmark = pytest.mark.parametrize("major", [18])

TAKES_THE_URL = """
import os
if os.environ.get("DATABASE_URL"):
    config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"].replace("%", "%%"))
"""
REVISION = '''
"""{name}"""
from alembic import op
import sqlalchemy as sa

revision = {revision!r}
down_revision = {down!r}

def upgrade():
{upgrade}
'''


@pytest.fixture
def tcp_shadow(major: int) -> Iterator[Shadow]:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with open_shadow("command", binaries.choose(major), load(PLAIN), tcp=True, cache_dir=Path(folder)) as shadow:
            yield shadow


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An Alembic project as `alembic init` makes it, with two revisions; its ini file names a database of its own."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    root = tmp_path.resolve()
    subprocess.run(["alembic", "init", "db"], cwd=root, check=True, capture_output=True)
    ini = root / "alembic.ini"
    production = "postgresql://app:app@127.0.0.1:1/production"
    ini.write_text(re.sub(r"sqlalchemy.url = .*", f"sqlalchemy.url = {production}", ini.read_text()))
    take_the_url(root)
    write(root, "a1", None, "    op.create_table('users', sa.Column('id', sa.Integer, primary_key=True))")
    write(root, "b2", "a1", "    op.add_column('users', sa.Column('email', sa.Text, nullable=False))")
    return root


def take_the_url(root: Path) -> None:
    env = root / "db" / "env.py"
    env.write_text(env.read_text().replace("config = context.config\n", "config = context.config\n" + TAKES_THE_URL))


def write(root: Path, revision: str, down: str | None, upgrade: str) -> None:
    text = REVISION.format(name=revision, revision=revision, down=down, upgrade=upgrade)
    (root / "db" / "versions" / f"{revision}_x.py").write_text(text)


def upgrade(root: Path, **other: object) -> Command:
    return Command("alembic upgrade head", root, Location("pgproof.toml", 3), **other)  # type: ignore[arg-type]


def test_alembic_makes_its_schema_in_the_shadow(project: Path, tcp_shadow: Shadow) -> None:
    replay = replay_command(upgrade(project), tcp_shadow)
    assert failures(replay) == []
    assert names(replay, "table") == ["public.alembic_version", "public.users"]
    assert names(replay, "column")[-2:] == ["public.users.email", "public.users.id"]
    assert [(gap.blocking, gap.location) for gap in replay.gaps] == [(False, Location("pgproof.toml", 3))]


def test_a_revision_that_fails_is_a_failure_at_its_line(project: Path, tcp_shadow: Shadow) -> None:
    write(project, "c3", "b2", "    op.execute('alter table nowhere add a int')")
    replay = replay_command(upgrade(project), tcp_shadow)
    assert failures(replay) == [("42P01", "alembic upgrade head")]
    (observation,) = replay.observations
    assert observation.failure is not None
    assert observation.failure.message == 'relation "nowhere" does not exist'
    assert observation.location == Location("db/versions/c3_x.py", 10)


def test_a_tool_that_goes_elsewhere_is_a_gap_with_the_lines_to_add(project: Path, tcp_shadow: Shadow) -> None:
    env = project / "db" / "env.py"
    env.write_text(env.read_text().replace(TAKES_THE_URL, ""))
    replay = replay_command(upgrade(project), tcp_shadow)
    (gap,) = replay.gaps
    assert gap.blocking
    assert "never came to pgproof's database" in gap.reason
    assert 'config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"]' in gap.way_out
    assert "app:app" not in gap.way_out


def test_the_lines_that_are_shown_are_enough(project: Path, tcp_shadow: Shadow) -> None:
    env = project / "db" / "env.py"
    env.write_text(env.read_text().replace(TAKES_THE_URL, ""))
    (gap,) = replay_command(upgrade(project), tcp_shadow).gaps
    shown = takewhile(lambda line: line.startswith("    "), gap.way_out.partition(":\n\n")[2].splitlines())
    start = "config = context.config\n"
    env.write_text(env.read_text().replace(start, start + "\n".join(line[4:] for line in shown) + "\n"))
    assert names(replay_command(upgrade(project), tcp_shadow), "table") == ["public.alembic_version", "public.users"]


def test_a_command_that_makes_nothing_is_a_gap(project: Path, tcp_shadow: Shadow) -> None:
    replay = replay_command(Command("alembic current", project, Location("pgproof.toml")), tcp_shadow)
    assert [gap.blocking for gap in replay.gaps] == [True]
    assert "made nothing" in replay.gaps[0].reason


def test_a_command_that_does_not_exist_is_a_gap_with_what_the_shell_says(project: Path, tcp_shadow: Shadow) -> None:
    (gap,) = replay_command(Command("no-such-tool", project, Location("pgproof.toml")), tcp_shadow).gaps
    assert "exit code 127" in gap.reason
    assert "not found" in gap.way_out


def test_a_command_that_never_ends_is_stopped_with_all_that_it_started(project: Path, tcp_shadow: Shadow) -> None:
    text = "echo $$ > pid; sleep 1000 & wait"
    (gap,) = replay_command(Command(text, project, Location("pgproof.toml"), limit_s=0.5), tcp_shadow).gaps
    assert "did not end within 0.5 s" in gap.reason
    with pytest.raises(ProcessLookupError):
        os.killpg(int((project / "pid").read_text()), 0)


def test_no_variable_leads_to_another_database(
    tcp_shadow: Shadow, monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    real = "secret@real.example.org:5432/production"
    for name, value in {
        "PGHOST": "real.example.org",
        "PGSERVICE": "real",
        "DATABASE_URL": f"postgres://u:{real}",
        "APP_DATABASE_URI": f"postgresql+psycopg2://u:{real}",
        "SOMETHING_ELSE": f"postgres://u:{real}",
        "POSTGRES_PASSWORD": "secret",
        "POSTGRES_OPTIONS": "host=real.example.org",
        "DB_HOST": "real.example.org",
        "APP_DB_PORT": "5432",
        "HARMLESS": "stays",
    }.items():
        monkeypatch.setenv(name, value)
    with tcp_shadow.database() as database:
        found = environment(database, {"OWN": "jdbc:postgresql://{host}:{port}/{database}?user={user}"})
        port = str(tcp_shadow.cluster.port)
        assert not [name for name, value in found.items() if "real" in value or value == "secret"]
        assert found["HARMLESS"] == "stays"
        assert (
            found["DATABASE_URL"] == found["SOMETHING_ELSE"].replace("postgres://", "postgresql://") == database.tcp_url
        )
        assert found["APP_DATABASE_URI"].startswith("postgresql+psycopg2://postgres:")
        assert (found["DB_HOST"], found["APP_DB_PORT"], found["PGPORT"]) == ("127.0.0.1", port, port)
        assert found["OWN"] == f"jdbc:postgresql://127.0.0.1:{port}/postgres?user=postgres"
        assert not {"PGSERVICE", "POSTGRES_OPTIONS"} & found.keys()
        with pytest.raises(UsageError, match=r"OWN has the unknown placeholder \{uri\}"):
            environment(database, {"OWN": "{uri}"})


def test_passwords_do_not_come_out(project: Path, tcp_shadow: Shadow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", "very-secret-token")
    text = "echo url=$DATABASE_URL token=$API_TOKEN password=$PGPASSWORD; echo $PGPASSWORD > password; exit 3"
    (gap,) = replay_command(Command(text, project, Location("pgproof.toml")), tcp_shadow).gaps
    assert "url=postgresql://postgres:***@127.0.0.1" in gap.way_out
    assert "very-secret-token" not in gap.way_out
    assert (project / "password").read_text().strip() not in gap.way_out
