"""What the code does with the error of a call."""

from __future__ import annotations

import pytest

from pgproof.code.usage import Handling, TableUse
from tests.code.typescript.said import found

Q = "supabase.from('t').select('id')"
ENDS = {
    "thrown": (Handling.THROWN, f"const {{ data, error }} = await {Q}\nif (error) throw error"),
    "thrown in a block": (
        Handling.THROWN,
        f"const {{ data, error }} = await {Q}\nif (error) {{ console.error(error); throw new Error(error.message) }}",
    ),
    "thrown under another name": (Handling.THROWN, f"const {{ error: failed }} = await {Q}\nif (failed) throw failed"),
    "thrown by the client": (Handling.THROWN, f"await {Q}.throwOnError()"),
    "thrown out of the answer": (Handling.THROWN, f"const answer = await {Q}\nif (answer.error) throw answer.error"),
    "returned": (Handling.THROWN, f"const {{ data, error }} = await {Q}\nif (error) return {{ error }}"),
    "returned in words": (
        Handling.THROWN,
        f"const {{ data, error }} = await {Q}\n"
        f"if (error) {{\n return Response.json({{ error: 'no' }}, {{ status: 500 }})\n}}",
    ),
    "shown": (Handling.THROWN, f"const {{ data, error }} = await {Q}\nif (error) toast.error(error.message)"),
    "of one of several": (
        Handling.THROWN,
        f"const [{{ data, error }}, other] = await Promise.all([{Q}, 1])\nif (error) throw error",
    ),
    "in then": (Handling.THROWN, f"{Q}.then(({{ data, error }}) => {{ if (error) throw error }})"),
    "assigned": (Handling.THROWN, f"let data, error\n;({{ data, error }} = await {Q})\nif (error) throw error"),
    "logged": (Handling.LOGGED, f"const {{ data, error }} = await {Q}\nif (error) console.error('no', error)"),
    "logged, and nothing given back": (
        Handling.LOGGED,
        f"const {{ data, error }} = await {Q}\nif (error) {{ console.warn(error); return [] }}",
    ),
    "logged with more": (
        Handling.LOGGED,
        f"const {{ error }} = await {Q}\nif (error) {{ console.warn('no', {{ id, error }}) }}",
    ),
    "handed on with more": (Handling.THROWN, f"const {{ error }} = await {Q}\nif (error) report({{ id, error }})"),
    "expected: another way for what is not there": (
        Handling.EXPECTED,
        f"if (first.error?.code === '42P01') {{ const {{ data, error }} = await {Q}\nif (error) throw error }}",
    ),
    "expected: the function is called when something is not there": (
        Handling.EXPECTED,
        f"const ask = async (t: 't' | 'u') => {Q.replace(chr(39) + 't' + chr(39), 't')}\n"
        "if (failed.code === '42P01') await ask('t')",
    ),
    "expected: a function that asks in another way answers instead": (
        Handling.EXPECTED,
        f"const {{ data, error }} = await {Q}\nif (error) {{ console.error(error)\nreturn await plain(s) }}\n"
        "async function plain(s) { const { data } = await supabase.from('u').select('id')\nreturn data }",
    ),
    "logged: a function that asks nothing answers instead": (
        Handling.LOGGED,
        f"const {{ data, error }} = await {Q}\nif (error) {{ console.error(error)\nreturn none() }}\n"
        "function none() { return [] }",
    ),
    "expected: there is another way": (
        Handling.EXPECTED,
        "let stats = null\nlet failed = null\n"
        f"{{ const answer = await {Q}\nstats = answer.data\nfailed = answer.error }}\n"
        "if (failed || !stats) { const { data } = await db.from('u').select('id')\nreturn count(data) }",
    ),
    "expected: another way before anything is said": (
        Handling.EXPECTED,
        f"const {{ error }} = await {Q}\n"
        "if (error) { const { data, error: second } = await db.from('u').select('id')\nif (second) throw second }",
    ),
    "another way, and thrown": (
        Handling.THROWN,
        f"const {{ error }} = await {Q}\n"
        "if (error) { const { data } = await db.from('u').select('id')\nthrow error }",
    ),
    "thrown later": (
        Handling.THROWN,
        f"let failed = null\nconst {{ error }} = await {Q}\nfailed = error\nif (failed) throw failed",
    ),
    "kept in a log table": (
        Handling.IGNORED,
        f"const {{ error }} = await {Q}\nif (error) {{ await db.from('log').insert({{ at }}) }}",
    ),
    "expected: tried again": (
        Handling.EXPECTED,
        f"try {{ await supabase.from('t').select('other') }} catch {{ await {Q} }}",
    ),
    "another table where the first fails": (
        Handling.IGNORED,
        f"try {{ await supabase.from('u').select('other') }} catch {{ await {Q} }}",
    ),
    "expected: which of two is there": (
        Handling.EXPECTED,
        "async function which() { const { error } = await supabase.from('t').select('id')\n"
        "return error?.message.includes('does not exist') ? 'u' : 't' }\n"
        f"const t = await which()\nawait {Q.replace(chr(39) + 't' + chr(39), 't')}",
    ),
    "ignored": (Handling.IGNORED, f"const {{ data }} = await {Q}"),
    "ignored altogether": (Handling.IGNORED, f"await {Q}"),
    "ignored after a look": (Handling.IGNORED, f"const {{ data, error }} = await {Q}\nif (!error && data) use(data)"),
    "ignored, with a default": (Handling.IGNORED, f"const {{ data, error }} = await {Q}\nif (error) return []"),
    "ignored in then": (Handling.IGNORED, f"{Q}.then(({{ data }}) => use(data))"),
    "ignored, by member": (Handling.IGNORED, f"const rows = (await {Q}).data"),
    "ignored, from the answer": (Handling.IGNORED, f"const answer = await {Q}\nuse(answer.data)"),
    "expected": (
        Handling.EXPECTED,
        f"const {{ data, error }} = await {Q}\nif (error?.code === '42P01') return other()\nif (error) throw error",
    ),
    "expected in words": (
        Handling.EXPECTED,
        f"const {{ error }} = await {Q}\nif (error && error.message.includes('does not exist')) other()",
    ),
    "expected by a test": (Handling.EXPECTED, f"const {{ error }} = await {Q}\nexpect(error).not.toBeNull()"),
    "thrown by a test": (Handling.THROWN, f"const {{ error }} = await {Q}\nexpect(error).toBeNull()"),
    "thrown but for no row": (
        Handling.THROWN,
        f"const {{ error }} = await {Q}.single()\nif (error && error.code !== 'PGRST116') throw error",
    ),
    "unknown: it chooses": (Handling.UNKNOWN, f"const {{ count, error }} = await {Q}\nreturn error ? 'none' : count"),
    "unknown: it is handed on": (Handling.UNKNOWN, f"return handle(await {Q})"),
    "unknown: the caller has it": (Handling.UNKNOWN, f"return {Q}"),
}


@pytest.mark.parametrize("name", ENDS)
def test_what_is_done_with_an_error_is_known(name: str) -> None:
    handling, source = ENDS[name]
    uses = [one for one in found(f"async function f() {{\n{source}\n}}") if isinstance(one, TableUse)]
    asked = [use for use in uses if use.table in ("t", "u") and use.columns and use.columns[0].column == "id"]
    assert (asked[0] if "another way" in name else asked[-1]).handling is handling


def test_a_name_that_only_asks_whether_anything_answers_is_not_expected_to_be_there() -> None:
    (use,) = found(
        "const { error } = await supabase.from('_dummy_').select('*').limit(0)\nif (error) console.log(error)"
    )
    assert isinstance(use, TableUse)
    assert use.handling is Handling.EXPECTED
