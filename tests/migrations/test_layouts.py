"""Each tool's directory is read as that tool reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgproof.migrations.discover import discover, read_directory
from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.layout import Rows, Transaction
from pgproof.migrations.layouts import layouts
from pgproof.project.keys import layout_names
from tests.migrations.repository import debris, names, versions, write


def the(root: Path) -> MigrationDirectory:
    """Return the only directory that is found, which is read the same when it is named."""
    (directory,) = discover(root)
    assert read_directory(root, directory.path) == directory
    assert read_directory(root, directory.path, directory.layout) == directory
    return directory


def applied(file: MigrationFile) -> str:
    """Return what is applied of a file, without the blanked lines."""
    return "\n".join(line for line in file.text.splitlines() if line.strip())


def test_layouts_are_named_as_their_files() -> None:
    assert tuple(sorted(layouts())) == layout_names()


def test_supabase_takes_digits_an_underscore_and_the_order_of_names(tmp_path: Path) -> None:
    write(
        tmp_path / "apps/web",
        [
            "supabase/migrations/20240101000000_users.sql",
            "supabase/migrations/20240102000000_x.down.sql",
            "supabase/migrations/9_late.sql",
            "supabase/migrations/10_early.sql",
            "supabase/migrations/manual.sql",
            "supabase/migrations/001-hyphen.sql",
            "supabase/migrations/20250721135628-98c6f79b-dd29-476c-a406-ccec66102ef9.sql",
            "supabase/seed.sql",
            "supabase/tests/001_test.sql",
            "supabase/schemas/01_tables.sql",
            "supabase/schemas/02_views.sql",
        ],
    )
    directory = the(tmp_path)
    assert (directory.path, directory.layout) == ("apps/web/supabase/migrations", "supabase")
    assert versions(directory) == ["10", "20240101000000", "20240102000000", "20250721135628", "9"]
    assert directory.files[2].name == "x.down"
    assert debris(directory) == {"001-hyphen.sql": "loose SQL", "manual.sql": "loose SQL"}


def test_supabase_skips_the_first_file_that_old_versions_of_the_cli_wrote(tmp_path: Path) -> None:
    write(tmp_path, ["supabase/migrations/20210101000000_init.sql", "supabase/migrations/20220101000000_init.sql"])
    directory = the(tmp_path)
    assert versions(directory) == ["20220101000000"]
    assert list(debris(directory)) == ["20210101000000_init.sql"]


def test_numbered_files_go_by_their_numbers(tmp_path: Path) -> None:
    files = ["10_d", "2_c", "001_a", "001a_b", "20240101_f", "v11_e"]
    write(tmp_path, [f"db/migrations/{name}.sql" for name in files])
    directory = the(tmp_path)
    assert directory.layout == "numbered"
    assert [file.name for file in directory.files] == list("abcdef")
    assert versions(directory) == ["001", "001a", "2", "10", "11", "20240101"]


@pytest.mark.parametrize(
    ("name", "version", "title"),
    [
        ("0001_users", "0001", "users"),
        ("0001-users", "0001", "users"),
        ("0001", "0001", ""),
        ("0001.users", "0001", "users"),
        ("0001_2fa_tokens", "0001", "2fa_tokens"),
        ("2024-01-31_users", "2024-01-31", "users"),
        ("2024-01-31-120000_users", "2024-01-31-120000", "users"),
        ("202401311200_users", "202401311200", "users"),
        ("1.2.3_users", "1.2.3", "users"),
        ("03.04.00_02_users", "03.04.00_02", "users"),
        ("migration_007_users", "007", "users"),
        ("V7_users", "7", "users"),
        ("007b_users", "007b", "users"),
    ],
)
def test_the_number_of_a_name_is_read(tmp_path: Path, name: str, version: str, title: str) -> None:
    write(tmp_path, [f"migrations/{name}.sql"])
    (file,) = the(tmp_path).files
    assert (file.version, file.name) == (version, title)


def test_what_lies_beside_numbered_files_is_listed_as_what_it_is(tmp_path: Path) -> None:
    write(
        tmp_path,
        [
            "migrations/0001_users.sql",
            "migrations/0001_users.down.sql",
            "migrations/0002_orders.sql",
            "migrations/0002_orders_rollback.sql",
            "migrations/0003_drop_down_menu.sql",
            "migrations/0003_other.sql",
            "migrations/0004_rollback_of_a_feature.sql",
            "migrations/0005_new.sql.bak",
            "migrations/0006_x.mysql.sql",
            "migrations/seed.sql",
            "migrations/fix_users.sql",
            "migrations/rollback/0001_users.sql",
            "migrations/archive/0000_old.sql",
            "migrations/archive/0001_old.sql",
            "migrations/README.md",
        ],
    )
    (tmp_path / "migrations/users_test.sql").write_text("select plan(1);")
    (tmp_path / "migrations/legacy.sql").write_text("create table `t` (id int auto_increment) engine=InnoDB;")
    directory = the(tmp_path)
    assert versions(directory) == ["0001", "0002", "0003", "0003", "0004"]
    assert debris(directory) == {
        "0001_users.down.sql": "rollback script",
        "0002_orders_rollback.sql": "rollback script",
        "0005_new.sql.bak": "set aside",
        "0006_x.mysql.sql": "loose SQL",
        "archive": "set aside (2 files)",
        "fix_users.sql": "loose SQL",
        "legacy.sql": "MySQL script",
        "rollback": "rollback scripts (1 file)",
        "seed.sql": "seed",
        "users_test.sql": "test",
    }


@pytest.mark.parametrize(
    "marker", ["-- Down", "-- down", "-- DOWN MIGRATION", "--- !Downs", "-- @DOWN", "# --- !Downs"]
)
def test_a_down_section_of_a_numbered_file_is_never_applied(tmp_path: Path, marker: str) -> None:
    up = marker.replace("Down", "Up").replace("DOWN", "UP").replace("down", "up")
    write(tmp_path, {"migrations/1_a.sql": f"{up}\ncreate table a ();\n{marker}\ndrop table a;\n"})
    (file,) = the(tmp_path).files
    assert "create table a" in file.text
    assert "drop" not in file.text
    write(tmp_path, {"migrations/1_a.sql": f"create table a ();\n{marker}\ndrop table a;\n"})
    assert applied(the(tmp_path).files[0]) == "create table a ();"


@pytest.mark.parametrize(
    "comment", ["-- set up the tables", "-- tear down the old ones", "-- down to the last", "-- upgrade"]
)
def test_a_comment_is_no_section(tmp_path: Path, comment: str) -> None:
    text = f"create table a ();\n{comment}\ncreate table b ();\n"
    write(tmp_path, {"migrations/1_a.sql": text})
    assert the(tmp_path).files[0].text == text


@pytest.mark.parametrize("directory", ["supabase/migrations", "migrations"])
@pytest.mark.parametrize(
    ("text", "transactional"),
    [
        ("create index i on t (a);", True),
        ("-- never concurrently\ncreate index i on t (a);", True),
        ("create unique index\n  concurrently i on t (a);", False),
        ("select 1;\n  DROP INDEX CONCURRENTLY i;", False),
        ("reindex index concurrently i;", False),
        ("vacuum t;", False),
    ],
)
def test_a_file_that_cannot_run_in_a_transaction_does_not(
    tmp_path: Path, directory: str, text: str, transactional: bool
) -> None:
    write(tmp_path, {f"{directory}/1_a.sql": text})
    assert the(tmp_path).files[0].transactional is transactional


def test_a_new_value_of_a_type_may_be_used_at_once_where_the_tool_is_unknown(tmp_path: Path) -> None:
    text = "alter type t add value 'x';\nalter table u alter c set default 'x';"
    write(tmp_path, {"migrations/1_a.sql": text})
    assert the(tmp_path).files[0].transactional is False
    assert read_directory(tmp_path, "migrations", "supabase").files[0].transactional is True


def test_golang_migrate(tmp_path: Path) -> None:
    write(tmp_path, [f"migrations/{name}.sql" for name in ("000010_b.up", "000010_b.down", "2_a.up", "2_a.down", "x")])
    directory = the(tmp_path)
    assert (directory.layout, versions(directory), names(directory)) == (
        "golang_migrate",
        ["2", "10"],
        ["2_a.up.sql", "000010_b.up.sql"],
    )
    assert debris(directory) == {
        "000010_b.down.sql": "rollback script",
        "2_a.down.sql": "rollback script",
        "x.sql": "loose SQL",
    }
    layout = layouts()["golang_migrate"]
    assert layout.transaction is Transaction.QUERY
    assert layout.history is not None
    assert layout.history.rows is Rows.LAST


def test_a_file_with_branches_for_several_databases_is_no_sql_yet(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "db/1_a.up.sql": "create table a (b int);\n{{if .mysql}}set @x = 1;{{else}}select 1;{{end}}",
            "db/2_b.up.sql": "insert into m values ('{{if a}}'); -- {{if x}}\ndo $$ begin /* {{end}} */ end $$;",
            "db/3_c.up.sql": "create table c (b int);\n{% if postgres %}select 1;{% endif %}",
        },
    )
    assert [bool(file.code) for file in the(tmp_path).files] == [True, False, True]


def test_what_looks_like_golang_migrate_and_is_a_loop_over_all_files(tmp_path: Path) -> None:
    later = [f"a/migrations/{name}.sql" for name in ("1_a.up", "2_b.up", "3_c", "4_d", "5_e.up")]
    directory = the(write(tmp_path / "later", later))
    assert (directory.layout, versions(directory)) == ("numbered", ["1", "2", "3", "4", "5"])
    write(tmp_path / "maragu", {"go.mod": "require (\n\tmaragu.dev/migrate v0.5.0\n)\n"})
    named = [f"migrations/{name}.sql" for name in ("1_a.up", "1_b.up", "1_b.down", "2_c_up", "2_c_down")]
    directory = the(write(tmp_path / "maragu", named))
    assert (directory.layout, names(directory)) == ("numbered", ["1_a.up.sql", "1_b.up.sql", "2_c_up.sql"])


def test_sqlx(tmp_path: Path) -> None:
    files = {
        "server/Cargo.toml": '[dependencies]\nsqlx = "0.8"\n',
        "server/migrations/2_b.up.sql": "-- no-transaction\ncreate index concurrently i on t (a);",
        "server/migrations/2_b.down.sql": "drop index i;",
        "server/migrations/10_c.sql": "select 1;",
    }
    directory = the(write(tmp_path, files))
    assert (directory.layout, versions(directory)) == ("sqlx", ["2", "10"])
    assert [file.transactional for file in directory.files] == [False, True]
    assert debris(directory) == {"2_b.down.sql": "rollback script"}


def test_dbmate(tmp_path: Path) -> None:
    up = "-- migrate:up\ncreate table a (b int);\n\n-- migrate:down\ndrop table a;\n"
    write(
        tmp_path,
        {
            "db/migrations/20240101_a.sql": up,
            "db/migrations/20240102_b.sql": "-- x\n-- migrate:up transaction:false\nselect 1;\n-- migrate:down\n",
            "db/migrations/20240103_c.sql": "create table c ();",
        },
    )
    first, second, third = the(tmp_path).files
    assert the(tmp_path).layout == "dbmate"
    assert first.text.startswith("-- migrate:up\ncreate table a (b int);\n\n  ")
    assert len(first.text) == len(up)
    assert first.text.count("\n") == up.count("\n")
    assert "drop" not in first.text
    assert (first.transactional, second.transactional) == (True, False)
    assert third.problem == "dbmate refuses it: it has no '-- migrate:up' section"


def test_tern(tmp_path: Path) -> None:
    line = "---- create above / drop below ----"
    write(
        tmp_path,
        {
            "db/010_b.sql": f"---- tern: disable-tx ----\ncreate index concurrently c on a (b);\n{line}\ndrop index c;",
            "db/002_a.sql": f"create table a (b int);\n\n{line}\n\ndrop table a;\n",
            "db/011_c.sql": "create table {{.prefix}}_c ();",
            "db/tern.conf": "[database]",
        },
    )
    directory = the(tmp_path)
    assert (directory.layout, versions(directory)) == ("tern", ["2", "10", "11"])
    assert directory.files[0].text.strip() == "create table a (b int);"
    assert [file.transactional for file in directory.files[:2]] == [True, False]
    assert directory.files[2].code


def test_darwin(tmp_path: Path) -> None:
    one = "-- Version: 1.1\n-- Description: Create table a\ncreate table a (b int)\n\n"
    two = "-- Version: 1.02\n-- Description: Add a view\ncreate view c as select b from a\n\n"
    write(tmp_path, {"sql/migrate.sql": two + one, "sql/seed.sql": "insert into a values (1);"})
    directory = the(tmp_path)
    assert (directory.layout, versions(directory)) == ("darwin", ["1.02", "1.1"])
    assert [(file.name, file.line) for file in directory.files] == [("Add a view", 1), ("Create table a", 5)]
    assert directory.files[1].text.splitlines()[6] == "create table a (b int)"
    assert "view" not in directory.files[1].text


def test_goose(tmp_path: Path) -> None:
    begin, end = "-- +goose StatementBegin\n", "-- +goose StatementEnd\n"
    text = f"-- +goose Up\n{begin}create table a ();\n{end}-- +goose Down\ndrop table a;"
    write(
        tmp_path,
        {
            "migrations/00010_b.sql": "-- +goose NO TRANSACTION\n-- +goose Up\nselect 1;",
            "migrations/2_a.sql": text,
            "migrations/3_code.go": "package migrations",
            "migrations/3_code_test.go": "package migrations",
        },
    )
    directory = the(tmp_path)
    assert (directory.layout, versions(directory)) == ("goose", ["2", "3", "10"])
    assert "drop" not in directory.files[0].text
    assert "in Go" in directory.files[1].problem
    assert [file.code for file in directory.files] == [False, True, False]
    assert directory.files[2].transactional is False


def test_sql_migrate(tmp_path: Path) -> None:
    text = "-- +migrate Up\ncreate table a ();\n\n-- +migrate Down\ndrop table a;\n"
    other = "-- +migrate Up notransaction\nselect 1;\n"
    write(tmp_path, {"migrations/10_b.sql": text, "migrations/2_a.sql": other, "migrations/extra.sql": text})
    directory = the(tmp_path)
    assert (directory.layout, versions(directory)) == ("sql_migrate", ["2_a.sql", "10_b.sql", "extra.sql"])
    assert [file.transactional for file in directory.files] == [False, True, True]
    assert applied(directory.files[1]) == "-- +migrate Up\ncreate table a ();"


def test_node_pg_migrate(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "migrations/1700000000000_a.sql": "-- Up Migration\ncreate table a ();\n-- Down Migration\ndrop table a;",
            "migrations/1700000000001_b.js": "exports.up = () => {}",
        },
    )
    directory = the(tmp_path)
    assert (directory.layout, versions(directory)) == ("node_pg_migrate", ["1700000000000_a", "1700000000001_b"])
    assert applied(directory.files[0]) == "-- Up Migration\ncreate table a ();"
    assert "JavaScript" in directory.files[1].problem


def test_flyway(tmp_path: Path) -> None:
    files = ["V1_10__c", "V1.2__b", "V1__a", "R__views", "U1__a", "v1/V2__d", "notes"]
    write(tmp_path, [f"src/main/resources/db/migration/{name}.sql" for name in files])
    directory = the(tmp_path)
    assert directory.layout == "flyway"
    assert versions(directory) == ["1", "1.2", "1.10", "2", "R__views.sql"]
    assert debris(directory) == {"U1__a.sql": "loose SQL", "notes.sql": "loose SQL"}
    history = layouts()["flyway"].history
    assert history is not None
    assert history.spellings(directory.files[3]) == {"2"}
    assert "R__views.sql" in history.spellings(directory.files[4])


def test_a_baseline_of_flyways_replaces_what_is_no_longer_there(tmp_path: Path) -> None:
    """Flyway 9.22.3 gives a new database B3, then V4."""
    names = ["B2__old", "B3__base", "V4__d"]
    write(tmp_path, [f"sql/{name}.sql" for name in names])
    assert versions(the(tmp_path)) == ["3", "4"]
    write(tmp_path, [f"sql/{name}.sql" for name in ("V1__a", "V3__c")])
    directory = the(tmp_path)
    assert versions(directory) == ["1", "3", "4"]
    assert debris(directory) == dict.fromkeys(("B2__old.sql", "B3__base.sql"), "baseline of a new database")


def test_prisma(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
            "prisma/migrations/20240102000000_b/migration.sql": "select 2;",
            "prisma/migrations/20240101000000_a.sql/migration.sql": "select 1;",
            "prisma/migrations/20240101000000_a.sql/down.sql": "select 0;",
        },
    )
    directory = the(tmp_path)
    assert (directory.layout, directory.dialect) == ("prisma", "")
    assert versions(directory) == ["20240101000000_a.sql", "20240102000000_b"]
    assert debris(directory) == {"20240101000000_a.sql/down.sql": "rollback script"}
    write(tmp_path, {"prisma/migrations/migration_lock.toml": 'provider = "mysql"\n'})
    assert the(tmp_path).dialect == "MySQL"


def test_drizzle_applies_what_its_journal_lists(tmp_path: Path) -> None:
    entries = [
        {"idx": 0, "when": 1700000000000, "tag": "0000_b"},
        {"idx": 1, "when": 1700000000001, "tag": "0001_gone"},
    ]
    text = "CREATE TABLE a ();\n--> statement-breakpoint\nCREATE TABLE b ()\n--> statement-breakpoint\nselect 1"
    write(
        tmp_path,
        {
            "drizzle/meta/_journal.json": json.dumps({"dialect": "postgresql", "entries": entries}),
            "drizzle/0000_b.sql": text,
            "drizzle/0002_by_hand.sql": "select 1;",
        },
    )
    directory = the(tmp_path)
    assert (directory.layout, versions(directory)) == ("drizzle", ["1700000000000", "1700000000001"])
    assert directory.files[0].text == text.replace("b ()\n--> statement-breakpoint", "b ()\n;" + " " * 23)
    assert "no such file" in directory.files[1].problem
    assert debris(directory) == {"0002_by_hand.sql": "loose SQL"}


@pytest.mark.parametrize("journal", ["", "[]", "{", '{"entries": 1}', '{"entries": [1]}', "[" * 10_000])
def test_a_broken_journal_is_said(tmp_path: Path, journal: str) -> None:
    write(tmp_path, {"drizzle/meta/_journal.json": journal, "drizzle/0000_b.sql": "select 1;"})
    (file,) = the(tmp_path).files
    assert (file.path, file.problem) == ("drizzle/meta/_journal.json", "it is no journal of Drizzle Kit")


def test_drizzle_without_a_journal(tmp_path: Path) -> None:
    write(tmp_path, ["drizzle/20240101000000_a/migration.sql", "drizzle/20240101000000_a/snapshot.json"])
    directory = the(tmp_path)
    assert (directory.layout, versions(directory)) == ("drizzle", ["1704067200000"])


def test_diesel(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "migrations/2024-01-02-000000_b/up.sql": "select 2;",
            "migrations/2024-01-02-000000_b/down.sql": "select 0;",
            "migrations/2024-01-02-000000_b/metadata.toml": "run_in_transaction = false\n",
            "migrations/00000000000000_diesel_initial_setup/up.sql": "select 1;",
        },
    )
    directory = the(tmp_path)
    assert (directory.layout, versions(directory)) == ("diesel", ["00000000000000", "20240102000000"])
    assert [file.transactional for file in directory.files] == [True, False]
    assert debris(directory) == {"2024-01-02-000000_b/down.sql": "rollback script"}


def test_diesel_compares_versions_as_texts_without_hyphens(tmp_path: Path) -> None:
    folders = [
        "20140924113530_a",
        "2017-08-31-230457_b",
        "2019-04-19_c",
        "2026-06-17-094708-0000_d",
        "2026-06-26-100902_e",
    ]
    write(tmp_path, [f"migrations/{folder}/up.sql" for folder in reversed(folders)])
    assert [file.name for file in the(tmp_path).files] == list("abcde")


def test_hasura_counts(tmp_path: Path) -> None:
    write(tmp_path, [f"migrations/{folder}/up.sql" for folder in ("10_c", "2_b", "1_a")])
    assert [file.name for file in the(tmp_path).files] == list("abc")


def test_pop_takes_the_files_of_its_own_system_first(tmp_path: Path) -> None:
    write(
        tmp_path,
        [
            "migrations/20200101000000_a.up.sql",
            "migrations/20200101000000_a.down.sql",
            "migrations/20200101000000_a.mysql.up.sql",
            "migrations/20200102000000_b.up.sql",
            "migrations/20200102000000_b.postgres.up.sql",
            "migrations/20200102000000_b.postgres.down.sql",
            "migrations/20200102000000_b.sqlite3.up.sql",
            "migrations/20200103000000_c.autocommit.up.sql",
            "migrations/20200104000000_d.cockroach.up.sql",
            "migrations/20200104000000_d.postgres.autocommit.up.sql",
            "migrations/20200105000000_e.up.fizz",
            "migrations/notes.sql",
        ],
    )
    directory = the(tmp_path)
    assert directory.layout == "pop"
    assert names(directory) == [
        "20200101000000_a.up.sql",
        "20200102000000_b.postgres.up.sql",
        "20200103000000_c.autocommit.up.sql",
        "20200104000000_d.postgres.autocommit.up.sql",
        "20200105000000_e.up.fizz",
    ]
    assert versions(directory)[0] == "20200101000000"
    assert [file.transactional for file in directory.files] == [True, True, False, False, True]
    assert [file.code for file in directory.files] == [False] * 4 + [True]
    assert debris(directory) == {"notes.sql": "loose SQL"}


def test_flyway_runs_what_refuses_a_transaction_outside_of_one(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "db/migration/V1__a.sql": "create table a (id int);",
            "db/migration/V2__b.sql": "create index concurrently on a (id);",
            "db/migration/V3__c.sql": "select 1;",
            "db/migration/V3__c.sql.conf": "executeInTransaction=false\n",
            "db/migration/V4__d.java": "class V4__d {}",
        },
    )
    directory = the(tmp_path)
    assert [file.transactional for file in directory.files] == [True, False, False, True]
    assert [file.code for file in directory.files] == [False, False, False, True]


@pytest.mark.parametrize(
    ("text", "transactional"),
    [
        ("do $$ begin perform 1; commit; end $$;", False),
        ("do $do$\nbegin\n  for i in 1..2 loop\n    commit;\n  end loop;\nend\n$do$;", False),
        ("-- postgres-migrations disable-transaction\ncreate index concurrently on a (id);", False),
        ("create procedure p() language plpgsql as $$ begin commit; end $$;", True),
        ("do $$ begin perform 1; end $$; select 'commit;';", True),
        ("begin; create table a (id int); commit;", True),
    ],
)
def test_numbered_files_that_end_transactions_run_in_none(tmp_path: Path, text: str, transactional: bool) -> None:
    write(tmp_path, {"migrations/1_a.sql": text})
    assert [file.transactional for file in the(tmp_path).files] == [transactional]


def test_atlas(tmp_path: Path) -> None:
    write(tmp_path, {"migrations/atlas.sum": "h1:x=", "migrations/20240101_a.sql": "-- atlas:txmode none\n\nselect 1;"})
    directory = the(tmp_path)
    assert (directory.layout, versions(directory)) == ("atlas", ["20240101"])
    assert directory.files[0].transactional is False


def test_a_lone_script_called_migration_is_not_prismas(tmp_path: Path) -> None:
    write(tmp_path, ["sqlc/queries/migration.sql", "sqlc/migrations/000001_a.up.sql"])
    assert (the(tmp_path).layout, the(tmp_path).path) == ("golang_migrate", "sqlc/migrations")


def test_sqitch_follows_its_plan(tmp_path: Path) -> None:
    plan = (
        "%syntax-version=1.0.0\n%project=x\n%uri=https://example.org/\n\n"
        "users 2024-01-01T00:00:00Z A <a@example.org> # Adds users.\n"
        "orders/main [users] 2024-01-02T00:00:00Z A <a@example.org> # Adds orders.\n"
        "@v0.9 2024-01-02T12:00:00Z A <a@example.org> # Tags.\n"
        "@v1.0 2024-01-03T00:00:00Z A <a@example.org> # Tags.\n"
        "users [users@v1.0] 2024-01-04T00:00:00Z A <a@example.org> # Reworks.\n"
        "orders/main [orders/main@v0.9] 2024-01-05T00:00:00Z A <a@example.org> # Reworks.\n"
    )
    scripts = ["deploy/users.sql", "deploy/users@v1.0.sql", "deploy/orders/main.sql", "deploy/left.sql"]
    scripts.append("deploy/orders/main@v0.9.sql")
    write(write(tmp_path, [*scripts, "revert/users.sql", "verify/users.sql"]), {"sqitch.plan": plan})
    directory = the(tmp_path)
    assert (directory.layout, directory.path) == ("sqitch", ".")
    assert [file.path for file in directory.files] == [
        "deploy/users@v1.0.sql",
        "deploy/orders/main@v0.9.sql",
        "deploy/users.sql",
        "deploy/orders/main.sql",
    ]
    assert versions(directory) == ["users@v1.0", "orders/main@v0.9", "users", "orders/main"]
    assert [file.name for file in directory.files] == ["users", "orders/main", "users", "orders/main"]
    assert debris(directory) == {"deploy/left.sql": "not in the plan"}
    assert layouts()["sqitch"].transaction is Transaction.STATEMENT


def test_folders_of_releases(tmp_path: Path) -> None:
    write(tmp_path, ["migration/0.10/00__c.sql", "migration/0.9/01__b.sql", "migration/0.9/00__a.sql"])
    write(tmp_path, ["migration/LATEST.sql", "migration/0.9/notes.sql"])
    directory = the(tmp_path)
    assert (directory.layout, directory.path) == ("releases", "migration")
    assert versions(directory) == ["0.9/00", "0.9/01", "0.10/00"]
    assert debris(directory) == {"0.9/notes.sql": "loose SQL", "LATEST.sql": "loose SQL"}


def test_a_whole_schema_is_offered_where_there_are_no_migrations(tmp_path: Path) -> None:
    write(tmp_path, ["db/schema.sql", "db/seed.sql"])
    directory = the(tmp_path)
    assert (directory.layout, names(directory), debris(directory)) == ("schema", ["schema.sql"], {"seed.sql": "seed"})
    write(tmp_path, ["migrations/1_a.sql"])
    assert the(tmp_path).layout == "numbered"


def test_spellings_of_a_plain_history_table(tmp_path: Path) -> None:
    write(tmp_path, ["migrations/0007_users.sql"])
    history = layouts()["numbered"].history
    assert history is not None
    assert history.spellings(the(tmp_path).files[0]) == {"0007", "7", "users", "0007_users", "0007_users.sql"}


def test_a_file_that_is_no_text_keeps_its_place_and_says_why(tmp_path: Path) -> None:
    write(tmp_path, {"migrations/1_a.sql": b"select '\xe9';", "migrations/2_b.sql": "\ufeffselect 1;"})
    first, second = the(tmp_path).files
    assert (first.text, first.problem) == ("", "byte 0xE9 at line 1 is not UTF-8")
    assert "latin1" in first.way_out
    assert second.text == "select 1;"
    assert discover(tmp_path, "latin1")[0].files[0].text == "select 'é';"


def test_yoyo_applies_what_a_migration_depends_on_first(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "db/migrations/0001_note.sql": "-- depends: 0003_first\ncreate table note (id int);",
            "db/migrations/0001_note.rollback.sql": "drop table note;",
            "db/migrations/0002_code.py": "from yoyo import step\nsteps = [step('select 1')]",
            "db/migrations/0003_first.sql": "-- depends:\n-- transactional: false\ncreate table first (id int);",
            "db/migrations/helper.py": "x = 1",
            "db/migrations/post-apply.sql": "select 1;",
        },
    )
    directory = the(tmp_path)
    assert directory.layout == "yoyo"
    assert versions(directory) == ["0003_first", "0001_note", "0002_code"]
    assert [file.transactional for file in directory.files] == [False, True, True]
    assert [file.code for file in directory.files] == [False, False, True]
    assert debris(directory) == {"0001_note.rollback.sql": "rollback script", "post-apply.sql": "loose SQL"}
    history = layouts()["yoyo"].history
    assert history
    assert (history.tables, history.version) == ((("public", "_yoyo_migration"),), ("migration_id",))


def test_yoyos_configuration_names_its_folder(tmp_path: Path) -> None:
    write(tmp_path, {"yoyo.ini": "[DEFAULT]\nsources = ./db/steps/\n", "db/steps/1.note.sql": "select 1;"})
    assert (the(tmp_path).layout, versions(the(tmp_path))) == ("yoyo", ["1.note"])


def test_yoyo_migrations_that_depend_on_each_other_stay_in_the_order_of_their_names(tmp_path: Path) -> None:
    write(tmp_path, {f"migrations/{a}.sql": f"-- depends: {b}\nselect 1;" for a, b in (("1_a", "2_b"), ("2_b", "1_a"))})
    assert sorted(versions(the(tmp_path))) == ["1_a", "2_b"]


CHANGESETS = """--liquibase formatted sql

