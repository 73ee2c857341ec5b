"""What the contract says of the code: found where the code surely does otherwise, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

from pgproof.judge.result import Readiness
from pgproof.model import Severity
from tests.contract.project import checked, feature, found, needs, write

MIGRATIONS = """
create table campaigns (id int primary key);
create table outreach_campaigns (id int primary key);
create table clients (id int primary key, name text, company_name text);
create table deals (id int primary key, stage text, since date, note text, noted date default now());
create table watched (id int primary key, stage text, since date);
create function touch() returns trigger language plpgsql as 'begin new.since = now(); return new; end';
create trigger touch before update on watched for each row execute function touch();
create table log (id int primary key);
"""
HEAD = """import { createClient } from "@supabase/supabase-js";
const db = createClient("http://localhost", "key");
export async function all(some: Record<string, unknown>) {
"""
LINES = {
    'db.from("campaigns").select("id");': "uses campaigns, which is now outreach_campaigns",
    'db.from("outreach_campaigns").select("id, campaigns(id)");': "uses campaigns, which is now outreach_campaigns",
    'db.from("outreach_campaigns").select("id");': "",
    'db.from("clients").select("name");': "uses name, which is now clients.company_name",
    'db.from("clients").select("company_name");': "",
    'db.from("deals").select("id").eq("stage", "won");': "",
    'db.from("deals").update({ stage: "won" }).eq("id", 1);': "writes stage of deals without since",
    'db.from("deals").update({ stage: "sold", since: "2026-01-01" }).eq("id", 1);': "writes 'sold' to deals.stage",
    'db.from("deals").update({ stage: "won", ...some }).eq("id", 1);': "",
    'db.from("deals").insert({ note: "x" });': "",
    'db.from("deals").update({ note: "x" }).eq("id", 1);': "writes note of deals without noted",
    'db.from("watched").update({ stage: "won" }).eq("id", 1);': "",
    'db.from("log").insert({ id: 1 });': "",
    'db.from("log").delete().eq("id", 1);': "deletes rows of log, which only grows",
}
SAID = (
    "campaigns is now outreach_campaigns",
    "clients.name is now clients.company_name",
    "deals.stage goes 'lead' -> 'won'",
    "deals.stage is written with since",
    "deals.note is written with noted",
    "watched.stage is written with since",
    "log is append only",
)
PYTHON = """import psycopg

def run(connection: psycopg.Connection) -> None:
    connection.execute("update deals set stage = 'won' where id = %s", [1])
    connection.execute("select c.name from clients c join deals d on d.id = c.id")
    connection.execute("select d.note as name from deals d")
    connection.execute("delete from log")
"""


def test_places_that_do_not_keep_to_the_contract_are_found(tmp_path: Path) -> None:
    files = {
        "src/all.ts": HEAD + "\n".join(LINES) + "\n}\n",
        "src/all.test.ts": HEAD + 'db.from("campaigns").select("id");\n}\n',
        "worker/run.py": PYTHON,
        "seed.sql": "insert into campaigns values (1);\n",
        "src/repair.sql": "update campaigns set name = 'x';\n",
        "package.json": '{"dependencies": {"@supabase/supabase-js": "2"}}',
    }
    result = checked(write(tmp_path, needs(*SAID), MIGRATIONS, files))
    told = {str(one.location).rpartition(":")[0]: one.message for one in found(result, "CON105")}
    assert len(told) == len(SAID) - 1  # one finding a need: of the watched table nothing is written alone
    for another in (another for one in found(result, "CON105") for another in one.consequences):
        place, _, problem = another.partition(": ")
        told[place.rpartition(":")[0]] = problem
    first = HEAD.count("\n") + 1
    for line, (text, problem) in enumerate(LINES.items(), first):
        assert problem in told.get(f"src/all.ts:{line}", ""), text
    assert {place for place in told if place.startswith("src")} == {
        f"src/all.ts:{line}" for line, problem in enumerate(LINES.values(), first) if problem
    }
    assert [told.get(f"worker/run.py:{line}", "").partition(";")[0] for line in (4, 5, 6, 7)] == [
        "writes stage of deals without since",
        "uses name, which is now clients.company_name",
        "",
        "deletes rows of log, which only grows",
    ]
    assert {str(one.proof) for one in found(result, "CON105")} == {"parsed in files"}


def test_an_optional_need_that_the_code_breaks_is_a_warning(tmp_path: Path) -> None:
    contract = f"[feature.f]\noptional = {json.dumps([SAID[0]])}\n"
    files = {"src/a.ts": HEAD + 'db.from("campaigns").select("id");\n}\n'}
    result = checked(write(tmp_path, contract, MIGRATIONS, files))
    assert [one.severity for one in result.findings] == [Severity.WARNING]
    assert feature(result).readiness is Readiness.PARTIAL


def test_without_code_nothing_is_said_of_it(tmp_path: Path) -> None:
    result = checked(write(tmp_path, needs(SAID[0], SAID[3]), MIGRATIONS))
    assert not result.findings
    assert feature(result).readiness is Readiness.UNDECIDED
    assert any("no code that uses the database was found" in gap.reason for gap in result.gaps)
