"""SQL texts in Python: who runs them, what is put in, and where each character stands."""

from __future__ import annotations

import pytest

from pgproof.code.queries.written import place
from pgproof.code.usage import Handling, Literal, Query
from tests.code.python.reading import queries


def one(text: str, **others: str) -> Query:
    (query,) = queries(text, **others)
    return query


def holes(query: Query) -> list[tuple[str, str]]:
    return [(each.kind, query.text[each.start : each.end]) for each in query.holes]


@pytest.mark.parametrize(
    ("imported", "call", "client"),
    [
        ("psycopg", 'connection.execute("select a from t where b = %s", (1,))', "psycopg"),
        ("psycopg2", 'cursor.execute("select a from t where b = %(b)s", {"b": 1})', "psycopg"),
        ("asyncpg", 'await pool.fetchrow("select a from t where b = $1", 1)', "asyncpg"),
        ("sqlalchemy", 'session.execute(text("select a from t where b = :b"), {"b": 1})', "sqlalchemy"),
        ("django.db", 'Thing.objects.raw("select a from t where b = %s", [1])', "django"),
    ],
)
def test_the_client_is_told_by_the_imports(imported: str, call: str, client: str) -> None:
    query = one(f"import {imported}\nasync def f():\n    {call}\n")
    assert query.client == client
    assert query.text.startswith("select a from t where b = ")
    assert [kind for kind, _ in holes(query)] == ["value"]
    assert query.function == "f"


def test_a_parameters_value_is_known_when_it_stands_in_the_call() -> None:
    query = one('import psycopg\nc.execute("update t set a = %s where b = %s", ("x", b))\n')
    assert [each.values for each in query.holes] == [(Literal("string", "x"),), ()]


def test_a_cast_is_no_parameter_of_sqlalchemy() -> None:
    query = one('from sqlalchemy import text\ns.execute(text("select a::text from t where b = :b::int"))\n')
    assert holes(query) == [("value", ":b")]


def test_escaped_percent_signs_are_one_for_the_server() -> None:
    query = one("import psycopg\nc.execute(\"select a from t where b like 'x%%' and c = %s\", (1,))\n")
    assert query.text == "select a from t where b like 'x%' and c = %s"


def test_places_are_those_of_the_source_through_escapes_and_concatenation() -> None:
    text = 'import psycopg\nc.execute(\n    "select a,\\n"\n    " wrong"\n    f" from {table}"\n)\n'
    query = one(text)
    assert place(query.text, query.lines, query.text.index("wrong")) == (4, 7)
    assert place(query.text, query.lines, query.text.index("from")) == (5, 8)


def test_places_in_a_text_of_several_lines() -> None:
    query = one('import psycopg\nc.execute("""\n    select a\n      from wrong\n""")\n')
    assert place(query.text, query.lines, query.text.index("wrong")) == (4, 12)


def test_a_name_that_is_known_is_put_in_and_another_is_a_hole() -> None:
    query = one('import psycopg\nT = "t"\ndef f(c, x):\n    c.execute(f"select a from {T} where {x} = 1")\n')
    assert query.text == "select a from t where {x} = 1"
    assert holes(query) == [("text", "{x}")]


def test_a_constant_of_another_module_is_known_but_stands_there() -> None:
    query = one('import psycopg\nfrom app import names\nc.execute(f"select a from {names.T}")\n', names='T = "t"\n')
    assert [each.values for each in query.holes] == [(Literal("string", "t"),)]


def test_formatting_puts_in_what_is_known() -> None:
    texts = [
        one(f"import psycopg\nc.execute({call})\n")
        for call in ('"select %s from t" % "a"', '"select {} from t".format("a")', '"select {x} from t".format(x="a")')
    ]
    assert [text.text for text in texts] == ["select a from t"] * 3


def test_psycopgs_own_composition() -> None:
    query = one(
        """
        import psycopg
        from psycopg import sql
        def f(c, table):
            c.execute(sql.SQL("select {} from {} where a = {}").format(
                sql.Identifier("b"), sql.Identifier(table), sql.Placeholder()))
        """
    )
    assert [kind for kind, _ in holes(query)] == ["text", "identifier", "value"]
    assert query.holes[0].values == (Literal("string", '"b"'),)


def test_a_text_that_is_appended_to_in_a_branch_has_two_forms() -> None:
    found = queries(
        """
        import psycopg
        def f(c, newest):
            query = "select a from t"
            if newest:
                query += " order by b"
            c.execute(query)
        """
    )
    assert {query.text for query in found} >= {"select a from t order by b"}


