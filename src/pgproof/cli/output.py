"""Where reports go: the formats that were asked for, each to a file or to standard output."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pgproof.cli.streams import say
from pgproof.judge.comparison import Comparison
from pgproof.judge.inventory import Inventory
from pgproof.judge.overview import Overview
from pgproof.judge.result import Result
from pgproof.judge.schema_diff import SchemaDiff
from pgproof.model.errors import PgproofError, UsageError
from pgproof.model.spelling import did_you_mean
from pgproof.project.config import folder_in_repository
from pgproof.reports import format_names, render
from pgproof.reports.terminal import wants_colour
from pgproof.reports.view import Explanation, View

TEXT = "text"


@dataclass(frozen=True, slots=True)
class Output:
    """One format and the file that it goes to, `None` for standard output."""

    format: str
    path: Path | None = None


def parse_outputs(formats: Sequence[str], output: str | None, kind: type = Result) -> tuple[Output, ...]:
    """Return where each of `formats` (`json`, `json=result.json`) goes; `kind` is the type of what will be shown.

    A format without a file goes to `output`, else to standard output. Text goes to standard output when nothing else
    does. Raises UsageError for an unknown format, for two that would mix, and for a file whose folder does not exist:
    before the work is done, not after it.
    """
    outputs = [_parse(asked, output, kind) for asked in formats or ([TEXT] if output else [])]
    if all(one.path for one in outputs):
        outputs.append(Output(TEXT))
    places = [one.path and one.path.absolute() for one in outputs]
    for place in places:
        if places.count(place) > 1:
            name = f"{place}" if place else "standard output"
            raise UsageError(
                f"two formats go to {name}", "Name a file for each: --format text --format json=result.json"
            )
    return tuple(outputs)


def _parse(asked: str, output: str | None, kind: type) -> Output:
    name, equals, file = asked.partition("=")
    known = format_names(kind)
    if name not in known:
        raise UsageError(
            f'there is no format "{name}"{did_you_mean(name, known)}', f"The formats are {', '.join(known)}."
        )
    if equals and not file:
        raise UsageError(f"--format {asked} names no file", f"Write --format {name}=FILE, or --format {name}.")
    place = file or output
    path = Path(place) if place else None
    if path and (path.is_dir() or not path.parent.is_dir()):
        reason = "is a folder" if path.is_dir() else f"cannot be written: there is no folder {path.parent}"
        raise UsageError(f"{path} {reason}", "Name a file in a folder that exists.")
    return Output(name, path)


def write(
    shown: Result | Comparison | Overview | SchemaDiff | Inventory,
    outputs: Sequence[Output],
    *,
    limit: int | None,
    brief: bool,
    elapsed_ms: int | None,
    root: Path | None = None,
) -> None:
    """Render what is `shown` for each output; `elapsed_ms` is shown on a terminal only. `root` is the project's."""
    terminal = sys.stdout.isatty()
    folder = folder_in_repository(root) if root else ""
    view = View(
        width=shutil.get_terminal_size().columns if terminal else 0,
        colour=wants_colour(os.environ, terminal),
        limit=limit,
        brief=brief,
        elapsed_ms=elapsed_ms if terminal else None,
        explain=_explain,
        folder=folder,
    )
    for one in outputs:
        if one.path:
            _replace(one.path, render(one.format, shown, View(limit=limit, explain=_explain, folder=folder)))
        else:
            say(render(one.format, shown, view), one.format)


def _explain(code: str) -> Explanation | None:
    """Return a check's documentation; the checks are imported only for a format that asks."""
    from pgproof.cli.documentation import explanation

    return explanation(code)


def _replace(path: Path, text: str) -> None:
    """Write the whole file or nothing: a full disk must not leave half of a result behind."""
    try:
        if path.exists() and not path.is_file():  # a pipe or a device
            path.write_text(text, encoding="utf-8")
            return
        part = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise PgproofError(f"cannot write {path}: {error.strerror or error}") from error
