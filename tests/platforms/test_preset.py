"""Presets: reading them, and recognising them in a project."""

from __future__ import annotations

from pathlib import Path

import pytest

import pgproof.platforms
from pgproof.model.errors import UsageError
from pgproof.platforms import load, names, recognise

FOLDER = Path(pgproof.platforms.__file__).parent


def test_the_platforms() -> None:
    assert names() == ("azure", "cloudsql", "neon", "plain", "rds", "supabase")


def test_the_plain_platform_adds_nothing() -> None:
    assert load("plain").sql == ""


def test_an_unknown_platform_is_answered_with_the_one_that_was_meant() -> None:
    with pytest.raises(UsageError) as caught:
        load("supabse")
    assert "Did you mean 'supabase'?" in caught.value.way_out


@pytest.mark.parametrize("name", names())
def test_every_file_of_a_preset_is_part_of_it(name: str) -> None:
    sql = load(name).sql
    assert all(file.read_text() in sql for file in (FOLDER / name).glob("*"))


def test_digests_tell_presets_apart() -> None:
    assert len({load(name).digest for name in names()}) == len(names())


@pytest.mark.parametrize("path", ["supabase/config.toml", "supabase/migrations/1_a.sql"])
def test_supabase_is_recognised(tmp_path: Path, path: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.touch()
    assert recognise(tmp_path) == "supabase"


def test_a_project_without_signs_is_plain(tmp_path: Path) -> None:
    assert recognise(tmp_path) == "plain"