@pytest.mark.parametrize(
    "text",
    [
        'print("Select an option from the list")',
        'HELP = "Update your profile, then delete the file from the folder"',
        'def f():\n    """Select rows from a table."""',
        'import sqlite3\nc.execute("insert or replace into t values (?)")',
        'from alembic import op\nop.execute("update t set a = 1")',
        'logger.info("with great power comes great responsibility")',
    ],
)
def test_prose_other_databases_and_migrations_are_no_queries(text: str) -> None:
    assert queries(text) == []


@pytest.mark.parametrize(
    ("around", "handling"),
    [
        ("{}", Handling.THROWN),
        ("try:\n    {}\nexcept Exception as e:\n    logger.error(e)", Handling.LOGGED),
        ("try:\n    {}\nexcept psycopg.Error:\n    pass", Handling.IGNORED),
        ("try:\n    {}\nexcept Exception:\n    raise Failure()", Handling.THROWN),
        ("try:\n    {}\nexcept psycopg.errors.UndefinedTable:\n    make()", Handling.EXPECTED),
        ("try:\n    {}\nexcept KeyError:\n    pass", Handling.THROWN),
        ("try:\n    go()\nexcept Exception as e:\n    if is_missing_column(e):\n        {}", Handling.EXPECTED),
        ("try:\n    go()\nexcept Exception:\n    {}", Handling.THROWN),
        ("if has_column(c, 't', 'a'):\n    {}", Handling.EXPECTED),
        ("def f():\n    ready = table_exists(c, 't')\n    if not ready:\n        return\n    {}", Handling.EXPECTED),
        ("if a in allowed:\n    {}", Handling.THROWN),
        ("with suppress(psycopg.Error):\n    {}", Handling.IGNORED),
        ("with pytest.raises(Error):\n    {}", Handling.EXPECTED),
    ],
)
def test_what_becomes_of_the_error(around: str, handling: Handling) -> None:
    query = one("import psycopg\n" + around.format('c.execute("select a from t")') + "\n")
    assert query.handling is handling


@pytest.mark.parametrize(
    ("made", "systems"),
    [
        ("import sqlite3\nc = sqlite3.connect('x').cursor()", 0),
        ("import sqlite3, psycopg2\nc = psycopg2.connect('x').cursor()", 1),
        ("from sqlalchemy import create_engine\nc = create_engine('mysql+pymysql://x').connect()", 0),
        ("from sqlalchemy import create_engine\nc = create_engine(URL or 'sqlite:///x')", 1),
        ("import psycopg2\nfrom .store import cursor as c", 0),
        ("import psycopg2\ndef f(oracle_cursor):\n    c = oracle_cursor", 1),
    ],
)
def test_the_connection_tells_whose_query_it_is(made: str, systems: int) -> None:
    store = "import sqlite3\nwith sqlite3.connect('x') as connection:\n    cursor = connection.cursor()\n"
    assert len(queries(f"{made}\nc.execute('select a from t')\n", store=store)) == systems


def test_pandas_is_given_its_connection() -> None:
    both = "import sqlite3, psycopg2, pandas as pd\nlocal = sqlite3.connect('x')\nc = psycopg2.connect('y')\n"
    assert [one.text for one in queries(both + "pd.read_sql('select a from t', local)\n")] == []
    assert [one.client for one in queries(both + "pd.read_sql('select a from t', con=c)\n")] == ["psycopg"]


def test_what_is_put_in_when_a_column_is_there_may_be_left_out() -> None:
    text = """
        import psycopg

        def f(c):
            deleted = " and deleted" if column_exists(c, "t", "deleted") else ""
            c.execute(f"select a from t where b = 1 {deleted}")
            query = "select b from t"
            if column_exists(c, "t", "rank"):
                query += " order by rank"
            c.execute(query)
    """
    assert [[hole.values for hole in query.holes] for query in queries(text)] == [[()], [()]]


def test_a_text_in_which_something_is_exchanged_is_the_text_that_is_run() -> None:
    changed = 'text("select a from t where b > now() - interval \'%d days\'".replace("%d", {}))'
    start = "import pandas as pd\nfrom sqlalchemy import text\n"
    (query,) = queries(f"{start}pd.read_sql({changed.format('str(days)')}, c)\n")
    assert holes(query) == [("text", "%d")]
    (query,) = queries(f"{start}pd.read_sql({changed.format(repr('7'))}, c)\n")
    assert query.text == "select a from t where b > now() - interval '7 days'"


def test_names_that_a_class_keeps_in_a_tuple_are_known() -> None:
    text = """
        import asyncpg

        class Users:
            columns = ("id", "name")

            async def get(self, pool):
                return await pool.fetch(f"select {', '.join(self.columns)} from users where b = $1", 1)
    """
    assert one(text).text == "select id, name from users where b = $1"
