"""The command line: one file a command in `commands/`, each parses, calls a workflow and renders."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code (see `pgproof.cli.exits`)."""
    try:
        from pgproof.cli.run import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before `run` takes care of it
        code = 130
    sys.exit(code)
