"""`pgproof init`: what is in a repository, and a configuration that is never overwritten."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from pgproof.project.config import Config, read_config
from pgproof.workflows.init import init
from tests.cli.running import pgproof


def write(root: Path, path: str, text: str = "create table a (id int primary key);\n") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def repository(root: Path) -> Path:
    write(root, "supabase/config.toml", 'project_id = "x"\n')
    for number in range(3):
        write(root, f"supabase/migrations/2025010{number + 1}000000_step.sql")
    write(root, "legacy/migrations/001_old.sql")
    write(root, "package.json", json.dumps({"dependencies": {"@supabase/supabase-js": "2", "drizzle-orm": "1"}}))
    return root


def test_what_is_found_is_said_and_a_configuration_written(tmp_path: Path) -> None:
    done = pgproof("init", cwd=repository(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    for part in (
        "  migrations       supabase/migrations   supabase, 3 files   (used)\n",
        "                   legacy/migrations   numbered, 1 file\n",
        "  platform         supabase\n",
        "  ORMs             Drizzle   (package.json)\n",
        "  clients          supabase-js   (package.json)\n",
        "whether these directories belong to one database",
        "wrote pgproof.toml\n",
        "next: pgproof check\n",
    ):
        assert part in done.stdout
    assert read_config(tmp_path) == Config(path="pgproof.toml", migrations="supabase/migrations")


def test_a_configuration_that_exists_stays_as_it_is(tmp_path: Path) -> None:
    write(repository(tmp_path), "pgproof.toml", "server = 16\n")
    done = pgproof("init", cwd=tmp_path)
    assert done.returncode == 0
    assert "pgproof.toml exists and stays as it is" in done.stdout
    assert 'migrations = "supabase/migrations"' in done.stdout
    assert (tmp_path / "pgproof.toml").read_text() == "server = 16\n"


def test_a_section_in_pyproject_is_a_configuration_too(tmp_path: Path) -> None:
    write(repository(tmp_path), "pyproject.toml", "[tool.pgproof]\nserver = 16\n")
    assert "pyproject.toml exists and stays as it is" in pgproof("init", cwd=tmp_path).stdout
    assert not (tmp_path / "pgproof.toml").exists()


def test_every_proposed_line_is_a_key_that_the_configuration_has(tmp_path: Path) -> None:
    write(repository(tmp_path), "requirements.txt", "alembic\n")
    assert "what Alembic's migrations do" in pgproof("init", cwd=tmp_path).stdout
    proposal = (tmp_path / "pgproof.toml").read_text("utf-8")
    uncommented = "".join(line.split("   ")[0].removeprefix("# ") + "\n" for line in proposal.splitlines())
    (tmp_path / "pgproof.toml").write_text(uncommented, encoding="utf-8")
    config = read_config(tmp_path)
    assert config.live == "$DATABASE_URL"
    assert config.replay_command == "alembic upgrade head"


def test_an_empty_repository_is_told_what_is_missing(tmp_path: Path) -> None:
    done = pgproof("init", cwd=tmp_path)
    assert done.returncode == 0
    assert "  migrations       none\n" in done.stdout
    assert "where the migrations are: pgproof check --migrations DIR" in done.stdout
    assert tomllib.loads((tmp_path / "pgproof.toml").read_text("utf-8")) == {}


def test_hostile_names_stay_names(tmp_path: Path) -> None:
    hostile = 'od"d\x1b[31m\n\\migrations'
    write(tmp_path, f"{hostile}/migrations/001_a.sql")
    done = pgproof("init", cwd=tmp_path)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert read_config(tmp_path).migrations in ("", f"{hostile}/migrations")


def test_a_folder_that_cannot_be_written_is_4_and_the_proposal_is_shown(tmp_path: Path) -> None:
    (tmp_path / "pgproof.toml").symlink_to("/proc/nothing/pgproof.toml")
    done = pgproof("init", cwd=tmp_path)
    assert done.returncode == 4
    assert "cannot write" in done.stderr
    assert "$DATABASE_URL" in done.stderr


def test_each_of_several_databases_is_named(tmp_path: Path) -> None:
    for name in ("orders", "users"):
        write(tmp_path, f"services/{name}/package.json", "{}")
        write(tmp_path, f"services/{name}/migrations/0001_a.sql", f"create table {name} (id bigserial);")
    report = init(tmp_path)
    assert 'migrations = ["services/orders/migrations", "services/users/migrations"]\n' in report.toml
    assert report.text.count("(used)") == 2
    assert "whether these directories" not in report.text
