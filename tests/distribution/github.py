"""The GitHub Action's own steps, run as the runner would; the actions of others are left out."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.cli.running import environment
from tests.distribution.conftest import ROOT, make_offline

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass
class Runner:
    """Runs the steps of the action that are its own."""

    temp: Path
    python: Path
    settings: dict[str, str]
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""

    def use(self, workspace: Path, **inputs: str) -> int:
        """Use the action in a workspace; return the exit code of its last step. What is installed stays so."""
        given = {name: spec.get("default", "") for name, spec in ACTION["inputs"].items()}
        given.update({name.replace("_", "-"): value for name, value in inputs.items()})
        install, check = (step for step in STEPS if "run" in step)
        if not (self.temp / "pgproof").exists():
            done = self._step(install, workspace, given)
            assert done.returncode == 0, done.stdout
        done = self._step(check, workspace, given)
        self.log = done.stdout
        return done.returncode

    def commands(self) -> list[str]:
        """Return the workflow commands that the runner obeys: none between `stop-commands` and its token."""
        obeyed, waiting = [], ""
        for line in self.log.splitlines():
            command = line.lstrip()
            if waiting:
                waiting = "" if command == f"::{waiting}::" else waiting
            elif command.startswith("::stop-commands::"):
                waiting = command.removeprefix("::stop-commands::")
            elif command.startswith("::") or "##[" in line:
                obeyed.append(line)
        assert not waiting
        return obeyed

    def _step(self, step: dict[str, Any], workspace: Path, inputs: dict[str, str]) -> subprocess.CompletedProcess[str]:
        files = {name: self.temp / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        known = {
            "GITHUB_ACTION_PATH": str(ROOT),
            "RUNNER_TEMP": str(self.temp),
            **{name: str(file) for name, file in files.items()},
            **{name: self._evaluated(str(value), inputs) for name, value in step.get("env", {}).items()},
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=workspace,
            env={**environment(), **self.settings, "PATH": "/usr/bin:/bin", **known},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        self.outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        self.summary = files["GITHUB_STEP_SUMMARY"].read_text()
        return done

    def _evaluated(self, text: str, inputs: dict[str, str]) -> str:
        def value(found: re.Match[str]) -> str:
            return (
                str(self.python) if found[1] == "steps.python.outputs.python-path" else inputs[found[1].split(".")[1]]
            )

        return EXPRESSION.sub(value, text)


def make_runner(folder: Path) -> Runner:
    """Make a machine with nothing but a Python, in a folder that every user may walk into."""
    offline = make_offline(folder)
    (folder / "temp").mkdir()
    return Runner(folder / "temp", offline.python, offline.settings)
