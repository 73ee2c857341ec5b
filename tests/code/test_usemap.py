"""Which route a call site serves, and what an SQL text touches."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.code.usage import Query
from pgproof.code.usemap.by_code import registered
from pgproof.code.usemap.by_path import route_of
from pgproof.code.usemap.statements import Touched, touched
from pgproof.evidence.settings import Settings
from pgproof.judge.result import CodeUse
from pgproof.model import Location
from pgproof.project.config import Config
from pgproof.workflows.check import check


@pytest.mark.parametrize(
    ("path", "function", "route"),
    [
        ("apps/web/app/api/deals/[id]/stage/route.ts", "PATCH", "PATCH /api/deals/[id]/stage"),
        ("src/app/(shop)/cart/page.tsx", "Cart", "/cart"),
        ("app/page.tsx", "", "/"),
        ("pages/api/deals/index.ts", "handler", "/api/deals"),
        ("pages/_app.tsx", "App", ""),
        ("server/api/deals/[id].get.ts", "", "GET /api/deals/[id]"),
        ("pages/deals/[id].vue", "", "/deals/[id]"),
        ("src/routes/deals/[id]/+page.server.ts", "load", "/deals/[id]"),
        ("src/routes/api/+server.ts", "POST", "POST /api"),
        ("supabase/functions/send-mail/index.ts", "", "/functions/v1/send-mail"),
        ("supabase/functions/_shared/db.ts", "", ""),
        ("src/deals.ts", "GET", ""),
    ],
)
def test_a_path_makes_a_route(path: str, function: str, route: str) -> None:
    assert route_of(path, function) == route


def test_a_program_registers_routes() -> None:
    express = 'router.post("/deals/:id", auth, async (req) => {\n  await f();\n});\napp.get("/", (q, s) => s.end());'
    assert [(one.route, one.first, one.last) for one in registered("a.ts", express)] == [
        ("POST /deals/:id", 1, 3),
        ("GET /", 4, 4),
    ]
    python = '@app.get("/deals/{id}")\nasync def deal(id): ...\n\n@bp.route("/x", methods=["PUT"])\ndef put(): ...\n'
    assert [(one.route, one.function) for one in registered("a.py", python)] == [
        ("GET /deals/{id}", "deal"),
        ("PUT /x", "put"),
    ]
    django = 'urlpatterns = [path("deals/<int:id>/", views.deal), re_path(r"^old$", Old.as_view())]'
    assert [(one.route, one.function) for one in registered("crm/urls.py", django)] == [
        ("/deals/<int:id>/", "deal"),
        ("/old", "Old"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select 1 from deal, crm.person p", [("table", "crm.person", "select"), ("table", "deal", "select")]),
        ("with x as (select 1 from deal) select 1 from x, pg_catalog.pg_class", [("table", "deal", "select")]),
        ("update deal set a = 1 from note", [("table", "deal", "update"), ("table", "note", "select")]),
        ("select close_deal(1)", [("function", "close_deal", "call")]),
        ("delete from deal", [("table", "deal", "delete")]),
        ("selec nothing", []),
    ],
)  # fmt: skip
def test_a_text_touches_relations_and_functions(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = touched(Query(Location("a.ts", 1, 1), "node-postgres", text))
    assert [(one.kind, one.name, one.action) for one in found] == expected


def test_the_columns_that_a_text_writes_are_named() -> None:
    query = Query(Location("a.ts", 1, 1), "asyncpg", "insert into deal (slug, stage) values ($1, $2)")
    assert touched(query)[0] == Touched("table", "deal", "insert", ("slug", "stage"))


def test_the_result_holds_the_map(tmp_path: Path) -> None:
    files = {
        "supabase/migrations/20250101000000_deal.sql": "create table deal (id bigint primary key, stage text);",
        "app/api/deals/[id]/route.ts": 'import { createClient } from "@supabase/supabase-js";\n'
        'const db = createClient("u", "k");\n'
        "export async function PATCH(r: Request) {\n"
        '  await db.from("deal").update({ stage: "won" }).eq("id", 1).select("stage");\n}\n',
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    (use,) = check(Settings(tmp_path, Config()), select=("COD102",)).uses
    assert use == CodeUse(
        Location("app/api/deals/[id]/route.ts", 4, 18), "table", "deal", "update", ("id", "stage"), ("stage",),
        "supabase-js", "PATCH", "PATCH /api/deals/[id]", ("PATCH /api/deals/[id]",),
    )  # fmt: skip
