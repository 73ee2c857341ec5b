"""The columns of a view follow from its query: one change of the query is one difference."""

from __future__ import annotations

import pytest

from pgproof.catalog import snapshot
from pgproof.catalog.compare import compare
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.parametrize("major", [18])

VIEWS = """
create table note (id integer, body text, spare integer);
create view short as select id, left(body, 10) as body from note;
create materialized view long as select id, body from note;
comment on column short.body is 'ten characters';
"""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "create or replace view short as select id, left(body, 10) as body, spare from note",
            {("view public.short", "changed", "definition")},
        ),
        (
            "drop view short; create view short as select left(body, 10) as body, id from note; "
            "comment on column short.body is 'ten characters'",
            {("view public.short", "changed", "definition")},
        ),
        (
            "drop view short; drop materialized view long; alter table note alter id type bigint; "
            "create view short as select id, left(body, 10) as body from note; "
            "create materialized view long as select id, body from note; "
            "comment on column short.body is 'ten characters'",
            {("column public.note.id", "changed", "type")},
        ),
        ("drop view short", {("view public.short", "missing", "")}),
        ("alter view short alter body set default 'x'", {("column public.short.body", "changed", "default")}),
        ("comment on column short.body is null", {("column public.short.body", "changed", "comment")}),
        ("grant select (body) on short to public", {("column public.short.body", "changed", "privileges")}),
        (
            "alter materialized view long alter body set storage main",
            {("column public.long.body", "changed", "storage")},
        ),
    ],
)
def test_what_is_told(live: LiveDatabase, change: str, expected: set[tuple[str, str, str]]) -> None:
    live.execute(VIEWS)
    before = snapshot.read(live.session())
    live.execute(change)
    found = compare(before, snapshot.read(live.session()))
    assert {(f"{one.name.kind} {one.name}", one.action, one.attribute) for one in found} == expected
