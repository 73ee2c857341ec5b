"""The real command line, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPORTS = Path(__file__).parent.parent / "reports" / "golden"
_LEFT_OUT = {"NO_COLOR", "FORCE_COLOR", "DATABASE_URL", "COLUMNS", "LANG", "LC_ALL"}


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without what would change the output or name a database."""
    kept = {k: v for k, v in os.environ.items() if (k not in _LEFT_OUT and not k.startswith("PG")) or "PGPROOF" in k}
    return {**kept, "LANG": "C.UTF-8", **changes}


def pgproof(*arguments: str, cwd: Path | None = None, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run `pgproof` with these arguments."""
    return subprocess.run(
        [sys.executable, "-m", "pgproof", *arguments],
        cwd=cwd,
        input=stdin,
        env=environment(**env),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
