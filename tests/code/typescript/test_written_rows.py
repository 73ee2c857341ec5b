"""Which keys a written row has."""

from __future__ import annotations

import pytest

from pgproof.code.usage import Call, TableUse
from tests.code.typescript.said import CLIENT, found, said

ROWS = {
    "shorthand": ("insert({ a })", "a="),
    "a constant": ("insert({ a: S })", "a='x'"),
    "one of two values": ("update({ a: x ? 'p' : 'q' })", "a='p'|'q'"),
    "a default": ("update({ a: x ?? 'p' })", "a='p'"),
    "a default of a setting": ("insert({ a: config.user || 'p' })", "a="),
    "state that changes": ("insert({ ...form, a: 1 })", "b?= c?= a=1 … unread:values"),
    "state of a type": ("update(state)", "id~= kind?="),
    "what a reference holds": ("insert([{ ...held.value, e: list.b }])", "b?= e= … unread:values"),
    "what is reactive": ("insert(list)", "b?= … unread:values"),
    "nothing, for a default": ("update({ a: x || '', b: '' })", "a= b=''"),
    "no number, for a default": ("update({ a: parseFloat(x) || 0, b: y ? 0 : 1, c: 0 })", "a= b=0|1 c=0"),
    "a value that may be left out": ("update({ a: x ? 1 : undefined })", "a?=1"),
    "a list": ("insert({ a: ['x', 'y'] })", "a=['x','y']"),
    "an object": ("insert({ a: { b: 1 } })", "a=object"),
    "a constant key": ("insert({ [S]: 1 })", "x=1"),
    "a key that is not known": ("insert({ a: 1, [k]: 2 })", "a=1 … unread:values"),
    "a spread of an object": ("insert({ ...BASE, c: 3 })", "a=1 b=2 c=3"),
    "a spread on a condition": ("insert({ a: 1, ...(x && { b: 2 }), ...(y ? { c: 3 } : {}) })", "a=1 b?=2 c?=3"),
    "a spread of something unknown": ("insert({ a: 1, ...other })", "a=1 … unread:values"),
    "one of two objects": ("insert(x ? { a: 1, b: 2 } : { a: 3 })", "a=1|3 b?=2"),
    "a cast": ("insert({ a: 1 } as any)", "a=1"),
    "a number of rows": ("insert([...ROWS, { c: 3 }])", "a?=1 b?=2 c?=3"),
    "rows from another list": ("insert(xs.map((x) => ({ a: x })).filter(Boolean).slice(0, 5))", "a="),
    "rows from a function with a body": ("insert(xs.flatMap((x) => { if (y) return []; return [{ a: x }] }))", "a="),
    "rows of rows": ("insert(LIST.map((one) => ({ ...one, c: 1 })))", "m?=1 n?=2 c=1"),
    "Array.from": ("insert(Array.from({ length: 3 }, (_, i) => ({ a: i })))", "a="),
    "the result of a function": ("insert(made(1))", "p=1 q='x'"),
    "something from outside": ("insert(await request.json())", "… unread:values"),
    "a type": ("insert(row)", "id~= kind?~='p'|'q'"),
    "part of a type": ("update(part)", "id?~= kind?~='p'|'q'"),
    "the rest of a type": ("update(rest)", "kind?~='p'|'q'"),
    "a type made of others": ("insert(picked)", "id~="),
    "a type of a generated file": ("insert(generated)", "a?~= b~="),
    "a record of literals": ("insert(record)", "u~= v~="),
    "a schema": ("insert(Schema.parse(x))", "s= t?~="),
    "what a schema takes": ("insert({ ...checked.data, u: 1 })", "s= t?~= u=1"),
    "the body of a type": ("insert(await readBody<Row>(event))", "id~= kind?~='p'|'q'"),
    "the body of a schema": ("insert(await readValidatedBody(event, Schema.parse))", "s= t?~="),
    "the type of a schema": ("insert(inferred)", "s~= t?~="),
    "Object.assign": ("insert(Object.assign({}, BASE, { c: 3 }))", "a=1 b=2 c=3"),
    "what a condition leaves": ("insert(price > 0 ? { a: price } : { b: price })", "a?= b?=0"),
    "an object that grows": ("update(grown)", "a=1 g?=7 d=4 e?=5 k1?= k2?="),
    "a list that grows": ("insert(pushed)", "a=1"),
    "a list of a type": ("insert(typed)", "id~= kind?~='p'|'q'"),
    "picked keys": ("insert(pick(BASE, ['a']))", "a=1"),
    "what a pattern leaves": ("insert(left)", "b=2"),
    "a row of a loop": ("insert(LIST[0])", "m=1"),
}
BEFORE = """
import { z } from 'zod'
import type { Database } from './database'
type Row = { id: string; kind?: 'p' | 'q' }
const S = 'x'
const config = { user: String(process.env.USER_ID || '').trim() }
const BASE = { a: 1, b: 2 }
const ROWS = [{ a: 1 }, { b: 2 }]
const LIST = [{ m: 1 }, { n: 2 }]
const Schema = z.object({ s: z.string(), t: z.number().optional() })
const made = (p: number) => ({ p, q: S })
const { a: taken, ...left } = BASE
const [form, setForm] = useState({ b: 'x', c: 0 })
const [state, setState] = useState<Row>({ kind: 'p' })
const price = LIST.length > 2 ? LIST[0].n : 0
const checked = Schema.safeParse(event)
const held = ref({ b: 'x' })
const list = reactive({ b: 'x' })
async function write(row: Row, part: Partial<Row>, { id, ...rest }: Row, picked: Pick<Row, 'id'>,
    generated: Database['public']['Tables']['t']['Insert'], record: Record<'u' | 'v', number>,
    inferred: z.infer<typeof Schema>, typed: Row[]) {
  const grown: any = { a: 1 }
  grown.d = 4
  if (row) grown['e'] = 5
  for (const key of ['k1', 'k2']) grown[key] = row[key]
  if (part) Object.assign(grown, { g: 7 })
  const pushed = []
  pushed.push({ a: 1 })
"""
DATABASE = """
export type Database = { public: { Tables: { t: {
  Row: { a: string; b: number }, Insert: { a?: string; b: number }, Update: { a?: string; b?: number } } } } }
type Views = Database['public']['Views']
export type TablesInsert<T extends keyof Database['public']['Tables']> = T extends X ? Y : never
"""


