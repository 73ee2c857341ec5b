"""The command line: one file a command in `commands/`, each parses, calls a workflow and renders."""

from __future__ import annotations

import gc
import sys

GARBAGE = 100_000
"""Objects that are made before garbage in circles is looked for: with the usual 700 a tenth of a run goes into it."""


def main() -> None:
    """Run the command line and exit with its code (see `pgproof.cli.exits`)."""
    gc.set_threshold(GARBAGE)
    try:
        from pgproof.cli.run import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before `run` takes care of it
        code = 130
    sys.exit(code)
