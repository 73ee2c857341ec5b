"""Running one command: every way to end has its exit code and its words.

0 GO · 1 NO-GO · 2 usage or configuration error · 3 UNDECIDED · 4 the tool could not do its work · 130, 143 interrupted.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from pgproof.cli.app import app
from pgproof.cli.failure import defect_text, problem_text
from pgproof.cli.streams import abandon_stdout
from pgproof.model.errors import PgproofError
from pgproof.reports.runner import harmless

USAGE, TROUBLE, INTERRUPTED = 2, 4, 130


def run(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name; return the exit code. Errors are written to standard error."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a stream that is no text file: a test's, or another program's
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, _terminated)
    code = _answered(arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        abandon_stdout()
    return code


def _answered(arguments: Sequence[str]) -> int:
    try:
        code = app.main(list(arguments) or ["--help"], prog_name="pgproof", standalone_mode=False)
    except PgproofError as error:
        return _fail(problem_text(error.problem, error.way_out), error.exit_code)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "pgproof"
        return _fail(problem_text(error.format_message(), f"{command} --help shows what is allowed."), USAGE)
    except click.ClickException as error:
        return _fail(problem_text(error.format_message()), USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _fail(problem_text("interrupted"), INTERRUPTED)
    except BrokenPipeError:
        abandon_stdout()
        return TROUBLE
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        return _fail(problem_text(f"{error.strerror or error}{place}"), TROUBLE)
    except Exception as error:
        return _fail(defect_text(error), TROUBLE)
    if not arguments:  # whoever forgot the command must not read 0 as GO
        return USAGE
    return code if isinstance(code, int) else 0


def _fail(text: str, code: int) -> int:
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(harmless(text, "text", os.environ))
    return code


def _terminated(number: int, frame: FrameType | None) -> None:
    """Leave through every context manager, so that servers end; 143 is what a shell reports for SIGTERM."""
    raise SystemExit(128 + number)
