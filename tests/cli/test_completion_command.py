"""Shell completion: the scripts, and what they answer."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pgproof.cli.app import app
from tests.cli.running import environment, pgproof


def completed(*words: str) -> set[str]:
    """Return what is offered for the last word, as bash asks for it."""
    done = pgproof(
        _PGPROOF_COMPLETE="bash_complete", COMP_WORDS=" ".join(["pgproof", *words]), COMP_CWORD=f"{len(words)}"
    )
    assert done.returncode == 0
    return {line.partition(",")[2] for line in done.stdout.splitlines()}


def test_commands_are_completed() -> None:
    offered = completed("")
    assert {"check", "completion", "server"} <= offered
    assert offered == set(app.list_commands(None))  # type: ignore[arg-type]
    assert completed("ch") == {"check"}


def test_commands_of_a_command_are_completed() -> None:
    assert completed("server", "") == {"install", "uninstall"}


def test_options_and_their_values_are_completed() -> None:
    assert "--fail-on" in completed("check", "--fa")
    assert completed("check", "--fail-on", "") == {"error", "warning", "note"}
    assert completed("completion", "") == {"bash", "zsh", "fish"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(shell: str) -> None:
    done = pgproof("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_PGPROOF_COMPLETE={shell}_complete" in done.stdout


def test_bash_takes_the_script_and_completes(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash
    program = tmp_path / "pgproof"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m pgproof "$@"\n')
    program.chmod(0o755)
    script = """
    eval "$(pgproof completion bash)"
    COMP_WORDS=(pgproof check --fail-on w) COMP_CWORD=3
    _pgproof_completion pgproof
    printf '%s\\n' "${COMPREPLY[@]}"
    """
    path = f"{tmp_path}:/usr/bin:/bin"
    done = subprocess.run(
        [bash, "--norc", "-c", script], env=environment(PATH=path), capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("warning\n", "")


def test_another_shell_is_a_usage_error() -> None:
    done = pgproof("completion", "powershell")
    assert done.returncode == 2
    assert "'bash', 'zsh', 'fish'" in done.stderr
