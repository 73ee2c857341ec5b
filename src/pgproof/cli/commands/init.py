"""`pgproof init`: what is in this repository."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="See what is in this repository; propose a configuration.")
@click.argument("path", required=False, metavar="[FOLDER]")
def command(path: str | None) -> int:
    """Look at the project in FOLDER (default: the one around this folder) and write a short pgproof.toml.

    What the code needs of the database is drafted as a contract, beside it. A configuration or a draft that exists is
    never overwritten: then the proposal is only shown, or left out.
    """
    from pgproof.cli.arguments import project_root
    from pgproof.cli.streams import say
    from pgproof.model.errors import PgproofError
    from pgproof.project.config import FILE, configured_in
    from pgproof.reports.terminal import one_line
    from pgproof.workflows.init import CONTRACT, init

    root = project_root(path)
    report = init(root)
    say("".join(f"{one_line(line)}\n" for line in report.text.splitlines()))
    if existing := configured_in(root):
        say(f"\n{existing} exists and stays as it is; this would be proposed:\n\n{report.toml}")
        return 0
    try:
        with (root / FILE).open("x", encoding="utf-8") as file:
            file.write(report.toml)
    except OSError as error:
        raise PgproofError(f"cannot write {root / FILE}: {error.strerror or error}", report.toml) from error
    say(f"\nwrote {FILE}\n\n{report.toml}\n")
    if report.contract and _write_new(root / CONTRACT, report.contract):
        say(f"wrote {CONTRACT}, a draft of what the code needs\n")
    say("next: pgproof check\n")
    return 0


def _write_new(path: Path, text: str) -> bool:
    """Write a file that is not there yet; say whether it was written."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return False
    return True
