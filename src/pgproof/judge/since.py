"""Only what a change introduces: what was found before it is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pgproof.checks.run import Ran
from pgproof.judge.fingerprint import fingerprint
from pgproof.judge.ignoring import Ignoring
from pgproof.judge.result import Stale, Suppression, Suppressor
from pgproof.model import Finding, Gap


@dataclass(frozen=True, slots=True)
class Before:
    """What was found before the change: `name` is what people call that state, `found` counts fingerprints.

    `unseen` are the codes of checks that could not look then, each with the reason.
    """

    name: str
    found: Counter[str]
    unseen: Mapping[str, str]


def found_before(name: str, ran: Sequence[Ran], ignoring: Ignoring) -> Before:
    """Return what the checks found in the state `name`, without what was ignored there."""
    found: Counter[str] = Counter()
    unseen: dict[str, str] = {}
    for one in ran:
        code = one.check.code
        if one.absent or one.crash:
            unseen[code] = one.absent.reason if one.absent else "the check crashed"
        found.update(fingerprint(code, finding) for finding in one.findings if not ignoring.suppress(code, finding))
    return Before(name, found, unseen)


class Persisting:
    """Suppresses what was found before, also what something else explained then."""

    def __init__(self, before: Before) -> None:
        """Nothing was found yet."""
        self._before = before
        self._waiting = Counter(before.found)

    def suppress(self, code: str, finding: Finding) -> Suppression | None:
        """Return why a finding is not new; one whose check could not look before is taken for new."""
        name = fingerprint(code, finding)
        if not self._waiting[name]:
            return None
        self._waiting[name] -= 1
        return Suppression(Suppressor.SINCE, code, f"found in {self._before.name} too", fingerprint=name)

    def stale(self, ran: Sequence[Ran]) -> Iterator[Stale]:
        """Yield nothing: what is gone was fixed by the change."""
        yield from ()

    def gaps(self, reported: Iterable[str]) -> Iterator[Gap]:
        """Yield the checks whose findings may be older than the change."""
        for code in sorted(set(reported) & self._before.unseen.keys()):
            yield Gap(f"whether the findings of {code} are new (in {self._before.name}: {self._before.unseen[code]})")
