"""A process that holds a private cluster, as another user or in another place than the tests themselves."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def _user(uid: int) -> tuple[str, ...]:
    become = ("setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups")
    # The interpreter may lie below /root: where we may say so, the user reads everything, and is still a plain user.
    reading = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    return (*become, *reading, "--") if _works(*become, *reading, "--") else (*become, "--")


def _works(*command: str) -> bool:
    try:
        return subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


IDENTITIES: dict[str, tuple[str, ...]] = {"ourselves": ()}
"""Command prefixes that make a process somebody: all that this system allows."""

if os.geteuid() == 0:
    IDENTITIES["a user"] = _user(65_534)
    if _works("unshare", "--user"):
        IDENTITIES["a user without a name"] = _user(12_345)
        IDENTITIES["root of a namespace with one uid"] = ("unshare", "--user", "--map-root-user", "--")

_AS_ROOT = () if os.geteuid() == 0 else ("--user", "--map-root-user")
MOUNTS = ("unshare", *_AS_ROOT, "--mount", "--")
"""A process of its own mount namespace, which may mount a small file system."""

MAY_MOUNT = _works(*MOUNTS)
"""Whether this system allows that."""

_HOLD = """
import json, os, sys
from pgproof.model.errors import PgproofError
from pgproof.server import binaries
from pgproof.server.cluster import Cluster
from pgproof.server.private import connect_private
try:
    with Cluster(binaries.choose(int(sys.argv[1])), on_disk=sys.argv[2] == "disk") as cluster:
        with connect_private(cluster, "pgproof_admin", "template1", cluster.admin_password()) as connection:
            ((version, data),) = connection.execute(
                "select current_setting('server_version_num'), current_setting('data_directory')"
            ).fetchall()
        try:  # whoever reads the line may interrupt us at once
            print(json.dumps({"pid": cluster.pid, "sockets": str(cluster.socket_dir), "data": data, "version": version,
                              "watchdog": cluster._watchdog._process.pid, "networked": cluster.networked}), flush=True)
            sys.stdin.read()
        except KeyboardInterrupt:
            connect_private(cluster, "pgproof_admin", "template1", cluster.admin_password()).close()
            print("still there", flush=True)
            raise
except PgproofError as error:
    print(json.dumps({"problem": error.problem, "way_out": error.way_out}), flush=True)
except KeyboardInterrupt:
    sys.exit(130)
"""


@dataclass(frozen=True)
class Held:
    """A cluster in another process."""

    process: subprocess.Popen[str]
    pid: int
    sockets: Path
    data: Path
    version: str
    watchdog: int
    networked: bool

    def kill(self) -> None:
        """End the holder without a chance to tidy up."""
        self.process.kill()
        self.process.wait()

    @property
    def traces(self) -> list[str]:
        """What is left of the cluster."""
        left = [str(path) for path in (self.sockets.parent, self.data) if path.exists()]
        return left + ([f"process {self.pid}"] if alive(self.pid) else [])


@contextmanager
def cache_for(identity: str) -> Iterator[Path]:
    """A cache folder that belongs to an identity, with nothing but the servers that were brought."""
    folder = Path(tempfile.mkdtemp(prefix="pgproof-tests-", dir="/var/tmp"))
    folder.chmod(0o755)
    brought = Path(os.environ["PGPROOF_CACHE"]) / "servers"
    if brought.is_dir():
        (folder / "servers").symlink_to(brought)
    if identity.startswith("a user"):
        uid = 65_534 if identity == "a user" else 12_345
        os.chown(folder, uid, uid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(
    major: int, cache: Path, identity: str = "ourselves", *, place: str = "memory", prefix: Sequence[str] = ()
) -> subprocess.Popen[str]:
    """Start a holder; its first line says where its cluster is, or what went wrong."""
    environment = {"PATH": os.environ["PATH"], "PGPROOF_CACHE": str(cache), "SECRET": "s3cr3t", "HOME": "/nonexistent"}
    return subprocess.Popen(
        [*prefix, *IDENTITIES[identity], sys.executable, "-B", "-c", _HOLD, str(major), place],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=PROJECT,
        start_new_session=True,
    )


@contextmanager
def holding(
    major: int, cache: Path, identity: str = "ourselves", *, place: str = "memory", prefix: Sequence[str] = ()
) -> Iterator[Held]:
    """A holder with its cluster running."""
    process = start(major, cache, identity, place=place, prefix=prefix)
    try:
        assert process.stdout
        line = process.stdout.readline()
        said = json.loads(line)
        assert "problem" not in said, said
        said["sockets"], said["data"] = Path(said["sockets"]), Path(said["data"])
        yield Held(process=process, **said)
    finally:
        finish(process)


def finish(process: subprocess.Popen[str]) -> str:
    """Let a holder end by itself, and return what else it said."""
    try:
        return process.communicate(timeout=60)[0]
    except ValueError:  # its pipes are closed already
        process.wait(60)
        return ""


def alive(pid: int) -> bool:
    """Whether a process runs (one that nobody has waited for yet does not)."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until_gone(held: Held) -> list[str]:
    """Wait for a while until a cluster has left nothing behind; return what it has."""
    deadline = time.monotonic() + 20
    while held.traces and time.monotonic() < deadline:
        time.sleep(0.01)
    return held.traces


def interrupt(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C: the whole process group of the terminal gets it."""
    os.killpg(process.pid, signal.SIGINT)
