"""The real command line, in a process of its own: one that is forked where pgproof is imported already."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPORTS = Path(__file__).parent.parent / "reports" / "golden"
_LEFT_OUT = {"NO_COLOR", "FORCE_COLOR", "DATABASE_URL", "COLUMNS", "LANG", "LC_ALL"}
_STREAMS = ("in", "out", "err")
_TIMEOUT_S = 120
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.cli.loaded"])


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment without what would change the output or name a database."""
    kept = {k: v for k, v in os.environ.items() if (k not in _LEFT_OUT and not k.startswith("PG")) or "PGPROOF" in k}
    return {**kept, "LANG": "C.UTF-8", **changes}


def pgproof(*arguments: str, cwd: Path | None = None, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run `pgproof` with these arguments. What concerns Python itself needs one that is started anew."""
    if any(name.startswith("PYTHON") for name in env):
        return subprocess.run(
            [sys.executable, "-m", "pgproof", *arguments],
            cwd=cwd,
            input=stdin,
            env=environment(**env),
            capture_output=True,
            encoding="utf-8",
            timeout=_TIMEOUT_S,
        )
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder, name) for name in _STREAMS]
        streams[0].write_text(stdin, "utf-8")
        run = _FORKS.Process(target=_run, args=(arguments, str(cwd or Path.cwd()), environment(**env), streams))
        run.start()
        run.join(_TIMEOUT_S)
        if run.exitcode is None:
            run.terminate()
            run.join()
            raise subprocess.TimeoutExpired(["pgproof", *arguments], _TIMEOUT_S)
        out, err = (stream.read_text("utf-8") for stream in streams[1:])
        return subprocess.CompletedProcess(["pgproof", *arguments], run.exitcode, out, err)


def _run(arguments: tuple[str, ...], folder: str, env: dict[str, str], streams: list[Path]) -> None:
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(folder)
    for number, stream in enumerate(streams):
        os.dup2(os.open(stream, os.O_RDWR | os.O_CREAT), number)
    sys.argv = ["pgproof", *arguments]
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115

    from pgproof.cli import main

    main()
