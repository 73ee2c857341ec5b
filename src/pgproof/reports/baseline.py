"""What `pgproof baseline` says: what it wrote, and what it did not add."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgproof.judge.baseline import Baseline
from pgproof.judge.result import Judged, Result
from pgproof.reports.ending import not_verified
from pgproof.reports.headline import headline
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View

SHOWN = 10


def told(before: Baseline | None, after: Baseline, refused: Sequence[Judged], result: Result) -> str:
    """Return the report; `before` is `None` when there was no baseline."""
    blocking = [gap for gap in result.gaps if gap.blocking]
    lines = [*not_verified(blocking, View()), *_written(before, after), *_refused(refused)]
    return "".join(f"{line}\n" for line in lines)


def _written(before: Baseline | None, after: Baseline) -> Iterator[str]:
    path, listed = one_line(after.path), _entries(len(after))
    if before is None and not after.entries:
        yield f"nothing is found: {path} was not written"
        return
    if before is None:
        yield f"wrote {path}: {listed}"
        yield "Commit it: from now on pgproof check reports only what is new. It shrinks with each pgproof baseline."
        return
    known = {one.fingerprint: one.count for one in before.entries}
    added = sum(max(0, one.count - known.get(one.fingerprint, 0)) for one in after.entries)
    fixed = len(before) + added - len(after)
    changes = [f"{fixed} fixed"] * bool(fixed) + [f"{added} added"] * bool(added)
    yield f"{path}: {listed} ({', '.join(changes) or 'nothing has changed'})"
    if not after.entries:
        yield "All is fixed: the file can be deleted."


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def _refused(findings: Sequence[Judged]) -> Iterator[str]:
    if not findings:
        return
    yield ""
    yield f"not added, for {'it is' if len(findings) == 1 else 'they are'} new:"
    yield from (headline(finding, View()) for finding in findings[:SHOWN])
    if hidden := len(findings) - SHOWN if len(findings) > SHOWN else 0:
        yield f"  … and {hidden} more (pgproof check shows them)"
    yield "Fix them, ignore them with a reason (pgproof explain CODE), or run pgproof baseline --accept-new."
