"""`pgproof explain`: one check, why it matters, how to fix it, how to switch it off."""

from __future__ import annotations

import json
import os
import sys

import click

LIVE_ROLE = "live-role"


@click.command(short_help="Explain a check: why, example, fix, how to switch it off.")
@click.argument("code", required=False)
@click.option("--list", "listed", is_flag=True, help="A line for each check.")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", help="text or json.")
def command(code: str | None, listed: bool, format_name: str) -> int:
    """Explain the check that has this CODE or name; without one, list all checks.

    `pgproof explain live-role` prints the SQL that makes a role for pgproof on a live database.
    """
    from pgproof.checks import all_checks
    from pgproof.cli.documentation import as_document, as_list, as_text
    from pgproof.cli.selection import find_check
    from pgproof.cli.streams import say
    from pgproof.reports.terminal import wants_colour

    if code == LIVE_ROLE:
        from pgproof.server.capabilities import grants

        say(grants("your_database"))
        return 0
    checks = all_checks() if listed or code is None else (find_check(code),)
    if format_name == "json":
        documents = [as_document(check) for check in checks]
        say(json.dumps(documents if listed or code is None else documents[0], indent=2, sort_keys=True) + "\n")
    elif listed or code is None:
        say(as_list(checks))
    else:
        say(as_text(checks[0], wants_colour(os.environ, sys.stdout.isatty())))
    return 0
