"""Copies of data directories."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pgproof.server.copying import copy_tree, spread


def tree(root: Path) -> dict[str, bytes | None]:
    return {str(p.relative_to(root)): p.read_bytes() if p.is_file() else None for p in sorted(root.rglob("*"))}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    root = tmp_path / "source"
    (root / "base" / "1").mkdir(parents=True)
    (root / "empty").mkdir()
    (root / "base" / "1" / "2619").write_bytes(os.urandom(3_000_000))
    (root / "base" / "1" / "nothing").touch()
    (root / "PG_VERSION").write_text("18\n")
    return root


def test_a_copy_is_equal_and_ours_alone(source: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy_tree(source, copy)
    assert tree(copy) == tree(source)
    assert {p.stat().st_mode & 0o777 for p in copy.rglob("*") if p.is_file()} == {0o600}
    assert {p.stat().st_mode & 0o777 for p in [copy, *copy.rglob("*")] if p.is_dir()} == {0o700}


def test_a_copy_belongs_to_whom_it_is_for(source: Path, tmp_path: Path) -> None:
    copy_tree(source, tmp_path / "copy", os.geteuid())
    assert {p.stat().st_uid for p in (tmp_path / "copy").rglob("*")} == {os.geteuid()}


def test_nothing_is_overwritten(source: Path) -> None:
    with pytest.raises(FileExistsError):
        copy_tree(source, source / "base")


@pytest.mark.parametrize("base", ["/dev/shm", "/var/tmp"])
def test_any_file_system_takes_being_spread(source: Path, base: str) -> None:
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(dir=base))
    try:
        spread(folder)
        copy_tree(source, folder / "copy")
        assert tree(folder / "copy") == tree(source)
    finally:
        shutil.rmtree(folder)
