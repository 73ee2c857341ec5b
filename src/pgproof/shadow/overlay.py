"""Offering stand-ins to a server whose own folder we do not touch.

From PostgreSQL 18 on a setting names further folders (`extension_control_path`). Before, the server looks beside its
own program: a tree of links with the program itself inside. PostgreSQL finds its other files relative to where it runs
(`make_relative_path` in src/port/path.c), which holds for absolute layouts such as Debian's too as long as the tree
repeats the folders from the common parent on.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pgproof.server.binaries import Installation
from pgproof.server.folders import subfolder, sweep_unused
from pgproof.server.reach import open_tree
from pgproof.shadow.extensions import script_files


@dataclass(frozen=True, slots=True)
class Offer:
    """How to start a server so that it offers the stand-ins: its program (None: its own) and settings."""

    program: Path | None = None
    settings: dict[str, str] = field(default_factory=dict)


def offer(installation: Installation, standins: Sequence[Path]) -> Offer:
    """Make the stand-ins with these control files available to an installation (that the server's user can reach)."""
    if not standins:
        return Offer()
    contents = [(file.name, file.read_bytes()) for control in standins for file in script_files(control)]
    digest = hashlib.sha256(repr((installation, contents)).encode()).hexdigest()[:32]
    tree = subfolder("standins") / f"{installation.major}-{digest}"
    if not tree.exists():
        sweep_unused(tree.parent)
        making = Path(tempfile.mkdtemp(prefix=".making-", dir=tree.parent))
        try:
            if installation.major >= 18:
                folder = making / "extension"
                folder.mkdir()
            else:
                folder = _link(installation, making)
            for name, content in contents:
                (folder / name).write_bytes(content)
            open_tree(making)
            try:
                making.rename(tree)
            except OSError:  # another process was faster
                if not tree.exists():
                    raise
        finally:
            shutil.rmtree(making, ignore_errors=True)
    os.utime(tree)  # used now
    if installation.major >= 18:
        return Offer(settings={"extension_control_path": f"{tree}:$system"})
    return Offer(program=tree / installation.postgres.relative_to(_root(installation)))


def _root(installation: Installation) -> Path:
    return Path(os.path.commonpath([installation.bindir.parent, installation.share]))


def _link(installation: Installation, tree: Path) -> Path:
    """Repeat the installation from its root on as links, its program as a copy; return the extension folder."""
    root = _root(installation)
    bindir, share = tree / installation.bindir.relative_to(root), tree / installation.share.relative_to(root)
    extensions = share / "extension"
    bindir.mkdir(parents=True)
    extensions.mkdir(parents=True)
    # The server resolves links to find its folder, so the program cannot be one.
    try:
        os.link(installation.postgres, bindir / "postgres")
    except OSError:
        shutil.copy(installation.postgres, bindir / "postgres")
    for folder, original in (
        (bindir.parent, installation.bindir.parent),
        (share, installation.share),
        (extensions, installation.share / "extension"),
    ):
        for entry in original.iterdir():
            if not (folder / entry.name).exists():
                (folder / entry.name).symlink_to(entry)
    return extensions
