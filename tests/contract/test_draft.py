"""What the code needs, drafted as a contract that can be read and, where the code is right, holds."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pgproof.judge.result import Readiness
from pgproof.workflows.draft import draft
from tests.cli.running import pgproof
from tests.contract.project import checked, write

CODE = """
import { createClient } from "@supabase/supabase-js";
const supabase = createClient("http://localhost", "key");
export const GET = () => supabase.from("deals").select("id, stage").order("Made");
export const POST = (id: string) => supabase.rpc("spend", { p_deal: id });
"""
SQL = """
import psycopg

def names(connection):
    return connection.execute("select name from app.companies where id = %s", [1]).fetchall()
"""
FILES = {
    "app/(admin)/api/deals/[id]/route.ts": CODE,
    "worker/names.py": SQL,
    "tests/deals.test.ts": CODE.replace("deals", "only_in_tests"),
}
MIGRATIONS = """
create schema app;
create table deals (id uuid primary key, stage text, "Made" date);
create table app.companies (id int primary key, name text);
create function spend(p_deal uuid) returns int language sql as 'select 1';
"""


def test_each_file_is_a_feature_with_what_it_uses(tmp_path: Path) -> None:
    write(tmp_path, "", MIGRATIONS, FILES)
    assert tomllib.loads(draft(tmp_path, "draft.toml")) == {
        "feature": {
            "app/(admin)/api/deals/[id]/route": {
                "files": ["app/(admin)/api/deals/[id]/route.ts"],
                "routes": ["/api/deals/[id]"],
                "needs": ['deals."Made"', "deals.id", "deals.stage", "function spend"],
            },
            "worker/names": {"files": ["worker/names.py"], "needs": ["relation app.companies"]},
        }
    }


def test_a_draft_holds_where_the_code_and_the_schema_agree(tmp_path: Path) -> None:
    write(tmp_path, 'contracts = ["draft.toml"]\n', MIGRATIONS, FILES)
    (tmp_path / "draft.toml").write_text(draft(tmp_path, "draft.toml"))
    result = checked(tmp_path)
    assert {one.readiness for one in result.features} == {Readiness.READY}
    assert not result.findings


def test_a_project_without_code_has_no_draft(tmp_path: Path) -> None:
    assert draft(write(tmp_path, "", MIGRATIONS), "draft.toml") == ""


def test_files_of_one_name_are_two_features(tmp_path: Path) -> None:
    write(tmp_path, "", files={"src/a.ts": CODE, "src/a.mts": CODE})
    assert sorted(tomllib.loads(draft(tmp_path, "draft.toml"))["feature"]) == ["src/a.mts", "src/a.ts"]


def test_init_writes_the_draft_and_never_over_one(tmp_path: Path) -> None:
    write(tmp_path, "", MIGRATIONS, FILES)
    (tmp_path / "pgproof.toml").unlink()
    done = pgproof("init", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "wrote pgproof.contract.toml, a draft of what the code needs" in done.stdout
    assert '# contracts = ["pgproof.contract.toml"]' in (tmp_path / "pgproof.toml").read_text()
    (tmp_path / "pgproof.contract.toml").write_text("# ours\n")
    (tmp_path / "pgproof.toml").unlink()
    assert pgproof("init", cwd=tmp_path).returncode == 0
    assert (tmp_path / "pgproof.contract.toml").read_text() == "# ours\n"


def test_what_only_a_type_names_is_no_need(tmp_path: Path) -> None:
    code = """
import { createClient } from "@supabase/supabase-js";
const db = createClient("http://localhost", "key");
export const add = (data: { stage: string; password: string }) => db.from("deals").insert({ ...data, owner: "x" });
"""
    write(tmp_path, "", MIGRATIONS, {"src/deals.ts": code})
    [feature] = tomllib.loads(draft(tmp_path, "draft.toml"))["feature"].values()
    assert feature["needs"] == ["deals.owner"]


def test_a_table_that_the_code_makes_itself_is_no_need(tmp_path: Path) -> None:
    code = """
import psycopg

def run(connection):
    connection.execute("create temporary table todo (id int)")
    connection.execute("insert into todo select id from app.companies")
"""
    write(tmp_path, "", MIGRATIONS, {"worker/run.py": code})
    [feature] = tomllib.loads(draft(tmp_path, "draft.toml"))["feature"].values()
    assert feature["needs"] == ["relation app.companies"]
