"""Options of an index that only a real extension's method knows."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from pgproof.shadow.database import Database
from pgproof.shadow.index_options import without_options
from pgproof.shadow.shadow import Shadow
from pgproof.sql.parse import parse
from pgproof.sql.quote import literal

KNOWN = {"hnsw": ("m", "ef_construction"), "ivfflat": ("lists",)}


@pytest.mark.parametrize(
    ("statement", "plain"),
    [
        ("create index on t using hnsw (e) with (m = 16)", "create index on t using hnsw (e) "),
        ("create index on t using hnsw (e) WITH( m=16,ef_construction = '64' ) where a > 1", None),
        ("create index on t using ivfflat (e) with (lists = 100) tablespace pg_default", None),
        ("create index concurrently if not exists é on t using ivfflat (e) with (lists = 0)", None),
    ],
)
def test_the_options_are_taken_out(statement: str, plain: str | None) -> None:
    stripped = without_options(statement, parse(statement)[0], KNOWN)
    assert stripped.startswith("/* ")
    (body,) = (tree["IndexStmt"] for tree in parse(stripped))
    (before,) = (tree["IndexStmt"] for tree in parse(statement))
    assert "options" not in body
    assert "concurrent" not in body
    assert [body.get(key) for key in ("idxname", "accessMethod", "tableSpace")] == [
        before.get(key) for key in ("idxname", "accessMethod", "tableSpace")
    ]
    assert ("whereClause" in body) == ("whereClause" in before)
    assert plain is None or stripped.endswith(plain)


@pytest.mark.parametrize(
    "statement",
    [
        "create index on t using hnsw (e)",
        "create index on t using hnsw (e) with (lists = 100)",
        "create index on t using hnsw (e) with (m = 16, fillfactor = 70)",
        "create index on t (a) with (fillfactor = 70)",
        "create table m (lists int) with (fillfactor = 70)",
    ],
)
def test_other_options_are_the_servers_matter(statement: str) -> None:
    assert without_options(statement, parse(statement)[0], KNOWN) == ""


@pytest.fixture
def database(shadow: Shadow) -> Iterator[Database]:
    with shadow.database() as made:
        with made.connect() as connection:
            connection.execute("create extension vector; create table t (a int, e vector(3)) partition by list (a)")
            connection.execute("create table u partition of t for values in (1)")
        yield made


@pytest.mark.parametrize("major", [15])  # the embedded servers have the real extension
def test_the_index_has_its_options_as_the_real_extension_would_note_them(database: Database) -> None:
    statement = "create index on t using hnsw (e vector_l2_ops) with (m = 16, ef_construction = '64')"
    with database.connect() as connection:
        connection.execute(database.sent(statement, parse(statement)[0]).encode())
        found = connection.execute("select relname::text, reloptions from pg_class where relname ~ 'e_idx$' order by 1")
        assert found.fetchall() == [
            ("t_e_idx", ["m=16", "ef_construction=64"]),
            ("u_e_idx", ["m=16", "ef_construction=64"]),
        ]


@pytest.mark.parametrize("major", [15])
def test_nobody_else_can_note_options(database: Database) -> None:
    statement = (
        "/* 7b226f7074696f6e73223a205b226c697374733d31225d7d */ create index i on u using ivfflat (e vector_l2_ops)"
    )
    with database.connect() as connection:
        connection.execute("create index before on u using ivfflat (e vector_l2_ops)")
        connection.execute(f"select pgproof.create_index({literal(statement)}, 'forged'::bytea)".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("update pg_class set reloptions = '{lists=1}' where relname = 'before'")
        noted = connection.execute("select count(*) from pg_class where reloptions is not null and relkind = 'i'")
        assert noted.fetchone() == (0,)
