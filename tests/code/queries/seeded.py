"""A shop whose code is right, and the mistakes that are put into it, one file each."""

from __future__ import annotations

from dataclasses import dataclass

MIGRATIONS = {
    "migrations/0001_shop.sql": """
create type order_state as enum ('open', 'paid', 'shipped');
create table clients (
    id uuid primary key default gen_random_uuid(),
    mail text not null unique,
    name text,
    age integer,
    settings jsonb not null default '{}',
    created_at timestamptz not null default now()
);
create table carts (id bigint primary key);
create table orders (
    id bigint generated always as identity primary key,
    customer_id uuid not null references clients,
    state order_state not null default 'open',
    total numeric(10, 2) not null,
    note text,
    placed_on date not null default current_date,
    kind text not null check (kind in ('web', 'shop'))
);
create table items (
    order_id bigint references orders,
    position integer,
    sku text not null,
    price numeric,
    primary key (order_id, position)
);
create function order_total(wanted bigint) returns numeric language sql stable
    as 'select sum(price) from items where order_id = wanted';
create view open_orders as select id, customer_id from orders where state = 'open';
""",
    "migrations/0002_names.sql": """
alter table clients rename to customers;
alter table customers rename column mail to email;
alter table items rename column sku to product;
drop table carts;
""",
}


@dataclass(frozen=True)
class Case:
    """A statement in a file of `FRAMES`; its `@@` stands for what is correct, or mistaken."""

    language: str
    statement: str
    correct: str
    mistaken: str

    @property
    def right(self) -> str:
        """The statement as it should be."""
        return self.statement.replace("@@", self.correct)

    @property
    def wrong(self) -> str:
        """The statement with the mistake."""
        return self.statement.replace("@@", self.mistaken)


FRAMES = {
    "psycopg": (
        "py",
        """import psycopg

def run(connection: psycopg.Connection, one, many) -> None:
    connection.execute("select id, email from customers where id = %s", (one,))
    connection.execute(@)
""",
    ),
    "asyncpg": (
        "py",
        """import asyncpg

async def run(pool: asyncpg.Pool, one, many) -> None:
    await pool.fetchrow("select id, email from customers where id = $1", one)
    await pool.fetch(@)
""",
    ),
    "sqlalchemy": (
        "py",
        """from sqlalchemy import text

def run(session, one, many) -> None:
    session.execute(text("select id, email from customers where id = :id"), {"id": one})
    session.execute(@)
""",
    ),
    "django": (
        "py",
        """from django.db import connection

def run(one, many) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select id, email from customers where id = %s", [one])
        cursor.execute(@)
""",
    ),
    "formatted": (
        "py",
        """import psycopg

TABLE = "orders"
COLUMNS = "id, total"

def run(connection: psycopg.Connection, one, many, newest: bool) -> None:
    connection.execute("select id, email from customers where id = %s", (one,))
    query = @
    connection.execute(query, (one,))
""",
    ),
    "node-postgres": (
        "ts",
        """import { Pool } from "pg";

const pool = new Pool();

export async function run(one: string, many: string[], limit: number) {
  await pool.query("select id, email from customers where id = $1", [one]);
  await pool.query(@);
}
""",
    ),
    "postgres.js": (
        "ts",
        """import postgres from "postgres";

const sql = postgres();

export async function run(one: string, many: string[]) {
  await sql`select id, email from customers where id = ${one}`;
  await sql`@`;
}
""",
    ),
    "prisma": (
        "ts",
        """import { PrismaClient } from "@prisma/client";

const prisma = new PrismaClient();

export async function run(one: string, many: string[]) {
  await prisma.$queryRaw`select id, email from customers where id = ${one}::uuid`;
  await prisma.$queryRaw`@`;
}
""",
    ),
    "drizzle": (
        "ts",
        """import { sql } from "drizzle-orm";
import { db } from "./db";

export async function run(one: string, many: string[]) {
  await db.execute(sql`select id, email from customers where id = ${one}`);
  await db.execute(sql`@`);
}
""",
    ),
    "pgx": (
        "go",
        """package shop

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

func Run(ctx context.Context, pool *pgxpool.Pool, one string, many []string) error {
	if _, err := pool.Exec(ctx, "select id, email from customers where id = $1", one); err != nil {
		return err
	}
	_, err := pool.Exec(ctx, @, one)
	return err
}
""",
    ),
    "database/sql": (
        "go",
        """package shop

import (
	"database/sql"

	_ "github.com/lib/pq"
)

func Run(db *sql.DB, one string) error {
	if _, err := db.Exec("select id, email from customers where id = $1", one); err != nil {
		return err
	}
	_, err := db.Exec(@, one)
	return err
}
""",
    ),
    "sqlx": (
        "rs",
        """use sqlx::PgPool;

pub async fn run(pool: &PgPool, one: &str) -> Result<(), sqlx::Error> {
    sqlx::query("select id, email from customers where id = $1").bind(one).execute(pool).await?;
    sqlx::query(@).bind(one).execute(pool).await?;
    Ok(())
}
""",
    ),
    "sqlc": (
        "sql",
        "-- name: GetCustomer :one\nselect id, email from customers where id = $1;\n\n-- name: Run :many\n@;\n",
    ),
    "pgtyped": (
        "sql",
        "/* @name GetCustomer */\nselect id, email from customers where id = :id!;\n\n/* @name Run */\n@;\n",
    ),
    "aiosql": ("sql", "-- name: get_customer^\nselect id, email from customers where id = :id;\n\n-- name: run\n@;\n"),
}
"""By client: the ending of the file, and its text with `@` for the statement."""

