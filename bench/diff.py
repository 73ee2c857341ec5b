"""Two databases read and compared, as whole processes, with migra and pg-delta in the same run where they are at hand.

    python -m bench.diff [tables…]

Tables as in `bench snapshot`. In the second database of each size one table in a hundred has something else: a column
more, another default, an index less, another comment, a right more. `migra` (pip) and `pgdelta` (npm) are taken from
PATH, or from what PGPROOF_BENCH_MIGRA and PGPROOF_BENCH_PGDELTA say; they are not run on more tables than `THEIRS`.
Seconds are the median of several runs, taken in turns; CPU and memory are the process's own, without the server's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile

import psycopg

from bench.snapshot import BATCH, FIRST, TABLE, newest_of_each_origin
from pgproof.server.admin import AdminSession
from pgproof.server.cluster import Cluster

SIZES = (200, 2000, 10000)
THEIRS = 2000
RUNS = 5
DRIFT = (
    "alter table app.t{n} add column later integer",
    "alter table app.t{n} alter body set default 'y'",
    "drop index app.t{n}_amount_idx",
    "comment on table app.t{n} is 'by hand'",
    "grant select on app.t{n} to public",
)

Command = list[str]


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print a Markdown table."""
    print("| server | tables | second database | tool | seconds | of these CPU | peak memory |")
    print("|---|---:|---|---|---:|---:|---:|")
    for installation in newest_of_each_origin():
        with Cluster(installation) as cluster:
            with AdminSession(cluster, "template1") as admin:
                admin.execute("create role bench superuser login")
            for size in sizes:
                with databases(cluster, size) as (first, same, drifted):
                    for what, second in (("the same", same), ("1 % differs", drifted)):
                        for name, seconds, cpu, megabytes in measured(first, second, size, cluster):
                            print(
                                f"| {installation.version} | {size:,} | {what} | {name} | {seconds:.2f} s"
                                f" | {cpu:.2f} s | {megabytes:.0f} MB |",
                                flush=True,
                            )


@contextmanager
def databases(cluster: Cluster, size: int) -> Iterator[tuple[str, str, str]]:
    """Make three databases of as many tables, two of them the same; yield their URLs."""
    names = [f"bench_{size}_{kind}" for kind in ("first", "same", "drifted")]
    with AdminSession(cluster, "template1") as admin:
        for name in names:
            admin.execute(f"create database {name} owner bench")
    urls = [cluster.dsn("bench", name) for name in names]
    for url in urls:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(FIRST)
            for start in range(0, size, BATCH):
                tables = range(start, min(size, start + BATCH))
                connection.execute("".join(TABLE.format(n=n, parent=max(n - 1, 0)) for n in tables).encode())
            if url is urls[-1]:
                for place, n in enumerate(range(7, size, 100)):
                    connection.execute(DRIFT[place % len(DRIFT)].format(n=n).encode())
            connection.execute("vacuum analyze")
    yield urls[0], urls[1], urls[2]
    with AdminSession(cluster, "template1") as admin:
        for name in names:
            admin.execute(f"drop database {name} with (force)")


def measured(first: str, second: str, size: int, cluster: Cluster) -> Iterator[tuple[str, float, float, float]]:
    """Yield each tool with its median seconds, those of its own CPU, and its greatest peak of memory."""
    tools = dict(commands(first, second, size, cluster))
    runs: dict[str, list[tuple[float, float, float, int]]] = {name: [] for name in tools}
    for _ in range(RUNS):
        for name, command in tools.items():
            runs[name].append(run(command))
    for name, seen in runs.items():
        seconds, cpu, megabytes, _ = zip(*seen, strict=True)
        yield name, median(seconds), median(cpu), max(megabytes)


def commands(first: str, second: str, size: int, cluster: Cluster) -> Iterator[tuple[str, Command]]:
    """Yield what is run for each tool that is at hand."""
    yield "pgproof diff", [sys.executable, "-m", "pgproof", "diff", first, second, "-q"]
    yield "`pg_dump -s` of one", [str(cluster.installation.bindir / "pg_dump"), "-s", first]
    if size <= THEIRS:
        if migra := tool("MIGRA", "migra"):
            yield "migra", [migra, "--unsafe", "--with-privileges", first, second]
        if delta := tool("PGDELTA", "pgdelta"):
            yield "pg-delta", [delta, "diff", "--source", first, "--desired", second]


def tool(variable: str, name: str) -> str | None:
    """Return where another tool is, if it is anywhere."""
    return os.environ.get(f"PGPROOF_BENCH_{variable}") or shutil.which(name)


def run(command: Command) -> tuple[float, float, float, int]:
    """Run a process to its end; return its seconds, seconds of CPU, megabytes, and the bytes that it wrote."""
    with TemporaryFile() as told, TemporaryFile() as errors, TemporaryDirectory() as folder:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=told, stderr=errors, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1, 2, 3):
            errors.seek(0)
            raise RuntimeError(errors.read().decode("utf-8", "replace"))
        megabytes = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
        return seconds, usage.ru_utime + usage.ru_stime, megabytes, told.seek(0, os.SEEK_END)


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
