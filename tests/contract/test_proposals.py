"""SQL for what is missing: run on a copy before it is shown, and honest about the rows that are there."""

from __future__ import annotations

from pathlib import Path

from pgproof.judge.result import Judged, Result
from tests.conftest import LiveDatabase
from tests.contract.project import checked, found, needs, write

PROVED = "\n(schema proved: run on a copy of the {} schema, read again, and the needs hold)"
DEALS = "create table deals (id int primary key, stage text not null, kind text);\n"


def fixes(result: Result) -> list[str]:
    return [one.fix for one in found(result, "CON101")]


def sql_of(fix: str) -> str:
    return fix.rpartition("\n(schema proved")[0]


PROPOSED = {
    "deals.note text": "alter table public.deals add column note text;",
    "deals.n int not null default 0": "alter table public.deals add column n int default 0 not null;",
    "index on deals (stage)": "create index on public.deals (stage);",
    "unique on deals (stage)": "alter table public.deals add unique (stage);",
    "row security on deals": "alter table public.deals enable row level security;",
    "deals.stage text null": "alter table public.deals alter column stage drop not null;",
    "deals.kind varchar(9)": "alter table public.deals alter column kind type varchar(9);",
    "deals.kind default 'new'": "alter table public.deals alter column kind set default 'new';",
    "schema app": "create schema if not exists app;",
    "enum mood ('sad')": "create type mood as enum ('sad');",
    "f(int)": "",
    "deals.stagee text": "",
    "deals.other": "",
}


def test_what_is_proposed_makes_the_needs_hold(tmp_path: Path) -> None:
    result = checked(write(tmp_path, needs(*PROPOSED), DEALS))
    said = {_need(one): one.fix for one in found(result, "CON101")}
    for need, sql in PROPOSED.items():
        assert said[need] == (sql + PROVED.format("replayed") if sql else ""), need


def _need(one: Judged) -> str:
    """Return the sentence that a finding is about."""
    told = next(line for line in (one.message, *one.seen) if line.startswith("needed: "))
    return told.removeprefix("needed: ").split(": is ")[0].split("; it ")[0]


def test_a_missing_table_is_made_of_all_that_is_said_of_it(live: LiveDatabase, tmp_path: Path) -> None:
    said = (
        "items.id uuid not null default gen_random_uuid()",
        "items.deal_id int not null",
        "items.state text",
        "primary key on items (id)",
        "items.deal_id references deals (id) on delete cascade",
        "index on items (deal_id)",
        "row security on items",
    )
    live.execute(DEALS)
    root = write(tmp_path, needs(*said), DEALS)
    (fix,) = fixes(checked(root, live.url))
    assert fix.endswith(PROVED.format("live"))
    live.execute(sql_of(fix))
    assert not found(checked(root, live.url), "CON101")


def test_not_null_without_a_default_is_told_what_the_rows_would_do(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute(DEALS + "insert into deals values (1, 'won', ''), (2, 'lost', '')")
    (one,) = found(checked(write(tmp_path, needs("deals.since date not null")), live.url), "CON101")
    assert sql_of(one.fix).splitlines() == [
        "alter table public.deals add column since date;",
        "-- 2 rows there: each needs its value before the next statement",
        "alter table public.deals alter column since set not null;",
    ]
    assert "data: 2 rows there; NOT NULL would be refused until each row has a value" in one.seen


def test_a_default_of_now_is_no_value_for_older_rows(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute(DEALS + "insert into deals values (1, 'won', '')")
    defaults = ("now()", "CURRENT_TIMESTAMP", "(now() at time zone 'utc')")
    said = [f"deals.since_{n} timestamptz default {default}" for n, default in enumerate(defaults)]
    several = found(checked(write(tmp_path, needs(*said)), live.url), "CON101")
    for n, (one, default) in enumerate(zip(several, defaults, strict=True)):
        assert sql_of(one.fix).splitlines() == [
            f"alter table public.deals add column since_{n} timestamptz;",
            f"alter table public.deals alter column since_{n} set default {default};",
        ]
        assert any("which is not true" in line for line in one.seen)


def test_an_empty_table_is_told_to_have_no_rows(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute(DEALS)
    (one,) = found(checked(write(tmp_path, needs("deals.since date not null")), live.url), "CON101")
    assert "data checked: the table has no rows" in one.seen
    assert "--" not in one.fix


def test_privileges_are_proposed_and_tried(live: LiveDatabase, tmp_path: Path) -> None:
    live.execute(DEALS + "create role visitor; grant select on deals to visitor")
    contract = needs("visitor may not select deals", "visitor may update deals (stage)")
    try:
        result = checked(write(tmp_path, contract), live.url)
    finally:
        live.execute("drop owned by visitor; drop role visitor")
    assert sorted(map(sql_of, fixes(result))) == [
        "grant update (stage) on public.deals to visitor;",
        "revoke select on public.deals from visitor;",
    ]


def test_what_would_not_work_is_not_proposed(live: LiveDatabase, tmp_path: Path) -> None:
    """Everybody may read it: a revoke from one role changes nothing."""
    live.execute(DEALS + "create role visitor; grant select on deals to public")
    try:
        (fix,) = fixes(checked(write(tmp_path, needs("visitor may not select deals")), live.url))
    finally:
        live.execute("drop role visitor")
    assert fix == ""


def test_the_place_in_the_code_that_must_write_the_column_is_named(tmp_path: Path) -> None:
    code = """
import { createClient } from "@supabase/supabase-js";
const supabase = createClient("http://localhost", "key");
export const move = (id: string, stage: string) => supabase.from("deals").update({ stage }).eq("id", id);
"""
    contract = needs("deals.since timestamptz", "deals.stage is written with since")
    (one,) = found(checked(write(tmp_path, contract, DEALS, {"src/move.ts": code})), "CON101")
    assert [line for line in one.seen if line.startswith("to be written")] == [
        "to be written with stage at src/move.ts:4:67"
    ]
