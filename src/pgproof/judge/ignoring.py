"""Ignores: what the project asks not to be told, with its reasons, as long as they hold."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pgproof.checks.check import Check
from pgproof.checks.run import Ran
from pgproof.evidence.ignores import Ignore, Ignores
from pgproof.judge.result import Stale, Staleness, Suppression, Suppressor
from pgproof.judge.suppressing import looked
from pgproof.model import Finding, Location, ObjectName
from pgproof.model.errors import UsageError
from pgproof.model.spelling import did_you_mean


@dataclass(frozen=True, slots=True)
class Rule:
    """An ignore, and the code of the check that it names."""

    code: str
    ignore: Ignore

    def fits(self, code: str, finding: Finding) -> bool:
        """Whether it speaks of this finding of the check `code`."""
        if code != self.code:
            return False
        if self.ignore.comment:
            return _stands_in(finding.location, self.ignore)
        return not self.ignore.subject or any(map(_pattern(self.ignore.subject).fullmatch, _spellings(finding.subject)))

    def holds(self, today: date | None) -> bool:
        """Whether it has not expired."""
        return not (self.ignore.until and today) or today <= self.ignore.until

    @property
    def suppression(self) -> Suppression:
        """The rule as the result tells it."""
        one = self.ignore
        return Suppression(
            Suppressor.COMMENT if one.comment else Suppressor.CONFIGURATION,
            self.code,
            one.reason,
            one.location,
            one.subject,
            one.until.isoformat() if one.until else "",
        )


def resolve(ignores: Ignores, checks: Iterable[Check]) -> tuple[list[Rule], list[str]]:
    """Return the ignores with the codes of their checks, and everything that is wrong with the others.

    That is: comments that cannot be understood, checks that do not exist, and what a policy does not allow.
    """
    codes = {word: check.code for check in checks for word in (check.code, check.name)}
    mistakes = list(ignores.misread)
    found = []
    for one in ignores.items:
        code = codes.get(one.check.upper()) or codes.get(one.check.lower())
        if code is None:
            if one.expected or not one.comment:
                mistakes.append((one.location, f'no check is called "{one.check}"{did_you_mean(one.check, codes)}'))
        elif not code.startswith(one.allowed):
            mistakes.append((one.location, f"{code} may not be ignored, says {one.policy}"))
        else:
            found.append(Rule(code, one))
    return found, [f"{place}: {problem}" for place, problem in sorted(mistakes)]


def rules(ignores: Ignores, checks: Iterable[Check]) -> list[Rule]:
    """Return the ignores with the codes of their checks. Raises UsageError with everything that is wrong with them."""
    found, mistakes = resolve(ignores, checks)
    way_out = "A check is ignored by its code or its name; pgproof explain --list shows them."
    if len(mistakes) == 1:
        raise UsageError(mistakes[0], way_out)
    if mistakes:
        raise UsageError(f"{len(mistakes)} ignores cannot be followed", "\n".join((*mistakes, way_out)))
    return found


class Ignoring:
    """Suppresses what the rules speak of; `today` decides which of them have expired (`None`: none has)."""

    def __init__(self, rules: Sequence[Rule], today: date | None) -> None:
        """Nothing was ignored yet."""
        self._rules = rules
        self._today = today
        self._used: set[int] = set()
        self._by_place: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number, rule in enumerate(rules):
            self._by_place[rule.code, rule.ignore.location.path if rule.ignore.comment else ""].append(number)

    def suppress(self, code: str, finding: Finding, *, already: bool = False) -> Suppression | None:
        """Return the first rule that holds and speaks of the finding; all that do are needed, also `already`."""
        path = finding.location.path if finding.location else ""
        near = sorted({*self._by_place.get((code, path), ()), *self._by_place.get((code, ""), ())})
        fitting = [number for number in near if self._rules[number].fits(code, finding)]
        self._used.update(fitting)
        return next((rule.suppression for n in fitting if (rule := self._rules[n]).holds(self._today)), None)

    def knows(self, code: str, line: str, *, already: bool = False) -> bool:
        """Whether a consequence is ignored by itself: never, since a rule speaks of findings."""
        return False

    def stale(self, ran: Sequence[Ran]) -> Iterator[Stale]:
        """Yield the rules that have expired, and those that nothing was found for although the check looked."""
        asked, looking = {one.check.code for one in ran}, looked(ran)
        for number, rule in enumerate(self._rules):
            if rule.code in asked and not rule.holds(self._today):
                yield Stale(rule.suppression, Staleness.EXPIRED)
            elif rule.code in looking and rule.ignore.expected and number not in self._used:
                yield Stale(rule.suppression, Staleness.UNUSED)


def _stands_in(place: Location | None, ignore: Ignore) -> bool:
    """Whether a comment speaks of a place; what is found in a whole file is spoken of by any comment in it."""
    if place is None or place.path != ignore.location.path:
        return False
    return ignore.lines is None or not place.line or ignore.lines[0] <= place.line <= ignore.lines[1]


def _spellings(subject: ObjectName | str) -> tuple[str, ...]:
    """The subject as reports write it: `public.note`, and `table public.note`."""
    return (subject,) if isinstance(subject, str) else (str(subject), f"{subject.kind} {subject}")


def _pattern(subject: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, subject.split("*"))), re.DOTALL)