CASES = (
    # a table that never was, was dropped, was renamed
    Case("psycopg", '"select total from @@ where id = %s", (one,)', "orders", "order_list"),
    Case("psycopg", '"delete from @@ = %s", (one,)', "items where order_id", "carts where id"),
    Case("asyncpg", '"select name from @@"', "customers", "clients"),
    Case("sqlalchemy", 'text("select id from @@")', "open_orders", "opened_orders"),
    Case("django", '"select name from @@ where age > %s", [one]', "customers", "customer"),
    Case("node-postgres", '"select id from @@ limit $1", [limit]', "open_orders", "openorders"),
    Case("postgres.js", "select id from @@ where id = ${one}", "orders", "ordres"),
    Case("prisma", "select count(*) from @@", "items", "item"),
    Case("drizzle", "select name from @@", "customers", "clients"),
    Case("pgx", '"select id from @@ where note = $1"', "orders", "carts"),
    Case("database/sql", '"delete from @@ where product = $1"', "items", "itemz"),
    Case("sqlx", '"select id from @@ where note = $1"', "orders", "order_notes"),
    Case("sqlc", "select * from @@ where id = $1", "orders", "order_s"),
    Case("pgtyped", "select id from @@ where id = :id", "orders", "orderss"),
    Case("aiosql", "select name from @@ where id = :id", "customers", "clients"),
    # a column
    Case("psycopg", '"select @@ from items where order_id = %s", (one,)', "product", "sku"),
    Case("psycopg", '"update customers set @@ = %(n)s where id = %(i)s", {"n": one, "i": many}', "name", "fullname"),
    Case("psycopg", '"insert into items (order_id, @@, product) values (%s, %s, %s)", many', "position", "pos"),
    Case(
        "asyncpg",
        '"select o.total from orders o join customers c on c.id = o.@@ where c.email = $1", one',
        "customer_id",
        "client_id",
    ),
    Case("asyncpg", '"select id from orders order by @@ desc"', "placed_on", "created_at"),
    Case("asyncpg", '"insert into customers (email) values ($1) returning @@", one', "id", "uid"),
    Case("sqlalchemy", 'text("select @@ from customers where name ilike :q"), {"q": one}', "email", "mail"),
    Case("sqlalchemy", 'text("select id from orders where @@ > :t::numeric"), {"t": one}', "total", "amount"),
    Case(
        "django",
        '"select @@"',
        "state, count(*) from orders group by state",
        "status, count(*) from orders group by status",
    ),
    Case("node-postgres", "`select id, note\n     from orders\n     where @@ = $1`, [one]", "kind", "type"),
    Case("node-postgres", '{ text: "select @@ from orders where id = $1", values: [one] }', "note", "notes"),
    Case("node-postgres", '"update items set @@ = $1 where order_id = $2", [one, limit]', "price", "prize"),
    Case("postgres.js", "update orders set @@ = ${one} where id = 1", "note", "remark"),
    Case("postgres.js", "select @@ from customers where id in ${sql(many)}", "age", "years"),
    Case("prisma", "select @@ from orders where note = ${one}", "placed_on", "placed_at"),
    Case("drizzle", "select @@ from orders where note = ${one}", "total", "sum"),
    Case("pgx", "`\n\t\tupdate items\n\t\tset @@ = $1::numeric`", "price", "cost"),
    Case("pgx", '"select id from orders " + "where @@ = $1"', "note", "comment"),
    Case("database/sql", '"select product from items where @@ = $1"', "product", "sku"),
    Case("sqlx", 'r#"select @@ from orders where note = $1"#', "kind", "kinds"),
    Case("sqlx", '"select price \\\n        from items where @@ = $1"', "product", "article"),
    Case("sqlc", "update orders set @@ = sqlc.arg(note) where id = @id", "note", "comment"),
    Case("pgtyped", "insert into customers (email, @@) values (:email, :name)", "name", "nick"),
    Case("aiosql", "select @@ from items where order_id = :id", "product", "article"),
    # put together
    Case("formatted", 'f"select {COLUMNS} from {TABLE} where @@ = %s"', "id", "nr"),
    Case("formatted", '"select id from " + TABLE + " where @@ = %s"', "note", "noted"),
    Case("formatted", '"select {} from items where order_id = %s".format("@@")', "product", "sku"),
    Case(
        "formatted",
        "f\"select id from orders where id = %s {'order by @@' if newest else ''}\"",
        "placed_on",
        "created",
    ),
    Case("formatted", '"select %s from items where order_id = %%s" % "@@"', "price", "cost"),
    # a function, a type
    Case("psycopg", '"select @@(%s)", (one,)', "order_total", "total_of_order"),
    Case("asyncpg", '"select order_total(@@) from orders"', "id", "id, 2"),
    Case("node-postgres", "\"select @@(note, '') from orders\"", "coalesce", "isnulll"),
    Case("sqlx", '"select id from orders where state = $1::@@"', "order_state", "order_status"),
    Case("pgx", '"select @@($1::bigint)"', "order_total", "order_sum"),
    # types
    Case("psycopg", '"select o.id from orders o join customers c on c.id = o.@@"', "customer_id", "id"),
    Case("asyncpg", '"select id from customers where @@ like $1", one', "id::text", "id"),
    Case("node-postgres", '"update orders set @@ = 5 where id = 1"', "total", "placed_on"),
    Case("sqlc", "select id from orders where note = @@", "kind", "total"),
    Case(
        "database/sql", '"select id from items i join orders o on o.@@ = i.order_id where product = $1"', "id", "kind"
    ),
    # literals
    Case("psycopg", "\"select id from orders where state = '@@'\"", "paid", "payed"),
    Case("asyncpg", '"select id from customers where age > @@"', "30", "'old'"),
    Case("node-postgres", "\"select id from orders where placed_on > '2024-02-@@'\"", "28", "31"),
    Case("sqlx", "\"update orders set state = '@@' where note = $1\"", "shipped", "sent"),
    Case("prisma", "select id from customers where id = '@@'", "00000000-0000-0000-0000-000000000000", "none"),
    Case("psycopg", '"update orders set state = %s", ("@@",)', "paid", "paied"),
    # form
    Case("psycopg", '"select state, sum(total) from @@"', "orders group by state", "orders"),
    Case(
        "asyncpg",
        '"select @@"',
        "o.id from orders o join open_orders using (id)",
        "id from orders o join open_orders v on v.id = o.id",
    ),
    Case("node-postgres", '"select id from orders where @@ note is null", [one]', "id = $1 and", "and"),
    # rows
    Case(
        "psycopg", '"insert into orders (customer_id, @@%s, %s)", many', "total, kind) values (%s, ", "total) values ("
    ),
    Case(
        "asyncpg", '"insert into customers (@@', 'email, name) values ($1, $2)", one, many', 'name) values ($1)", one'
    ),
    Case("node-postgres", "\"update orders set kind = '@@' where id = $1\", [one]", "shop", "store"),
    Case("sqlx", "\"select id from orders where kind = '@@' and note = $1\"", "web", "online"),
    Case(
        "pgx",
        '"insert into items (order_id, position, product) values (1, 1, $1) on conflict (@@) do nothing"',
        "order_id, position",
        "product",
    ),
)

