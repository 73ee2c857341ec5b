"""The baseline: findings that were there when pgproof came, so that an old project can start today.

It only shrinks. A finding is known by its fingerprint, so that moved lines and other words change nothing; code,
subject and message stand beside it for people. Each finding has a line of its own.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from pgproof.checks.run import Ran
from pgproof.judge.fingerprint import fingerprint
from pgproof.judge.result import Judged, Result, Stale, Staleness, Suppression, Suppressor
from pgproof.judge.suppressing import looked
from pgproof.model import Finding, Gap, Location
from pgproof.model.errors import UsageError
from pgproof.model.spelling import did_you_mean

VERSION = 1
REASON = "found when the baseline was made"
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
_ANEW = (
    "Keep the lines of both sides, each once, without the marks of the merge.\n"
    "Then run pgproof baseline, which removes what is fixed."
)
_FIELDS: Mapping[str, type] = {
    "code": str,
    "subject": str,
    "message": str,
    "evidence": list,
    "fingerprint": str,
    "count": int,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding, or `count` that share a fingerprint. `evidence` is what it was found in (`replay`, `live`)."""

    code: str
    subject: str
    message: str
    evidence: tuple[str, ...]
    fingerprint: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries, sorted; `path` is the file as people name it."""

    path: str
    entries: tuple[Entry, ...] = ()

    @property
    def findings(self) -> int:
        """How many findings it lists."""
        return sum(entry.count for entry in self.entries)


class Baselined:
    """Suppresses what a baseline lists."""

    def __init__(self, baseline: Baseline) -> None:
        """Nothing was found yet."""
        self._baseline = baseline
        self._entries = {entry.fingerprint: entry for entry in baseline.entries}
        self._waiting = Counter({name: entry.count for name, entry in self._entries.items()})

    def suppress(self, code: str, finding: Finding) -> Suppression | None:
        """Return the entry of the finding; each entry stands for as many as it counts."""
        name = fingerprint(code, finding)
        if not self._waiting[name]:
            return None
        self._waiting[name] -= 1
        return self._said(self._entries[name])

    def stale(self, ran: Sequence[Ran]) -> Iterator[Stale]:
        """Yield the entries that are fixed: their check looked, at all that they were once found in."""
        looking = looked(ran)
        for entry in self._baseline.entries:
            check = looking.get(entry.code)
            if check and set(entry.evidence) <= set(check.proof.subjects):
                yield from [Stale(self._said(entry), Staleness.FIXED)] * self._waiting[entry.fingerprint]

    def gaps(self, reported: Iterable[str]) -> Iterator[Gap]:
        """Yield nothing: what is listed was looked at."""
        yield from ()

    def _said(self, entry: Entry) -> Suppression:
        return Suppression(
            Suppressor.BASELINE,
            entry.code,
            REASON,
            Location(self._baseline.path),
            entry.subject,
            fingerprint=entry.fingerprint,
        )


def shrunk(baseline: Baseline, result: Result) -> Baseline:
    """Return the baseline without what the result, of a run with this baseline, says is fixed."""
    fixed = Counter(one.suppression.fingerprint for one in result.stale if one.suppression.by is Suppressor.BASELINE)
    left = (replace(entry, count=entry.count - fixed[entry.fingerprint]) for entry in baseline.entries)
    return replace(baseline, entries=tuple(entry for entry in left if entry.count))


def extended(baseline: Baseline, findings: Iterable[Judged]) -> Baseline:
    """Return the baseline with these findings too."""
    entries = {entry.fingerprint: entry for entry in baseline.entries}
    for one in findings:
        subject = one.subject if one.kind == "file" else f"{one.kind} {one.subject}"
        new = Entry(one.code, subject, one.message, tuple(one.proof.subjects), one.fingerprint, 0)
        entry = entries.get(one.fingerprint, new)
        entries[one.fingerprint] = replace(entry, count=entry.count + 1)
    return replace(baseline, entries=tuple(sorted(entries.values(), key=_order)))


def write(baseline: Baseline) -> str:
    """Return the file's text: JSON, in ASCII, sorted, a line for each entry."""
    lines = []
    for entry in sorted(baseline.entries, key=_order):
        fields = {key: value for key, value in asdict(entry).items() if key != "count" or value != 1}
        lines.append(f"    {json.dumps(fields)}")
    listed = "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "baseline_version": {VERSION},\n  "findings": {listed}\n}}\n'


def read(text: str, path: str, codes: Iterable[str]) -> Baseline:
    """Return the baseline that `text` holds; `codes` are those of all checks.

    Raises UsageError, with the place and the way out, for a text that was merged by hand and not finished, that is of
    another version, or that lists a finding twice or a check that does not exist.
    """
    if mark := _CONFLICT.search(text):
        line = text.count("\n", 0, mark.start()) + 1
        raise UsageError(f"{path} has marks of a merge that was not finished (line {line})", _ANEW)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not JSON: {error}", _ANEW) from error
    version = document.get("baseline_version") if isinstance(document, dict) else None
    if version is None:
        raise UsageError(f"{path} is no baseline: it names no baseline_version", "pgproof baseline makes one.")
    if type(version) is not int or version != VERSION:
        way_out = "Update pgproof, or delete the file and make it anew with pgproof baseline."
        raise UsageError(
            f"{path} is a baseline of version {json.dumps(version)[:20]}; this pgproof reads {VERSION}", way_out
        )
    listed = document.get("findings")
    if not isinstance(listed, list):
        raise UsageError(f"{path}: findings should be a list", "pgproof baseline makes a baseline.")
    mistakes = list(_mistakes(listed, frozenset(codes)))
    if mistakes:
        told = mistakes[:10] + [f"… and {len(mistakes) - 10} more"] * (len(mistakes) > 10)
        count = "a mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        way_out = "Delete or mend these lines; pgproof baseline sorts the file, and removes what is fixed."
        raise UsageError(f"{path} has {count}", "\n".join((*told, way_out)))
    entries = (Entry(**{**one, "evidence": tuple(one["evidence"])}) for one in listed)
    return Baseline(path, tuple(sorted(entries, key=_order)))


def _mistakes(listed: Sequence[object], codes: frozenset[str]) -> Iterator[str]:
    seen: dict[object, int] = {}
    for number, one in enumerate(listed, 1):
        if not isinstance(one, dict) or (wrong := _wrong_field(one)):
            yield f"finding {number}: {wrong if isinstance(one, dict) else 'should be an object'}"
            continue
        told = f"finding {number} ({one['code']} {one['subject']})"
        if one["code"] not in codes:
            yield f"{told}: no check has this code{did_you_mean(one['code'], codes)}"
        if one["fingerprint"] in seen:
            yield f"{told}: it is listed already, as finding {seen[one['fingerprint']]}"
        seen.setdefault(one["fingerprint"], number)


def _wrong_field(one: Mapping[str, object]) -> str:
    for name in one.keys() - _FIELDS.keys():
        return f"{json.dumps(name)[:40]} is not known"
    for name, kind in _FIELDS.items():
        value = one.get(name, 1 if name == "count" else None)
        if type(value) is not kind or (isinstance(value, int) and value < 1):
            return f"{name} is missing or is not what it should be"
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            return f"{name} should be a list of strings"
    return ""


def _order(entry: Entry) -> tuple[str, str, str, str]:
    return entry.code, entry.subject, entry.message, entry.fingerprint
