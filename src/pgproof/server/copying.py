"""Copy a directory tree fast: the greater part of a server's start is the copy of its data directory."""

from __future__ import annotations

import os
import shutil
import sys


def copy_tree(source: str | os.PathLike[str], target: str | os.PathLike[str], uid: int | None = None) -> None:
    """Copy files and directories (a data directory has nothing else) to `target`, which must not exist.

    Everything gets mode 0700 or 0600 and, when `uid` is given, belongs to it.
    """
    os.mkdir(target, 0o700)  # noqa: PTH102 (pathlib costs a third of the whole copy)
    if uid is not None:
        os.chown(target, uid, uid)
    with os.scandir(source) as entries:
        for entry in entries:
            copy = os.path.join(target, entry.name)  # noqa: PTH118 (pathlib costs a third of the whole copy)
            if entry.is_dir(follow_symlinks=False):
                copy_tree(entry.path, copy, uid)
            else:
                _copy_file(entry.path, copy, uid)


def _copy_file(source: str, target: str, uid: int | None) -> None:
    if sys.platform != "linux":  # elsewhere sendfile writes to sockets only
        shutil.copyfile(source, target, follow_symlinks=False)
        os.chmod(target, 0o600)  # noqa: PTH101
        if uid is not None:
            os.chown(target, uid, uid)
        return
    reading = os.open(source, os.O_RDONLY)
    try:
        writing = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            while os.sendfile(writing, reading, None, 1 << 30):
                pass
            if uid is not None:
                os.fchown(writing, uid, uid)
        finally:
            os.close(writing)
    finally:
        os.close(reading)
