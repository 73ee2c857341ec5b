"""`pgproof probe`: behaviour only."""

from __future__ import annotations

import sys
from typing import Any

import click

from pgproof.model import Severity
from pgproof.reports import format_names


@click.command(short_help="Use the schema, and see what happens: rows, constraints, triggers, functions.")
@click.argument("path", required=False, metavar="[FOLDER]")
@click.option(
    "--live", metavar="URL|FILE", help="A database, or a snapshot file of it: a copy of its schema is probed too."
)
@click.option("--no-live", is_flag=True, help="Leave out the live database that the configuration names.")
@click.option("--migrations", metavar="DIR", help="The migration directory; otherwise the best one found.")
@click.option("--layout", metavar="NAME", help="How its files are named and recorded; otherwise recognised.")
@click.option("--base", metavar="FILE|URL", help="What was there before the first migration.")
@click.option("--no-base", is_flag=True, help="Leave out the base that the configuration names.")
@click.option("--server", type=int, metavar="MAJOR", help="The PostgreSQL version to run on.")
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    help="The mildest severity that is NO-GO (default: error).",
)
@click.option("--no-baseline", is_flag=True, help="Report what the baseline lists, too.")
@click.option("--today", metavar="DAY", help="The day that decides which ignores have expired (default: today, UTC).")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever the verdict is; errors keep their codes.")
@click.option(
    "--format", "formats", metavar="NAME[=FILE]", multiple=True, help=f"The report: {', '.join(format_names())}."
)
@click.option("--output", metavar="FILE", help="The file for a --format that names none.")
@click.option("--all", "-v", "--verbose", "everything", is_flag=True, help="Show every finding in full.")
@click.option("--quiet", "-q", is_flag=True, help="Only the last line, no progress.")
@click.option("--no-cache", is_flag=True, help="Replay and probe everything again.")
@click.option("--timings", is_flag=True, help="Tell on standard error how long each step took.")
def command(path: str | None, **options: Any) -> int:
    """Probe the schema that the migrations of FOLDER make (default: the project around this folder).

    On a private PostgreSQL server, rows are written to every table, each constraint gets a row that breaks it, triggers
    fire, views are read, policies are evaluated, functions are called, and the probes of pgproof.toml are run. Of a
    live database only the catalog is read: a private copy of its schema is probed, where it is not what they make.
    """
    from pgproof.cli import arguments
    from pgproof.cli.output import parse_outputs, write
    from pgproof.cli.progress import Progress

    outputs = parse_outputs(options["formats"], options["output"])
    root = arguments.project_root(path)
    config = arguments.merged_config(root, options)
    live = arguments.live_of(root, config, options["live"], options["no_live"])
    base = arguments.base(root, config, options["base"], options["no_base"])
    today = arguments.day_of(options["today"])

    from pgproof.workflows.baseline import find_baseline
    from pgproof.workflows.probe import probe
    from pgproof.workflows.settings import Settings

    baseline = None if options["no_baseline"] else find_baseline(root, config)
    with Progress(shown=not options["quiet"]) as progress:
        settings = Settings(root, config, live, base, not options["no_cache"], progress, today)
        result = probe(settings, baseline=baseline)
        elapsed_ms = progress.elapsed_ms
    limit = None if options["everything"] else 10
    write(result, outputs, limit=limit, brief=options["quiet"], elapsed_ms=elapsed_ms)
    if options["timings"]:
        sys.stderr.write(progress.timings())
    return 0 if options["exit_zero"] else result.verdict.exit_code
