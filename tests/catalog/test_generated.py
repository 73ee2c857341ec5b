"""For any table: what is made of a description reads back as that description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgproof.catalog import snapshot
from pgproof.catalog.ddl import apply, create_all
from pgproof.catalog.grants import MAINTAIN_SINCE, OWNER_HOLDS
from pgproof.catalog.object import Catalog, Object, Value
from pgproof.model import ObjectName
from pgproof.sql.quote import RESERVED, identifier
from tests.catalog.transaction import TransactionSession
from tests.conftest import MAJORS, make_live, running_cluster

if TYPE_CHECKING:
    from psycopg import Connection

SYSTEM_COLUMNS = {"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"}


def _fits(name: str) -> bool:
    # PostgreSQL quotes some key words only that our quoting leaves alone, and the other way round; both are right.
    return len(name.encode()) <= 50 and name not in SYSTEM_COLUMNS | RESERVED


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20).filter(_fits)
COMMENTS = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)
DEFAULTS: dict[str, tuple[str, ...]] = {
    "integer": ("0", "'-1'::integer", "(1 + 2)"),
    "bigint": ("7", "length('it''s'::text)"),
    "text": ("'x'::text", "CURRENT_USER", "lower('A\"b'::text)"),
    "character varying(20)": ("'x'::character varying",),
    "numeric(8,2)": ("1.5",),
    "timestamp with time zone": ("now()",),
    "boolean": ("true", "(NOT true)"),
    "jsonb": ("'{\"a\": [1]}'::jsonb",),
    "integer[]": ("'{}'::integer[]", "ARRAY[1, 2]"),
    "uuid": ("gen_random_uuid()",),
}
COLUMN_PRIVILEGES: tuple[Value, ...] = ({}, {"public": ["SELECT"]}, {"public": ["INSERT", "UPDATE"]})
NO_OPTIONS: st.SearchStrategy[Value] = st.none()
LENGTHY = ("text", "character varying(20)")
"""Types that can be compressed and have a collation."""


@st.composite
def identities(draw: st.DrawFn, schema: str, sequence: str, type_name: str) -> dict[str, Value]:
    high = 2147483647 if type_name == "integer" else 9223372036854775807
    step = draw(st.integers(1, 1000))
    low = draw(st.none() | st.integers(2, 50))
    options: dict[str, Value] = {
        "name": f"{identifier(schema)}.{identifier(sequence)}",
        "type": type_name,
        "start": draw(st.integers(low or 1, 100)),
        "increment": step,
        "minimum": low,
        "maximum": draw(st.none() | st.integers(100, high - 1)),
        "cache": draw(st.integers(1, 50)),
        "cycle": draw(st.booleans()),
    }
    return options


@st.composite
def columns(draw: st.DrawFn, table: tuple[str, str], name: str, position: int) -> Object:
    type_name = draw(st.sampled_from(sorted(DEFAULTS)))
    identity = (
        draw(st.sampled_from((None, None, "always", "by default"))) if type_name in ("integer", "bigint") else None
    )
    generated = (
        draw(st.booleans()) if identity is None and type_name in ("integer", "numeric(8,2)", "bigint") else False
    )
    default = draw(st.none() | st.sampled_from(DEFAULTS[type_name])) if identity is None else None
    if generated:
        default = {"integer": "length('xyz'::text)", "bigint": "7", "numeric(8,2)": "1.5"}[type_name]
    lengthy = type_name in LENGTHY
    attributes: dict[str, Value] = {
        "of": "table",
        "position": position,
        "type": type_name,
        "not null": identity is not None or draw(st.booleans()),
        "not null state": None,
        "default": default,
        "generated": "stored" if generated else None,
        "identity": identity,
        "identity options": draw(identities(table[0], f"{name} {position}", type_name)) if identity else None,
        "collation": draw(st.none() | st.just('pg_catalog."C"')) if lengthy else None,
        "storage": draw(st.sampled_from((None, "external", "main", "plain"))) if lengthy else None,
        "compression": draw(st.none() | st.just("pglz")) if lengthy else None,
        "statistics target": draw(st.none() | st.integers(0, 10000)),
        "options": draw(NO_OPTIONS | st.just(cast(Value, {"n_distinct": "-0.5"}))),
        "foreign options": None,
        "inherited": None,
        "inherited from": None,
        "privileges": draw(st.sampled_from(COLUMN_PRIVILEGES)),
        "comment": draw(COMMENTS),
    }
    return Object(ObjectName("column", (*table, name)), attributes)


@st.composite
def tables(draw: st.DrawFn, major: int) -> list[Object]:
    """Draw a schema, one table with columns, checks on them, and indexes."""
    schema, table, *names = draw(st.lists(NAMES, min_size=3, max_size=8, unique=True))
    path = (schema + "_", table)
    made = [draw(columns(path, name, position)) for position, name in enumerate(names, 1)]
    holds = [*OWNER_HOLDS["table"], *(["MAINTAIN"] if major >= MAINTAIN_SINCE else [])]
    owned: dict[str, Value] = {"owner": "postgres", "comment": draw(COMMENTS)}
    whole: dict[str, Value] = {
        "persistence": draw(st.sampled_from(("permanent", "unlogged"))),
        "options": draw(NO_OPTIONS | st.just(cast(Value, {"fillfactor": "70", "autovacuum_enabled": "off"}))),
        "toast options": None,
        "access method": "heap",
        "row security": draw(st.booleans()),
        "forced row security": draw(st.booleans()),
        "replica identity": draw(st.sampled_from(("default", "full", "nothing"))),
        "inherits": None,
        "partition key": None,
        "partition bound": None,
        "clustered on": None,
        "of type": None,
        "privileges": {"postgres": cast(Value, sorted(holds)), "public": ["SELECT"]},
        **owned,
    }
    objects = [
        Object(ObjectName("schema", path[:1]), {"privileges": {"postgres": ["CREATE", "USAGE"]}, **owned}),
        Object(ObjectName("table", path), whole),
        *made,
    ]
    for column in draw(st.lists(st.sampled_from(made), max_size=3, unique_by=lambda one: one.name)):
        objects.append(draw(checks(path, column)))
        objects.append(draw(indexes(path, column)))
    return objects


@st.composite
def checks(draw: st.DrawFn, table: tuple[str, str], column: Object) -> Object:
    name = column.name.parts[-1]
    attributes: dict[str, Value] = {
        "type": "check",
        "definition": f"CHECK (({identifier(name)} IS NOT NULL))" + draw(st.sampled_from(("", " NO INHERIT"))),
        "validated": draw(st.booleans()),
        "system triggers": None,
        "columns": [name],
        "references": None,
        "referenced columns": None,
        "inherited": None,
        "inherited from": None,
        "partition of": None,
        "comment": draw(COMMENTS),
    }
    return Object(ObjectName("constraint", (*table, name + "_check")), attributes)


@st.composite
def indexes(draw: st.DrawFn, table: tuple[str, str], column: Object) -> Object:
    name = column.name.parts[-1]
    method = "hash" if not (unique := draw(st.booleans())) and draw(st.booleans()) else "btree"
    attributes: dict[str, Value] = {
        "table": table[1],
        "constraint": None,
        "unique": unique,
        "definition": f"USING {method} ({identifier(name)})" + draw(st.sampled_from(("", " WITH (fillfactor='50')"))),
        "options": None,
        "statistics targets": None,
        "valid": True,
        "partition of": None,
        "partitions without it": None,
        "comment": draw(COMMENTS),
    }
    return Object(ObjectName("index", (table[0], name + "_index")), attributes)


@pytest.fixture(scope="module", params=MAJORS, ids=[f"pg{major}" for major in MAJORS])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection[Any]]:
    import psycopg

    database = make_live(running_cluster(request.param))
    with psycopg.connect(database.url) as connection:
        yield connection


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_table_reads_back_as_it_was_described(connection: Connection[Any], data: st.DataObject) -> None:
    major = connection.info.server_version // 10000
    described = {thing.name: thing for thing in data.draw(tables(major))}
    with connection.transaction(force_rollback=True):
        assert apply(create_all(Catalog(major, "postgres", described)), connection) == []
        read = snapshot.read(TransactionSession(connection)).objects
        schema = next(iter(described)).parts[0]
        found = {name: thing for name, thing in read.items() if name.schema == schema}
        assert found == described
