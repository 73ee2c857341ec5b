"""Where the code's SQL is prepared: on the migrations' schema, and on a copy of the live one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.code.queries.reasons import DECLARED, FILLED_IN, OF_AN_ORM, OF_ANOTHER_CONNECTION, OF_LOOSE_SQL
from pgproof.evidence.part import Absent
from pgproof.evidence.prepared import DRIFT, Prepared
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.model import Subject
from pgproof.project.config import Config
from tests.conftest import LiveDatabase

SCHEMA = """
create extension pg_trgm;
create type mood as enum ('calm', 'wild');
create table animals (id bigint primary key, name text not null, mood mood not null);
create schema zoo;
create view zoo.wild as select id, name from animals where mood = 'wild';
create function zoo.feed(animal bigint) returns text language sql stable
    as 'select name from animals where id = animal';
"""
CODE = """import psycopg

def run(connection: psycopg.Connection, one) -> None:
    connection.execute("select name from animals where mood = 'wild' and similarity(name, %s) > 0.3", (one,))
    connection.execute("select zoo.feed(id), count(*) over () from zoo.wild")
    connection.execute("select name from wild")
    connection.execute("select id from animals order by name")
    connection.execute("select colour from animals")
"""


def prepared(root: Path, live: LiveDatabase | None, *, migrations: str = SCHEMA, cache: bool = False) -> Prepared:
    (root / "migrations").mkdir(exist_ok=True)
    (root / "migrations" / "0001_zoo.sql").write_text(migrations)
    (root / "zoo.py").write_text(CODE)
    with Evidence(Settings(root, Config(), live.url if live else None, use_cache=cache)) as evidence:
        found = evidence.get(Prepared)
        assert not isinstance(found, Absent), found
        return found


def messages(found: Prepared) -> list[str]:
    return [one.tried.refusal.message for one in found.refused]


@pytest.mark.parametrize("major", [16])
def test_a_live_database_has_the_last_word(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(SCHEMA.replace("create extension pg_trgm;", "") + "alter table animals add column colour text;")
    found = prepared(tmp_path, live, migrations=SCHEMA.replace("create extension pg_trgm;", ""))
    assert not any("colour" in message for message in messages(found))
    assert found.proof is not None
    assert found.proof.subjects == (Subject.CLONE,)


@pytest.mark.parametrize("major", [16])
def test_what_fails_in_both_is_the_codes_mistake(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(SCHEMA.replace("create extension pg_trgm;", ""))
    found = prepared(tmp_path, live)
    assert 'column "colour" does not exist' in messages(found)


@pytest.mark.parametrize("major", [16])
def test_what_only_the_live_database_lacks_is_drift_and_no_mistake_of_the_code(
    tmp_path: Path, live: LiveDatabase
) -> None:
    schema = SCHEMA.replace("create extension pg_trgm;", "")
    live.execute(
        schema.replace("name text not null, mood", "mood")
        .replace("id, name from", "id, id as name from")
        .replace("select name from animals where id", "select id::text from animals where id")
    )
    found = prepared(tmp_path, live, migrations=schema)
    assert not any('"name"' in message for message in messages(found))
    assert found.unknown[DRIFT] >= 1


def test_a_schema_that_only_the_applications_search_path_has_is_found(tmp_path: Path) -> None:
    found = prepared(tmp_path, None)
    assert messages(found) == ['column "colour" does not exist']
    assert found.accepted == 4


def test_an_unchanged_project_is_answered_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = prepared(tmp_path, None, cache=True)

    def refuse(*_: object) -> None:
        raise AssertionError("a server was asked")

    monkeypatch.setattr("pgproof.evidence.prepared.prepare", refuse)
    assert prepared(tmp_path, None, cache=True) == first


def test_code_that_talks_to_another_database_is_left_alone(tmp_path: Path) -> None:
    others = ("artist", "release", "label", "medium", "track")
    (tmp_path / "music").mkdir()
    for table in others:
        text = f'import psycopg\n\ndef get(c: psycopg.Connection) -> None:\n    c.execute("select id from {table}")\n'
        (tmp_path / "music" / f"{table}.py").write_text(text)
    found = prepared(tmp_path, None)
    assert messages(found) == ['column "colour" does not exist']
    assert sum(found.unknown.values()) == len(others)


def test_a_dropped_table_is_a_mistake_wherever_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "cages.py").write_text('import psycopg\n\nSQL = "select id, size from cages"\n')
    (tmp_path / "old" / "tame.py").write_text('import psycopg\n\nSQL = "select id from tame"\n')
    (tmp_path / "views.sql").write_text("create view tame as select id from animals where mood = 'calm';")
    made = "create table cages (id int, size int);\ndrop table cages;create view tame as select 1 as id;drop view tame;"
    said = messages(prepared(tmp_path, None, migrations=SCHEMA + made))
    assert 'relation "cages" does not exist' in said
    assert 'relation "tame" does not exist' not in said  # the program makes its views after the migrations


def test_a_table_that_the_code_makes_is_not_missing_and_one_of_a_test_is_there_for_tests_only(tmp_path: Path) -> None:
    (tmp_path / "nightly.py").write_text(
        "import psycopg\n\ndef run(c: psycopg.Connection) -> None:\n"
        '    c.execute("create temp table batch (id bigint)")\n'
        '    c.execute("insert into batch select id from animals")\n'
        '    c.execute("delete from animals")\n'
        '    c.execute("select id from animals join leftovers using (id)")\n'
    )
    (tmp_path / "upgrade.py").write_text(
        'import psycopg\n\ndef run(c):\n    c.execute("alter table animals alter column mood drop not null")\n'
        "    c.execute(\"insert into animals (id, name) values (1, 'x')\")\n"
        "    c.execute(\"insert into animals (id, mood) values (1, 'calm')\")\n"
    )
    (tmp_path / "test_it.py").write_text('import psycopg\nc.execute("create table leftovers (id bigint)")\n')
    found = prepared(tmp_path, None)
    assert 'relation "leftovers" does not exist' in messages(found)
    assert not any("batch" in message for message in messages(found))
    assert [str(one.disagreement.subject) for one in found.disagreed] == ["public.animals.name"]


def test_the_rest_of_a_text_and_a_second_database_with_tables_of_the_same_name_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "rest.py").write_text(
        'import psycopg\n\nFED = "with fed as (select id from animals) "\nREST = "select id from fed"\n'
        'PAIR = ("full_up", """select id from animals""")\nNAMES = ["unfed", "animals"]\n'
        'GONE = "with gone as (select id from animals) "\n\n'
        "def run(c: psycopg.Connection) -> None:\n"
        '    c.execute("select id from gone")\n    c.execute("select id from fed")\n'
        '    c.execute("delete from full_up")\n'
        '    c.execute("select a.id from animals a join unfed u using (id)")\n    c.execute("select id from animals")\n'
    )
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "schema.sql").write_text("create table animals (id integer, seen integer);")
    (tmp_path / "cache" / "store.py").write_text(
        'import psycopg\n\ndef run(c: psycopg.Connection) -> None:\n    c.execute("select seen from animals")\n'
        '    c.execute("select smell from animals")\n'
    )
    said = messages(prepared(tmp_path, None, migrations=SCHEMA + "create table gone (id int); drop table gone;"))
    assert 'column "seen" does not exist' not in said
    assert 'column "smell" does not exist' in said
    assert not {'relation "fed" does not exist', 'relation "full_up" does not exist'} & set(said)
    assert 'relation "unfed" does not exist' in said
    assert 'relation "gone" does not exist' in said  # it was dropped: no query of WITH


def test_what_a_person_fills_in_and_what_generated_types_have_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "look.sql").write_text(
        "select name from animals;\nselect name from animals where mood = 'REPLACE_WITH_A_MOOD'::mood;\n"
        "select name from animals where mood = 'loud'::mood;\nselect age from animals;\nselect size from animals;\n"
    )
    names = {"animals": ("id", "age"), "a": ("id",), "b": ("id",), "c": ("id",), "d": ("id",)}
    block = "      {}: {{\n        Row: {{\n{}        }}\n        Relationships: []\n      }}\n"
    tables = "".join(
        block.format(name, "".join(f"          {one}: string\n" for one in columns)) for name, columns in names.items()
    )
    (tmp_path / "types.ts").write_text(
        "export type Json = string\nexport type Database = {\n  public: {\n    Tables: {\n" + tables + "    }\n  }\n}\n"
    )
    found = prepared(tmp_path, None)
    said = set(messages(found))
    assert {'invalid input value for enum mood: "loud"', 'column "size" does not exist'} <= said
    assert not any("REPLACE" in one or '"age"' in one for one in said)
    assert {DECLARED, FILLED_IN} <= set(found.unknown)


def test_what_a_missing_base_may_hold_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "look.py").write_text(
        'import psycopg\n\ndef run(c: psycopg.Connection) -> None:\n    c.execute("select id from visitors")\n'
        + "".join(f'    c.execute("select {column} from animals")\n' for column in ("id", "name", "mood"))
    )
    failing = "".join(f"alter table {table} add size int;" for table in ("cages", "shops", "keepers"))
    assert messages(prepared(tmp_path, None, migrations=SCHEMA + failing)) == ['column "colour" does not exist']


def test_loose_sql_an_orm_and_another_database_system_have_what_the_migrations_lack(tmp_path: Path) -> None:
    (tmp_path / "upgrade.sql").write_text("alter table animals add column wings integer;\n")
    (tmp_path / "app.py").write_text(
        "import sqlite3\nimport psycopg\nfrom sqlalchemy import create_engine, text\n\n"
        "from store import legacy\n\nlocal = sqlite3.connect('cache.db')\nshop = create_engine('mysql+pymysql://shop')\n\n"
        "def run(c: psycopg.Connection, engine, mood: str):\n"
        '    local.execute("select smell from animals")\n    shop.connect().execute(text("select sku from animals"))\n'
        '    legacy().execute("select stripes from animals")\n'
        '    engine.execute(text("select a.id from orders a join lines using (id)"))\n'
        '    c.execute("select paws from animals where mood = %s", (mood,))\n'
        '    c.execute("select wings from animals where mood = %s", (mood,))\n'
        '    c.execute("select nose from animals where mood = %s", (mood,))\n'
        '    c.execute("select o.id from owners o join animals using (id) where mood = %s", (mood,))\n'
        '    c.execute("select id from persons where id = %s", (mood,))\n    c.execute("select id from tracks")\n'
        + "".join(f'    c.execute("select {column} from animals")\n' for column in ("id", "name", "mood", "id, name"))
    )
    (tmp_path / "store.py").write_text("import MySQLdb\n\ndef legacy():\n    return MySQLdb.connect().cursor()\n")
    (tmp_path / "models.py").write_text(
        "from sqlalchemy.orm import DeclarativeBase, mapped_column\n\nclass Nosed:\n    nose = mapped_column()\n\n"
        "class Animal(Nosed, DeclarativeBase):\n    __tablename__ = 'animals'\n    id = mapped_column()\n\n"
        "class Owner(DeclarativeBase):\n    __tablename__ = 'owners'\n    id = mapped_column()\n"
    )
    said = {'column "paws" does not exist', 'column "colour" does not exist', 'relation "persons" does not exist'}
    failing = SCHEMA + "create table zoo.tracks (id int references keepers);"  # what it makes may be in the search path
    found = prepared(tmp_path, None, migrations=failing)
    assert set(messages(found)) == {*said, 'column "nose" does not exist'}  # mapped, and not made
    (tmp_path / "alembic" / "versions").mkdir(parents=True)
    (tmp_path / "alembic" / "versions" / "1_persons.py").write_text(
        'from alembic import op\n\ndef upgrade():\n    op.execute("create view persons as select 1 as id")\n'
    )
    said -= {'relation "persons" does not exist'}
    (tmp_path / "main.py").write_text("from models import DeclarativeBase\n\nDeclarativeBase.metadata.create_all()\n")
    found = prepared(tmp_path, None)
    assert set(messages(found)) == said
    assert {OF_LOOSE_SQL, OF_AN_ORM, OF_ANOTHER_CONNECTION} <= set(found.unknown)
