"""Which extensions a replay may create."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from pgproof.server import binaries
from pgproof.server.binaries import Installation
from pgproof.shadow.extensions import Control, Extensions, read_control, standins_for
from pgproof.shadow.shadow import Shadow
from pgproof.sql.parse import parse


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An installation with a few control files."""
    folder = tmp_path / "share" / "extension"
    folder.mkdir(parents=True)
    for name, text in {
        "hstore": "comment = 'it''s trusted'\ndefault_version = '1.8'\ntrusted = true\n",
        "dblink": "default_version = '1.2'\n",
        "postgres_fdw": "default_version = '1.1'\n",
        "vector": "",
        "uses_dblink": "requires = 'hstore, dblink'\n",
        "plperlu": "superuser = true\n",
        "circle": "trusted = true\nrequires = 'circle'\n",
    }.items():
        (folder / f"{name}.control").write_text(text)
    return Installation(16, "16.0", tmp_path / "bin", tmp_path / "share", "installed", contrib=True)


def test_a_control_file_is_read_as_postgresql_reads_it() -> None:
    text = "# comment\ncomment = 'it''s, here: trusted = true'\nrequires = 'a,b c'\ntrusted=on # yes\n"
    assert read_control(text) == Control(trusted=True, requires=("a", "b", "c"))


def test_an_untrusted_extension_is_elevated_and_a_trusted_one_is_not(installation: Installation) -> None:
    extensions = Extensions(installation, (), networked=False)
    assert not extensions.trusted("vector")
    assert extensions.trusted("hstore")
    assert extensions.trusted("no_such_extension")
    assert extensions.trusted("../../etc/passwd")


def test_what_leaves_the_sandbox_is_refused_also_when_another_brings_it(installation: Installation) -> None:
    extensions = Extensions(installation, (), networked=False)
    for name in ("dblink", "uses_dblink", "plperlu"):
        assert extensions.refusal(name), name
    for name in ("hstore", "vector", "postgres_fdw", "circle", "no_such_extension"):
        assert not extensions.refusal(name), name


def test_what_connects_elsewhere_is_refused_when_the_network_is_open(installation: Installation) -> None:
    assert "network" in Extensions(installation, (), networked=True).refusal("postgres_fdw")


def test_the_configuration_may_allow_it(installation: Installation) -> None:
    assert not Extensions(installation, (), networked=False, allowed=["dblink"]).refusal("dblink")


def test_a_stand_in_reaches_nowhere(installation: Installation, tmp_path: Path) -> None:
    control = tmp_path / "http.control"
    control.write_text("trusted = true\n")
    real = Extensions(installation, (control,), networked=True)
    assert not real.refusal("http")
    assert real.trusted("http")


def test_a_stand_in_is_offered_only_for_what_is_not_installed(installation: Installation, tmp_path: Path) -> None:
    assert standins_for(installation, [tmp_path / "hstore.control", tmp_path / "http.control"]) == (
        tmp_path / "http.control",
    )


def test_real_extensions_are_created(shadow: Shadow) -> None:
    if not shadow.installation.contrib:
        assert "citext" in shadow.standins
        return
    assert "citext" not in shadow.standins
    with shadow.database() as database, database.connect() as connection:
        connection.execute("create extension citext")
        database.elevate(connection, "create extension pg_stat_statements")
        database.elevate(connection, "comment on extension pg_stat_statements is 'x'")
        database.elevate(connection, "drop extension pg_stat_statements")
        (tree,) = parse("create extension dblink")
        assert database.refusal(tree)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create extension dblink")


def test_stand_ins_are_created_by_the_owner_beside_real_extensions(shadow: Shadow) -> None:
    with shadow.database() as database, database.connect() as connection:
        for name in shadow.standins:
            connection.execute(f'create extension if not exists "{name}" cascade'.encode())
        created = {name for (name,) in connection.execute("select extname from pg_extension").fetchall()}
    assert created >= {*shadow.standins, "plpgsql"}


def test_the_installations_own_folder_is_left_alone(shadow: Shadow) -> None:
    for installation in binaries.find():
        names = {path.stem for path in (installation.share / "extension").glob("*.control")}
        assert not names & set(shadow.standins) or installation.major != shadow.installation.major
