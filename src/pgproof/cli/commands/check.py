"""`pgproof check`: the main job."""

from __future__ import annotations

import sys
from typing import Any

import click

from pgproof.model import Severity
from pgproof.project.keys import REQUIRABLE
from pgproof.reports import format_names


@click.command(short_help="Check the project: the main job.")
@click.argument("path", required=False, metavar="[FOLDER]")
@click.option("--live", metavar="URL|FILE", help="The live database, which is only read, or a snapshot file of it.")
@click.option("--no-live", is_flag=True, help="Leave out the live database that the configuration names.")
@click.option("--migrations", metavar="DIR", help="The migration directory; otherwise those of all databases.")
@click.option("--layout", metavar="NAME", help="How its files are named and recorded; otherwise recognised.")
@click.option("--base", metavar="FILE|URL", help="What was there before the first migration.")
@click.option("--no-base", is_flag=True, help="Leave out the base that the configuration names.")
@click.option("--server", type=int, metavar="MAJOR", help="The PostgreSQL version to replay on.")
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    help="The mildest severity that is NO-GO (default: error).",
)
@click.option("--require", type=click.Choice(REQUIRABLE), multiple=True, help="Without this evidence, UNDECIDED.")
@click.option("--select", metavar="CODE,…", multiple=True, help="Only these checks: names, or beginnings of codes.")
@click.option("--ignore", metavar="CODE,…", multiple=True, help="Not these checks, this time.")
@click.option("--since", metavar="REV", help="Only what is new since this branch left REV (a branch, tag or commit).")
@click.option("--no-baseline", is_flag=True, help="Report what the baseline lists, too.")
@click.option("--today", metavar="DAY", help="The day that decides which ignores have expired (default: today, UTC).")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever the verdict is; errors keep their codes.")
@click.option(
    "--format", "formats", metavar="NAME[=FILE]", multiple=True, help=f"The report: {', '.join(format_names())}."
)
@click.option("--output", metavar="FILE", help="The file for a --format that names none.")
@click.option("--all", "-v", "--verbose", "everything", is_flag=True, help="Show every finding in full.")
@click.option("--quiet", "-q", is_flag=True, help="Only the last line, no progress.")
@click.option("--no-cache", is_flag=True, help="Replay everything again.")
@click.option("--timings", is_flag=True, help="Tell on standard error how long each step took.")
def command(path: str | None, **options: Any) -> int:
    """Check the project in FOLDER (default: the one around this folder).

    Finds the migrations, replays them on a private PostgreSQL server, compares the result with the live database if one
    is named, and says GO, NO-GO or UNDECIDED, with the evidence and with what was not verified.
    """
    from pgproof.cli import arguments
    from pgproof.cli.output import parse_outputs, write
    from pgproof.cli.progress import Progress
    from pgproof.cli.selection import parse_selection
    from pgproof.project.revision import branched_from

    outputs = parse_outputs(options["formats"], options["output"])
    root = arguments.project_root(path)
    config = arguments.merged_config(root, options)
    live = arguments.live_of(root, config, options["live"], options["no_live"])
    base = arguments.base(root, config, options["base"], options["no_base"])
    select = parse_selection("--select", options["select"])
    ignore = parse_selection("--ignore", options["ignore"])
    today = arguments.day_of(options["today"])

    from pgproof.workflows.baseline import find_baseline
    from pgproof.workflows.check import check
    from pgproof.workflows.settings import Settings

    baseline = None if options["no_baseline"] else find_baseline(root, config)
    since = None if options["since"] is None else branched_from(root, options["since"])
    with Progress(shown=not options["quiet"]) as progress:
        settings = Settings(root, config, live, base, not options["no_cache"], progress, today)
        result = check(settings, select, ignore, baseline=baseline, since=since)
        elapsed_ms = progress.elapsed_ms
    limit = None if options["everything"] else 10
    write(result, outputs, limit=limit, brief=options["quiet"], elapsed_ms=elapsed_ms, root=root)
    if options["timings"]:
        sys.stderr.write(progress.timings())
    return 0 if options["exit_zero"] else result.verdict.exit_code