@pytest.mark.parametrize("name", ROWS)
def test_the_keys_of_a_row_are_read(name: str) -> None:
    call, expected = ROWS[name]
    files = {"app.ts": f"{CLIENT}{BEFORE}  await supabase.from('t').{call}\n}}\n", "database.ts": DATABASE}
    assert said(files) == [f"{call.partition('(')[0]} t {expected}"]


@pytest.mark.parametrize(
    "made",
    [
        "procedure.input(S).mutation(async ({ input, ctx }) => { await supabase.from('t').insert(input) })",
        "createServerFn().inputValidator((d) => S.parse(d)).handler(async ({ data }) => { "
        "await supabase.from('t').insert(data) })",
        "client.schema(S).use(f).action(async ({ parsedInput: row }) => { await "
        "supabase.from('t').insert({ ...row }) })",
    ],
)
def test_what_a_chain_checks_before_a_function_gets_it_has_the_keys_of_the_schema(made: str) -> None:
    source = "import { z } from 'zod'\nconst S = z.object({ a: z.string(), b: z.number().optional() })\n"
    assert said(f"{source}{made}") == ["insert t a= b?~="]


def test_types_are_found_in_other_files() -> None:
    files = {
        "src/app.ts": "import { supabase } from '@/client'\nimport type { New } from '@/types'\n"
        "import { TablesInsert } from './database'\nimport { Things } from './things'\n"
        "import * as all from './things'\n"
        "async function f(a: New, b: TablesInsert<'t'>, c: Things.Insert, d: all.Things.Deep.Row) { "
        "await supabase.from('x').insert(a); await supabase.from('t').insert(b); "
        "await supabase.from('t').insert(c); await supabase.from('u').update(d) }",
        "src/things.ts": "import { Database } from './database'\nexport namespace Things {\n"
        "export type Insert = Database['public']['Tables']['t']['Insert']\n"
        "export namespace Deep { export interface Row { p: string; q?: Insert } } }",
        "src/client.ts": "import { createClient } from '@supabase/supabase-js'\n"
        "export const supabase = createClient(u, k)",
        "src/types.ts": "import { Base as B } from './base'\n"
        "export interface New extends Omit<B, 'gone'> { more?: number }",
        "src/base.ts": "export interface Base { id: string; gone: string }",
        "src/database.ts": DATABASE,
        "tsconfig.json": '{ // the alias\n "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"], } } }',
    }
    assert said(files, "src/app.ts") == [
        "insert x id~= more?~=",
        "insert t a?~= b~=",
        "insert t a?~= b~=",
        "update u p~= q?~=",
    ]


def test_the_arguments_of_a_function_are_the_keys_of_its_object() -> None:
    assert said(
        "const base = { a: 1 }\nawait supabase.rpc('f', { ...base, b: 'x' })\nawait supabase.rpc('g', input)"
    ) == [
        "rpc f a=1 b='x'",
        "rpc g …",
    ]


