"""A revision of the project's git repository: found, and written into a folder, without touching the work tree."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pgproof.model.errors import PgproofError, UsageError

_TIMEOUT_S = 300
_SHORT = 8
# the repository's own configuration must not make git run anything
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-optional-locks")
_WHOLE_HISTORY = (
    "Fetch the history: git fetch --unshallow, or in CI actions/checkout with fetch-depth: 0\n"
    'and GIT_DEPTH: "0" on GitLab.'
)


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit of the repository that `root` lies in: what a branch began with.

    `name` is how the user called the branch; `folder` is the place of `root` in the repository, `""` at its top.
    """

    root: Path
    name: str
    commit: str
    folder: str

    def __str__(self) -> str:
        """Return the name and the beginning of the commit's hash, for people."""
        return f"{self.name} ({self.commit[:_SHORT]})"


def branched_from(root: Path, revision: str) -> Revision:
    """Return the commit at which what is checked out left `revision` (git merge-base): what came later elsewhere is
    not the branch's doing. `main...`, as `git diff` has it, is the same as `main`.

    Raises UsageError when `root` is in no repository, for an unknown revision, and when the history is not all there.
    """
    name = revision.strip().removesuffix("...")
    if not name:
        raise UsageError("--since names no revision", "Name a branch, a tag or a commit: --since origin/main")
    prefix = _git(root, "rev-parse", "--show-prefix")
    if prefix.returncode:
        told = prefix.stderr.decode("utf-8", "replace").strip()
        if "not a git repository" in told:
            raise UsageError(f"{root} is in no git repository", "--since compares with a revision; leave it out.")
        raise PgproofError("git does not read this repository", told)
    shallow = _git(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
    tip = _commit(root, name)
    if tip is None:
        raise _unknown(root, name, shallow)
    if _commit(root, "HEAD") is None:
        raise UsageError("the repository has no commit yet", "Leave --since out: everything is new.")
    base = _git(root, "merge-base", "HEAD", tip).stdout.decode("ascii").strip()
    if not base:
        if shallow:
            raise UsageError(f"this is a shallow clone: where the branch left {name} is not in it", _WHOLE_HISTORY)
        raise UsageError(f"the branch and {name} have no commit in common", "Name the revision that it began with.")
    return Revision(root, name, base, os.fsdecode(prefix.stdout.rstrip(b"\n").rstrip(b"/")))


def export(revision: Revision, folder: Path) -> Path:
    """Write the files of a revision into `folder`, which is empty; return where its `root` is there.

    Unlike `git archive` this leaves nothing out (`export-ignore`), and unlike `git worktree` it writes nothing into the
    repository and runs no hook.

    Raises PgproofError when git cannot.
    """
    files = folder / "files"
    files.mkdir()
    index = {"GIT_INDEX_FILE": str(folder / "index")}
    top = revision.root / os.path.relpath(".", revision.folder or ".")
    tree = f"{revision.commit}:{revision.folder}" if revision.folder else revision.commit
    if _git(revision.root, "cat-file", "-e", tree).returncode:
        return files  # the project's folder was not there yet
    for command in (("read-tree", tree), ("checkout-index", "--all", "--quiet", f"--prefix={files}/")):
        done = _git(top, *command, environment=index)
        if done.returncode:
            told = done.stderr.decode("utf-8", "replace").strip()
            raise PgproofError(f"git cannot write the files of {revision} to {files}", told)
    return files


def _unknown(root: Path, name: str, shallow: bool) -> UsageError:
    problem = f"there is no revision {name} in this repository"
    if not name.startswith("origin/") and _commit(root, f"origin/{name}"):
        return UsageError(problem, f"Did you mean origin/{name}?")
    if shallow:
        return UsageError(f"this is a shallow clone, and {name} is not in it", _WHOLE_HISTORY)
    return UsageError(problem, "Fetch it first (git fetch origin), or name a branch, a tag or a commit that is there.")


def _commit(root: Path, name: str) -> str | None:
    done = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return done.stdout.decode("ascii").strip() or None


def _git(
    root: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git as if in a plain shell: what a hook sets for it (GIT_DIR, GIT_INDEX_FILE) is left out."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {"LC_ALL": "C"}
    try:
        return subprocess.run(
            [*_GIT, "-C", str(root), *arguments],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_TIMEOUT_S,
            env=plain | dict(environment or {}),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PgproofError(f"git did not answer within {_TIMEOUT_S} s: git {arguments[0]}") from error
    except OSError as error:
        way_out = "--since needs git; without it everything is checked."
        raise PgproofError(f"git cannot be run: {error.strerror or error}", way_out) from error
