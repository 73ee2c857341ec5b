"""`pgproof inventory`: what is there, per migration and in total."""

from __future__ import annotations

from typing import Any

import click

from pgproof.judge.inventory import Inventory
from pgproof.model.errors import UsageError
from pgproof.reports import format_names

_HELP = """Show what is there: every migration with what it made, every table with its columns, every function.

It is the live database's when one is named, else that of the migrations. A PATTERN names tables and functions, with *
for anything (`orders`, `billing.*`); the FOLDER is written with a slash, or a dot. The formats mermaid and dbml are
entity diagrams; they show the hundred tables with the most foreign keys when there are more, and all with --all. Rows
of --sample are real; values of columns that sound like secrets are masked.
"""


@click.command(short_help="What is there: per migration, per table, in total; diagrams.", help=_HELP)
@click.argument("patterns", metavar="[FOLDER] [PATTERN]…", nargs=-1)
@click.option("--project", "path", metavar="PATH", help="The project's folder; otherwise the one around this folder.")
@click.option("--live", metavar="URL|FILE", help="The live database, or a snapshot file. It is only read.")
@click.option("--no-live", is_flag=True, help="Leave out the live database that the configuration names.")
@click.option("--base", metavar="FILE|URL", help="What was there before the first migration.")
@click.option("--no-base", is_flag=True, help="Leave out the base that the configuration names.")
@click.option("--migrations", metavar="DIR", help="The migration directory; otherwise the best one found.")
@click.option("--layout", metavar="NAME", help="How migrations are named; otherwise recognised.")
@click.option("--server", type=int, metavar="MAJOR", help="The PostgreSQL version to replay on.")
@click.option("--exact", is_flag=True, help="Count the rows of each table; otherwise they are estimated.")
@click.option(
    "--sample",
    type=click.IntRange(0, 100),
    default=0,
    metavar="N",
    help="Show N rows of each table.",
)
@click.option(
    "--format",
    "formats",
    metavar="NAME[=FILE]",
    multiple=True,
    help=f"The report: {', '.join(format_names(Inventory))}.",
)
@click.option("--output", metavar="FILE", help="The file for a --format that names none.")
@click.option("--all", "-v", "--verbose", "everything", is_flag=True, help="Show every entry.")
@click.option("--quiet", "-q", is_flag=True, help="Only the summary, no progress.")
@click.option("--no-cache", is_flag=True, help="Replay everything again.")
def command(patterns: tuple[str, ...], path: str | None, **options: Any) -> int:
    """Show what is there."""
    from pgproof.cli import arguments
    from pgproof.cli.output import parse_outputs, write
    from pgproof.cli.progress import Progress

    outputs = parse_outputs(options["formats"], options["output"], Inventory)
    folder, patterns = _folder(patterns)
    if folder and path:
        raise UsageError(f"two folders: {folder} and {path}", "Name the project's folder once.")
    root = arguments.project_root(path or folder)
    config = arguments.merged_config(root, options)
    live = arguments.live_of(root, config, options["live"], options["no_live"])
    base = arguments.base(root, config, options["base"], options["no_base"])

    from pgproof.workflows.inventory.inventory import Wanted, inventory
    from pgproof.workflows.settings import Settings

    with Progress(shown=not options["quiet"]) as progress:
        settings = Settings(root, config, live, base, not options["no_cache"], progress)
        found = inventory(settings, Wanted(patterns, options["exact"], options["sample"]))
        elapsed_ms = progress.elapsed_ms
    limit = None if options["everything"] else 10
    write(found, outputs, limit=limit, brief=options["quiet"], elapsed_ms=elapsed_ms)
    return 0


def _folder(words: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """Tell the project's folder from the patterns, as the other commands take it: no table is called like a path."""
    if words and ("/" in words[0] or words[0] in (".", "..")):
        return words[0], words[1:]
    return None, words
