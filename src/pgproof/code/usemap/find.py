"""The routes that reach places in a project's code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

from pgproof.code.packages import find_packages, package_of
from pgproof.code.project import Files
from pgproof.code.roles import role_of
from pgproof.code.source import Role
from pgproof.code.usemap import stored
from pgproof.code.usemap.by_code import Registered, registered
from pgproof.code.usemap.modules import SUFFIXES, resolved
from pgproof.code.usemap.outline import Outline, outline
from pgproof.code.usemap.reach import Program, by_module
from pgproof.code.usemap.stored import Place, Routes


def routes_to(root: Path, paths: Collection[str], places: Sequence[Place], folder: Path | None) -> Routes:
    """Return the routes of the project that reach each place (a file and a line), sorted.

    `paths` are all files of the project; `folder` is the cache's. Tests reach nothing that is served.
    """
    packages = find_packages(paths)
    code = sorted(
        path for path in paths if path.endswith(SUFFIXES) and role_of(path, package_of(path, packages)) is Role.PRODUCT
    )
    followed = [place for place in places if place[0].endswith(SUFFIXES)]
    if not followed:
        return {}
    key = stored.key_of(root, code, followed) if folder else ""
    if folder and (known := stored.load(folder, root, key)) is not None:
        return known
    files = Files(root, paths)

    @cache
    def text(path: str) -> str:
        return files.text(path) or ""

    @cache
    def outlined(path: str) -> Outline:
        return outline(path, text(path))

    @cache
    def registers(path: str) -> tuple[Registered, ...]:
        return tuple(registered(path, text(path)))

    program = Program(text, outlined, by_module(resolved(files, code)), registers)
    found = {place: program.routes(*place) for place in dict.fromkeys(followed)}
    if folder:
        stored.save(folder, root, key, found)
    return found
