"""Which routes reach a service: through calls, imports, objects and what is given on."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.code.usemap.find import routes_to
from pgproof.code.usemap.outline import Import, imports, outline
from tests.migrations.repository import write

SERVICE = "export async function listDeals() {\n  return db.from('deal').select('id');\n}\n"


def reached(root: Path, files: dict[str, str], path: str, line: int) -> list[str]:
    write(root, files)
    every = [file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file()]
    return list(routes_to(root, every, [(path, line)], None)[path, line])


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {
                "app/api/deals/route.ts": "import { listDeals } from '@/services/deals';\n"
                "export async function GET() {\n  return Response.json(await listDeals());\n}\n"
                "export async function POST() {\n  return save();\n}\n",
                "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}',
            },
            ["GET /api/deals"],
        ),
        (
            {
                "app/deals/page.tsx": "import { Deals } from '../../components/Deals';\n"
                "export default function Page() {\n  return <Deals />;\n}\n",
                "components/Deals.tsx": "import * as deals from '../services/deals';\n"
                "export const Deals = () => {\n  useQuery(() => deals.listDeals());\n};\n",
            },
            ["/deals"],
        ),
        (
            {
                "services/index.ts": "export * from './deals';\nexport { listDeals as all } from './deals';\n",
                "server.ts": "import { all } from './services';\n"
                "app.get('/deals', async (req, res) => {\n  res.json(await all());\n});\n"
                "app.get('/other', (req, res) => res.end());\n",
            },
            ["GET /deals"],
        ),
        (
            {
                "controller.js": "const { listDeals } = require('./services/deals');\n"
                "exports.index = async (req, res) => res.json(await listDeals());\n"
                "const show = async (req, res) => res.json(await listDeals());\nmodule.exports = { show };\n",
                "routes.js": "const { show } = require('./controller');\nrouter.get('/deals/:id', auth, show);\n",
            },
            ["GET /deals/:id"],
        ),
        (
            {
                "supabase/functions/deals/index.ts": "import { listDeals } from '../../../services/deals.ts';\n"
                "Deno.serve(async () => new Response(await listDeals()));\n"
            },
            ["/functions/v1/deals"],
        ),
        (
            {
                "plugins/deals.ts": "import { listDeals } from '../services/deals';\n"
                "export default async function routes(fastify) {\n  fastify.get('/deals', async () => listDeals());\n"
                "  fastify.get('/ping', async () => 'pong');\n}\n"
            },
            ["GET /deals"],
        ),
        (
            {
                "app/x/route.test.ts": "import { listDeals } from '../../services/deals';\nlistDeals();\n",
                "app/y/page.tsx": "const listDeals = () => 1;\nexport default () => listDeals();\n",
            },
            [],
        ),
    ],
)
def test_what_reaches_a_function(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    assert reached(tmp_path, files | {"services/deals.ts": SERVICE}, "services/deals.ts", 2) == expected


def test_a_method_is_reached_through_its_objects_and_not_through_others(tmp_path: Path) -> None:
    files = {
        "services/deals.ts": "export class Deals {\n  async list() {\n    return this.rows();\n  }\n\n"
        "  private rows() {\n    return db.from('deal').select('id');\n  }\n\n"
        "  async close() {\n    return 1;\n  }\n}\n"
        "export const shared = new Deals();\n",
        "app/a/route.ts": "import { shared } from '../../services/deals';\nexport const GET = () => shared.list();\n",
        "app/b/route.ts": "import { Deals } from '../../services/deals';\nconst deals = new Deals();\n"
        "export async function PUT() {\n  return deals.close();\n}\n"
        "export async function GET() {\n  return deals.list();\n}\n",
        "app/c/route.ts": "import { shared } from '../../services/deals';\nconst m = new Map();\n"
        "export const GET = () => m.list(shared.close);\n",
    }
    assert reached(tmp_path, files, "services/deals.ts", 7) == ["GET /a", "GET /b"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {
                "app/api/deals.py": "from fastapi import APIRouter\nfrom app.services.deals import list_deals as find\n"
                'router = APIRouter(prefix="/deals")\n\n@router.get("/open")\nasync def open_deals():\n'
                '    return find()\n\n@router.get("/none")\ndef none():\n    return []\n',
            },
            ["GET /deals/open"],
        ),
        (
            {
                "app/api/deals.py": "from flask import Blueprint\nfrom ..services import deals\n"
                'bp = Blueprint("deals", __name__, url_prefix="/deals")\n\n@bp.route("/", methods=["GET"])\n'
                "def index():\n    return deals.list_deals()\n",
                "app/services/__init__.py": "",
            },
            ["GET /deals/"],
        ),
        (
            {
                "app/views.py": "from .services import list_deals\n\n"
                "class DealView(View):\n    def get(self, request):\n"
                "        return list_deals()\n\ndef other(request):\n    return None\n",
                "app/urls.py": "from . import views\nurlpatterns = [\n    path('deals/', views.DealView.as_view()),\n"
                "    path('other/', views.other),\n]\n",
                "app/services/__init__.py": "from .deals import list_deals\n",
            },
            ["/deals/"],
        ),
    ],
)
def test_what_reaches_a_function_of_python(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    service = "def list_deals():\n    return db.table('deal').select('id').execute()\n"
    assert reached(tmp_path, files | {"app/services/deals.py": service}, "app/services/deals.py", 2) == expected


def test_what_is_stored_is_the_same_and_a_change_is_seen(tmp_path: Path) -> None:
    import os

    files = {
        "services/deals.ts": SERVICE,
        "app/a/page.tsx": "import { listDeals } from '../../services/deals';\nlistDeals();\n",
    }
    write(tmp_path, files)
    for path in files:
        os.utime(tmp_path / path, (1_700_000_000, 1_700_000_000))
    cache = tmp_path / "cache"
    places = [("services/deals.ts", 2)]
    first = routes_to(tmp_path, list(files), places, cache)
    assert list(first.values()) == [("/a",)]
    assert routes_to(tmp_path, list(files), places, cache) == first
    (tmp_path / "app/a/page.tsx").write_text("export {};\n")
    assert list(routes_to(tmp_path, list(files), places, cache).values()) == [()]


def test_an_outline_tells_definitions_members_and_imports() -> None:
    text = (
        "import base, { one as two, type Three } from './base'\nimport * as all from 'all'\n"
        "export const api = {\n  list: async () => {\n    if (x) {\n    }\n  },\n  get(id: string) {\n  },\n}\n"
        "async function main() {\n}\nmain()\nexport default main\n"
    )
    found = outline("a.ts", text)
    assert [(one.owner, one.name) for one in found.definitions if one.name] == [
        ("", "api"), ("api", "list"), ("api", "get"), ("", "main"),
    ]  # fmt: skip
    assert found.called("main") == {"main", "default"}
    assert set(imports("a.ts", text)) == {
        Import("./base", "one", "two"), Import("./base", "Three", "Three"), Import("./base", "default", "base"),
        Import("all", "*", "all"),
    }  # fmt: skip
