"""What is a client, in which schema, and what only looks like one."""

from __future__ import annotations

import pytest

from tests.code.typescript.said import found, said

CLIENTS = {
    "made here": "import { createClient } from '@supabase/supabase-js'\nconst db = createClient(u, k)\n"
    "db.from('t').select('a')",
    "made in the browser": "import { createBrowserClient } from '@supabase/ssr'\n"
    "const db = createBrowserClient(u, k)\ndb.from('t').select('a')",
    "of Deno": "import { createClient } from 'https://esm.sh/@supabase/supabase-js@2'\n"
    "const db = createClient(u, k)\ndb.from('t').select('a')",
    "of npm": "import { createClient } from 'npm:@supabase/supabase-js@2'\n"
    "const db = createClient(u, k)\ndb.from('t').select('a')",
    "required": "const { createClient } = require('@supabase/supabase-js')\n"
    "const db = createClient(u, k)\ndb.from('t').select('a')",
    "PostgREST's own": "import { PostgrestClient } from '@supabase/postgrest-js'\n"
    "const db = new PostgrestClient(u)\ndb.from('t').select('a')",
    "of a hook": "import { useSupabaseClient } from '@supabase/auth-helpers-react'\n"
    "const db = useSupabaseClient()\ndb.from('t').select('a')",
    "a typed parameter": "import type { SupabaseClient } from '@supabase/supabase-js'\n"
    "const f = (db: SupabaseClient<Database>) => db.from('t').select('a')",
    "a typed field": "import { SupabaseClient } from '@supabase/supabase-js'\n"
    "class A { private db: SupabaseClient\n f() { return this.db.from('t').select('a') } }",
    "a field of a constructor": "import { SupabaseClient } from '@supabase/supabase-js'\n"
    "class A { constructor(private db: SupabaseClient) {}\n f() { return this.db.from('t').select('a') } }",
    "a getter": "import { createClient } from '@supabase/supabase-js'\n"
    "class A { get db() { return createClient(u, k) }\n f() { return this.db.from('t').select('a') } }",
    "a function of a type": (
        "import { SupabaseClient } from '@supabase/supabase-js'\n"
        "class A { constructor(private make: () => SupabaseClient) {}\n"
        " f() { const c = this.make(); c.from('t').select('a') } }"
    ),
    "real or a stub": (
        "import { createClient } from '@supabase/supabase-js'\n"
        "const db = on ? { from: stub } : createClient(u, k)\ndb.from('t').select('a')"
    ),
    "taken out of an object": "const { supabase } = useSupabase()\nsupabase.from('t').select('a')",
    "under another name": "const { supabase: db } = await requireUser()\ndb.from('t').select('a')",
    "of a request": "export const load = async ({ locals: { supabase } }) => { await supabase.from('t').select('a') }",
    "of a context": "ctx.supabase.from('t').select('a')",
    "an admin": "import { supabaseAdmin } from './admin'\nsupabaseAdmin.from('t').select('a')",
    "by the shape of its chain": "// supabase\ndb.from('t').select('a')",
    "of a function": "import { createClient } from '@supabase/supabase-js'\n"
    "const make = () => { const c = createClient(u, k); return c }\nmake().from('t').select('a')",
    "awaited": "import { createClient } from './supabase/server'\nconst db = await createClient()\n"
    "db.from('t').select('a')",
    "that may be missing": "import { createClient } from '@supabase/supabase-js'\n"
    "const db = ok ? createClient(u, k) : null\ndb!.from('t').select('a')",
}


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_is_recognised(name: str) -> None:
    assert said({"app.ts": CLIENTS[name]}) == ["select t a"]


