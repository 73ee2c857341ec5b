"""The tables in which migration tools record what they did are none of the project's."""

from __future__ import annotations

from pgproof.catalog.object import Catalog, Object
from pgproof.evidence.scope import scoped, without_the_platforms_own
from pgproof.migrations.layouts import layouts
from pgproof.migrations.observation import Replay
from pgproof.model import Location, ObjectName
from pgproof.platforms import load


def table(*parts: str) -> Object:
    return Object(ObjectName("table", parts), {"inherits": None})


def catalog(*things: Object) -> Catalog:
    return Catalog(18, "app", {thing.name: thing for thing in things})


def test_the_history_table_of_every_layout_is_left_out() -> None:
    for layout in layouts().values():
        for name in layout.history.tables if layout.history else ():
            assert len(scoped(catalog(table(*name)), (), ())) == 0, layout.name


def test_what_belongs_to_it_is_left_out_and_nothing_else() -> None:
    column = Object(ObjectName("column", ("public", "_prisma_migrations", "id")), {"inherited from": None})
    index = Object(
        ObjectName("index", ("public", "x")), {"table": "_prisma_migrations", "constraint": None, "partition of": None}
    )
    note = table("public", "note")
    assert list(scoped(catalog(table("public", "_prisma_migrations"), column, index, note), (), ()).objects) == [
        note.name
    ]


def test_a_table_of_that_name_that_migrations_make_is_theirs() -> None:
    made = table("public", "schema_migrations")
    assert list(scoped(catalog(made), {made.name}, ()).objects) == [made.name]


def test_a_foreign_schema_is_left_out_with_all_that_is_in_it() -> None:
    schema = Object(ObjectName("schema", ("auth",)), {})
    note = table("public", "note")
    assert list(scoped(catalog(schema, table("auth", "users"), note), (), ("auth",)).objects) == [note.name]


def test_tables_in_the_platforms_publication_count_only_where_a_migration_speaks_of_it() -> None:
    publication = Object(ObjectName("publication", ("supabase_realtime",)), {"owner": "postgres"})
    member = Object(ObjectName("publication table", ("public", "note", "supabase_realtime")), {})
    other = Object(ObjectName("publication table", ("public", "tag", "supabase_realtime")), {})
    live = catalog(publication, member, other)

    def seen(declared: Catalog, *touched: Object) -> set[ObjectName]:
        origins = {thing.name: Location("1.sql", 1) for thing in touched}
        replay = Replay((), "", declared, (), origins, origins)
        return set(without_the_platforms_own(declared, live, replay, load("supabase"), {})[1].objects)

    assert seen(catalog(publication)) == set()
    assert seen(catalog(publication, member), member) == {member.name, other.name}
    assert other.name in seen(catalog(publication), publication)


def columns(schema: str, name: str, *names: str) -> list[Object]:
    return [Object(ObjectName("column", (schema, name, column)), {"inherited from": None}) for column in names]


def test_a_history_table_of_another_name_is_known_by_its_columns() -> None:
    goose = [table("public", "versions"), *columns("public", "versions", "id", "version_id", "is_applied", "tstamp")]
    more = [table("public", "note"), *columns("public", "note", "id", "version_id", "is_applied", "tstamp", "body")]
    assert set(scoped(catalog(*goose, *more), (), ()).objects) == {one.name for one in more}


def test_the_history_table_that_the_project_names_is_left_out() -> None:
    own, other = table("ops", "runs"), table("public", "runs")
    assert list(scoped(catalog(own, other), (), (), ("ops", "runs")).objects) == [other.name]


def test_a_schema_that_holds_nothing_but_a_history_table_is_left_out() -> None:
    schema, public = (Object(ObjectName("schema", (name,)), {}) for name in ("ops", "public"))
    history = [table(name, "schema_migrations") for name in ("ops", "public")]
    assert list(scoped(catalog(schema, public, *history), (), ()).objects) == [public.name]
    note = table("ops", "note")
    assert set(scoped(catalog(schema, *history, note), (), ()).objects) == {schema.name, note.name}
    assert set(scoped(catalog(schema, *history), {schema.name}, ()).objects) == {schema.name}
