"""`pgproof diff`: any two schemas compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgproof.judge.schema_diff import SchemaDiff
from pgproof.reports import format_names

UNDECIDED = 3

_HELP = """Compare two schemas: what B has otherwise than A. Both are only read.

\b
A side is     a directory of migrations     pgproof diff db/migrations live
              … up to one of them           pgproof diff migrations@0016 migrations@0017
              a live database               pgproof diff postgresql://… postgresql://…
              a dump (pg_dump -s)           pgproof diff schema.sql postgresql://…
              a snapshot file               pgproof diff yesterday.json live

The words `migrations` and `live` stand for those of the project around this folder. Expressions are compared by what
they mean; the tables of migration tools and the platform's own schemas are left out.

Exit codes are those of diff: 0 equal, 1 different; 2 usage, 3 equal as far as could be seen, 4 trouble.
"""


@click.command(short_help="Compare any two of: migrations, a live database, a dump, a snapshot file.", help=_HELP)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--ignore",
    metavar="WHAT",
    multiple=True,
    help="An effect (cosmetic), an attribute (owner), or a name with * (audit.*, 'index *_tmp').",
)
@click.option("--role", "roles", metavar="A=B", multiple=True, help="A role of A that is called otherwise in B.")
@click.option("--platform", metavar="NAME", help="The platform whose own schemas are left out; otherwise recognised.")
@click.option("--layout", metavar="NAME", help="How migrations are named; otherwise recognised.")
@click.option("--server", type=int, metavar="MAJOR", help="The PostgreSQL version to replay on.")
@click.option("--base", metavar="FILE|URL", help="What was there before the first migration.")
@click.option("--no-base", is_flag=True, help="Leave out the base that the configuration names.")
@click.option(
    "--format",
    "formats",
    metavar="NAME[=FILE]",
    multiple=True,
    help=f"The report: {', '.join(format_names(SchemaDiff))}.",
)
@click.option("--output", metavar="FILE", help="The file for a --format that names none.")
@click.option("--all", "-v", "--verbose", "everything", is_flag=True, help="Show every difference.")
@click.option("--quiet", "-q", is_flag=True, help="Only the last line, no progress.")
@click.option("--no-cache", is_flag=True, help="Replay everything again.")
@click.option("--timings", is_flag=True, help="Tell on standard error how long each step took.")
def command(a: str, b: str, **options: Any) -> int:
    """Compare two schemas."""
    import sys
    from dataclasses import replace

    from pgproof.cli import arguments
    from pgproof.cli.output import parse_outputs, write
    from pgproof.cli.progress import Progress

    outputs = parse_outputs(options["formats"], options["output"], SchemaDiff)
    root = arguments.project_root(None)
    config = arguments.merged_config(root, {**options, "migrations": None})
    config = replace(
        config,
        platform=options["platform"] or config.platform,
        roles=dict(config.roles) | arguments.pairs("--role", options["roles"]),
    )
    live = arguments.live_of(root, config, None, no_live="live" not in (a, b))
    base = arguments.base(root, config, options["base"], options["no_base"])

    from pgproof.workflows.diff.diff import diff
    from pgproof.workflows.diff.sides import named
    from pgproof.workflows.settings import Settings

    with Progress(shown=not options["quiet"]) as progress:
        settings = Settings(root, config, live, base, not options["no_cache"], progress)
        sides = (named(a, settings, Path.cwd()), named(b, settings, Path.cwd()))
        result = diff(sides, settings, options["ignore"])
        elapsed_ms = progress.elapsed_ms
    limit = None if options["everything"] else 10
    write(result, outputs, limit=limit, brief=options["quiet"], elapsed_ms=elapsed_ms)
    if options["timings"]:
        sys.stderr.write(progress.timings())
    return UNDECIDED if result.undecided else int(not result.same)