TRAPS = {
    "app/traps.py": '''import psycopg

PROSE = "Select an option from the list of orders"
HELP = "Update your profile or delete the order from the basket"


def traps(connection: psycopg.Connection, one, many, filters, column) -> None:
    """Select the rows from nowhere: a docstring."""
    connection.execute("create temporary table batch (id bigint)")
    connection.execute("insert into batch select id from orders")
    connection.execute("select id from orders where id in %s", (tuple(many),))
    connection.execute("select id from orders where note like 'a%%' and total > %s", (one,))
    connection.execute("select id from orders where placed_on > now() - interval '%s days'", (one,))
    connection.execute("select id from orders where placed_on > current_date - %s", (one,))
    connection.execute("select coalesce(%s, 'x') = note from orders", (one,))
    connection.execute(f"select {column} from orders order by {column}")
    connection.execute(f"update orders set {', '.join(filters)} where id = %s", many)
    connection.execute("select id from customers where settings ? 'theme' and settings->>'lang' = %s", (one,))
    connection.execute("update orders o set note = v.note from (values (%s, %s)) v (id, note) where v.id = o.id", many)
    connection.execute("select is_applied from goose_db_version")
    where = " and ".join(filters)
    connection.execute("select id from orders where " + where)
    connection.execute(f"select o.id from orders o {where} order by newest")
    connection.executemany("insert into items values (%s, %s, %s, %s)", many)
    connection.execute("select * from pg_stat_statements")
    connection.execute("truncate items")
    connection.execute("copy items (order_id, product) from stdin")
''',
    "app/local_cache.py": """import sqlite3


def cached(connection: sqlite3.Connection, key: str) -> None:
    connection.execute("insert or replace into cache (key, value) values (?, ?)", (key, "1"))
    connection.execute("select value from cache where key = ? and datetime(at) > datetime('now')", (key,))
""",
    "app/analytics.ts": """import { createClient } from "@clickhouse/client";

const clickhouse = createClient();
export const events = (id: string) =>
  clickhouse.query({ query: `select uniq(user_id), toStartOfDay(at) from events final where site = {id:String}` });
""",
    "app/fragments.ts": """import postgres from "postgres";

const sql = postgres();
const recent = sql`and placed_on > now() - interval '7 days'`;

export const find = (id: string, newest: boolean, table: string, row: { note: string }) => [
  sql`select id from orders where note = ${id} ${newest ? recent : sql``}`,
  sql`select * from ${sql(table)} where note = ${id}`,
  sql`update orders set ${sql(row, "note")} where id = 1`,
  sql`insert into customers ${sql(row)}`,
];
export const numbers = Array.from(new Set([1]));
""",
    "app/strings.go": """package shop

import "fmt"

const usage = "select a command from the list"

func table(name string) string {
	return fmt.Sprintf("select id from %s where id = $1", name)
}
""",
    "app/reports.sql": "-- name: Totals :many\nselect c.name, sum(o.total) from customers c"
    " join orders o on o.customer_id = c.id group by c.name;\n",
    "app/migrations_in_code.py": """from alembic import op


def upgrade() -> None:
    op.execute("update clients set mail = lower(mail)")
""",
    "app/test_orders.py": """import psycopg


def test_it(connection: psycopg.Connection) -> None:
    connection.execute("select nothing from nowhere")
""",
}
"""What looks wrong and is not, or cannot be known."""


def files(*, wrong: bool) -> dict[str, str]:
    """Return the project: with every mistake in it, or right."""
    found = dict(MIGRATIONS)
    for number, case in enumerate(CASES):
        ending, frame = FRAMES[case.language]
        statement = case.wrong if wrong else case.right
        found[f"app/case_{number:02}.{ending}"] = frame.replace("@", statement)
    return found if wrong else found | TRAPS
