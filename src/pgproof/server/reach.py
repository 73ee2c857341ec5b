"""Programs that root's servers cannot reach are copied to where they can.

A virtual environment or a pipx folder below /root is closed to every other uid.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from pgproof.model.errors import PgproofError
from pgproof.server.binaries import Installation
from pgproof.server.folders import open_to_all, subfolder

_LEFT_OUT = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a", "ecpg*", "pgbench")


def reachable(installation: Installation, uid: int | None) -> Installation:
    """Return an installation that the user `uid` (None: us) can run: this one, or a copy in the cache (made once)."""
    if uid is None or open_to_all(installation.postgres):
        return installation
    prefix = installation.bindir.parent
    above = prefix.parent.parent
    if not installation.share.is_relative_to(prefix):
        raise PgproofError(
            f"{installation} in {installation.bindir} cannot be run by another user than root.",
            "Open its folders (chmod o+x), or run pgproof as an ordinary user.",
        )
    program = installation.postgres.stat()
    identity = f"{prefix}\0{program.st_size}\0{program.st_mtime_ns}"
    copies = subfolder("programs")
    copy = copies / f"{installation.major}-{hashlib.sha256(identity.encode()).hexdigest()[:32]}"
    if not copy.exists():
        making = Path(tempfile.mkdtemp(prefix=".copying-", dir=copies))
        try:
            for folder in (prefix, *_libraries(prefix)):
                copied = making / "server" / folder.relative_to(above)
                shutil.copytree(folder, copied, symlinks=True, ignore=_LEFT_OUT)
            open_tree(making / "server")
            (making / "server").rename(copy)
        except FileExistsError:  # another process was faster
            pass
        except OSError:
            if not copy.exists():
                raise
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return replace(
        installation,
        bindir=copy / installation.bindir.relative_to(above),
        share=copy / installation.share.relative_to(above),
    )


def _libraries(prefix: Path) -> list[Path]:
    """Return the folders that a wheel has for the libraries of its programs, which look for them by relative paths.

    auditwheel makes `site-packages/<package>.libs`, delocate `<package>/.dylibs`.
    """
    places = (prefix.parent.with_name(f"{prefix.parent.name}.libs"), prefix.parent / ".dylibs")
    return [place for place in places if place.is_dir()]


def open_tree(tree: Path) -> None:
    """Let everybody read a tree, whatever the umask."""
    for folder, _, files in os.walk(tree):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder) / name
            if not file.is_symlink():
                file.chmod(file.stat().st_mode | 0o444 | (0o111 if file.stat().st_mode & 0o100 else 0))
