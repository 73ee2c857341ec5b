"""An organisation's policy: a file that many projects extend. They may be stricter, and milder only where it allows it.

    fail_on = "warning"
    require = ["live"]

    [ignore]
    MIG102 = "our versions are dates"

    [allow]                       # what a project may do that makes it milder; nothing else
    fail_on = true                # name a milder severity
    ignore = ["MIG", "DRF102"]    # ignore findings of these checks (beginnings of codes); true: of all
    baseline = true               # have a baseline

A policy may extend another one under the same rules.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pgproof.model import Severity
from pgproof.model.errors import UsageError
from pgproof.project.ignore import Ignore
from pgproof.project.keys import IGNORE, REQUIRABLE, Key, Keys, Unfit, flag, one_of, some_of, text, texts
from pgproof.project.sections import Mistake
from pgproof.project.toml import read_document


@dataclass(frozen=True, slots=True)
class Policy:
    """What a project must keep to; without a policy, nothing.

    Parameters
    ----------
    path
        The policy's file, as people name it from the project; `""`: there is none.
    fail_on, require
        What holds when the project does not say otherwise.
    milder
        Whether it may name a milder severity than `fail_on`.
    ignore
        What is ignored in every project.
    ignorable
        The beginnings of the codes that the project may ignore.
    baseline
        Whether it may have a baseline.
    """

    path: str = ""
    fail_on: Severity = Severity.ERROR
    require: frozenset[str] = frozenset()
    milder: bool = True
    ignore: tuple[Ignore, ...] = ()
    ignorable: tuple[str, ...] = ("",)
    baseline: bool = True

    def mistakes(self, values: Mapping[str, Any]) -> list[Mistake]:
        """Return what of a project's values by field this policy does not allow."""
        found: list[Mistake] = []
        fail_on = values.get("fail_on", self.fail_on)
        if not self.milder and fail_on.rank < self.fail_on.rank:
            found.append(Mistake("", "fail_on", f'may not be milder than "{self.fail_on}", says {self.path}'))
        if not self.baseline and "baseline" in values:
            found.append(Mistake("", "baseline", f"is not allowed by {self.path}"))
        return found

    def bound(self, ignores: Iterable[Ignore]) -> tuple[Ignore, ...]:
        """Return a project's ignores, each with what this policy allows."""
        return tuple(replace(one, allowed=self.ignorable, policy=self.path) for one in ignores)

    def narrowed(self, values: Mapping[str, Any], path: str) -> Policy:
        """Return the policy `path` with these values by field, which extends this one: it allows what both allow."""
        ignorable = {
            max(one, other, key=len)
            for one in values.get("ignorable", ())
            for other in self.ignorable
            if one.startswith(other) or other.startswith(one)
        }
        return Policy(
            path,
            values.get("fail_on", self.fail_on),
            self.require | values.get("require", frozenset()),
            self.milder and values.get("milder", False),
            (*self.ignore, *(replace(one, expected=False) for one in self.bound(values["ignore"]))),
            tuple(sorted(ignorable)),
            self.baseline and values.get("allows_baseline", False),
        )


def _beginnings(value: Any) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("",) if value else ()
    try:
        return tuple(beginning.upper() for beginning in texts(value))
    except Unfit:
        raise Unfit('true, false or a list of beginnings of codes, such as ["MIG", "DRF102"]') from None


_KEYS: Keys = {
    "extends": Key("extends", text),
    "fail_on": Key("fail_on", one_of(Severity, Severity)),
    "require": Key("require", some_of(REQUIRABLE)),
    "ignore": IGNORE,
    "allow": {
        "fail_on": Key("milder", flag),
        "ignore": Key("ignorable", _beginnings),
        "baseline": Key("allows_baseline", flag),
    },
}


def read_policy(extends: str, said_in: Path, root: Path, above: tuple[Path, ...] = ()) -> Policy:
    """Return the policy that the file `said_in` extends, joined with those that it extends itself.

    `root` is the project's folder, `above` are the files that led here.

    Raises UsageError with every mistake of a file, for a file that is not there, and for a circle.
    """
    file = Path(os.path.normpath(said_in.parent / extends))
    name, said_by = _named(file, root), _named(said_in, root)
    if "://" in extends:
        raise UsageError(f"{said_by} extends {extends}, which is a URL", "A policy is a file: nothing is fetched.")
    chain = (*above, said_in.resolve())
    if file.resolve() in chain:
        raise UsageError(f"{said_by} extends {name}, which extends {said_by}", "A policy cannot extend itself.")
    if not file.is_file():
        raise UsageError(
            f"{said_by} extends {extends}, and there is no such file",
            "The path is relative to the file that says it. In CI, check out the repository that holds it.",
        )
    document = read_document(file, name)
    values, mistakes = document.decode(_KEYS)
    inherited = Policy()
    if "extends" in values:
        inherited = read_policy(values["extends"], file, root, chain)
    document.refuse([*mistakes, *inherited.mistakes(values)])
    return inherited.narrowed(values, name)


def _named(file: Path, root: Path) -> str:
    return Path(os.path.relpath(file, root)).as_posix()
