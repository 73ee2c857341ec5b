"""The command line: one file a command in `commands/`, each parses, calls a workflow and renders."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code (see `pgproof.cli.exits`)."""
    from pgproof.cli.run import run

    sys.exit(run(sys.argv[1:]))
