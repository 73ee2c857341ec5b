"""Presets: reading them, and recognising them in a project."""

from __future__ import annotations

from pathlib import Path

import pytest

import pgproof.platforms
from pgproof.model.errors import UsageError
from pgproof.platforms import load, names, recognise, recognise_by_use

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


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("create policy p on t using (user_id = auth.uid());", "supabase"),
        ("create table t (id uuid references auth.users on delete cascade);", "supabase"),
        ('create table t (id uuid REFERENCES "auth"."users"("id"));', "supabase"),
        ("create policy p on t using ((auth.jwt() ->> 'a') = 'b');", "supabase"),
        ("-- references auth.users\nselect 1; /* auth.uid() */", "plain"),
        ("create table auth.users (id uuid); create table t (id uuid references auth.users);", "plain"),
        ("create or replace function auth.uid() returns uuid language sql as ''; select auth.uid();", "plain"),
        ("create table t (id int references author.users); select auth.login();", "plain"),
    ],
)
def test_what_migrations_use_shows_the_platform(text: str, platform: str) -> None:
    assert recognise_by_use(["select 1;", text]) == platform
