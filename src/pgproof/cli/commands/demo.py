"""`pgproof demo`: what this tool does, on a packaged project."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="See what pgproof does, on a packaged project.")
@click.argument("folder", required=False, metavar="[FOLDER]", type=click.Path(path_type=Path))
@click.option("--server", type=int, metavar="MAJOR", help="The PostgreSQL version; otherwise the best one at hand.")
def command(folder: Path | None, server: int | None) -> int:
    """Unpack a small project into FOLDER (default: pgproof-demo), make its live database, and check both.

    The exit code is 0: that the demo's database is not what its migrations say is the point of it.
    """
    from pgproof.cli.output import parse_outputs, write
    from pgproof.cli.progress import Progress
    from pgproof.cli.streams import say
    from pgproof.workflows.demo import FOLDER, demo, next_step, unpack

    folder = folder or Path(FOLDER)
    if unpack(folder):
        say(f"unpacked a small project into {folder}: its migrations, and live.sql, what its database went through\n\n")
    with Progress(shown=True) as progress:
        result = demo(folder, server, progress)
        elapsed_ms = progress.elapsed_ms
    write(result, parse_outputs((), None), limit=None, brief=False, elapsed_ms=elapsed_ms)
    say(f"\n{next_step(folder)}")
    return 0
