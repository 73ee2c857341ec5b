"""A Dockerfile's steps, run in folders: each stage has one in place of `/`.

Paths of the stage (those below the folders that its steps make) are put below its folder. What changes the system
(packages, users, owners) is noted and not done: programs of the same names stand in for it.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

_NOTED = ("apt-get", "git", "useradd")
_INSTALL = """\
#!/bin/sh
for argument; do
    case $argument in --owner=* | --group=*) ;; *) set -- "$@" "$argument" ;; esac
    shift
done
exec /usr/bin/install "$@"
"""


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the instructions and their arguments, comments and continued lines resolved."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    pairs = [line.strip().partition(" ") for line in joined.splitlines() if line.strip()]
    return [(name.upper(), rest.strip()) for name, _, rest in pairs]


def ignored(path: str, patterns: list[str]) -> bool:
    """Whether a `.dockerignore` leaves a path of the context out: the last pattern that fits it or a parent decides."""
    out = False
    parts = path.split("/")
    for pattern in patterns:
        bare = pattern.removeprefix("!").removeprefix("**/")
        steps = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
        names = parts if "**/" in pattern else steps
        if any(fnmatch.fnmatchcase(name, bare) for name in names):
            out = not pattern.startswith("!")
    return out


@dataclass
class Stage:
    """One stage: what its image is made from, and what its steps have set."""

    base: str
    root: Path
    tools: Path
    environment: dict[str, str]
    folder: str = "/"
    user: str = "root"
    entry: list[str] = field(default_factory=list)
    default: list[str] = field(default_factory=list)

    def place(self, path: str) -> Path:
        """Return where a path of the stage is."""
        absolute = os.path.normpath(os.path.join(self.folder, path))  # noqa: PTH118
        return self.root / absolute.lstrip("/")

    def run(self, command: str, made: set[str]) -> subprocess.CompletedProcess[str]:
        """Run a shell command with the paths below `made` put below the stage's folder."""
        for top in sorted(made, key=len, reverse=True):
            command = re.sub(rf"(?<![\w./]){re.escape(top)}(?=$|[/\s'\";:])", str(self.root / top.lstrip("/")), command)
        where = self.place(".")
        where.mkdir(parents=True, exist_ok=True)
        return subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=where,
            env=self.mapped(made),
            capture_output=True,
            text=True,
            timeout=300,
        )

    def mapped(self, made: set[str]) -> dict[str, str]:
        """Return the environment with the stage's paths put below its folder, and the tools before all else."""
        values = {}
        for name, value in self.environment.items():
            parts = [str(self.place(part)) if part.startswith(tuple(made)) else part for part in value.split(":")]
            values[name] = ":".join(parts)
        *own, rest = values["PATH"].partition("/usr/")
        return {**values, "PATH": f"{own[0]}{self.tools}:{''.join(own[1:])}{rest}"}


class Build:
    """Runs a Dockerfile with `context`; the stages' folders are made in `folder`."""

    def __init__(self, context: Path, folder: Path, environment: dict[str, str], python: str) -> None:
        """Read the Dockerfile; nothing is run yet."""
        self.steps = instructions((context / "Dockerfile").read_text())
        self.context = context
        self.folder = folder
        self.environment = environment
        self.stages: dict[str, Stage] = {}
        lines = (context / ".dockerignore").read_text().splitlines()
        self.ignore = [line for line in lines if line and not line.startswith("#")]
        self.made = {rest for name, rest in self.steps if name == "WORKDIR"} | {"/opt/pgproof", "/var/cache/pgproof"}
        self.made |= {"/var/lib/apt/lists"}
        self.notes = folder / "notes"
        self.tools = folder / "tools"
        self.tools.mkdir()
        for name in _NOTED:
            self._tool(name, f'#!/bin/sh\necho "{name} $*" >> {shlex.quote(str(self.notes))}\n')
        self._tool("install", _INSTALL)
        self._tool("python", f'#!/bin/sh\nexec {shlex.quote(python)} "$@"\n')

    def run(self) -> Stage:
        """Run all steps; return the last stage."""
        stage: Stage | None = None
        for name, rest in self.steps:
            if name == "FROM":
                base, _, label = rest.partition(" AS ")
                root = self.folder / f"stage-{len(self.stages)}"
                root.mkdir()
                stage = Stage(base, root, self.tools, dict(self.environment))
                self.stages[label or str(len(self.stages))] = stage
            else:
                assert stage
                getattr(self, f"_{name.lower()}")(stage, rest)
        assert stage
        return stage

    def noted(self) -> list[str]:
        """Return the commands that would have changed the system."""
        return self.notes.read_text().splitlines()

    def _tool(self, name: str, text: str) -> None:
        (self.tools / name).write_text(text)
        (self.tools / name).chmod(0o755)

    def _run(self, stage: Stage, rest: str) -> None:
        done = stage.run(rest, self.made)
        assert done.returncode == 0, f"RUN {rest}\n{done.stdout}{done.stderr}"

    def _copy(self, stage: Stage, rest: str) -> None:
        *sources, target = (word for word in shlex.split(rest) if not word.startswith("--"))
        origin = re.search(r"--from=(\S+)", rest)
        for source in sources:
            assert origin or not ignored(source, self.ignore), f".dockerignore leaves {source} out"
            path = self.stages[origin[1]].place(source) if origin else self.context / source
            place = stage.place(target)
            if path.is_dir():
                left_out = shutil.ignore_patterns("__pycache__", ".mypy_cache")
                shutil.copytree(path, place, symlinks=True, dirs_exist_ok=True, ignore=left_out)
            else:
                place = place / path.name if target.endswith("/") else place
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, place)

    def _workdir(self, stage: Stage, rest: str) -> None:
        stage.folder = rest
        stage.place(".").mkdir(parents=True, exist_ok=True)

    def _env(self, stage: Stage, rest: str) -> None:
        for word in shlex.split(rest):
            name, _, value = word.partition("=")
            stage.environment[name] = value.replace("$PATH", stage.environment["PATH"])

    def _user(self, stage: Stage, rest: str) -> None:
        stage.user = rest

    def _entrypoint(self, stage: Stage, rest: str) -> None:
        stage.entry = json.loads(rest)

    def _cmd(self, stage: Stage, rest: str) -> None:
        stage.default = json.loads(rest)
