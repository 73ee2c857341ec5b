"""How a server is started so that it is nobody in particular and cannot reach the network.

PostgreSQL refuses to run as root, so root's servers run as a numeric uid that no account has; where the system allows
it, a server gets a network namespace without a way out (unix sockets in the file system still reach it). This is done
by util-linux's `unshare` and `setpriv`, which replace themselves by the server, and not in a `preexec_fn`: that would
run Python code between fork and exec, which is unsafe when there are threads.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pgproof.model.errors import PgproofError
from pgproof.server.folders import is_root

ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent"}
"""All that a server and its tools see of an environment: never ours, which may hold passwords."""

_UIDS = range(64_999, 64_899, -1)


@dataclass(frozen=True, slots=True)
class Confinement:
    """Commands that put a server where it belongs.

    `prefix` comes before the server's own command line and replaces itself by it. `initdb` is the same for initdb,
    which insists on a user that has a name. `uid` is who the server's files must belong to (None: us). `networked` says
    whether the server can reach the network.
    """

    prefix: tuple[str, ...]
    initdb: tuple[str, ...]
    uid: int | None
    initdb_uid: int | None
    networked: bool


@cache
def confinement(*, networked: bool = False) -> Confinement:
    """Return the strictest confinement that this system allows; `networked` asks for a server that listens on TCP.

    Raises
    ------
    PgproofError
        We are root and may not become anybody else.
    """
    for candidate in _candidates():
        if networked and not candidate.networked:
            continue
        if not candidate.prefix or _works(candidate.prefix):
            return candidate
    raise PgproofError(
        "PostgreSQL does not run as root, and this system lets root become nobody else.",
        "Run pgproof as an ordinary user, or give the container the capabilities SETUID and SETGID.",
    )


def _candidates() -> Iterator[Confinement]:
    cut = ("unshare", "--net", "--")
    plain = ("setpriv", "--no-new-privs", "--")
    if not is_root():
        named = _has_name(os.geteuid())
        as_nobody = ("unshare", "--user", f"--map-user={_nobody()}", "--map-group=65534", "--")
        initdb = () if named else as_nobody
        if sys.platform == "linux":
            alone = ("unshare", "--user", "--map-current-user", "--net", "--")
            yield Confinement((*alone, *plain), initdb, None, None, networked=False)
            yield Confinement(plain, initdb, None, None, networked=True)
        yield Confinement((), initdb, None, None, networked=True)
        return
    uid = next(uid for uid in _UIDS if not _has_name(uid))
    become, become_nobody = _become(uid), _become(_nobody())
    yield Confinement((*cut, *become), become_nobody, uid, _nobody(), networked=False)
    yield Confinement(become, become_nobody, uid, _nobody(), networked=True)
    # A container that maps a single uid: the server is nobody inside a namespace, and root on the file system.
    inside = ("unshare", "--user", f"--map-user={_nobody()}", "--map-group=65534")
    yield Confinement((*inside, "--net", "--", *plain), (*inside, "--"), None, None, networked=False)
    yield Confinement((*inside, "--", *plain), (*inside, "--"), None, None, networked=True)


def _become(uid: int) -> tuple[str, ...]:
    return ("setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--no-new-privs", "--")


def _works(prefix: tuple[str, ...]) -> bool:
    try:
        tried = subprocess.run([*prefix, "true"], env=ENVIRONMENT, cwd="/", capture_output=True, check=False)
    except OSError:
        return False
    return tried.returncode == 0


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _nobody() -> int:
    """Return an account that has a name and no power."""
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        return next((entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0), 65_534)
