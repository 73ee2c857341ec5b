"""`pgproof check` as a whole process on 2,000 files of code and 100 migrations: from nothing, again, one file changed.

    python -m bench project

Half of the files are TypeScript, half Python. A fifth of each queries: supabase-js, node-postgres, supabase-py and
psycopg by turns, all of it right; the rest is code that has nothing to do with a database.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.check import MIGRATIONS, TABLES, run, write_migrations

FILES, QUERYING, RUNS = 2_000, 5, 3

SUPABASE_JS = """import {{ createClient }} from '@supabase/supabase-js'
import {{ TABLES }} from '../tables'
const supabase = createClient(process.env.URL!, process.env.KEY!)
export async function load{n}(id: number) {{
  const {{ data, error }} = await supabase.from(TABLES.t{t}).select('id, name').eq('id', id).order('at')
  if (error) throw error
  const made = await supabase.from('t{t}').insert({{ id: id + 1, name: 'copy', at: new Date().toISOString() }})
  if (made.error) throw made.error
  return data
}}
"""
NODE_POSTGRES = """import {{ Pool }} from 'pg'
const pool = new Pool()
export async function rename{n}(id: number, name: string) {{
  await pool.query('update t{t} set name = $1 where id = $2', [name, id])
  const found = await pool.query(`select id, name from t{t} where at > now() - interval '1 day' order by id`)
  return found.rows
}}
"""
SUPABASE_PY = """from supabase import create_client

client = create_client("http://localhost", "key")


def load_{n}(identifier: int) -> object:
    return client.table("t{t}").select("id, name").eq("id", identifier).execute().data
"""
PSYCOPG = '''import psycopg


def rename_{n}(connection: psycopg.Connection, identifier: int, name: str) -> None:
    connection.execute("update t{t} set name = %s where id = %s", (name, identifier))
    connection.execute("""select id, name from t{t} where at > now() - interval '1 day' order by id""")
'''
PLAIN_TS = """
export function add{n}(values: number[], label = 'sum'): string {{
  const sum = values.filter((value) => value > {n}).reduce((all, value) => all + value, 0)
  return `${{label}}: ${{sum}}`
}}
"""
PLAIN_PY = '''

def add_{n}(values: list[int], label: str = "sum") -> str:
    """Return the sum of some values."""
    return f"{{label}}: {{sum(value for value in values if value > {n})}}"
'''


def main() -> None:
    """Print a Markdown table."""
    print(f"| `pgproof check`, {FILES:,} files of code, {MIGRATIONS} migrations | median |")
    print("|---|---:|")
    with TemporaryDirectory() as folder:
        root = Path(folder)
        write(root)
        run("check", folder)
        print(f"| from nothing | {_median(_from_nothing):.2f} s |")
        print(f"| again, nothing changed | {_median(lambda: run('check', folder)):.2f} s |")
        print(f"| one file of code changed | {_median(lambda: _changed(root)):.2f} s |")


def write(root: Path) -> None:
    """Write the project."""
    write_migrations(root)
    (root / "package.json").write_text('{"dependencies": {"@supabase/supabase-js": "2", "pg": "8"}}\n')
    (root / "pyproject.toml").write_text('[project]\nname = "app"\ndependencies = ["psycopg", "supabase"]\n')
    names = ", ".join(f"t{number}: 't{number}'" for number in range(TABLES))
    for folder in ("web", "jobs"):
        (root / "src" / folder).mkdir(parents=True)
    (root / "src" / "tables.ts").write_text(f"export const TABLES = {{ {names} }} as const\n")
    for number in range(FILES // 2):
        _write_file(root / f"src/web/page{number}.ts", number, (SUPABASE_JS, NODE_POSTGRES), PLAIN_TS)
        _write_file(root / f"src/jobs/job{number}.py", number, (SUPABASE_PY, PSYCOPG), PLAIN_PY)


def _write_file(path: Path, number: int, querying: tuple[str, str], plain: str) -> None:
    text = querying[number % 2].format(n=number, t=number % TABLES) if number % QUERYING == 0 else ""
    path.write_text(text + "".join(plain.format(n=10_000 + 20 * number + part) for part in range(20)))


def _median(measure: Callable[[], float]) -> float:
    return median(measure() for _ in range(RUNS))


def _from_nothing() -> float:
    with TemporaryDirectory() as folder:
        write(Path(folder))
        return run("check", folder)


def _changed(root: Path) -> float:
    file = root / "src/web/page0.ts"
    file.write_text(f"{file.read_text()}// {time.monotonic_ns()}\n")
    return run("check", str(root))
