"""`pgproof inventory` of a live database of 5,000 tables, as a whole process, in several formats.

    python -m bench inventory

Tables as for reading a schema. Seconds are the median of several runs; CPU and memory are the process's own, without
the server's. Lines and bytes are those of the report.
"""

from __future__ import annotations

import sys
from statistics import median

from bench.diff import run
from bench.snapshot import database_of, newest_of_each_origin
from pgproof.server.admin import AdminSession
from pgproof.server.cluster import Cluster

TABLES = 5000
RUNS = 3
OPTIONS = ((), ("app.t12*",), ("--exact",), ("--all",), ("--format", "json"), ("--format", "mermaid"))


def main() -> None:
    """Print a Markdown table."""
    print(f"| server | `pgproof inventory`, {TABLES:,} tables | seconds | of these CPU | peak memory | report |")
    print("|---|---|---:|---:|---:|---:|")
    for installation in newest_of_each_origin():
        with Cluster(installation) as cluster:
            with AdminSession(cluster, "template1") as admin:
                admin.execute("create role bench superuser login")
            with database_of(cluster, TABLES) as url:
                for options in OPTIONS:
                    command = [sys.executable, "-m", "pgproof", "inventory", "--live", url, *options]
                    runs = [run(command) for _ in range(RUNS)]
                    seconds, cpu, megabytes, size_bytes = zip(*runs, strict=True)
                    print(
                        f"| {installation.version} | {' '.join(options) or 'as it is'} | {median(seconds):.2f} s"
                        f" | {median(cpu):.2f} s | {max(megabytes):.0f} MB | {max(size_bytes) / 1000:,.0f} kB |",
                        flush=True,
                    )
