"""`pgproof baseline`: an old project starts today."""

from __future__ import annotations

from typing import Any

import click


@click.command(short_help="List what is found now, so that only new findings count.")
@click.argument("path", required=False, metavar="[FOLDER]")
@click.option("--live", metavar="URL|FILE", help="The live database, which is only read, or a snapshot file of it.")
@click.option("--no-live", is_flag=True, help="Leave out the live database that the configuration names.")
@click.option("--migrations", metavar="DIR", help="The migration directory; otherwise those of all databases.")
@click.option("--layout", metavar="NAME", help="How its files are named and recorded; otherwise recognised.")
@click.option("--base", metavar="FILE|URL", help="What was there before the first migration.")
@click.option("--no-base", is_flag=True, help="Leave out the base that the configuration names.")
@click.option("--server", type=int, metavar="MAJOR", help="The PostgreSQL version to replay on.")
@click.option("--today", metavar="DAY", help="The day that decides which ignores have expired (default: today, UTC).")
@click.option("--accept-new", is_flag=True, help="Add what is new, too.")
def command(path: str | None, **options: Any) -> int:
    """Write the findings of the project in FOLDER (default: the one around this folder) to pgproof-baseline.json.

    From then on `pgproof check` reports only what is new. The file is for version control. Run again, this removes from
    it what was fixed; it adds nothing, unless --accept-new asks for that.

    The exit code is 0 when the baseline lists all that is found, and 1 when there are new findings.
    """
    from pgproof.cli import arguments
    from pgproof.cli.progress import Progress
    from pgproof.cli.streams import say
    from pgproof.reports.baseline import told
    from pgproof.workflows.baseline import keep_baseline
    from pgproof.workflows.settings import Settings

    root = arguments.project_root(path)
    config = arguments.merged_config(root, options)
    live = arguments.live_of(root, config, options["live"], options["no_live"])
    base = arguments.base(root, config, options["base"], options["no_base"])
    today = arguments.day_of(options["today"])
    with Progress(shown=True) as progress:
        settings = Settings(root, config, live, base, progress=progress, today=today)
        kept = keep_baseline(settings, accept_new=options["accept_new"])
    say(told(kept.before, kept.after, kept.refused, kept.result))
    return int(bool(kept.refused))
