"""`pgproof probe` and `pgproof check` as whole processes on schemas with keys, conditions, triggers and functions.

    python -m bench probes

Each table has two foreign keys, five conditions, a trigger and a policy; 50 functions read and write. "Probing" is that
step alone, without the start of the server and the replay.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

FUNCTIONS, RUNS = 50, 3
SIZES = (60, 250, 500)
_STEP = re.compile(r"(\d+) ms +probing behaviour")


def main() -> None:
    """Print a Markdown table."""
    print(
        "| tables, 50 functions | probing, in `probe` | `probe` from nothing | `check` from nothing | `check` again |"
    )
    print("|---:|---:|---:|---:|---:|")
    for tables in SIZES:
        runs = [_measured(tables) for _ in range(RUNS if tables <= 60 else 1)]
        row = " | ".join(f"{median(run[n] for run in runs):.2f} s" for n in range(4))
        print(f"| {tables} | {row} |", flush=True)


def _measured(tables: int) -> tuple[float, float, float, float]:
    with TemporaryDirectory() as probed, TemporaryDirectory() as checked:
        for folder in (probed, checked):
            _write(Path(folder), tables)
        whole, said = _run("probe", probed, "--timings", "--quiet")
        step = _STEP.search(said)
        cold, _ = _run("check", checked, "--quiet")
        again, _ = _run("check", checked, "--quiet")
        return int(step[1]) / 1000 if step else float("nan"), whole, cold, again


def _run(*arguments: str) -> tuple[float, str]:
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "pgproof", *arguments], check=False, capture_output=True, text=True)
    if done.returncode > 1:
        raise SystemExit(done.stdout + done.stderr)
    return time.perf_counter() - start, done.stderr


def _write(root: Path, tables: int) -> None:
    (root / "migrations").mkdir()
    files = [_START, *(_table(n) for n in range(tables)), *(_function(n, tables) for n in range(FUNCTIONS))]
    stamp = f"-- {time.monotonic_ns()}: results are kept by content, so that no two projects may be the same\n"
    for number, sql in enumerate(files, 1):
        (root / "migrations" / f"{number:04}.sql").write_text(sql + stamp, "utf-8")


_START = """
create table tenant (id uuid primary key default gen_random_uuid(), name text not null unique);
create type state as enum ('open', 'busy', 'done');
create function touch() returns trigger language plpgsql as $$ begin new.updated_at := now(); return new; end $$;
"""


def _table(number: int) -> str:
    parent = f"t{(number - 1) // 2}" if number else "tenant"
    key = "bigint" if number else "uuid"
    return f"""
create table t{number} (
  id bigint generated always as identity primary key,
  tenant_id uuid not null references tenant on delete cascade,
  parent_id {key} references {parent} on delete set null,
  email text not null check (email ~ '^[a-z]+@[a-z]+[.]com$'),
  state state not null default 'open',
  amount numeric(10, 2) not null default 0 check (amount >= 0 and amount <= 100000),
  starts date not null, ends date not null, check (ends >= starts),
  tags text[] not null default '{{}}' check (cardinality(tags) <= 5),
  meta jsonb not null default '{{}}' check (jsonb_typeof(meta) = 'object'),
  updated_at timestamptz not null default now(),
  unique (tenant_id, email)
);
create trigger t{number}_touch before update on t{number} for each row execute function touch();
alter table t{number} enable row level security;
create policy own on t{number} using (tenant_id::text = current_setting('app.tenant_id', true));
"""


def _function(number: int, tables: int) -> str:
    table = f"t{number % tables}"
    return f"""
create function f{number}(p_id bigint, p_amount numeric) returns setof {table} language plpgsql as $$
begin
  if p_amount < 0 then raise exception 'negative'; end if;
  return query update {table} set amount = {table}.amount + p_amount where {table}.id = p_id returning *;
end $$;
"""
