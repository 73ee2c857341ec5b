"""A git repository for a test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PERSON = ("-c", "user.name=A Person", "-c", "user.email=person@example.com", "-c", "protocol.file.allow=always")


@dataclass(frozen=True)
class Repository:
    """Its work tree is `root`; the first branch is `main`."""

    root: Path

    @staticmethod
    def create(root: Path) -> Repository:
        """Make an empty one."""
        root.mkdir(exist_ok=True)
        made = Repository(root)
        made.git("init", "-q", "-b", "main")
        return made

    def git(self, *arguments: str) -> str:
        """Run git here, without anybody's own configuration."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            ["git", *_PERSON, *arguments],
            cwd=self.root,
            env={**plain, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str]) -> None:
        """Write files and commit all that there is."""
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", "a change")

    def clone(self, to: Path, *options: str) -> Repository:
        """Clone it."""
        self.git("clone", "-q", *options, self.root.as_uri(), str(to))
        return Repository(to)

    def state(self) -> tuple[str, str, frozenset[str]]:
        """Return what reading must not change: the status, the worktrees, the files of `.git`."""
        files = frozenset(str(path) for path in (self.root / ".git").rglob("*"))
        return self.git("status", "--porcelain"), self.git("worktree", "list"), files
