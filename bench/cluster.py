"""A private cluster until it answers: from its cached image, and when the image must be made first.

python -m bench cluster
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

from pgproof.server import binaries
from pgproof.server.binaries import Installation
from pgproof.server.cluster import Cluster
from pgproof.server.folders import CACHE_VARIABLE

RUNS = 7


def main() -> None:
    """Print a Markdown table."""
    print("| server | from its cached image | image made first |")
    print("|---|---:|---:|")
    before = os.environ.get(CACHE_VARIABLE)
    for installation in binaries.find():
        folder = Path(tempfile.mkdtemp(prefix="pgproof-bench-", dir="/var/tmp"))
        folder.chmod(0o755)
        os.environ[CACHE_VARIABLE] = str(folder)
        try:
            cold = _start(installation)
            cached = median(_start(installation) for _ in range(RUNS))
        finally:
            shutil.rmtree(folder)
            os.environ.pop(CACHE_VARIABLE)
            if before is not None:
                os.environ[CACHE_VARIABLE] = before
        print(f"| {installation.version} ({installation.origin}) | {cached * 1000:.0f} ms | {cold * 1000:.0f} ms |")


def _start(installation: Installation) -> float:
    start = time.perf_counter()
    with Cluster(installation):
        return time.perf_counter() - start
