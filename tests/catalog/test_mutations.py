"""Every attribute that is changed is reported, with the right object; what is harmless is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgproof.catalog import snapshot
from pgproof.catalog.compare import compare
from pgproof.catalog.difference import Difference
from pgproof.catalog.fixpoint import survivors
from pgproof.catalog.object import Catalog
from tests.catalog.mutations import HARMLESS, MORE_MUTATIONS, MUTATIONS, SINGLE, Mutation
from tests.catalog.transaction import TransactionSession
from tests.conftest import MAJORS, make_live, running_cluster

if TYPE_CHECKING:
    from tests.conftest import LiveDatabase

BASE = (Path(__file__).parent / "mutations.sql").read_text(encoding="utf-8")
TOOLS_WERE_MEASURED_ON = 148


class Changes:
    """A database of the base schema that is changed in transactions which are rolled back, and a copy that stays."""

    def __init__(self, changed: LiveDatabase, declared: LiveDatabase) -> None:
        self.changed = changed
        self.declared = declared
        self.catalog = snapshot.read(declared.session())
        self.connection: psycopg.Connection[Any] = psycopg.connect(changed.url, prepare_threshold=None)
        [(extension,)] = self.connection.execute(
            "select name from pg_available_extensions where name in ('citext', 'vector') order by 1 limit 1"
        ).fetchall()
        self.extension = extension
        self.connection.rollback()

    def differences(self, sql: str) -> list[Difference]:
        try:
            self.connection.execute(sql.replace("{extension}", self.extension).encode())
            live: Catalog = snapshot.read(TransactionSession(self.connection))
        finally:
            self.connection.rollback()
        found = compare(self.catalog, live)
        return survivors(found, self.catalog, live, lambda: psycopg.connect(self.declared.url))


@pytest.fixture(scope="module", params=MAJORS, ids=[f"pg{major}" for major in MAJORS])
def base(request: pytest.FixtureRequest) -> Iterator[Changes]:
    cluster = running_cluster(request.param)
    changed, declared = make_live(cluster), make_live(cluster)
    for database in (changed, declared):
        database.execute(BASE)
    changes = Changes(changed, declared)
    yield changes
    changes.connection.close()
    for database in (changed, declared):
        database.close()


ALL = MUTATIONS + MORE_MUTATIONS


@pytest.mark.parametrize("mutation", ALL, ids=[mutation.row for mutation in ALL])
def test_a_changed_attribute_is_reported_with_its_object(base: Changes, mutation: Mutation) -> None:
    found = base.differences(mutation.sql)
    name = mutation.name.replace("{extension}", base.extension)
    assert (mutation.kind, name) in {(one.name.kind, str(one.name)) for one in found}


@pytest.mark.parametrize("sql", HARMLESS.values(), ids=HARMLESS.keys())
def test_a_harmless_change_is_not_reported(base: Changes, sql: str) -> None:
    assert base.differences(sql) == []


@pytest.mark.parametrize("sql", SINGLE.values(), ids=SINGLE.keys())
def test_one_change_is_one_difference(base: Changes, sql: str) -> None:
    assert len(base.differences(sql)) == 1


def test_every_attribute_that_tools_were_measured_on_has_a_mutation() -> None:
    assert len({mutation.row for mutation in MUTATIONS}) == len(MUTATIONS) == TOOLS_WERE_MEASURED_ON
