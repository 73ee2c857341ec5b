"""A project to spoil, and pgproof run on it as a person would."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pgproof.judge.result import Result
from pgproof.reports.stored import load
from tests.cli.running import environment

SECRET = "hunter2"
"""A password that must be nowhere in what is said."""

NOTE = "create table note (id int primary key, body text not null);\n"
TAG = "create table tag (id int primary key, label text);\n"
CONFIG = "server = 18\n"


@dataclass(frozen=True)
class Answer:
    """How a run ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def result(self) -> Result:
        """What `--format json` has said."""
        return load(self.out)

    @property
    def last_line(self) -> str:
        """The line that tells the whole story."""
        return self.out.splitlines()[-1]

    @property
    def codes(self) -> list[str]:
        """The findings of `--format json`."""
        return [finding.code for finding in self.result.findings]

    @property
    def gaps(self) -> list[str]:
        """What `--format json` says was not verified."""
        return [gap.reason for gap in self.result.gaps]


@dataclass(frozen=True)
class Project:
    """A folder with migrations."""

    root: Path

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file, as bytes when it is no UTF-8."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def migrations(self, *contents: str | bytes) -> Project:
        """Write `migrations/0001.sql` and so on."""
        for number, content in enumerate(contents, 1):
            self.write(f"migrations/{number:04}.sql", content)
        return self

    def start(self, *arguments: str, patch: str = "", prefix: Sequence[str] = (), **env: str) -> subprocess.Popen[str]:
        """Start `pgproof` with these arguments in the project; `patch` is Python that runs before it."""
        script = f"{patch}\nfrom pgproof.cli import main\nmain()"
        return subprocess.Popen(
            [*prefix, sys.executable, "-c", script, *arguments],
            cwd=self.root,
            env=environment(**env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def run(self, *arguments: str, patch: str = "", prefix: Sequence[str] = (), **env: str) -> Answer:
        """Run `pgproof`; whatever happens, it loses nothing, blames no defect and tells no secret."""
        before = self.contents()
        answer = finish(self.start(*arguments, patch=patch, prefix=prefix, **env))
        assert self.contents() == before
        return answer

    def check(self, *arguments: str, patch: str = "", **env: str) -> Answer:
        """Run `pgproof check`."""
        return self.run("check", *arguments, patch=patch, **env)

    def contents(self) -> dict[str, str]:
        """Return the hashes of the project's files."""
        files = (path for path in sorted(self.root.rglob("*")) if path.is_file() and os.access(path, os.R_OK))
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def finish(process: subprocess.Popen[str]) -> Answer:
    """Wait for the end of a run and return its answer, which is one: no crash, no secret."""
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err, err
    assert "crashed" not in out, out
    assert SECRET not in out + err
    return Answer(process.returncode, out, err)
