"""`pgproof check` as a whole process on 60 tables in 100 migrations: from nothing, again, and with one file changed.

    python -m bench check

"From nothing" has the cluster's image in the cache (made once a machine and version) and nothing of the project.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

TABLES, MIGRATIONS, RUNS = 60, 100, 5


def main() -> None:
    """Print a Markdown table."""
    print("| `pgproof check`, 60 tables, 100 migrations | median |")
    print("|---|---:|")
    print(f"| `pgproof --version` (start of the process) | {_median(lambda: run('--version')):.2f} s |")
    with TemporaryDirectory() as first, TemporaryDirectory() as again:
        write_migrations(Path(first))
        run("check", first)
        print(f"| from nothing | {_median(_from_nothing):.2f} s |")
        write_migrations(Path(again))
        run("check", again)
        print(f"| again, nothing changed | {_median(lambda: run('check', again)):.2f} s |")
        print(f"| the last migration changed | {_median(lambda: _changed(Path(again))):.2f} s |")


def _median(measure: Callable[[], float]) -> float:
    return median(measure() for _ in range(RUNS))


def _from_nothing() -> float:
    with TemporaryDirectory() as folder:
        write_migrations(Path(folder))
        return run("check", folder)


def _changed(root: Path) -> float:
    last = root / "migrations" / f"{MIGRATIONS:04}.sql"
    last.write_text(last.read_text("utf-8") + f"-- {time.monotonic_ns()}\n", "utf-8")
    return run("check", str(root))


def run(*arguments: str) -> float:
    """Run pgproof; return the seconds."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "pgproof", *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def write_migrations(root: Path) -> None:
    """Write the migrations of a project."""
    (root / "migrations").mkdir()
    for number in range(1, MIGRATIONS + 1):
        table = f"t{number % TABLES}"
        if number <= TABLES:
            sql = f"create table {table} (id bigint primary key, name text not null, at timestamptz default now());\n"
            sql += f"-- {time.monotonic_ns()}: results are kept by content, so that no two projects may be the same\n"
        else:
            sql = f"alter table {table} add column c{number} integer;\ncreate index on {table} (c{number});\n"
        (root / "migrations" / f"{number:04}.sql").write_text(sql, "utf-8")
