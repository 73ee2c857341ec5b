"""Reading TypeScript and JavaScript: how much of what a project asks of PostgREST is resolved, and how long it takes.

    python -m bench.readers FOLDER…

Each folder is a checkout with git. Without one, 1,000 generated files are read, a fifth of which query. "Crude" counts
`.from(` and `.rpc(` with a regular expression that knows nothing of the language, an independent check of how many
calls there are: comments and texts are in it, helpers that many callers share are in it once.
"""

from __future__ import annotations

import gc
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pgproof.cli import GARBAGE
from pgproof.code.reading import Reading, read_project
from pgproof.code.usage import Action, Call, Clause, TableUse, Unread

SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte")
WRITES = (Action.INSERT, Action.UPSERT, Action.UPDATE)
CRUDE = re.compile(
    r"(?<!Array)(?<!Buffer)(?<!Uint8Array)(?<!storage)\s*\??\.\s*(?:from|rpc)\s*(?:<[^()]*>)?\(\s*[\"'`\w]"
)
HEAD = "| project | files | MB | seconds | CPU | calls | crude | tables | rpc | selects | filter columns | payloads |"
QUERYING = """
import {{ createClient }} from '@supabase/supabase-js'
import {{ TABLES }} from './tables'
const supabase = createClient(url, key)
export async function load{n}(id: string) {{
  const {{ data, error }} = await supabase.from(TABLES.users).select('id, name, posts(title)').eq('id', id)
  if (error) throw error
  await supabase.from('log').insert({{ at: new Date().toISOString(), kind: 'load', rows: data.length }})
  return data
}}
"""
PLAIN = """
export function add{n}(values: number[]): number {{
  return values.reduce((sum, value) => sum + value, {n})
}}
"""


def main(folders: Collection[str] = ()) -> None:
    """Print a Markdown table."""
    gc.set_threshold(GARBAGE)  # as the command line does
    print(HEAD)
    print("|---|" + "---:|" * (HEAD.count("|") - 2))
    for folder in folders:
        print(row(Path(folder)))
    if not folders:
        with TemporaryDirectory() as made:
            generate(Path(made))
            print(row(Path(made)))


def row(root: Path) -> str:
    """Read a project and return its line."""
    paths = [path for path in files_of(root) if path.endswith(SUFFIXES)]
    others = [path for path in files_of(root) if path.endswith(".json")]
    texts = [(root / path).read_text("utf-8", "replace") for path in paths]
    start, before = time.perf_counter(), cpu()
    readings = read_project(root, [*paths, *others], None)
    seconds, spent = time.perf_counter() - start, cpu() - before
    seen = Counter[str](count for reading in readings for count in counts(reading))
    size = sum(map(len, texts)) / 1e6
    using = (text for text in texts if re.search("supabase|postgrest", text, re.I))
    crude = sum(len(CRUDE.findall(text)) for text in using)
    shares = (share(seen, what) for what in ("table", "rpc", "select", "filter", "payload"))
    calls = seen["table"] + seen["rpc"] + seen["table?"] + seen["rpc?"]
    return (
        f"| {root.name} | {len(paths):,} | {size:.1f} | {seconds:.2f} | {spent:.2f} | {calls:,} | {crude:,} | "
        + " | ".join(shares)
        + " |"
    )


def cpu() -> float:
    """Return the seconds of CPU of this process and of those that it has ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def files_of(root: Path) -> list[str]:
    """Return the files that git knows, or all of them."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files"], capture_output=True, text=True, check=False).stdout
    names = listed.splitlines() or [path.relative_to(root).as_posix() for path in root.rglob("*")]
    return [name for name in names if (root / name).is_file() and not (root / name).is_symlink()]


def counts(reading: Reading) -> Iterator[str]:
    """Yield a word for each thing that was resolved, with `?` for each that was not."""
    words = {"table": "table", "function": "rpc", "filter": "filter"}
    for one in reading.found:
        if isinstance(one, Unread) and one.what in words:
            yield f"{words[one.what]}?"
        if not isinstance(one, TableUse | Call):
            continue
        unread = [part.what for part in one.unread]
        yield "table" if isinstance(one, TableUse) else "rpc"
        yield from ("filter?" for what in unread if what == "filter")
        yield from ("filter" for column in one.columns if column.clause not in (Clause.SELECT, Clause.VALUES))
        if one.embeds or any(column.clause is Clause.SELECT for column in one.columns) or "select" in unread:
            yield "select?" if "select" in unread else "select"
        elif isinstance(one, TableUse) and one.everything:
            yield "select"
        if isinstance(one, TableUse) and one.action in WRITES:
            yield "payload" if one.whole else "payload?"


def share(seen: Counter[str], what: str) -> str:
    """Return `12 / 13 = 92.3 %`."""
    known, all_of_them = seen[what], seen[what] + seen[f"{what}?"]
    return f"{known:,} / {all_of_them:,} = {100 * known / all_of_them:.1f} %" if all_of_them else "–"


def generate(root: Path) -> None:
    """Write 1,000 files."""
    (root / "package.json").write_text('{"dependencies": {"@supabase/supabase-js": "2"}}')
    (root / "tables.ts").write_text("export const TABLES = { users: 'users', posts: 'posts' } as const\n")
    for number in range(1000):
        body = "".join(PLAIN.format(n=f"{number}{part}") for part in range(30))
        query = QUERYING.format(n=number) if number % 5 == 0 else ""
        (root / f"file{number}.ts").write_text(query + body)


if __name__ == "__main__":
    main(sys.argv[1:])
