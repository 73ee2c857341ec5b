"""Whatever stands in a file, a reader goes on: it reads what can be read, and never runs away."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pgproof.code.usage import TableUse, Unread
from tests.code.typescript.said import CLIENT, found, said

DEEP = 3000


def test_what_stands_beside_a_syntax_error_is_read() -> None:
    source = (
        "const a = await supabase.from('a').select('x')\nfunction ( { ]\n"
        "const b = await supabase.from('b').select('y')\n"
    )
    assert "select a x" in said(source)
    assert "select b y" in said(source)


@pytest.mark.parametrize(
    "source",
    [
        "supabase.from(" + "(" * DEEP + "'t'" + ")" * DEEP + ").select('a')",
        "supabase.from('a' + " + " + ".join(["'b'"] * DEEP) + ").select('a')",
        "supabase.from(`" + "${'a'}" * DEEP + "`).select('a')",
        "supabase.from('t').insert(" + "{ a: " * DEEP + "1" + " }" * DEEP + ")",
        "supabase.from('t').insert(" + "[" * DEEP + "]" * DEEP + ")",
        "supabase.from('t').select('a')" + ".eq('b', 1)" * 400,
        "supabase.from('t').select('" + "a(" * DEEP + ")" * DEEP + "')",
        "supabase.from('t').select(" + "x ? 'a' : " * DEEP + "'b')",
        "{" * DEEP + "supabase.from('t').select('a')" + "}" * DEEP,
        "const f = " + "() => " * DEEP + "supabase.from('t').select('a')",
        "type T = " + "{ a: " * DEEP + "string" + " }" * DEEP + "\nfunction f(t: T) { supabase.from('t').insert(t) }",
        "supabase" + ".a" * DEEP + ".from('t').select('a')",
        "if (x) " * DEEP + "supabase.from('t').select('a')",
    ],
    ids=range(13),
)
def test_deep_nesting_ends(source: str) -> None:
    found(source)


@pytest.mark.parametrize(
    "source",
    [
        "const a = b, b = a\nsupabase.from(a).select(b)",
        "let q = supabase.from('t')\nq = q\nq = f(q)\nfunction f(x) { return f(x) }\nawait q.select('a')",
        "function f(t) { return f(t) }\nsupabase.from(f('t')).select('a')",
        "const o = { ...o, a: o.a }\nsupabase.from('t').insert(o)",
        "type A = B & A\ntype B = Partial<A>\nfunction f(a: A) { supabase.from('t').insert(a) }",
        "interface A extends A { a: string }\nfunction f(a: A) { supabase.from('t').insert(a) }",
        "class A extends A { t = this.t\n f() { supabase.from(this.t).select('a') } }",
        "const get = (t) => get2(t), get2 = (t) => { get(t); return supabase.from(t).select('a') }",
        "let rows = []\nrows = rows.filter(f)\nrows.push(...rows)\nsupabase.from('t').insert(rows)",
        "const x = { ['a' + x]: x }\nsupabase.from(x.a).insert(x)",
    ],
)
def test_what_leads_to_itself_ends(source: str) -> None:
    assert len(found(source)) < 50


def test_modules_that_import_each_other_end() -> None:
    files = {
        "a.ts": f"{CLIENT}export * from './b'\nimport {{ t, type T }} from './b'\n"
        f"function f(x: T) {{ supabase.from(t).insert(x) }}",
        "b.ts": "export * from './a'\nexport { t } from './a'\nexport type { T } from './a'",
        "tsconfig.json": (
            '{"extends": "./tsconfig.json", "references": [{"path": "."}], "compilerOptions": '
            '{"paths": {"*": ["./*"]}}}'
        ),
    }
    assert said(files, "a.ts") == ["unread table"]


def test_a_table_that_can_be_much_does_not_run_away() -> None:
    branches = "".join(f"const a{i} = x ? a{i - 1} + 'p' : a{i - 1} + 'q'\n" for i in range(1, 40))
    assert len(found(f"const a0 = 't'\n{branches}supabase.from(a39).select('id')")) < 300


def test_a_helper_that_is_called_a_thousand_times_is_read_as_often_as_is_useful() -> None:
    calls = "\n".join(f"get('t{i}')" for i in range(1000))
    uses = found(f"const get = async (t) => await supabase.from(t).select('id')\n{calls}")
    assert any(isinstance(one, Unread) for one in uses)
    assert sum(isinstance(one, TableUse) for one in uses) >= 200


def test_broken_configurations_of_the_project_are_passed() -> None:
    files = {
        "a.ts": f"{CLIENT}import {{ T }} from '@/x'\nsupabase.from(T).select('a')",
        "tsconfig.json": (
            '{"compilerOptions": {"paths": {"@/*": [3, null], "@/x": "y"}, "baseUrl": 4}, '
            '"extends": 5, "references": 1}'
        ),
        "package.json": "[1, 2",
        "x/package.json": '{"name": 3, "exports": [1]}',
    }
    assert said(files, "a.ts") == ["unread table"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeff",
        "\x00" * 50 + ".from(",
        ".from(",
        "supabase.from(",
        "supabase.from()",
        "supabase.from(...x).select()",
    ],
)
def test_little_is_read_as_little(text: str) -> None:
    assert said(text) in ([], ["unread table"])


def test_names_of_other_alphabets_have_their_places() -> None:
    (use,) = found("/* ключ 🗝 */ await supabase.from('таблица').select('имя').eq('ціна', '🗝')")
    assert isinstance(use, TableUse)
    assert (use.table, str(use.location)) == ("таблица", "app.ts:3:35")
    assert [str(column.location) for column in use.columns] == ["app.ts:3:53", "app.ts:3:63"]


WORDS = (
    "supabase .from( 't' ) .select( 'a,b(c)' .insert( [ ] { } ( ; .or(`a.eq.${x}`) async "
    "await x , this.x export `${ ` . ' "
    "/* */ // <T> E.A = ... .rpc('f', f(q) .map( => : && ? return enum class function "
    "type interface const let q T in of"
)
PIECES = st.sampled_from(
    [
        *WORDS.split(),
        "\n",
        "q = q",
        "{ a: 1, ...x }",
        "function f(t: T) ",
        "import { x } from './app'\n",
        "for (const t of ",
    ]
)


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=40))
@example(["export", "const", "q", "=", "supabase", ".from(", "q", ")", ".select(", "q"])
def test_no_input_crashes_the_reader(pieces: list[str]) -> None:
    for one in found(" ".join(pieces)):
        assert one.location.path == "app.ts"
        assert one.location.line >= 1
