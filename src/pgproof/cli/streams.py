"""Standard output, whose reader may go away."""

from __future__ import annotations

import os
import sys

from pgproof.reports.runner import harmless


def say(text: str, format_name: str = "text") -> None:
    """Write to standard output. That its reader went away (`| head`) is no failure: the exit code still answers."""
    try:
        sys.stdout.write(harmless(text, format_name, os.environ))
        sys.stdout.flush()
    except BrokenPipeError:
        abandon_stdout()


def abandon_stdout() -> None:
    """Let what is still written to standard output, also by the interpreter's exit, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