def test_a_row_without_a_type_is_what_the_callers_give() -> None:
    files = {
        "save.ts": f"{CLIENT}export async function save(row: any) {{ await supabase.from('t').insert(row) }}",
        "a.ts": "import { save } from './save'\nsave({ a: 1, b: 2 })",
        "b.ts": "import { save } from './save'\nsave({ a: 3 })",
    }
    assert said(files, "save.ts") == ["insert t a=1|3 b?=2"]


def test_a_key_that_is_allowed_is_one_of_those() -> None:
    source = (
        "const OK = ['a', 'b']\nasync function f(body) {\n const row = {}\n"
        " for (const [k, v] of Object.entries(body)) {\n"
    )
    assert said(
        "const row = {}\nfor (const [k, v] of Object.entries({ a: 1, b: 'x' })) row[k] = v\n"
        "await supabase.from('t').update(row)"
    ) == ["update t a?= b?="]
    for guard in (
        "if (OK.includes(k)) row[k] = v",
        "if (!OK.includes(k)) continue\n row[k] = v",
        "if (v && OK.includes(k)) { row[k] = v }",
    ):
        assert said(f"{source}{guard}\n}}\nawait supabase.from('t').update(row) }}") == ["update t a?= b?="]


def test_a_row_that_a_helper_gets_is_read_at_its_calls() -> None:
    source = (
        "const add = async (t, row) => { await supabase.from(t).insert({ ...row, at: 1 }) }\n"
        "add('a', { x: 1 })\nadd('b', { y: 2 })"
    )
    assert said(source) == ["insert a x=1 at=1", "insert b y=2 at=1"]


def test_what_the_conditions_around_a_write_look_at_is_known() -> None:
    (use,) = found(
        "const full = rows.some((row) => row.folder_id != null)\n"
        "if (full && 'kind' in first) { await supabase.from('t').insert(rows.map((row) => ({ id: row.id }))) }"
    )
    assert isinstance(use, TableUse)
    assert {"folder_id", "kind"} <= use.asked


def test_an_argument_that_is_declared_as_optional_is_known_as_such() -> None:
    (call,) = found(
        "interface Options { id: string; note?: string; tag?: string }\n"
        "async function f({ id, note, tag = 'x' }: Options, more?: string, all: Options) {\n"
        "await supabase.rpc('g', { id, note, tag, more, other: all.note, last: all.id }) }"
    )
    assert isinstance(call, Call)
    assert [one.name for one in call.arguments if one.optional] == ["note", "more", "other"]


def test_the_length_of_a_list_is_no_key() -> None:
    source = "const rows = []\nrows.push({ a: 1 })\nawait supabase.from('t').insert(rows)\nrows.length = 0\n"
    assert said(source) == ["insert t a=1"]


def test_arguments_that_a_call_leaves_out_are_not_those_of_the_others() -> None:
    source = "async function run(name, args?) { return await supabase.rpc(name, args) }\nrun('f')\nrun('g', { a: 1 })\n"
    assert said(source) == ["rpc f", "rpc g a=1"]


def test_what_another_function_refuses_does_not_come_out_of_it() -> None:
    text = """
const named = (x: string) => { if (x === 'a') return 'a'; if (x === 'b') return 'b'; return 'unknown' }
function check(body: any) {
  const errors = [], kind = named(body.kind)
  if (kind === 'unknown') errors.push('no kind')
  if (errors.length) return { ok: false, errors }
  return { ok: true, data: { kind } }
}
export async function post(body: any) {
  const { kind } = check(body).data
  await supabase.from('t').insert({ kind })
}
"""
    assert said(text) == ["insert t kind='a'|'b'"]


@pytest.mark.parametrize(
    "around",
    [
        "export const add = form(Schema, async (row) => { CALL })",
        "export const add = command(Schema, async ({ z, ...row }) => { CALL })",
        "app.post('/', zValidator('json', Schema), async (c) => { const row = c.req.valid('json'); CALL })",
        "const form = await superValidate(request, zod(Schema)); const row = form.data; CALL",
    ],
)
def test_what_a_schema_stands_before_has_its_keys(around: str) -> None:
    schema = "import { z } from 'zod'\nconst Schema = z.object({ s: z.string(), t: z.number().optional() })\n"
    assert said(schema + around.replace("CALL", "await supabase.from('t').insert(row)")) == ["insert t s= t?~="]


def test_a_key_that_is_deleted_may_never_be_written() -> None:
    text = "const form = reactive({ a: 1, b: 2 })\nconst row = { ...form }\ndelete row.b\n"
    assert said(f"{text}await supabase.from('t').insert(row)") == ["insert t a?= b?~= … unread:values"]
