"""`pgproof snapshot`: a catalog as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


@click.command(short_help="Write a catalog to a file, so that CI needs no credentials.")
@click.argument("path", required=False, metavar="[FOLDER]")
@click.option("--live", metavar="URL", help="The live database; without one, what the migrations make is written.")
@click.option("--migrations", metavar="DIR", help="The migration directory; otherwise the best one found.")
@click.option("--server", type=int, metavar="MAJOR", help="The PostgreSQL version to replay on.")
@click.option("--output", metavar="FILE", help="The file; otherwise standard output.")
def command(path: str | None, **options: Any) -> int:
    """Read a schema and write it as a sorted, versioned file, which `pgproof check --base` takes.

    The file holds names, definitions and privileges: no rows, no OIDs, no clock.
    """
    from pgproof.cli import arguments
    from pgproof.cli.progress import Progress
    from pgproof.cli.streams import say
    from pgproof.workflows.settings import Settings
    from pgproof.workflows.snapshot import snapshot

    root = arguments.project_root(path)
    config = arguments.merged_config(root, options)
    live = arguments.live_of(root, config, options["live"], no_live=False) if options["live"] is not None else None
    base = arguments.base(root, config, None, no_base=False)
    with Progress(shown=True) as progress:
        text = snapshot(Settings(root, config, live, base, progress=progress))
    if options["output"]:
        Path(options["output"]).write_text(text, "utf-8")
    else:
        say(text, "json")
    return 0
