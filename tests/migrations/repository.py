"""Repositories as dictionaries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pgproof.migrations.file import MigrationDirectory


def write(root: Path, files: Mapping[str, str | bytes] | list[str]) -> Path:
    """Write files with their folders; a list of paths gives each file a table."""
    texts: Mapping[str, str | bytes] = (
        files if isinstance(files, Mapping) else dict.fromkeys(files, "create table t (id int);\n")
    )
    for path, text in texts.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def versions(directory: MigrationDirectory) -> list[str]:
    """Return the versions in the order of application."""
    return [file.version for file in directory.files]


def names(directory: MigrationDirectory) -> list[str]:
    """Return the paths in the order of application, without the directory's."""
    return [file.path.removeprefix(f"{directory.path}/") for file in directory.files]


def debris(directory: MigrationDirectory) -> dict[str, str]:
    """Return what lies beside the migrations, by path without the directory's."""
    return {one.path.removeprefix(f"{directory.path}/"): one.what for one in directory.debris}