--changeset anna:1 splitStatements:false endDelimiter://
--comment: two statements
create table note (id int) //
--rollback drop table note;

--changeset bert:"two words" dbms:mysql
create table only_there (id int);

-- changeset bert:3 dbms:!mysql,oracle runInTransaction:false
create table tag (id int);
/* liquibase rollback
drop table tag;
*/
"""


def test_liquibase_runs_the_changesets_for_postgresql(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "db/changelog/10-tag.sql": CHANGESETS,
            "db/changelog/2-note.sql": "--liquibase formatted sql\n--changeset a:1\ncreate table first (id int);",
            "db/changelog/seed.sql": "insert into note values (1);",
        },
    )
    directory = the(tmp_path)
    assert directory.layout == "liquibase"
    assert versions(directory) == ["2-note.sql", "10-tag.sql::1::anna", "10-tag.sql::3::bert"]
    first, second = (file.text for file in directory.files[1:])
    assert len(second.splitlines()) == len(CHANGESETS.splitlines())
    assert "create table note (id int) ; " in first
    assert "only_there" not in first + second
    assert "create table tag" in second
    assert "create table tag" not in first
    assert [file.transactional for file in directory.files] == [True, True, False]
    assert debris(directory) == {"seed.sql": "seed"}


def test_liquibase_takes_the_order_of_its_changelog(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "db/changelog/master.yaml": "databaseChangeLog:\n  - include:\n      file: sql/b.sql\n  - include:\n"
            "      file: sql/a.sql\n",
            "db/changelog/a.sql": "--liquibase formatted sql\n--changeset a:1\nselect 1;",
            "db/changelog/b.sql": "--liquibase formatted sql\n--changeset a:2\nselect 1;",
        },
    )
    assert versions(the(tmp_path)) == ["b.sql", "a.sql"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pagila-schema.sql", "create table a (id int);"),
        ("sql/postgres.initial.sql", "create table a (id int);"),
        ("northwind.sql", "--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE a (id int);\nCREATE TABLE b (id int);"),
    ],
)
def test_a_whole_schema_under_another_name(tmp_path: Path, path: str, text: str) -> None:
    write(
        tmp_path,
        {path: text, "sql/mysql.initial.sql": "create table a (id int);", "data.sql": "insert into a values (1);"},
    )
    assert (the(tmp_path).layout, [file.path for file in the(tmp_path).files]) == ("schema", [path])


def test_a_schema_that_some_program_fills_in_is_none(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "ddl/cdm_5.4_ddl.sql": "CREATE TABLE @cdmSchema.person (id int);",
            "app_schema.sql": "create table {{ p }}a ();",
        },
    )
    assert discover(tmp_path) == []


def test_upgrades_of_a_schema_that_is_kept_beside_them(tmp_path: Path) -> None:
    schema = {"sql/schema.sql": "create table a (id int, b int); create table c (id int);"}
    upgrades = {"sql/upgrades/1.1.sql": "alter table a add b int;", "sql/upgrades/1.2.sql": "create table c (id int);"}
    first, second = discover(write(tmp_path, {**schema, **upgrades}))
    assert (first.layout, second.layout) == ("schema", "numbered")
    write(tmp_path, {"sql/upgrades/1.0.sql": "create table a (id int);"})
    (only,) = discover(tmp_path)
    assert (only.layout, len(only.files)) == ("numbered", 3)


def test_of_several_schemas_the_longest_comes_first(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"cmd/db-migrate/a_schema.sql": "create table a (id int);", "pg/schema.sql": "create table b (id int, c int);"},
    )
    assert [one.path for one in discover(tmp_path)] == ["pg", "cmd/db-migrate"]


def test_folders_with_a_plain_number(tmp_path: Path) -> None:
    write(
        tmp_path,
        ["pg/0/01_a.up.sql", "pg/0/01_a.down.sql", "pg/2/01_b.up.sql", "pg/10/01_c.up.sql", "pg/10/02_d.up.sql"],
    )
    assert (the(tmp_path).layout, versions(the(tmp_path))) == ("releases", ["0/01", "2/01", "10/01", "10/02"])


def test_the_same_files_for_each_server_are_no_releases(tmp_path: Path) -> None:
    write(tmp_path, {f"sql/{major}/0{n}_a.sql": "create table a ();" for major in (14, 15, 16) for n in (1, 2)})
    assert {one.layout for one in discover(tmp_path)} == {"numbered"}


def test_a_script_that_includes_the_parts_of_the_schema(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"sql/init.sql": "\\ir data/schema.sql\n\\ir api/schema.sql\n", "sql/data/schema.sql": "create table a ();"},
    )
    write(tmp_path, {"sql/api/schema.sql": "create view v as select 1 from a;"})
    assert [one.path for one in discover(tmp_path)] == ["sql", "sql/api", "sql/data"]


def test_what_a_numbered_file_includes_is_a_part_of_it(tmp_path: Path) -> None:
    write(tmp_path, {"init/0-main.sql": "\\i './1-a.sql'\n\\i 2-b.sql\n", "init/1-a.sql": "create table a ();"})
    write(tmp_path, {"init/2-b.sql": "create table b ();", "init/3-c.sql": "create table c ();"})
    assert (the(tmp_path).layout, names(the(tmp_path))) == ("numbered", ["0-main.sql", "3-c.sql"])


def test_a_list_in_code_says_which_of_two_files_is_run(tmp_path: Path) -> None:
    files = [f"app/sql/{number:04}-step.sql" for number in range(1, 6)]
    write(tmp_path, [*files, "app/sql/0005-again.sql"])
    assert len(the(tmp_path).files) == 6
    write(tmp_path, {"app/run.clj": "\n".join(f'(resource "{file}")' for file in files).replace("app/sql/", "")})
    assert versions(the(tmp_path)) == ["0001", "0002", "0003", "0004", "0005"]
    assert debris(the(tmp_path)) == {"0005-again.sql": "not in the list of app/run.clj"}


def test_a_program_between_numbered_files_is_one_of_them(tmp_path: Path) -> None:
    write(tmp_path, ["initdb/01.sql", "initdb/02-load.sh", "initdb/03.sql", "initdb/03.sh", "initdb/notes.py"])
    assert [(file.version, file.code) for file in the(tmp_path).files] == [("01", False), ("02", True), ("03", False)]
