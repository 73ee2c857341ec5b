"""Files that a script names: found inside the project, and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import NamedTuple


class Found(NamedTuple):
    """A regular file inside the project, or why there is none (`outside`: it may not be read; else it is missing)."""

    file: Path | None
    problem: str = ""
    outside: bool = False


def locate(root: Path, script: str, target: str, relative: bool) -> Found:
    r"""Find the file that `script` (relative to `root`, which is resolved) names as `target`.

    With `relative` (`\ir`) the script's own folder counts. Otherwise psql takes the directory that it was started in,
    which no file tells: the script's folder and each one above it are tried, up to the root. Neither `..` nor a
    symbolic link leads out of the root.
    """
    folder = root / PurePosixPath(script).parent
    folders = [folder] if relative else [folder, *(above for above in folder.parents if above.is_relative_to(root))]
    outside = False
    for start in folders:
        named = Path(os.path.normpath(start / target))
        if "\0" in target or not named.is_relative_to(root):
            outside = True
            continue
        try:
            file = named.resolve(strict=True)
        except (OSError, RuntimeError):  # RuntimeError: a loop of symbolic links, before Python 3.13
            continue
        if not file.is_relative_to(root):
            outside = True
        elif file.is_file():
            return Found(file)
    if outside:
        return Found(None, f"{target} is outside the project", True)
    return Found(None, f"there is no file {target}")
