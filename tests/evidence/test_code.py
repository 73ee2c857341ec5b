"""What the code expects, against what the migrations or the live database have: whole projects."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Outcome, Result, Verdict
from pgproof.project.config import Config
from pgproof.workflows.check import check
from tests.conftest import MAJORS, LiveDatabase

CLIENT = (
    'import { createClient } from "@supabase/supabase-js";\nconst db = createClient(process.env.U!, process.env.K!);\n'
)
MIGRATION = "supabase/migrations/20250101000000_deal.sql"
DEAL = "create table deal (id bigint primary key, slug text not null, stage text);"


@pytest.fixture
def major() -> int:
    """One version: the catalog is read alike from all."""
    return MAJORS[-1]


def code(*lines: str) -> str:
    return CLIENT + "".join(f"export async function f{n}(s: string) {{ {line} }}\n" for n, line in enumerate(lines))


def write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def run(root: Path, files: Mapping[str, str], live: LiveDatabase | None = None, select: str = "COD1") -> Result:
    write(root, {MIGRATION: DEAL, **files})
    return check(Settings(root, Config(), live.url if live else None), select=select.split(","))


def found(result: Result) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.severity.value, finding.subject) for finding in result.findings]


def told(result: Result, words: str) -> bool:
    return any(words in gap.reason for gap in result.gaps)


def test_a_cause_is_one_finding_with_its_places_the_product_first(tmp_path: Path) -> None:
    wrong = 'await db.from("deals").select("id");'
    files = {"scripts/a.ts": code(wrong), "src/b.ts": code(wrong, wrong), "src/b.test.ts": code(wrong)}
    (finding,) = run(tmp_path, files).findings
    assert (finding.code, finding.severity.value, str(finding.location)) == ("COD101", "error", "src/b.ts:3:54")
    assert finding.excerpt.startswith("export async function f0")
    assert finding.seen == (
        "also at src/b.ts:4:54",
        "also at scripts/a.ts:3:54 (script)",
        "also at src/b.test.ts:3:54 (test)",
    )
    assert 'did you mean "deal"?' in finding.message
    assert "f0() goes on without data" in finding.message


def test_a_column_that_is_chosen_with_its_table_is_no_mistake(tmp_path: Path) -> None:
    line = 'const last = (t: "deal" | "note", key: "slug" | "body") => db.from(t).select("id").eq(key, s);'
    wrong = 'const last = (t: "deal" | "note", key: "slug" | "text") => db.from(t).select("id").eq(key, s);'
    made = {MIGRATION: f"{DEAL} create table note (id int primary key, body text);"}
    assert found(run(tmp_path, {**made, "src/a.ts": code(line)})) == []
    assert found(run(tmp_path, {**made, "src/a.ts": code(wrong)})) == [
        ("COD102", "error", "public.note.slug"),
        ("COD102", "error", "public.note.text"),
    ]


def test_what_was_assumed_to_be_there_before_hides_no_definition_of_the_migrations(tmp_path: Path) -> None:
    upgrade = "alter table deal add kind text;\ncreate table if not exists firm (id bigint primary key, label text);"
    files = {
        "db/schema.sql": f"{DEAL}\ncreate table firm (id bigint primary key);\ncreate table tag (id int);",
        "db/migrations/001_kind.sql": upgrade,
        "db/migrations/002_tag.sql": "alter table tag add label text; alter table deal add late int;",
        "src/a.ts": code('await db.from("firm").select("label, nowhere");', 'await db.from("deal").select("nothing");'),
    }
    write(tmp_path, files)
    result = check(Settings(tmp_path, Config()), select=("COD1", "MIG1"))
    assert {one.subject for one in result.findings} == {"public.firm.nowhere", "public.deal.nothing"}


def test_scripts_are_warned_and_tests_are_noted(tmp_path: Path) -> None:
    files = {
        "scripts/a.ts": code('await db.from("deal").select("slugg");'),
        "src/b.test.ts": code('await db.from("deal").select("stages");', 'await get("tests");'),
        "src/get.ts": CLIENT + 'export const get = (t) => db.from(t).select("id");\n',
    }
    files["src/b.test.ts"] = 'import { get } from "./get";\n' + files["src/b.test.ts"]
    result = run(tmp_path, files)
    assert found(result) == [
        ("COD102", "warning", "public.deal.slugg"),
        ("COD101", "note", "public.tests"),
        ("COD102", "note", "public.deal.stages"),
    ]
    assert result.verdict is Verdict.GO


def test_a_guarded_fallback_is_named_for_what_it_is(tmp_path: Path) -> None:
    guarded = (
        'const { data, error } = await db.from("deals").select("id");'
        ' if (error?.code === "42P01" || error?.code === "PGRST205") return []; return data;'
    )
    (finding,) = run(tmp_path, {"src/a.ts": code(guarded)}).findings
    assert finding.severity.value == "note"
    assert finding.message.endswith("which the code expects")


def test_a_script_that_looks_whether_something_is_there_is_right_to_do_so(tmp_path: Path) -> None:
    guarded = 'const { error } = await db.from("deals").select("id"); if (error?.code === "42P01") console.log("none");'
    assert run(tmp_path, {"scripts/check.ts": code(guarded)}).findings == ()


def test_a_value_that_is_looked_for_and_written_is_refused_where_it_is_written(tmp_path: Path) -> None:
    made = {MIGRATION: DEAL.replace("stage text", "stage text check (stage in ('open', 'won'))")}
    lines = (
        'await db.from("deal").select("id").eq("stage", "lost");',
        'await db.from("deal").update({ stage: "lost" });',
    )
    (finding,) = run(tmp_path, {**made, "src/a.ts": code(*lines)}).findings
    assert (finding.severity.value, finding.location.line if finding.location else 0) == ("error", 4)


def test_many_columns_that_one_call_invents_are_one_finding(tmp_path: Path) -> None:
    invented = 'await db.from("deal").select("id, owner, price, fee");'
    (finding,) = run(tmp_path, {"src/a.ts": code(invented)}).findings
    assert len(finding.consequences) == 2


def test_what_the_code_makes_itself_is_no_mistake(tmp_path: Path) -> None:
    made = 'import postgres from "postgres";\nconst sql = postgres();\nawait sql`create table todo (id int)`;\n'
    shown = "export const help = `create table memo (id int)`;\n" + code('await db.from("memo").select("id");')
    files = {"tests/a.test.ts": made + code('await db.from("todo").select("id");'), "src/help.tsx": shown}
    assert found(run(tmp_path, files)) == [("COD101", "error", "public.memo")]


def test_a_base_that_is_missing_is_told_once(tmp_path: Path) -> None:
    calls = [f'await db.from("table_{n}").select("id");' for n in range(5)]
    result = run(tmp_path, {"src/a.ts": code('await db.from("deal").select("id, nothing");', *calls)})
    (gap,) = (gap for gap in result.gaps if gap.blocking)
    assert gap.reason.startswith("the code: 5 of the 6 tables that it uses are not made by the migrations")
    assert result.findings == ()
    assert result.verdict is Verdict.UNDECIDED
    result = run(tmp_path, {MIGRATION: "select 1;", "src/a.ts": code('await db.from("deal").select("id");')})
    assert result.findings == ()
    assert told(result, "the code: 1 of the 1 table that it uses is not made by the migrations (deal)")


TYPES = "export type Json = string\nexport type Database = {\n  public: {\n    Tables: {\n{}    }\n  }\n}\n"
TABLE = "      {}: {{\n        Row: {{\n{}        }}\n        Relationships: []\n      }}\n"


def types(**tables: str) -> str:
    rows = {name: "".join(f"          {one}: string\n" for one in columns.split()) for name, columns in tables.items()}
    return TYPES.replace("{}", "".join(TABLE.format(name, row) for name, row in rows.items()))


def test_generated_types_tell_what_was_never_there_although_the_base_is_missing(tmp_path: Path) -> None:
    names = [f"table_{n}" for n in range(5)]
    calls = [f'await db.from("{name}").select("id");' for name in names]
    files = {
        "src/database.types.ts": types(deal="id slug stage owner", **dict.fromkeys(names, "id")),
        "src/a.ts": code('await db.from("deal").select("id, owner, nothing");', *calls),
    }
    result = run(tmp_path, files)
    assert found(result) == [("COD102", "error", "public.deal.nothing")]
    assert result.verdict is Verdict.NO_GO


def test_generated_types_that_are_older_than_the_code_tell_of_their_own_tables_only(tmp_path: Path) -> None:
    calls = [f'await db.from("table_{n}").select("id");' for n in range(9)]
    files = {
        "src/database.types.ts": types(deal="id slug", **{f"old_{n}": "id" for n in range(6)}, table_0="id"),
        "src/a.ts": code('await db.from("deal").select("id, nothing");', *calls),
    }
    # No table is missing for certain, and a column only of a table that the types know.
    assert found(run(tmp_path, files)) == [("COD102", "error", "public.deal.nothing")]


def test_what_only_generated_types_have_was_made_by_hand(tmp_path: Path) -> None:
    files = {
        "src/database.types.ts": types(deal="id slug stage owner"),
        "src/a.ts": code('await db.from("deal").select("id, owner");'),
    }
    (finding,) = run(tmp_path, files).findings
    assert finding.severity.value == "warning"
    assert finding.seen[0].startswith("src/database.types.ts:10, generated from a database, has it")


def test_generated_types_tell_of_labels_and_defaults_that_were_made_by_hand_too(tmp_path: Path) -> None:
    declared = types(deal="id slug stage").replace(
        "        Relationships",
        "        Insert: {\n          id?: number\n          slug: string\n        }\n        Relationships",
    )
    enums = '    Enums: {\n      level: "low" | "high"\n      mood:\n        | "good"\n        | "bad"\n    }\n  }\n}\n'
    made = "create type level as enum ('low'); create type mood as enum ('good'); "
    files = {
        MIGRATION: made + "create table deal (id bigint primary key, slug text not null, level level, mood mood);",
        "src/database.types.ts": declared.removesuffix("  }\n}\n") + enums,
        "src/a.ts": code('await db.from("deal").insert({ level: "high" });', 'await db.from("deal").insert({ id: 1 });')
        + code('await db.from("deal").select("id").in("mood", ["bad", "awful"]);'),
    }
    told = {(f.code, f.subject): (f.severity.value, bool(f.seen)) for f in run(tmp_path, files).findings}
    assert told == {
        ("COD106", "public.deal.level"): ("warning", True),
        ("COD106", "public.deal.mood"): ("error", False),
        ("COD107", "public.deal.id"): ("warning", True),
        ("COD107", "public.deal.slug"): ("error", True),
    }


def test_generated_types_that_know_what_was_dropped_are_older_than_that(tmp_path: Path) -> None:
    files = {
        "supabase/migrations/20250102000000_more.sql": "alter table deal drop column stage;",
        "src/database.types.ts": types(deal="id slug stage"),
        "src/a.ts": code('await db.from("deal").select("id, stage");'),
    }
    (finding,) = run(tmp_path, files).findings
    assert finding.severity.value == "error"
    assert finding.seen == ("dropped at supabase/migrations/20250102000000_more.sql:1:1",)


def test_what_loose_sql_makes_is_a_gap(tmp_path: Path) -> None:
    files = {
        "docs/setup.sql": "create table lead (id int);\ncreate function rank() returns int language sql as 'select 1';",
        "src/a.ts": code('await db.from("lead").select("id"); await db.rpc("rank");'),
    }
    result = run(tmp_path, files)
    assert result.findings == ()
    assert told(result, "what the code does with lead, rank: made in docs/setup.sql, which is no migration")


def test_a_table_of_another_store_excuses_no_value(tmp_path: Path) -> None:
    files = {
        MIGRATION: "create table deal (id uuid primary key, slug text);",
        "src/local.rs": 'fn a() { conn.execute("CREATE TABLE deal (id TEXT, slug TEXT, rank INT)", []); }',
        "src/a.ts": code('await db.from("deal").insert({ id: "first", rank: 1 });'),
    }
    assert found(run(tmp_path, files)) == [("COD106", "error", "public.deal.id")]


def test_what_loose_sql_adds_to_a_table_is_a_gap_unless_it_is_surely_not_there(tmp_path: Path) -> None:
    files = {
        "docs/setup.sql": "-- run this first\ncreate table deal (id int, slug text, owner text, stage text);"
        "\nalter table public.deal add column if not exists rank int, drop column old;"
        "\nalter table deal add check (stage in ('open', 'lost'));",
        "src/a.ts": code('await db.from("deal").select("id, owner, rank");', 'await db.from("deal").select("old");')
        + code(*(f'await db.from("deal").update({{ stage: "{stage}" }});' for stage in ("lost", "gone"))),
        MIGRATION: DEAL.replace("stage text", "stage text check (stage in ('open'))"),
    }
    result = run(tmp_path, files)
    gone = ("COD106", "error", "public.deal.stage")
    assert found(result) == [("COD102", "error", "public.deal.old"), gone]
    assert "'gone'" in result.findings[1].message
    assert told(
        result,
        "what the code does with deal.owner, deal.rank, deal.stage: made in docs/setup.sql, which is no migration",
    )
    types_of_it = {"src/database.types.ts": types(deal="id slug stage", **{f"t{n}": "id" for n in range(5)})}
    owner = ("COD102", "error", "public.deal.owner")
    assert owner in found(run(tmp_path, {**files, **types_of_it}))
    dropped = {
        "supabase/migrations/20250102000000_x.sql": "alter table deal add owner text; alter table deal drop owner;"
    }
    (tmp_path / "src/database.types.ts").unlink()
    assert owner in found(run(tmp_path, {**files, **dropped}))


def test_each_package_is_matched_with_its_own_migrations(tmp_path: Path) -> None:
    files = {
        "apps/a/package.json": "{}",
        "apps/a/supabase/migrations/20250101000000_deal.sql": DEAL,
        "apps/a/supabase/migrations/20250102000000_more.sql": "create table more (id int primary key);",
        "apps/a/src/a.ts": code('await db.from("deal").select("slugg");'),
        "apps/b/package.json": "{}",
        "apps/b/supabase/migrations/20250101000000_lead.sql": "create table lead (id int primary key);",
        "apps/b/src/b.ts": code('await db.from("lead").select("name");'),
    }
    write(tmp_path, files)
    result = check(Settings(tmp_path, Config()), select=("COD1",))
    assert found(result) == [("COD102", "error", "public.deal.slugg"), ("COD102", "error", "public.lead.name")]
    assert [finding.database for finding in result.findings] == ["apps/a", "apps/b"]
    one = check(Settings(tmp_path, Config(migrations="apps/a/supabase/migrations")), select=("COD1",))
    assert found(one) == [("COD102", "error", "public.deal.slugg")]
    assert told(one, "the code of apps/b (1 place): it has migrations of its own, apps/b/supabase/migrations")
    other = check(Settings(tmp_path, Config(migrations="apps/b/supabase/migrations")), select=("COD1",))
    assert found(other) == [("COD102", "error", "public.lead.name")]


def test_a_comment_ignores_what_is_found_in_the_statement_that_follows(tmp_path: Path) -> None:
    text = CLIENT + (
        "export async function f() {\n  // pgproof:ignore COD101 the table comes with the next release\n"
        '  const { data } = await db\n    .from("leads")\n    .select("id");\n  return data;\n}\n'
    )
    result = run(tmp_path, {"src/a.ts": text})
    assert result.findings == ()
    assert [one.finding.subject for one in result.suppressed] == ["public.leads"]


def test_a_comment_beside_one_place_hides_that_place_only(tmp_path: Path) -> None:
    wrong = 'await db.from("leads").select("id");'
    beside = "  // pgproof:ignore missing-table the table comes with the next release\n"
    result = run(tmp_path, {"src/a.ts": code(wrong, wrong) + beside + code(wrong).removeprefix(CLIENT)})
    (finding,) = result.findings
    assert (str(finding.location), finding.seen) == ("src/a.ts:3:54", ("also at src/a.ts:4:54",))
    assert [str(one.finding.location) for one in result.suppressed] == ["src/a.ts:6:54"]
    assert result.stale == ()


def test_a_comment_beside_one_query_hides_that_query_only(tmp_path: Path) -> None:
    lines = ['import { Pool } from "pg";', "const pool = new Pool();"]
    for name, wrong in (
        ("query-names-missing-column", "select nothing from deal"),
        ("COD208", "update deal set stage = 'lost'"),
    ):
        query = f'await pool.query("{wrong}");'
        lines += [query, f"// pgproof:ignore {name} it comes", query]
    made = {MIGRATION: "create table deal (id bigint primary key, stage text check (stage in ('open', 'won')));"}
    result = run(tmp_path, {**made, "src/a.ts": "\n".join(lines)}, select="COD2")
    assert sorted(one.location.line for one in result.findings if one.location) == [3, 6]
    assert sorted(one.finding.location.line for one in result.suppressed if one.finding.location) == [5, 8]


def test_a_misnamed_column_that_must_be_given_is_one_finding(tmp_path: Path) -> None:
    wrong, rest = 'await db.from("deal").insert({ id: 1, slugg: s });', 'await db.from("deal").insert({ id: 2 });'
    (finding,) = run(tmp_path, {"src/a.ts": code(wrong)}).findings
    assert (finding.code, finding.subject) == ("COD102", "public.deal.slugg")
    assert finding.seen == ("rows that name it lack slug: NOT NULL, without a default (23502)",)
    told = [(one.code, str(one.location)) for one in run(tmp_path, {"src/a.ts": code(wrong, rest)}).findings]
    assert told == [("COD102", "src/a.ts:3:77"), ("COD107", "src/a.ts:4:54")]


def test_tokens_and_passwords_are_not_shown(tmp_path: Path) -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZSJ9.c2lnbmF0dXJl"
    call = f'await createClient("u", "{token}").from("leads").select("id").eq("p", "postgres://u:hunter2@h/d");\n'
    (finding,) = run(tmp_path, {"src/a.ts": CLIENT + call}).findings
    assert "hunter2" not in finding.excerpt
    assert "eyJ" not in finding.excerpt


def test_without_code_the_checks_do_not_apply(tmp_path: Path) -> None:
    result = run(tmp_path, {"README.md": "nothing"})
    assert {one.outcome for one in result.checks} == {Outcome.NOT_APPLICABLE}
    assert [gap.reason for gap in result.gaps] == ["the live database (none was named)"]


def test_code_without_migrations_is_compared_with_nothing(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.ts").write_text(code('await db.from("deal").select("id");'), "utf-8")
    result = check(Settings(tmp_path, Config()), select=("COD1",))
    assert {one.outcome for one in result.checks} == {Outcome.GAP}
    assert told(result, "there is nothing to compare it with")


def test_where_there_is_neither_code_nor_a_database_nothing_is_missing(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing", "utf-8")
    result = check(Settings(tmp_path, Config()), select=("COD1",))
    assert {one.outcome for one in result.checks} == {Outcome.NOT_APPLICABLE}
    assert not told(result, "what the code expects")


RECORDED = "create schema supabase_migrations; create table supabase_migrations.schema_migrations (version text);"


def test_what_a_pending_migration_makes_is_awaited(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(f"{DEAL} {RECORDED} insert into supabase_migrations.schema_migrations values ('20250101000000')")
    files = {
        "supabase/migrations/20250102000000_owner.sql": "alter table deal add column owner text; create table lead ();",
        "src/a.ts": code('await db.from("deal").select("owner, nothing");', 'await db.from("lead").delete();'),
    }
    result = run(tmp_path, files, live)
    assert found(result) == [("COD102", "error", "public.deal.nothing")]
    assert told(result, "supabase/migrations/20250102000000_owner.sql, which makes it, was not applied yet")


def test_code_that_fails_because_of_drift_follows_from_the_drift(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute("create table deal (id bigint primary key, slug text not null)")
    result = run(tmp_path, {"src/a.ts": code('await db.from("deal").select("stage");')}, live, "COD1,DRF")
    (finding,) = (one for one in result.findings if one.subject == "public.deal.stage")
    assert finding.code == "DRF101"
    assert finding.consequences[0].startswith("public.deal.stage: the live database has no column of this name")


def test_the_live_database_comes_first(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute(f"{DEAL} alter table deal add column owner text")
    assert run(tmp_path, {"src/a.ts": code('await db.from("deal").select("owner");')}, live).findings == ()


@pytest.mark.parametrize(
    ("sql", "code_of"),
    [
        ("alter table deal rename to deal_old; create table deal (id bigint, slug text);", "id, slug"),
        ("alter table deal rename to offer; create view deal as select * from offer;", "id, slug"),
        ("alter table deal rename to offer; create table deal (id bigint, letters int);", "id, letters"),
        ("alter table deal rename to offer;", "id, nothing"),
    ],
)
def test_a_name_that_still_means_what_the_code_means_is_not_retired(tmp_path: Path, sql: str, code_of: str) -> None:
    files = {
        "supabase/migrations/20250102000000_rename.sql": sql,
        "src/a.ts": code(f'await db.from("deal").select("{code_of}");'),
    }
    assert "COD111" not in [finding.code for finding in run(tmp_path, files).findings]


def test_a_table_whose_comment_says_that_it_is_retired_is_not_to_be_used(tmp_path: Path) -> None:
    files = {
        "supabase/migrations/20250102000000_comment.sql": "comment on table deal is 'DEPRECATED: use offer';",
        "src/a.ts": code('await db.from("deal").select("id");'),
    }
    assert found(run(tmp_path, files)) == [("COD111", "warning", "public.deal")]


def test_a_stale_name_is_told_with_the_new_one(tmp_path: Path) -> None:
    files = {
        "supabase/migrations/20250102000000_rename.sql": "alter table deal rename to offer;\n"
        "alter table offer rename column slug to handle;",
        "src/a.ts": code('await db.from("deal").select("id");', 'await db.from("offer").select("slug");'),
    }
    table, column = run(tmp_path, files).findings
    assert table.fix == "it is called offer now"
    assert column.fix == "it is called handle now"
    assert column.seen == ("renamed to handle at supabase/migrations/20250102000000_rename.sql:2:1",)


def test_a_table_and_a_column_of_one_list_belong_together(tmp_path: Path) -> None:
    lists = (
        'const PARTS = [\n  { table: "deal", by: "slug" },\n  { table: "note", by: "deal_id" },\n];\n'
        "export async function f(s: string) {\n  for (const part of PARTS) {\n"
        '    await db.from(part.table).select("id").eq(part.by, s);\n  }\n'
        '  for (const part of PARTS) await db.from(part.table).select("id, nothing");\n}\n'
    )
    files = {
        MIGRATION: f"{DEAL} create table note (id bigint primary key, deal_id bigint);",
        "src/a.ts": CLIENT + lists,
    }
    subjects = [finding.subject for finding in run(tmp_path, files).findings]
    assert subjects == ["public.deal.nothing", "public.note.nothing"]