OTHERS = {
    "Array": "Array.from('abc').map(f)",
    "Buffer": "Buffer.from('t').toString()",
    "a typed array": "Uint8Array.from('t')",
    "rxjs": "import { from } from 'rxjs'\nimport * as rx from 'rxjs'\nrx.from('t').pipe()",
    "the storage": "supabase.storage.from('bucket').upload('p', f)",
    "the storage, kept": "const { storage } = supabase\nconst s = supabase.storage\ns.from('bucket').list()\n"
    "storage.from('b').remove([])",
    "the storage of something unknown": "thing.from('bucket').getPublicUrl('p')",
    "Knex": "import knex from 'knex'\nconst db = knex({})\ndb.from('t').select('a')",
    "Knex, from the query": "import knex from 'knex'\nknex('x').select('a').from('t')",
    "Drizzle": "import { drizzle } from 'drizzle-orm'\nconst db = drizzle(c)\n"
    "db.select().from(users)\ndb.select({ a: users.a }).from('t')",
    "Kysely": "import { Kysely } from 'kysely'\nconst db = new Kysely({})\ndb.selectFrom('t').select('a')",
    "a date": "import dayjs from 'dayjs'\ndayjs().from('2020')",
    "an editor": "const from = selection.from()\ndoc.cut(range.from(), 3)",
    "a stub": "const supabase = { from: jest.fn() }\nsupabase.from('t').select('a')",
    "a module that a test mocks": (
        "import { supabase } from '@/supabase'\nvi.mock('@/supabase', () => stubs)\nsupabase.from('t').select('a')"
    ),
    "what a function of a mocked module returns": (
        "import { createClient } from '@/supabase'\njest.mock('@/supabase', () => ({ createClient: jest.fn() }))\n"
        "const supabase = await createClient()\nsupabase.from('t').select('a')"
    ),
    "a mock by its name": "import { mockSupabase } from './mocks'\nmockSupabase.from('t').select('a')",
    "a mock": "const db = vi.fn()\nconst client = jest.mocked(x)\nclient.from('t').select('a')",
    "a class of the project that has its own": (
        "class Api { from(t) { return new Query(t) } }\nconst db = new Api()\ndb.from('t').select('a')"
    ),
    "a tRPC call": "api.rpc(handler)",
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_client_is_left_alone(name: str) -> None:
    assert said({"app.ts": f"// beside supabase\n{OTHERS[name]}\n"}) == []


def test_a_file_of_a_project_without_supabase_is_left_alone() -> None:
    assert said({"app.ts": "db.from('t').select('a')", "package.json": '{"dependencies": {"knex": "3"}}'}) == []


def test_the_manifest_shows_that_a_project_uses_supabase() -> None:
    files = {"app.ts": "db.from('t').select('a')", "package.json": '{"dependencies": {"@supabase/supabase-js": "2"}}'}
    assert said(files) == ["select t a"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("const db = createClient(u, k, { db: { schema: 'api' } })\ndb.from('t').select('a')", "select api.t a"),
        (
            "const o = { db: { schema: S } }\nconst S = 'x'\nconst db = createClient(u, k, o)\n"
            "db.from('t').select('a')",
            "select x.t a",
        ),
        ("const db = createClient(u, k, { db: { schema: process.env.S } })\ndb.from('t').select('a')", "select t a"),
        ("const db = createClient(u, k)\nconst api = db.schema('api')\napi.from('t').select('a')", "select api.t a"),
        ("const f = (db: SupabaseClient<Database, 'api'>) => db.from('t').select('a')", "select api.t a"),
        ("const db = createClient(u, k)\ndb.schema(name).from('t').select('a')", "select ?.t a"),
    ],
)
def test_the_schema_of_a_client_is_known(source: str, expected: str) -> None:
    assert said({"app.ts": f"import {{ createClient, SupabaseClient }} from '@supabase/supabase-js'\n{source}"}) == [
        expected
    ]


WORKSPACE = {
    "packages/db/package.json": (
        '{"name": "@acme/db", "exports": {".": "./src/index.ts", "./tables": '
        '"./src/tables.ts"}, "dependencies": {"@supabase/supabase-js": "2"}}'
    ),
    "packages/db/src/index.ts": "export * from './client'\nexport { default as admin } from './admin'",
    "packages/db/src/client.ts": "import { createClient } from '@supabase/supabase-js'\n"
    "export const client = createClient(u, k, { db: { schema: 'api' } })",
    "packages/db/src/admin.ts": "import { createClient } from '@supabase/supabase-js'\n"
    "export default createClient(u, k)",
    "packages/db/src/tables.ts": "export const TABLES = { users: 'users' } as const\n"
    "export enum Column { Name = 'name' }",
    "apps/web/package.json": '{"name": "web", "dependencies": {"@acme/db": "workspace:*"}}',
    "apps/web/a.tsx": "import { client, admin } from '@acme/db'\nimport { TABLES, Column } from '@acme/db/tables'\n"
    "client.from(TABLES.users).select('id').eq(Column.Name, 'x')\nadmin.from('t').delete()",
}


def test_clients_and_constants_of_another_package_of_the_workspace_are_found() -> None:
    assert said(WORKSPACE, "apps/web/a.tsx") == ["select api.users id eq:name='x'", "delete t"]


def test_a_function_of_another_file_is_read_for_each_of_its_calls() -> None:
    files = {
        "lib/get.ts": "import { createClient } from '@supabase/supabase-js'\nconst db = createClient(u, k)\n"
        "export async function get(table: string, columns: string) { return (await "
        "db.from(table).select(columns)).data }",
        "a.ts": "import { get } from './lib/get'\nget('a', 'x, y')",
        "b.ts": "import * as lib from './lib/get.js'\nlib.get('b', 'z')",
        "c.ts": "const get = (a, b) => 1\nget('c', 'not this one')",
    }
    assert said(files, "lib/get.ts") == ["select a x y", "select b z"]


@pytest.mark.parametrize("suffix", [".vue", ".svelte"])
def test_the_scripts_of_components_are_read_where_they_stand(suffix: str) -> None:
    text = (
        "<template>\n  <a>{{ x.from('no') }}</a>\n</template>\n<script setup lang=\"ts\">\n"
        "const supabase = useSupabaseClient()\n"
    )
    text += "const q = await supabase.from('t').select('id')\n</script>\n<style>.from { }</style>\n"
    (use,) = found({f"a{suffix}": text}, f"a{suffix}")
    assert str(use.location) == f"a{suffix}:6:32"
