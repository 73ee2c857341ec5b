"""Several databases in one repository: each replayed by itself, with the code that works with it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pgproof.evidence.directories import Directories
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.judge.baseline import Baseline, Baselined
from pgproof.judge.result import Result, Verdict
from pgproof.model.errors import UsageError
from pgproof.project.config import Config, read_config
from pgproof.reports import render
from pgproof.reports.view import View
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase
from tests.migrations.repository import write

ORDERS = "create table orders (id bigserial primary key, note text);"
USERS = "create table users (id bigserial primary key, name text);"
CLIENT = 'import pg from "pg";\nconst db = new pg.Pool();\nexport const run = () => db.query("%s");\n'


def code(sql: str) -> str:
    return CLIENT % sql


SERVICES = {
    "services/orders/package.json": '{"name": "orders"}',
    "services/orders/migrations/0001_orders.sql": ORDERS,
    "services/orders/migrations/0002_total.sql": "alter table orders add total numeric;",
    "services/orders/src/a.ts": code("select note, total from orders"),
    "services/users/package.json": '{"name": "users"}',
    "services/users/migrations/0001_users.sql": USERS,
    "services/users/src/b.ts": code("select name from users"),
}


def run(root: Path, files: dict[str, str], *select: str, config: Config | None = None) -> Result:
    write(root, files)
    return check(Settings(root, config or Config(server=18)), select or ("MIG", "COD2"))


def databases(root: Path, files: dict[str, str]) -> list[str]:
    write(root, files)
    with Evidence(Settings(root, Config())) as evidence:
        found = evidence.get(Directories)
        assert isinstance(found, Directories)
        return [found.places[path] for path in found.databases]


def test_each_is_replayed_and_its_code_is_prepared_on_it(tmp_path: Path) -> None:
    broken = {
        "services/users/src/b.ts": code("select email from users"),
        "services/users/migrations/0002_bad.sql": "create index on users (nmae);",
    }
    result = run(tmp_path, SERVICES | broken)
    assert [(one.code, one.database) for one in result.findings] == [
        ("COD202", "services/users"),
        ("MIG103", "services/users"),
    ]
    assert [(one.name, one.verdict) for one in result.databases] == [
        ("services/orders", Verdict.GO),
        ("services/users", Verdict.NO_GO),
    ]
    assert (result.verdict, result.scope) == (
        Verdict.NO_GO,
        "2 databases; repository only: nothing was compared with a database",
    )
    assert result.introduction[0].startswith("found 2 databases: services/orders/migrations (numbered, 2 files), ")
    text = render("text", result, View())
    assert "  GO         services/orders  services/orders/migrations (numbered, 2 files) · no findings\n" in text
    assert "  NO-GO      services/users   services/users/migrations (numbered, 2 files) · 2 errors\n" in text


def test_one_whose_base_is_missing_leaves_the_others_decided(tmp_path: Path) -> None:
    result = run(tmp_path, SERVICES | {"services/users/migrations/0001_users.sql": "alter table people add x jsonb;"})
    assert [one.verdict for one in result.databases] == [Verdict.GO, Verdict.UNDECIDED]
    assert result.verdict is Verdict.UNDECIDED
    assert {gap.database for gap in result.gaps if gap.blocking} == {"services/users"}


def test_two_findings_of_one_name_are_two(tmp_path: Path) -> None:
    same = "create table item (id bigserial primary key, at timestamptz); create table item (id int);"
    files = {
        "services/a/package.json": "{}",
        "services/a/migrations/0001_a.sql": same,
        "services/b/package.json": "{}",
        "services/b/migrations/0001_b.sql": same + "\n-- b\n" + USERS,
    }
    result = run(tmp_path, files)
    assert [(one.code, one.database) for one in result.findings] == [
        ("MIG103", "services/a"),
        ("MIG103", "services/b"),
    ]
    assert len({one.fingerprint for one in result.findings}) == 2


def test_the_baseline_and_the_ignores_are_of_all(tmp_path: Path) -> None:
    bad = "create index on {} (nmae);\n"
    files = SERVICES | {
        "services/orders/migrations/0003_bad.sql": bad.format("orders"),
        "services/users/migrations/0002_bad.sql": "-- pgproof:ignore MIG103 known\n" + bad.format("users"),
    }
    write(tmp_path, files)
    settings = Settings(tmp_path, Config(server=18))
    kept = Baselined(Baseline("pgproof-baseline.json"))
    first = check(settings, ("MIG103",), baseline=kept)
    assert [one.database for one in first.findings] == ["services/orders"]
    assert [one.finding.database for one in first.suppressed] == ["services/users"]
    assert not first.stale
    second = check(settings, ("MIG103",), baseline=Baselined(kept.remaining(accept_new=True)))
    assert not second.findings
    assert not second.stale
    assert [one.verdict for one in second.databases] == [Verdict.GO, Verdict.GO]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ["services/orders", "services/users"]),
        ({"services/users/migrations/0001_users.sql": "create table users (id integer);"}, ["services/orders"]),
        ({"examples/users/migrations/0001_x.sql": "create table x (id uuid);"}, ["services/orders", "services/users"]),
        ({"services/users/migrations/0002_x.sql": "alter table orders add x int;"}, ["services/orders"]),
        (
            {"services/users2/package.json": "{}", "services/users2/migrations/0001_users.sql": USERS},
            ["services/orders", "services/users"],
        ),
        (
            {"services/users/supabase/migrations/20250101000000_a.sql": "create table a (id uuid);"},
            ["services/users", "services/orders"],
        ),
        (
            {"services/users/migrations/0001_users.sql": "CREATE TABLE `users` (`id` int) ENGINE=InnoDB;"},
            ["services/orders"],
        ),
        ({"db/migrations/0001_x.sql": "create table x (a jsonb);"}, ["services/orders", "services/users"]),
    ],
)  # fmt: skip
def test_what_is_a_database_of_its_own(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert databases(tmp_path, SERVICES | files) == expected


def test_modules_of_one_program_share_its_database(tmp_path: Path) -> None:
    files = {
        "go.mod": "module shop\n",
        "internal/orders/migrations/0001_orders.sql": ORDERS,
        "internal/users/migrations/0001_users.sql": USERS,
    }
    assert databases(tmp_path, files) == [""]


def test_code_of_no_service_goes_where_its_package_depends_on(tmp_path: Path) -> None:
    files = SERVICES | {
        "services/orders/package.json": '{"name": "@shop/orders"}',
        "libs/api/package.json": json.dumps({"name": "@shop/api", "dependencies": {"@shop/orders": "workspace:*"}}),
        "apps/web/package.json": json.dumps({"name": "web", "dependencies": {"@shop/api": "workspace:*"}}),
        "apps/web/a.ts": code("select missing from orders"),
        "apps/admin/package.json": "{}",
        "apps/admin/a.ts": code("select missing from users"),
        "apps/both/package.json": "{}",
        "apps/both/a.ts": code("select missing from users") + code("select missing from orders").replace("run", "also"),
    }
    result = run(tmp_path, files, "COD2")
    assert sorted((one.database, one.location.path) for one in result.findings if one.location) == [
        ("services/orders", "apps/web/a.ts"),
        ("services/users", "apps/admin/a.ts"),
    ]
    (gap,) = (gap for gap in result.gaps if "apps/both" in gap.reason)
    assert gap.reason == "the code of apps/both (2 places): it may work with any of several databases"
    assert not gap.database
    assert {(use.location.path, use.database) for use in result.uses} >= {
        ("apps/web/a.ts", "services/orders"),
        ("apps/both/a.ts", ""),
    }


def test_the_configuration_may_name_them(tmp_path: Path) -> None:
    write(tmp_path, SERVICES | {"tools/migrations/0001_x.sql": "create table x (id int);"})
    (tmp_path / "pgproof.toml").write_text('migrations = ["tools/migrations", "services/users/migrations"]\n')
    result = check(Settings(tmp_path, replace(read_config(tmp_path), server=18)), ("MIG", "COD2"))
    assert [one.name for one in result.databases] == [".", "services/users"]
    assert "the code of services/orders (1 place): it has migrations of its own, services/orders/migrations" in [
        gap.reason for gap in result.gaps
    ]


def recorded(live: LiveDatabase, versions: str) -> str:
    live.execute(
        f"create table schema_migrations (version text primary key); insert into schema_migrations values {versions}"
    )
    return live.url


def test_the_live_database_is_the_one_whose_migrations_it_records(tmp_path: Path, live: LiveDatabase) -> None:
    files = {
        "services/a/package.json": "{}",
        "services/a/db/migrations/20240101000000_a.sql": f"-- migrate:up\n{ORDERS}\n",
        "services/b/package.json": "{}",
        "services/b/db/migrations/20240202000000_b.sql": f"-- migrate:up\n{USERS}\n",
    }
    write(tmp_path, files)
    live.execute(USERS)
    url = recorded(live, "('20240202000000')")
    result = check(Settings(tmp_path, Config(require=frozenset({"live"})), url), ("DRF", "MIG"))
    assert not result.findings
    assert [(one.name, one.verdict, one.scope) for one in result.databases] == [
        ("services/a", Verdict.UNDECIDED, "repository only: nothing was compared with a database"),
        ("services/b", Verdict.GO, "repository and live database"),
    ]
    live.execute("delete from schema_migrations")
    with pytest.raises(UsageError, match="may be any of 2 databases"):
        check(Settings(tmp_path, Config(), url), ("DRF",))
