"""Progress: on a terminal only, and never in the way of the answer."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys

from pgproof.cli.progress import Progress
from tests.cli.running import environment

SCRIPT = """
import sys
from pgproof.cli.progress import Progress
with Progress(shown=True) as progress:
    progress("reading")
    progress("replaying [bold]odd\\x1b[31m names[/bold]")
print("rich" in sys.modules)
"""


def test_without_a_terminal_nothing_is_drawn_and_nothing_imported() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, env=environment())
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_a_terminal_shows_the_step_and_no_markup_of_a_name() -> None:
    reader, writer = pty.openpty()
    command = [sys.executable, "-c", SCRIPT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=writer, env=environment(TERM="xterm")) as process:
        os.close(writer)
        shown = b""
        try:
            while piece := os.read(reader, 65536):
                shown += piece
        except OSError:  # Linux: the other side was closed
            pass
    os.close(reader)
    assert process.returncode == 0
    assert "replaying [bold]odd\\x1b[31m names[/bold] …" in shown.decode()


def test_steps_of_the_same_words_are_added_up() -> None:
    with Progress(shown=False) as progress:
        for step in ("reading", "replaying", "reading"):
            progress(step)
    lines = progress.timings().splitlines()
    assert [re.sub(r"^ *\d+ ms  ", "", line) for line in lines] == ["reading", "replaying"]


def test_without_steps_there_are_no_timings() -> None:
    assert Progress(shown=False).timings() == ""
