"""SQL texts in Go, Rust, TypeScript and files of queries: which are found, for which client, with which holes."""

from __future__ import annotations

from collections.abc import Collection
from textwrap import dedent

import pytest

from pgproof.code.readers import readers_of
from pgproof.code.source import SourceFile
from pgproof.code.usage import Handling, Query


class Memory:
    """Files by path."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    @property
    def paths(self) -> Collection[str]:
        return self.files.keys()

    def text(self, path: str) -> str | None:
        return self.files.get(path)


def queries(path: str, text: str, **others: str) -> list[Query]:
    """Return the queries in a file; the others are files beside it, `_` for the dot before the ending."""
    folder = path.rpartition("/")[0]
    files = {f"{folder}/{'.'.join(name.rsplit('_', 1))}": dedent(other) for name, other in others.items()}
    files[path] = dedent(text)
    project = Memory(files)
    source = SourceFile(path, files[path])
    return [one for read in readers_of(path) for one in read(source, project) if isinstance(one, Query)]


def seen(found: list[Query]) -> list[tuple[str, str, int]]:
    return [(one.client, " ".join(one.text.split()), one.location.line) for one in found]


def kinds(query: Query) -> list[str]:
    return [hole.kind for hole in query.holes]


def test_go() -> None:
    found = queries(
        "shop/orders.go",
        """
        package shop

        import (
            "context"
            "fmt"

            "github.com/jackc/pgx/v5"
        )

        const byID = `select id
            from orders where id = $1`

        func (s *Store) Get(ctx context.Context, id int) error {
            if err := s.db.QueryRow(ctx, byID, id).Scan(&id); err != nil {
                return err
            }
            _, _ = s.db.Exec(ctx, "delete from "+table+" where id = $1", id)
            query := fmt.Sprintf("select %s from orders where id = $1", columns)
            rows, err := s.db.Query(ctx, query, id)
            return fmt.Errorf("select your order from the list: %w", err)
        }
        """,
        names_go='package shop\n\nconst table = "orders"\n',
    )
    assert [(one.client, one.function) for one in found] == [("", ""), ("pgx", "Get"), ("pgx", "Get")]
    assert [one.handling for one in found[1:]] == [Handling.IGNORED, Handling.THROWN]
    assert [value.text for value in found[1].holes[0].values] == ["orders"]
    assert kinds(found[2]) == ["text", "value"]


@pytest.mark.parametrize(
    "added",
    [
        'query += " values ($1)"',
        'for range rows {\n\t\tquery += ", ($1)"\n\t}',
        'query = query + fmt.Sprintf(" id = any($%d)", 1)',
        'query = fmt.Sprintf("%s limit 1", query)',
    ],
)
def test_go_text_that_grows_is_no_statement_yet(added: str) -> None:
    text = f"""package a\n\nimport "github.com/jackc/pgx/v5"\n
func f(db *pgx.Conn) {{
\tquery := "select id from orders where"
\t{added}
\tdb.Exec(ctx, query)
}}

