"""Calls of supabase-js, pattern by pattern."""

from __future__ import annotations

import pytest

from pgproof.code.usage import Call, Handling, TableUse
from tests.code.typescript.said import CLIENT, found, said

CALLS = {
    "select without a list": ("await supabase.from('t').select()", ["select t *"]),
    "select": ("await supabase.from('t').select('id, name')", ["select t id name"]),
    "double quotes": ('await supabase.from("t").select("id")', ["select t id"]),
    "a template": ("await supabase.from(`t`).select(`\n id,\n name\n`)", ["select t id name"]),
    "alias, cast, json, aggregate": (
        "await supabase.from('t').select('a:b, c::text, d->e->>f, g.sum(), count()')",
        ["select t b c d->e->>f g(sum)"],
    ),
    "embeds": (
        "await supabase.from('t').select('id, a(x, b(y)), c:d!fk!inner(z), ...e(w)')",
        ["select t id a.x a.b.y c.z e.w [a] [a.b] [c:d!fk!inner] [...e]"],
    ),
    "the number of an embed's rows": ("await supabase.from('t').select('id, posts(count)')", ["select t id [posts]"]),
    "head count": ("await supabase.from('t').select('*', { count: 'exact', head: true })", ["select t *"]),
    "comparisons": (
        "await supabase.from('t').select('id').eq('a', 1).neq('b', 'x').gt('c', -2).is('d', null).in('e', ['x', 'y'])"
        ".like('f', '%x%').ilike('g', q).contains('h', ['k']).overlaps('i', z).textSearch('j', 'w')",
        ["select t id eq:a=1 neq:b='x' gt:c=-2 is:d=null in:e='x'|'y' like:f='%x%' ilike:g cs:h=['k'] ov:i fts:j='w'"],
    ),
    "more comparisons": (
        "await supabase.from('t').select('id').gte('a', 1).lt('b', 1).lte('c', 1).containedBy('d', x).rangeGt('e', x)"
        ".rangeGte('f', x).rangeLt('g', x).rangeLte('h', x).rangeAdjacent('i', x).likeAllOf('j', x).ilikeAnyOf('k', x)"
        ".regexMatch('l', x).isDistinct('m', x)",
        ["select t id gte:a=1 lt:b=1 lte:c=1 cd:d sr:e nxl:f sl:g nxr:h adj:i like:j ilike:k match:l isdistinct:m"],
    ),
    "match": (
        "await supabase.from('t').select('id').match({ a: 1, 'r.b': 'x' })",
        ["select t id match:eq:a=1 match:eq:r.b='x'"],
    ),
    "a query that is a value": (
        "await supabase.from('t').update({ n: supabase.rpc('increment', { id }) }).eq('id', 1)",
        ["update t n= eq:id=1", "unread query"],
    ),
    "conditions that are joined": (
        "const ors: string[] = []\nif (a) ors.push(`a.ilike.${a}`)\nif (b) ors.push(`b.eq.${b},c.is.null`)\n"
        "await supabase.from('t').select('id').or(ors.join(','))",
        ["select t id or:ilike:a or:eq:b or:is:c=null"],
    ),
    "conditions of a list": (
        "await supabase.from('t').select('id').or(ids.map((id) => `a.eq.${id}`).filter(Boolean).join(', '))",
        ["select t id or:eq:a"],
    ),
    "conditions of which one is not known": (
        "const ors = []\nors.push('a.is.null', other())\nawait supabase.from('t').select('id').or(ors.join(','))",
        ["select t id unread:filter"],
    ),
    "a select list that grows": (
        "const fields = ['id']\nif (all) fields.push('name', 'r(x)')\n"
        "await supabase.from('t').select(fields.join(','))",
        ["select t name r.x id [r]"],
    ),
    "a value that was refused before": (
        "async function f(kind: 'a' | 'b' | 'c', errors: string[]) {\n"
        "if (kind === 'a') errors.push('no a')\nif (errors.length > 0) return errors\n"
        "const isB = kind === 'b' || other()\n"
        "if (!isB) await supabase.from('t').insert({ kind })\nawait supabase.from('u').insert({ kind })\n}",
        ["insert t kind='c'", "insert u kind='b'|'c'"],
    ),
    "a value that is not refused": (
        "async function f(kind: 'a' | 'b', errors: string[]) {\n"
        "if (kind === 'a') errors.push('no a')\nif (errors.length === 0) return\n"
        "await supabase.from('t').insert({ kind })\n}",
        ["insert t kind='a'|'b'"],
    ),
    "not": ("await supabase.from('t').select('id').not('a', 'in', '(1,2)')", ["select t id not.in:a='1'|'2'"]),
    "filter": ("await supabase.from('t').select('id').filter('a->>b', 'eq', 'x')", ["select t id eq:a->>b='x'"]),
    "filter on an embed": (
        "await supabase.from('t').select('id, r!inner(x)').eq('r.x', 1)",
        ["select t id r.x eq:r.x=1 [r!inner]"],
    ),
    "a filter that asks for an embed": (
        "await supabase.from('t').select('id, r(x)').not('r', 'is', null)",
        ["select t id r.x [r]"],
    ),
    "or": (
        "await supabase.from('t').select('id').or(`a.eq.${x},and(b.gt.2,c.in.(1,2))`)",
        ["select t id or:eq:a or:gt:b='2' or:in:c='1'|'2'"],
    ),
    "or of an embed": (
        "await supabase.from('t').select('r(x)').or('x.eq.1', { referencedTable: 'r' })",
        ["select t r.x or:eq:r.x='1' [r]"],
    ),
    "order": (
        "await supabase.from('t').select('id').order('a', { ascending: false }).order('b', { "
        "referencedTable: 'r' }).limit(1).single()",
        ["select t id order:a order:r.b"],
    ),
    "insert": ("await supabase.from('t').insert({ a: 1, b: x, 'c': null })", ["insert t a=1 b= c=null"]),
    "insert of rows": ("await supabase.from('t').insert([{ a: 1 }, { a: 2, b: 3 }])", ["insert t a=1|2 b?=3"]),
    "insert that gives back": ("await supabase.from('t').insert({ a: 1 }).select('id').single()", ["insert t a=1 id"]),
    "insert of mapped rows": (
        "await supabase.from('t').insert(xs.map((x) => ({ a: x.a, b: 1 })))",
        ["insert t a= b=1"],
    ),
    "update": (
        "await supabase.from('t').update({ a: new Date().toISOString() }).eq('id', id)",
        ["update t a=date eq:id"],
    ),
    "upsert": (
        "await supabase.from('t').upsert({ a: 1 }, { onConflict: 'a, b' })",
        ["upsert t a=1 conflict:a conflict:b"],
    ),
    "delete": ("await supabase.from('t').delete().eq('id', id)", ["delete t eq:id"]),
    "rpc": ("await supabase.rpc('f', { a: 1, b })", ["rpc f a=1 b="]),
    "rpc without arguments": ("await supabase.rpc('f').select('x').eq('y', 1)", ["rpc f x eq:y=1"]),
    "a schema in the chain": ("await supabase.schema('api').from('t').select('id')", ["select api.t id"]),
    "a cast of the client": ("await (supabase as any).from('t').select('id')", ["select t id"]),
    "casts in the chain": (
        "await (supabase.from('t' as any) as any).select('id' as '*')!.eq('a', 1)",
        ["select t id eq:a=1"],
    ),
    "optional calls": ("await supabase?.from('t')?.select('id')?.eq('a', 1)", ["select t id eq:a=1"]),
    "a type argument": ("await supabase.from<Row>('t').select<'x', Y>('id')", ["select t id"]),
    "a quoted name": (
        "await supabase.from('t').select('\"Full Name\"').eq('\"a.b\"', 1)",
        ["select t Full Name eq:a.b=1"],
    ),
    "a comment in the chain": (
        "await supabase\n  .from('t') // here\n  /* and */ .select('id')\n  // last\n  .eq('a', 1)",
        ["select t id eq:a=1"],
    ),
    "not awaited": ("const q = supabase.from('t').select('id'); q.then((r) => r.data)", ["select t id"]),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_read(name: str) -> None:
    source, expected = CALLS[name]
    assert said(source) == expected


CONTINUED = {
    "a variable extended on a condition": (
        "let q = supabase.from('t').select('id')\nif (x) q = q.eq('a', 1)\n"
        "if (y) { q = q.order('b') }\nconst { data } = await q",
        ["select t id eq:a=1 order:b"],
    ),
    "filters without an assignment": (
        "const q = supabase.from('t').select('id')\nif (x) q.eq('a', 1)\nawait q",
        ["select t id eq:a=1"],
    ),
    "extended in a loop": (
        "let q = supabase.from('t').select()\nfor (const w of ws) { q = q.ilike('a', w) }\nawait q",
        ["select t * ilike:a"],
    ),
    "another name": (
        "const q = supabase.from('t').select('id')\nconst r = q.eq('a', 1)\nawait r.order('b')",
        ["select t id eq:a=1 order:b"],
    ),
    "two actions of one table": (
        "const t = supabase.from('t')\nawait t.select('id')\nawait t.insert({ a: 1 })",
        ["select t id", "insert t a=1"],
    ),
    "a name used twice": (
        "let q = supabase.from('a').select('x').eq('p', 1)\nawait q\n"
        "q = supabase.from('b').select('y')\nq = q.eq('z', 2)\nawait q",
        ["select a x eq:p=1", "select b y eq:z=2"],
    ),
    "one of two tables": (
        "let q\nif (x) { q = supabase.from('a').select('id') } else { q = "
        "supabase.from('b').select('id') }\nawait q.eq('c', 1)",
        ["select a id eq:c=1", "select b id eq:c=1"],
    ),
    "a ternary": (
        "await (x ? supabase.from('a').select('p') : supabase.from('b').select('q'))",
        ["select a p", "select b q"],
    ),
    "a function that returns a query": (
        "const base = () => supabase.from('t').select('id')\nawait base().eq('a', 1)\nawait base().eq('b', 2)",
        ["select t id eq:a=1 eq:b=2"],
    ),
    "a function that gives one of several tables": (
        "const of = (name) => supabase.from(name)\nawait of('a').select('x')\nawait of('b').insert({ y: 1 })",
        ["select a x", "insert b y=1"],
    ),
    "a class around a client": (
        "class Db { from(name) { return supabase.from(name) } }\nconst db = new Db()\n"
        "await db.from('a').select('x').eq('y', 1)",
        ["select a x eq:y=1"],
    ),
    "a function that gives a table": (
        "function t() { return supabase.from('t') }\nawait t().select('id')",
        ["select t id"],
    ),
    "a function that adds filters": (
        "function page(q, n) { return q.order('made').range(0, n) }\nawait page(supabase.from('t').select('id'), 10)",
        ["select t id order:made"],
    ),
    "a function that is given what adds filters": (
        "async function all<T>(t, add) { let q = supabase.from(t).select('id'); q = add(q); return await q.limit(9) }\n"
        "await all<Row>('a', (q) => q.eq('x', 1))\nawait all<Row>('b', (q: any) => q.gt('y', 2).order('z'))",
        ["select a id eq:x=1", "select b id gt:y=2 order:z"],
    ),
    "a function that looks at the table": (
        "function own(q, of) { if (of === 'a') { return q.eq('x', 1) }\n return q.eq('y', 1) }\n"
        "await own(supabase.from('a').select(), 'a')\nawait own(supabase.from('b').select(), 'b')",
        ["select a * eq:x=1", "select b * eq:y=1"],
    ),
    "a function with conditions that are not known": (
        "function own(q, role) { if (role === 'boss') return q\n return q.eq('owner', 1) }\n"
        "await own(supabase.from('t').select(), me.role)",
        ["select t * unread:filter"],
    ),
    "Promise.all": (
        "const [a, b] = await Promise.all([supabase.from('a').select('x'), supabase.from('b').select('y')])",
        ["select a x", "select b y"],
    ),
}


@pytest.mark.parametrize("name", CONTINUED)
def test_a_query_is_followed(name: str) -> None:
    source, expected = CONTINUED[name]
    assert said(source) == expected


NAMES = {
    "a constant": ("const T = 'users'\nawait supabase.from(T).select('id')", ["select users id"]),
    "an object of constants": (
        "const T = { users: 'u', posts: `p` } as const\nawait supabase.from(T.users).select('id')",
        ["select u id"],
    ),
    "an enum": ("enum T { Users = 'u' }\nawait supabase.from(T.Users).select('id')", ["select u id"]),
    "a template with a constant": (
        "const P = 'app'\nawait supabase.from(`${P}_users`).select('id')",
        ["select app_users id"],
    ),
    "a sum": (
        "const P = 'app_'\nawait supabase.from(P + 'users').select('id, ' + 'name')",
        ["select app_users id name"],
    ),
    "one of two": ("await supabase.from(x ? 'a' : 'b').select('id')", ["select a id", "select b id"]),
    "a key that is not known": (
        "const T = { a: 'x', b: 'y' }\nawait supabase.from(T[k]).select('id')",
        ["select x id", "select y id"],
    ),
    "a loop over constants": (
        "for (const t of ['a', 'b']) { await supabase.from(t).delete() }",
        ["delete a", "delete b"],
    ),
    "forEach over constants": (
        "const ts = ['a', 'b']\nts.forEach(async (t) => { await supabase.from(t).delete() })",
        ["delete a", "delete b"],
    ),
    "a loop over objects": (
        "for (const { t, c } of [{ t: 'a', c: 'x' }]) { await supabase.from(t).select(c) }",
        ["select a x"],
    ),
    "entries": (
        "for (const [t, c] of Object.entries({ a: 'x' })) { await supabase.from(t).select(c) }",
        ["select a x"],
    ),
    "a type of literals": (
        "function f(t: 'a' | 'b') { return supabase.from(t).select('id') }",
        ["select a id", "select b id"],
    ),
    "a parameter, from its calls": (
        "async function get(t, c = 'id') { return await supabase.from(t).select(c) }\nget('a')\nget('b', 'x')",
        ["select a id", "select b x"],
    ),
    "a parameter of a parameter": (
        "async function get(t) { return await supabase.from(t).select('id') }\n"
        "function own(u) { return get(u) }\nown('a')",
        ["select a id"],
    ),
    "a method's parameter": (
        "class R { async get(t: string) { return await supabase.from(t).select('id') }\n"
        " a() { return this.get('x') } }",
        ["select x id"],
    ),
    "a class made for a table": (
        "class R { constructor(private t: string) {}\n"
        " all() { return supabase.from(this.t).select('id') } }\nnew R('a')\nnew R('b')",
        ["select a id", "select b id"],
    ),
    "a class that extends": (
        "class R { constructor(protected t: string) {}\n all() { return supabase.from(this.t).select('id') } }\n"
        "class S extends R { constructor() { super('s') } }",
        ["select s id"],
    ),
    "a member of the same object": (
        "const r = { t: 'x', all() { return supabase.from(this.t).select('id') } }",
        ["select x id"],
    ),
    "a field that each class gives a value": (
        "abstract class R { abstract t: string\n all() { return supabase.from(this.t).select('id') } }\n"
        "class A extends R { t = 'a' }\nclass B extends R { t = 'b' }",
        ["select a id", "select b id"],
    ),
    "a field that nobody gives a value": (
        "abstract class R { abstract t: string\n all() { return supabase.from(this.t).select('id') } }",
        ["unread table"],
    ),
    "a test for each": (
        "it.each([{ t: 'a' }, { t: 'b' }])('reads $t', async ({ t }) => { await supabase.from(t).select('id') })",
        ["select a id", "select b id"],
    ),
    "a name that is allowed": (
        "const OK = new Set(['a', 'b'])\nasync function f(t) { if (!OK.has(t)) return\n"
        " await supabase.from(t).delete() }",
        ["delete a", "delete b"],
    ),
    "a name that the conditions leave": (
        "async function f(by: 'a' | 'b' | 'c') {\nlet q = supabase.from('t').select('id')\n"
        "if (by === 'a') q = q.order('r') \nelse if (by === 'b') q = q.order('s') \nelse q = q.order(by)\nawait q }",
        ["select t id order:r order:s order:c"],
    ),
    "a field": ("class R { private t = 'x'\n all() { return supabase.from(this.t).select('id') } }", ["select x id"]),
    "a list that is filled": (
        "const ts = []\nts.push('a')\nfor (const t of ts) await supabase.from(t).delete()",
        ["delete a"],
    ),
    "a list that comes from elsewhere": ("for (const t of load()) await supabase.from(t).delete()", ["unread table"]),
    "a parameter that nobody gives": (
        "export async function get(t) { await supabase.from(t).select('id') }",
        ["unread table"],
    ),
    "the environment": ("await supabase.from(process.env.TABLE).select('id')", ["unread table"]),
    "a name with a part that is not known": ("await supabase.from(`${prefix}_x`).select('id')", ["unread table"]),
    "a list that grows": (
        "let c = 'id'\nif (x) c += ', name'\nawait supabase.from('t').select(c)",
        ["select t id id name"],
    ),
    "a list with a part that is not known": (
        "await supabase.from('t').select(`id, ${more}, name`)",
        ["select t id name unread:select"],
    ),
    "a column that is not known": (
        "await supabase.from('t').select('id').eq(column, 1)",
        ["select t id unread:filter"],
    ),
    "joined columns": ("const C = ['id', 'name']\nawait supabase.from('t').select(C.join(', '))", ["select t id name"]),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_resolved(name: str) -> None:
    source, expected = NAMES[name]
    assert said(source) == expected


@pytest.mark.parametrize(
    ("source", "clause"),
    [
        ("supabase.from('t').select('id, name,')", "select"),
        ("supabase.from('t').select('a.b')", "select"),
        ("supabase.from('t').select('id').or('a = 1')", "or"),
        ("supabase.from('t').select('id').or('r.a.eq.1')", "or"),
        ("supabase.from('t').select('id').order('r.name')", "order"),
        ("supabase.from('t').select('id').filter('a', '=', 1)", "filter"),
        ("supabase.from('t').upsert({ a: 1 }, { onConflict: '(a,b)' })", "on conflict"),
    ],
)
def test_what_postgrest_refuses_is_said(source: str, clause: str) -> None:
    assert said(f"await {source}")[0].endswith(f"malformed:{clause}")


def test_a_list_that_is_filled_later_is_not_empty_where_it_is_joined() -> None:
    source = (
        "const all: string[] = []\nfor (const w of words) all.push(`or(a.eq.${w},b.eq.${w})`)\n"
        "await supabase.from('t').select('id').or(`and(${all.join(',')})`)"
    )
    assert said(source) == ["select t id unread:filter"]


def test_places_are_those_of_the_names() -> None:
    source = (
        "const r = await supabase\n  .from('users')\n  .select(`\n    id,\n"
        "    näme, a:posts(title)\n  `)\n  .eq('status', 'x')\n"
    )
    use = found({"app.ts": CLIENT + source})[0]
    assert isinstance(use, TableUse)
    assert str(use.location) == "app.ts:4:10"
    places = {column.column: str(column.location) for column in use.columns}
    assert places == {"id": "app.ts:6:5", "näme": "app.ts:7:5", "title": "app.ts:7:19", "status": "app.ts:9:8"}
    assert str(use.embeds[0].location) == "app.ts:7:13"


def test_code_that_looks_which_of_many_tables_are_there_expects_the_error() -> None:
    loop = (
        "for (const t of ['a', 'b', 'c']) {{ const {{ error }} = await supabase.from(t).{}; if (!error) seen.push(t) }}"
    )
    for call, handling in (("select('*').limit(1)", Handling.EXPECTED), ("select('id')", Handling.IGNORED)):
        uses = found(loop.format(call))
        assert [use.handling for use in uses if isinstance(use, TableUse)] == [handling] * 3


def test_an_attribute_of_an_element_is_a_parameter() -> None:
    source = (
        "function List({ t, c = 'id' }) { supabase.from(t).select(c) }\nconst C = { x: 'y' }\n"
        "const page = <><List t='a' c={C.x} /><List t={'b'}>x</List></>"
    )
    assert said({"app.tsx": CLIENT + source}, "app.tsx") == ["select a y", "select b id"]


def test_the_function_around_is_named() -> None:
    uses = found("const load = async () => { await supabase.from('t').select('a') }\nawait supabase.rpc('f')")
    assert [use.function for use in uses if isinstance(use, TableUse | Call)] == ["load", ""]


def test_a_call_from_a_helper_stands_where_the_table_is_named() -> None:
    use = found("async function get(t) {\n  return await supabase.from(t).select('id')\n}\nget('users')\n")[0]
    assert isinstance(use, TableUse)
    assert str(use.location) == "app.ts:6:6"


def test_a_relation_and_a_column_may_be_chosen_together() -> None:
    line = (
        "const ask = (t: 'a' | 'b') =>\n"
        " supabase.from('t').select(`id, ${t}(${t === 'a' ? 'x' : 'y'})`).eq(`${t}.${t === 'a' ? 'x' : 'y'}`, 1)"
    )
    (use,) = found(line)
    assert isinstance(use, TableUse)
    assert {(one.column, one.chosen) for one in use.columns} == {("id", False), ("x", True), ("y", True)}
    (plain,) = found("const both = 'x'\nsupabase.from('t').select(`a(${both}), b(${both})`)")
    assert isinstance(plain, TableUse)
    assert not any(one.chosen for one in plain.columns)
