"""pgproof in small file systems of its own, which no other process sees."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.bad_input.project import Answer, Project
from tests.server.holder import MOUNTS

_MOUNT = 'mount -t tmpfs -o "$1,mode=0755" none "$2"'


def check_in(
    project: Project, mounts: Mapping[Path, str], *arguments: str, cache: Path | None, images: Path | None = None
) -> Answer:
    """Check a project with small file systems at some folders: each with its options, `size=64m` or `ro`.

    `images` are lent to the cache, so that they need neither room nor time.
    """
    prefix = list(MOUNTS)
    for folder, options in mounts.items():
        prefix += ["sh", "-c", f'{_MOUNT} && shift 2 && exec "$@"', "sh", options, str(folder)]
    if images:
        prefix += ["sh", "-c", 'ln -s "$1" "$2" && shift 2 && exec "$@"', "sh", str(images), str(cache)]
    return project.run("check", *arguments, prefix=prefix, PGPROOF_CACHE=str(cache or ""))
