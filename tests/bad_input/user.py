"""A plain user, whom closed folders keep out, also where the tests are run as root."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.server.holder import MAY_MOUNT

_UID = 65_534
_PYTHON = Path(sys.base_prefix).resolve()
_CLOSED = [above for above in reversed(_PYTHON.parents) if not above.stat().st_mode & 0o001]
MAY_BE_PLAIN = os.geteuid() != 0 or not _CLOSED or MAY_MOUNT
"""Whether a plain user can run the interpreter."""

# The interpreter may lie in root's closed home. There the plain user sees an open folder with nothing but it.
_ENTER = """
set -e
closed=$1 needed=$2 aside=$3
shift 3
mount --bind "$needed" "$aside"
mount -t tmpfs -o mode=755 none "$closed"
mkdir -p "$needed"
mount --move "$aside" "$needed"
exec "$@"
"""


@contextmanager
def plain_user() -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Give a folder that everybody may walk into, and the prefix of commands that a plain user runs in it.

    The folder holds a folder `cache`, which is the user's own.
    """
    folder = Path(tempfile.mkdtemp(prefix="pgproof-tests-", dir="/var/tmp"))
    try:
        folder.chmod(0o755)
        (folder / "cache").mkdir()
        if os.geteuid() != 0:
            yield folder, ()
            return
        os.chown(folder / "cache", _UID, _UID)
        (folder / "aside").mkdir()
        enter: tuple[str | Path, ...] = ()
        if _CLOSED:
            enter = ("unshare", "--mount", "sh", "-c", _ENTER, "sh", _CLOSED[0], _PYTHON, folder / "aside")
        become = ("setpriv", f"--reuid={_UID}", f"--regid={_UID}", "--clear-groups", "--")
        yield folder, (*map(str, enter), *become)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
