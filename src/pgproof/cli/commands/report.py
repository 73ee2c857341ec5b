"""`pgproof report`: a saved result in another format, two compared, many at a glance."""

from __future__ import annotations

from pathlib import Path

import click

from pgproof.judge.comparison import Comparison
from pgproof.reports import format_names

_HELP = """Show RESULTs that `pgproof check --format json=FILE` stored. `-` reads standard input.

\b
report A            A in another format
report A B          what is new, fixed and persisting in B, and why the verdict changed
report A B C …      an overview: one line each, worst first
report FOLDER       an overview of the *.json in FOLDER and in the folders directly below

The exit code of a comparison is that of diff: 0 the two say the same (verdict, scope, findings and gaps), 1 they do
not. Otherwise it is 0, whatever the verdicts were: the checks have told them.
"""


@click.command(short_help="A saved result in another format; two compared; many at a glance.", help=_HELP)
@click.argument("results", metavar="RESULT...", nargs=-1, required=True)
@click.option(
    "--format",
    "formats",
    metavar="NAME[=FILE]",
    multiple=True,
    help=f"The report: {', '.join(format_names())}; of several results {', '.join(format_names(Comparison))}.",
)
@click.option("--output", metavar="FILE", help="The file for a --format that names none.")
@click.option("--summary", is_flag=True, help="An overview, whatever the number of results.")
@click.option("--all", "-v", "--verbose", "everything", is_flag=True, help="Show every finding in full.")
@click.option("--quiet", "-q", is_flag=True, help="Only the last line.")
def command(
    results: tuple[str, ...], formats: tuple[str, ...], output: str | None, summary: bool, everything: bool, quiet: bool
) -> int:
    """Show one result, compare two, or give an overview of many."""
    from pgproof.cli.output import parse_outputs, write
    from pgproof.cli.results import find, load_all
    from pgproof.judge.comparison import compare
    from pgproof.judge.overview import Overview, overview
    from pgproof.judge.result import Result
    from pgproof.project.config import find_root

    many = summary or len(results) > 2 or any(Path(name).is_dir() for name in results)
    kind = Overview if many else Comparison if len(results) == 2 else Result
    outputs = parse_outputs(formats, output, kind)
    loaded = load_all(find(results))
    shown: Result | Comparison | Overview
    if many:
        shown = overview(loaded)
    elif len(loaded) == 2:
        (before, first), (after, second) = loaded
        shown = compare((before, after), first, second)
    else:
        shown = loaded[0][1]
    write(shown, outputs, limit=None if everything else 10, brief=quiet, elapsed_ms=None, root=find_root(Path.cwd()))
    return int(isinstance(shown, Comparison) and not shown.same)
