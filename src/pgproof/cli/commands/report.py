"""`pgproof report`: another format of a saved result."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(short_help="Show a stored result in another format.")
@click.argument("result")
@click.option("--format", "formats", metavar="NAME[=FILE]", multiple=True, help="The report: text, json …")
@click.option("--output", metavar="FILE", help="The file for a --format that names none.")
@click.option("--all", "-v", "--verbose", "everything", is_flag=True, help="Show every finding in full.")
@click.option("--quiet", "-q", is_flag=True, help="Only the last line.")
def command(result: str, formats: tuple[str, ...], output: str | None, everything: bool, quiet: bool) -> int:
    """Show a RESULT that `pgproof check --format json=FILE` stored, in another format. `-` reads standard input.

    The exit code is 0 whatever the verdict was: the check itself has told that.
    """
    from pgproof.cli.output import parse_outputs, write
    from pgproof.reports.stored import load

    outputs = parse_outputs(formats, output)
    stored = load(_read(result))
    write(stored, outputs, limit=None if everything else 10, brief=quiet, elapsed_ms=None)
    return 0


def _read(result: str) -> str:
    from pgproof.model.errors import UsageError

    try:
        content = sys.stdin.buffer.read() if result == "-" else Path(result).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read {result}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{result} is not a stored result: byte {error.start + 1} is not UTF-8") from error