func g(db *pgx.Conn) {{
\tquery := "select id from orders"
\tdb.Exec(ctx, query)
}}
"""
    assert [(one.function, kinds(one)) for one in queries("a/a.go", text)] == [("f", ["text"]), ("g", [])]


def test_go_text_that_is_a_format_used_elsewhere() -> None:
    text = "package a\n\nconst q = `select id from orders where at > now() - interval '%d seconds'`\n"
    assert [kinds(one) for one in queries("a/a.go", text)] == [["text"]]
    inside = text.replace("const q =", "func f(db *sql.DB) {\n\tq :=") + "\tq = fmt.Sprintf(q, 5)\n\tdb.Query(q)\n}\n"
    assert [kinds(one) for one in queries("a/a.go", inside)] == [["text", "text"]]


def test_named_parameters_need_no_blank_before() -> None:
    text = 'package a\n\nimport "github.com/jackc/pgx/v5"\n\n'
    text += 'func f(c *pgx.Conn) { c.Exec(ctx, "select id from orders where a=@a and b>=@2 and c<@d") }\n'
    assert [hole.name for hole in queries("a/a.go", text)[0].holes] == ["a", "2"]


def test_go_parameters_that_are_written_anew() -> None:
    text = 'package a\n\nimport "database/sql"\n\nfunc f(c *DB) { c.Exec(c.Rebind("delete from a where b = ?"), 1) }\n'
    text += 'func g(c *DB) {\n\tq := "delete from b where c = ?"\n\tq = c.Rebind(q)\n\tc.Exec(q, 1)\n}\n'
    found = queries("a/a.go", text)
    assert [(one.client, kinds(one)) for one in found] == [("sqlx (go)", ["value"])] * 2


@pytest.mark.parametrize("imported", ["github.com/go-sql-driver/mysql", "github.com/mattn/go-sqlite3"])
def test_go_of_another_database_is_left_alone(imported: str) -> None:
    text = (
        f'package a\n\nimport (\n\t"database/sql"\n\t_ "{imported}"\n)\n\nvar q = "select id from orders where a = ?"\n'
    )
    assert queries("a/a.go", text) == []


def test_rust() -> None:
    found = queries(
        "src/orders.rs",
        """
        use sqlx::PgPool;

        const ALL: &str = "select id, total from orders";

        pub async fn get(pool: &PgPool, id: i64) -> sqlx::Result<()> {
            sqlx::query!(r#"select id as "id!" from orders where id = $1"#, id).fetch_one(pool).await?;
            sqlx::query_as::<_, Order>("select id \\
                from orders").fetch_all(pool).await?;
            let _ = sqlx::query(&format!("select {} from orders", columns)).execute(pool).await;
            sqlx::query(ALL).execute(pool).await?;
            Ok(())
        }

        #[cfg(test)]
        mod tests {
            fn old(pool: &PgPool) { sqlx::query("select id from nowhere").execute(pool); }
        }
        """,
    )
    assert [text for _, text, _ in seen(found)] == [
        "select id, total from orders",
        'select id as "id!" from orders where id = $1',
        "select id from orders",
        "select {} from orders",
    ]
    assert {one.client for one in found} == {"sqlx"}
    assert found[3].handling is Handling.IGNORED


def test_pieces_and_other_systems_in_rust() -> None:
    begun, counted = queries(
        "src/views.rs",
        """
        use sqlx::PgPool;

        pub async fn add(pool: &PgPool) {
            const QUERY: &str = "insert into views (id, page) ";
            let mut builder = QueryBuilder::new(QUERY);
        }
        pub async fn count(pool: &PgPool, client: clickhouse::Client) {
            const QUERY: &str = "select count(*) from views";
            sqlx::query(QUERY).execute(pool).await?;
            client.query("select count(1) from seen where (at between ? and ?)").fetch_all().await?;
            sqlx::query(concatcp!(WITH_SEEN, "select id from seen_cte")).execute(pool).await?;
        }
        """,
    )
    assert kinds(begun) == ["text"]
    assert begun.text.startswith("insert into views (id, page)  values ")
    assert (counted.text, kinds(counted)) == ("select count(*) from views", [])


def test_texts_for_each_of_several_systems() -> None:
    in_go = """package a\n\nimport "github.com/jmoiron/sqlx"\n
func f(db *sqlx.DB, engine string) {
\tdb.Query(pick(map[Engine]string{EnginePgsql: "select kept, 1 from orders", EngineSqlite: "select gone from orders"}))
\tswitch engine {
\tcase "mysql":
\t\tq = "select gone, 1 from orders"
\tdefault:
\t\tq = "select kept, 2 from orders"
\t}
\tif engine != "sqlite" {
\t\tq = "select kept, 3 from orders"
\t} else {
\t\tq = "select gone, 2 from orders"
\t}
\tinsertMySQL := "insert into gone (b) values ($1)"
}
func (s *SQLiteStore) Get() { s.db.Query("select gone, 3 from orders") }
"""
    in_rust = """use sqlx::{Postgres, Sqlite};\n
fn f(b: Backend) {
    let q = match b { Kind::Sqlite => "select gone, 4 from orders", Kind::Postgres => "select kept, 4 from orders" };
    if cfg!(feature = "sqlite") { sqlx::query("select gone, 5 from orders"); }
    else { sqlx::query("select kept, 5 from orders"); }
}
#[cfg(feature = "mysql")]
fn g() { sqlx::query("select gone, 6 from orders"); }
#[cfg(not(feature = "postgres"))]
fn h() { sqlx::query("select gone, 7 from orders"); }
impl Store for SqliteStore { fn get() { sqlx::query("select gone, 8 from orders"); } }
"""
    found = [one.text for one in (*queries("a/a.go", in_go), *queries("a/a.rs", in_rust))]
    assert found == [f"select kept, {number} from orders" for number in range(1, 6)]


def test_typescript() -> None:
    found = queries(
        "src/orders.ts",
        """
        import { Pool } from "pg";
        const pool = new Pool();
        const TABLE = "orders";
        export async function get(id: string, columns: string, newest: boolean) {
          await pool.query("select id from orders where id = $1", [id]);
          await pool.query({ text: `select ${columns} from ${TABLE} where id = $1`, values: [id] });
          const query = "select id from orders" + (newest ? " order by id" : "");
          try {
            await pool.query(query);
          } catch (error) {
            console.error(error);
          }
          return "select an option from the list";
        }
        """,
    )
    assert [text for _, text, _ in seen(found)] == [
        "select id from orders where id = $1",
        "select ${columns} from orders where id = $1",
        'select id from orders${(newest ? " order by id" : "")}',
    ]
    assert {one.client for one in found} == {"node-postgres"}
    assert kinds(found[1]) == ["text", "value"]
    assert {value.text for value in found[2].holes[0].values} == {" order by id", ""}
    assert found[2].handling is Handling.LOGGED


def test_a_library_full_of_comments_after_strings_is_read_once() -> None:
    assert queries("vendor/map.js", "f('a' /* b */)\n" * 30_000 + "g('select')\n") == []


def test_tagged_templates() -> None:
    found = queries(
        "src/tags.ts",
        """
        import postgres from "postgres";
        const sql = postgres();
        export const find = (id: string, where: string, table: string) => [
          sql`select id from orders where id = ${id}`,
          sql`select id from orders ${where} limit 1`,
          sql`select id from ${sql.identifier(table)}`,
          sql`and id = ${id}`,
          sql`select id from orders where id in (${sql`select id from carts`})`,
        ];
        """,
    )
    assert [kinds(one) for one in found] == [["value"], ["text"], ["identifier"], []]
    assert found[3].text == "select id from orders where id in (select id from carts)"
    assert {one.client for one in found} == {"postgres.js"}


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("const a = 'select id from carts';\ndb.query(`${a} where id = $1`);", ["select id from carts where id = $1"]),
        ("const sub = 'select id from carts';\ndb.query(`select id from orders where id in (${sub})`);",
         ["select id from orders where id in (select id from carts)"]),
        ("const a = () => sql`select id from carts where b = any(c)`;\nsql`select (${a()}) from orders`;",
         ["select (select id from carts where b = any(c)) from orders"]),
        ("let q = 'select id from carts';\nq += ' where id = 1';\ndb.query(q);", ["select id from carts where id = 1"]),
        ("let q = 'select id from orders';\nif (x) q += ' where id = 1';\ndb.query(q);",
         ["select id from orders${' where id = 1'}"]),
        ("let q = 'select id from orders';\nif (x) q = 'select id from carts';\nif (y) q += ' where z';\ndb.query(q);",
         ["select id from orders${…}", "select id from carts"]),
        ("db.query(['select id', 'from orders'].join(' '));", ["select id from orders"]),
        ("const q = 'select id from orders';\nconsole.log(`sent ${q}`);\ndb.query(q);", ["select id from orders"]),
        ("const rows = await sql`select id from orders`;\nf(`${rows.length} rows`);", ["select id from orders"]),
        ("const rows = await sql<{ id: string }[]>`select id from orders`;\nf(`${rows.length} rows`);",
         ["select id from orders"]),
        ("const [r] = await sql<Row>`select id from orders`;\nf(a > `${r}`);", ["select id from orders"]),
        ("const rows = await db.query<Row>('select id from orders');", ["select id from orders"]),
        ("sql`select id from orders ${x ? sql`where id = ${x}` : sql``}`;",
         ["select id from orders ${x ? sql`where id = ${x}` : sql``}"]),
    ],
)  # fmt: skip
def test_a_text_is_judged_with_all_that_it_becomes(text: str, sent: list[str]) -> None:
    found = queries("src/a.ts", 'import { Pool } from "pg";\n' + text)
    assert [one.text for one in found] == sent


def test_the_number_of_a_parameter_may_be_computed() -> None:
    (found,) = queries("src/a.ts", "import 'pg';\ndb.query(`select id from orders where id = $${i} limit $` + n);")
    assert kinds(found) == ["value", "value"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("const c = ['a = 1'];\nif (x) c.push(`b = $${i}`);\ndb.query(`select 1 from t where ${c.join(' and ')}`);",
         ["b = $1 and a = 1"]),
        ("const c = [];\nif (x) c.push('b = 1');\nconst w = c.length ? `where ${c.join(' and ')}` : '';\n"
         "db.query(`select 1 from t ${w}`);", ["where b = 1", ""]),
        ("const f = [];\nf.push('b = $1');\nf.push(other());\ndb.query(`update t set ${f.join(', ')}`);", ["b = $1"]),
        ("const f = ['b'];\nf.push(other());\ndb.query(`select ${f.join(', ')} from t order by c`);", []),
    ],
)  # fmt: skip
def test_lists_of_conditions_and_assignments(text: str, values: list[str]) -> None:
    (found,) = queries("src/a.ts", 'import { Pool } from "pg";\n' + text)
    assert [value.text for value in found.holes[0].values] == values


def test_a_number_in_what_is_added_is_a_parameter() -> None:
    (found,) = queries("src/a.ts", "import 'pg';\nlet q = 'select id from orders';\nq += ` limit $${n}`;\ndb.query(q);")
    assert kinds(found) == ["value"]


def test_an_error_that_the_code_expects_in_words() -> None:
    (found,) = queries(
        "src/a.ts",
        "import 'pg';\npool.query('delete from log where id = 1').catch(() => { /* Table might not exist yet */ });",
    )
    assert found.handling is Handling.EXPECTED


@pytest.mark.parametrize(
    ("condition", "handling"),
    [
        ("await hasColumn('orders', 'total')", Handling.EXPECTED),
        ("there.rows.length", Handling.EXPECTED),
        ("id > 3", Handling.THROWN),
    ],
)
def test_a_query_that_a_question_to_the_database_guards(condition: str, handling: Handling) -> None:
    there = "const there = await db.query(\"select 1 from information_schema.tables where table_name = 'orders'\");\n"
    found = queries("src/a.ts", f"import 'pg';\n{there}if ({condition}) {{ await db.query('select id from orders'); }}")
    assert found[1].handling is handling


def test_values_are_those_of_the_own_call() -> None:
    found = queries(
        "src/a.ts",
        """
        import { Pool } from "pg";
        const a = async () => { const query = "select id from orders where total = $1"; await db.query(query, [1]); };
        const b = async () => { const query = "select id from orders where name = $1"; await db.query(query, ["x"]); };
        """,
    )
    assert [[value.text for value in one.holes[0].values] for one in found] == [["1"], ["x"]]


@pytest.mark.parametrize(
    ("transform", "text", "sent"),
    [
        ("", "insert into a ${sql({ b: 1, c })}", 'insert into a ("b", "c") values (${b}, ${c})'),
        ("", "insert into a ${sql(row, 'b', 'c')}", 'insert into a ("b", "c") values (${b}, ${c})'),
        ("", "update a set ${sql({ bC: 1 })} where d = 1", 'update a set "bC" = ${bC} where d = 1'),
        ("transform: postgres.camel", "update a set ${sql({ bC: 1 })}", 'update a set "b_c" = ${bC}'),
        ("", "insert into a ${sql({ ...row, b: 1 })}", 'insert into a ("b" ${…}) values (${b} ${…})'),
        ("transform: { column }", "update a set ${sql({ bC: 1 })}", "update a set ${sql({ bC: 1 })}"),
        ("", "select ${sql(['b', 'c'])} from a", 'select "b", "c" from a'),
    ],
)
def test_what_postgres_js_makes_of_objects(transform: str, text: str, sent: str) -> None:
    (found,) = queries(
        "a.ts", f'import postgres from "postgres";\nconst sql = postgres(url, {{ {transform} }});\nsql`{text}`;'
    )
    assert found.text == sent


def test_a_driver_that_another_module_imports() -> None:
    text = 'import { db } from "./db";\nexport const all = () => db.query("select id, total from orders");\n'
    (found,) = queries("src/a.ts", text, db_ts='import { Pool } from "pg";\nexport const db = new Pool();\n')
    assert found.client == "node-postgres"


@pytest.mark.parametrize("imported", ["better-sqlite3", "mysql2/promise", "@clickhouse/client"])
def test_typescript_of_another_database_is_left_alone(imported: str) -> None:
    assert queries("src/a.ts", f'import x from "{imported}";\nx.query("select id from orders where id = ?");\n') == []
    assert (
        queries("src/a.ts", 'const db = await opened();\nawait db.runAsync("delete from orders where id = ?", id);\n')
        == []
    )


@pytest.mark.parametrize(
    ("text", "client", "names"),
    [
        ("-- name: Get :one\nselect id from a where id = @id;\n-- name: All :many\nselect 1;", "sqlc", ["Get", "All"]),
        ("/* @name Get */\nselect id from orders where id = :id!;", "pgtyped", ["Get"]),
        ("-- name: get^\nselect id from orders where id = :id;", "aiosql", ["get"]),
        ("select id from orders; select total from orders;", "sql file", ["", ""]),
    ],
)  # fmt: skip
def test_files_of_queries(text: str, client: str, names: list[str]) -> None:
    found = queries("queries/orders.sql", text)
    assert [(one.client, one.function) for one in found] == [(client, name) for name in names]


@pytest.mark.parametrize(
    "path", ["db/seed.sql", "schema.sql", "supabase/migrations/1_a.sql", "a/001_b.sql", "x.down.sql"]
)
def test_schemas_and_seeds_are_no_queries(path: str) -> None:
    assert queries(path, "select id from orders;") == []


def test_what_sqlcs_macros_stand_for() -> None:
    (found,) = queries("q.sql", "-- name: Get :one\nselect sqlc.embed(o) from orders o where id = sqlc.narg('id');")
    assert found.text == "select o.* from orders o where id = sqlc.narg('id')"
    assert kinds(found) == ["value"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "import psycopg\nc.execute({})\n"),
        ("a.ts", 'import { Pool } from "pg";\nnew Pool().query({});\n'),
        ("a.go", 'package a\n\nimport "database/sql"\n\nfunc f(db *sql.DB) { db.Query({}) }\n'),
    ],
)
def test_a_long_sum(path: str, text: str) -> None:
    parts = ['"select id from orders where id in ("', *('"1, " ' for _ in range(2_000)), '"2)"']
    (found,) = queries(path, text.replace("{}", " + ".join(parts)))
    assert found.text.endswith("1, 2)")
    assert not found.holes
