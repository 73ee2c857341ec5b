"""The wheel holds everything, and works where nothing else of pgproof is."""

from __future__ import annotations

import zipfile
from pathlib import Path

from pgproof import __version__
from tests.distribution.conftest import ROOT, Installed


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    package = ROOT / "src"
    files = {f"{path.relative_to(package)}" for path in (package / "pgproof").rglob("*") if path.is_file()}
    expected = {name for name in files if "cache__/" not in name and "_cache/" not in name}
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("pgproof/")}
    assert packed == expected
    for name in (
        "demo/project/live.sql",
        "migrations/replay/observe.sql",
        "platforms/standins/pgcrypto.control",
        "platforms/supabase.toml",
        "platforms/supabase/auth.sql",
        "py.typed",
        "reports/result.schema.json",
    ):
        assert f"pgproof/{name}" in packed


def test_the_wheel_has_the_licence_and_nothing_but_the_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    info = f"pgproof-{__version__}.dist-info/"
    assert f"{info}licenses/LICENSE" in names
    assert [name for name in names if not name.startswith(("pgproof/", info))] == []


def test_what_is_installed_is_the_wheel(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("python", "-c", "import pgproof; print(pgproof.__file__)", cwd=tmp_path)
    assert Path(done.stdout.strip()).is_relative_to(installed.folder)
    assert installed.run("pgproof", "--version", cwd=tmp_path).stdout == f"pgproof {__version__}\n"


def test_the_demo_of_the_wheel_runs(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("pgproof", "demo", "--server", "18", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "error[HIS103] phantom-migration" in done.stdout
    assert "NO-GO (repository and live database)" in done.stdout


def test_a_project_for_a_platform_is_checked_with_the_wheel(installed: Installed, tmp_path: Path) -> None:
    migrations = tmp_path / "supabase" / "migrations"
    migrations.mkdir(parents=True)
    (migrations.parent / "config.toml").write_text('project_id = "shop"\n')
    (migrations / "20240101000000_first.sql").write_text(
        "create extension if not exists pgcrypto;\n"
        "create table note (id uuid primary key default gen_random_uuid(), owner uuid references auth.users (id));\n"
        "alter table note enable row level security;\n"
        "create policy own on note for all to authenticated using (owner = auth.uid());\n"
    )
    done = installed.run("pgproof", "check", "--server", "18", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 of 4 statements replayed" in done.stdout
