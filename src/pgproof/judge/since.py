"""Only what a change introduces: what was found before it is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pgproof.checks.run import Ran
from pgproof.judge.fingerprint import demoted, fingerprint, line_fingerprint, own_line
from pgproof.judge.ignoring import Ignoring
from pgproof.judge.known import Known
from pgproof.judge.result import Stale, Suppression, Suppressor
from pgproof.model import Finding, Gap


@dataclass(frozen=True, slots=True)
class Before:
    """What was found before the change: `name` is what people call that state.

    `found` are the fingerprints of each finding and of each consequence. `unseen` are the codes of checks that could
    not look then, each with the reason.
    """

    name: str
    found: tuple[tuple[str, ...], ...] = ()
    unseen: Mapping[str, str] = field(default_factory=dict)


def found_before(name: str, ran: Sequence[Ran], ignoring: Ignoring) -> Before:
    """Return what the checks found in the state `name`, without what was ignored there."""
    found: list[tuple[str, ...]] = []
    unseen: dict[str, str] = {}
    for one in ran:
        code = one.check.code
        if one.absent or one.crash:
            unseen[code] = one.absent.reason if one.absent else "the check crashed"
        for finding in one.findings:
            if not ignoring.suppress(code, finding):
                found.append((fingerprint(code, finding), demoted(line_fingerprint(own_line(finding)))))
                found += [(line_fingerprint(line),) for line in finding.consequences]
    return Before(name, tuple(found), unseen)


class Persisting:
    """Suppresses what was found before, also what something else explained then."""

    def __init__(self, before: Before) -> None:
        """Nothing was found yet."""
        self._before = before
        self._known = Known((names, 1) for names in before.found)

    @property
    def name(self) -> str:
        """What people call the state before."""
        return self._before.name

    def suppress(self, code: str, finding: Finding, *, already: bool = False) -> Suppression | None:
        """Return why a finding is not new; one whose check could not look before is taken for new."""
        name = fingerprint(code, finding)
        if self._known.take(name, line_fingerprint(own_line(finding))) is None:
            return None
        return Suppression(Suppressor.SINCE, code, f"found in {self._before.name} too", fingerprint=name)

    def knows(self, code: str, line: str, *, already: bool = False) -> bool:
        """Whether a consequence was one before, or a finding."""
        name = line_fingerprint(line)
        return self._known.take(name, demoted(name)) is not None

    def stale(self, ran: Sequence[Ran]) -> Iterator[Stale]:
        """Yield nothing: what is gone was fixed by the change."""
        yield from ()

    def gaps(self, reported: Iterable[str]) -> Iterator[Gap]:
        """Yield the checks whose findings (their codes are given) may be older than the change."""
        for code in sorted(set(reported) & self._before.unseen.keys()):
            yield Gap(f"whether the findings of {code} are new (in {self._before.name}: {self._before.unseen[code]})")
