"""Make each example's live database on a private server, check it, and compare with its expected.toml: a line each.

Arguments are names of examples; without any, all are run.
"""

from __future__ import annotations

import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Judged, Result
from pgproof.model.errors import PgproofError
from pgproof.project.config import read_config
from pgproof.project.database import base_of
from pgproof.server import binaries
from pgproof.server.admin import AdminSession
from pgproof.server.cluster import Cluster
from pgproof.workflows.check import check

HERE = Path(__file__).resolve().parent


def main(names: list[str]) -> int:
    """Run the examples and return 0 when each found what it promises, and nothing else."""
    folders = sorted(path.parent for path in HERE.glob("*/expected.toml") if not names or path.parent.name in names)
    if unknown := set(names) - {folder.name for folder in folders}:
        raise SystemExit(f"there is no example {', '.join(sorted(unknown))}")
    with Cluster(binaries.choose()).start() as cluster:
        with AdminSession(cluster, "template1") as admin:
            admin.execute("create role postgres superuser login")
        return max(_run(folder, cluster) for folder in folders)


def _run(folder: Path, cluster: Cluster) -> int:
    started = time.monotonic()
    database = folder.name.replace("-", "_")
    with AdminSession(cluster, "template1") as admin:
        admin.execute(f"create database {database} owner postgres")
    url = cluster.dsn("postgres", database)
    made = subprocess.run([sys.executable, folder / "live" / "make_live.py", url], capture_output=True, text=True)
    if made.returncode:
        print(f"{folder.name:22}FAILED  {made.stderr.strip().splitlines()[-1]}")
        return 1
    expected = tomllib.loads((folder / "expected.toml").read_text("utf-8"))
    wrong: list[str] = []
    waiting, total, verdict = len(expected.get("waiting", ())), 0, ""
    for run, options in {"": {}, **expected.get("run", {})}.items():
        try:
            result = _check(folder, url if not run else None, options)
        except PgproofError as error:
            print(f"{folder.name:22}FAILED  {error.problem}")
            return 1
        verdict = verdict or str(result.verdict)
        promised = [one for one in expected.get("finding", ()) if one.get("run", "") == run]
        waiting += sum("waits" in one for one in promised)
        total += len(result.findings)
        wrong += _differences([one for one in promised if "waits" not in one], result)
    state = "as expected" if not wrong else f"{len(wrong)} not as expected"
    waits = f", {waiting} more wait for later engines" if waiting else ""
    print(f"{folder.name:22}{verdict:10}{total:3} findings, {state}{waits}   {time.monotonic() - started:.1f} s")
    for line in wrong:
        print(f"    {line}")
    return int(bool(wrong))


def _check(folder: Path, url: str | None, options: dict[str, Any]) -> Result:
    config = read_config(folder)
    base = base_of(config.base, folder) if config.base else None
    if "migrations" in options:
        config = replace(config, migrations=options["migrations"])
    return check(Settings(folder, config, url, base), options.get("select", ()))


def _differences(promised: list[dict[str, str]], result: Result) -> list[str]:
    left = list(result.findings)
    missing = []
    for one in promised:
        found = next((finding for finding in left if _is(finding, one)), None)
        if found is None:
            missing.append(f"missing: {one.get('code', one.get('kind'))} {one['subject']}")
        else:
            left.remove(found)
    return [*missing, *(f"not expected: {finding.code} {finding.subject}: {finding.message}" for finding in left)]


def _is(finding: Judged, promised: dict[str, str]) -> bool:
    return finding.subject == promised["subject"] and (
        finding.code == promised["code"] if "code" in promised else finding.kind == promised["kind"]
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
