"""The project's baseline: found, read, and written anew."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pgproof.checks import all_checks
from pgproof.evidence.settings import Settings
from pgproof.judge.baseline import Baseline, Baselined
from pgproof.judge.baseline_file import read, write
from pgproof.judge.result import Judged, Result
from pgproof.model.errors import PgproofError, UsageError
from pgproof.project.config import Config
from pgproof.workflows.check import check

FILE = "pgproof-baseline.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a baseline: before and after (`None` before: there was none), and what was not added to it."""

    before: Baseline | None
    after: Baseline
    refused: tuple[Judged, ...]
    result: Result


def find_baseline(root: Path, config: Config) -> Baselined | None:
    """Return the baseline that the configuration names, or the one that lies in the project's folder, for one run.

    Raises UsageError when the named one is not there, when it cannot be used, or when the policy allows none.
    """
    path = _path(root, config)
    file = root / path
    if file.exists() and not file.is_file():
        raise UsageError(f"the baseline {path} is no file", "Name a file that pgproof baseline can write.")
    if not file.exists():
        if config.baseline:
            raise UsageError(
                f"{config.path} names the baseline {path}, and there is no such file",
                "pgproof baseline makes it; --no-baseline does without.",
            )
        return None
    if not config.policy.baseline:
        raise UsageError(
            f"the baseline {path} is not allowed by {config.policy.path}", "Fix what it lists, and delete it."
        )
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read {path}: byte {error.start + 1} is not UTF-8") from error
    return Baselined(read(text, path, (check.code for check in all_checks())))


def keep_baseline(settings: Settings, *, accept_new: bool) -> Kept:
    """Check the project and write its baseline: all findings when there was none, else without what is fixed.

    New findings are added only with `accept_new`. Where nothing changes nothing is written, and so no baseline is made
    for a project without findings.

    Raises PgproofError when the check cannot be made, or the file cannot be written.
    """
    config = settings.config
    path = _path(settings.root, config)
    if not config.policy.baseline:
        raise UsageError(f"a baseline is not allowed by {config.policy.path}")
    found = find_baseline(settings.root, config) if (settings.root / path).exists() else None
    baselined = found or Baselined(Baseline(path))
    result = check(settings, baseline=baselined)
    adds = accept_new or found is None
    before, after = baselined.listed, baselined.remaining(accept_new=adds)
    if after != before:
        _replace(settings.root / path, write(after))
    return Kept(before if found else None, after, () if adds else result.findings, result)


def _path(root: Path, config: Config) -> str:
    """Return the baseline's path relative to the root; it is written to, and so it is in the project."""
    path = config.baseline or FILE
    file = (root / path).resolve()
    if not file.is_relative_to(root.resolve()):
        raise UsageError(
            f"the baseline {path} is outside the project", 'Name a file of the project: baseline = "db/old.json".'
        )
    return Path(path).as_posix()


def _replace(file: Path, text: str) -> None:
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        part.write_text(text, "utf-8")
        part.replace(file)
    except OSError as error:
        raise PgproofError(f"cannot write {file}: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
