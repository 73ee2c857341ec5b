"""Judging a contract: 200 features with 2,000 needs on a catalog of 500 tables, beyond reading the catalog.

python -m bench contract
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.snapshot import database_of, newest_of_each_origin
from pgproof.catalog import snapshot
from pgproof.contract.answer import Answer
from pgproof.contract.contract import Contract, Question, Said
from pgproof.contract.judge import judge
from pgproof.contract.schema import Schema
from pgproof.contract.standing import stand
from pgproof.project.config import read_config
from pgproof.server.admin import AdminSession
from pgproof.server.cluster import Cluster
from pgproof.server.live import connect

FEATURES, NEEDS, TABLES, RUNS = 200, 10, 500, 9
FORMS = (
    "app.t{n}.amount integer not null",
    "app.t{n}.made timestamptz not null default now()",
    "app.t{n}.price numeric(10, 2)",
    "app.t{n}.label varchar(40)",
    "table app.t{n}",
    "index on app.t{n} (amount)",
    "primary key on app.t{n} (id)",
    "trigger touch on app.t{n}",
    "app.t{n}.done boolean default false",
    "function app.touch() returns trigger",
)


def main() -> None:
    """Print a Markdown table."""
    print(f"| {FEATURES} features, {FEATURES * NEEDS:,} needs, {TABLES} tables | median |")
    print("|---|---:|")
    with TemporaryDirectory() as folder:
        root = Path(folder)
        _write(root)
        contract = read_config(root).contract
        print(f"| reading the contract (TOML and sentences) | {_ms(lambda: read_config(root)):.0f} ms |")
    installation = newest_of_each_origin()[0]
    with Cluster(installation) as cluster:
        with AdminSession(cluster, "template1") as admin:
            admin.execute("create role bench superuser login")
        with database_of(cluster, TABLES) as url, connect(url) as session:
            catalog = snapshot.read(session)
            print(f"| reading the catalog, {len(catalog):,} objects | {_ms(lambda: snapshot.read(session)):.0f} ms |")
            assert not _judged(contract, Schema(catalog)), "every need holds"
            print(f"| judging every need | {_ms(lambda: _judged(contract, Schema(catalog))):.0f} ms |")


def _judged(contract: Contract, schema: Schema) -> int:
    """Return how many needs do not hold."""
    said = [one for feature in contract.features for one in feature.needs]
    answers: dict[Said | Question, Answer] = {one: judge(one.need, schema) for one in said}
    return sum(standing.readiness.value != "READY" for standing in stand(contract.features, answers))


def _ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * median(times)


def _write(root: Path) -> None:
    lines = []
    for feature in range(FEATURES):
        lines += [f'[feature."area.feature-{feature}"]', 'title = "A feature"', "needs = ["]
        lines += [f'    "{FORMS[n].format(n=(feature * NEEDS + n) % TABLES)}",' for n in range(NEEDS)]
        lines += ["]", ""]
    (root / "pgproof.toml").write_text("\n".join(lines), "utf-8")
