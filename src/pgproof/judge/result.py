"""The result of a run: the only input of every report. Its JSON form is versioned (`reports/result.schema.json`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pgproof.judge.document import NeedState, PromisedNumber, ReplayedFile
from pgproof.model import Gap, Location, Proof, Severity

SCHEMA_VERSION = 2


class Verdict(StrEnum):
    """What the evidence allows to say."""

    GO = "GO"
    NO_GO = "NO-GO"
    UNDECIDED = "UNDECIDED"

    @property
    def exit_code(self) -> int:
        """0 GO, 1 NO-GO, 3 UNDECIDED."""
        return {Verdict.GO: 0, Verdict.NO_GO: 1, Verdict.UNDECIDED: 3}[self]


class Outcome(StrEnum):
    """What became of one check. `SUPPRESSED`: it found something, and none of that is reported."""

    PASSED = "passed"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not applicable"
    GAP = "gap"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding as it is reported: what the check yielded, how it is known, and what it explains.

    `consequences` are one-line descriptions of the findings that this one explains. `fingerprint` is stable under line
    moves and the same on every machine.
    """

    code: str
    name: str
    severity: Severity
    kind: str
    """The kind of the subject (`table`), or `file`."""
    subject: str
    message: str
    proof: Proof
    fingerprint: str
    location: Location | None = None
    excerpt: str = ""
    seen: tuple[str, ...] = ()
    reproduce: str = ""
    fix: str = ""
    consequences: tuple[str, ...] = ()
    database: str = field(default="", metadata={"added": True})
    """The one of several databases that it was found in, by the folder of its package (`.`: the repository)."""


class Suppressor(StrEnum):
    """What keeps a finding out of the report."""

    COMMENT = "comment"
    CONFIGURATION = "configuration"
    BASELINE = "baseline"
    SINCE = "since"
    """It was there before the change that is looked at."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why findings are not reported, or would not be.

    `code` is their check, `subject` the subject that was named (with `*` for anything; `""`: none), `fingerprint` the
    one that a baseline lists. `location` is where it is said. `until` is the last day on which it holds, `""` for ever.
    """

    by: Suppressor
    code: str
    reason: str
    location: Location | None = None
    subject: str = ""
    until: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that is not reported, and why."""

    finding: Judged
    suppression: Suppression


class Staleness(StrEnum):
    """Why a suppression can go."""

    EXPIRED = "expired"
    UNUSED = "unused"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Stale:
    """A suppression that suppresses nothing (more)."""

    suppression: Suppression
    state: Staleness


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What became of one check: how much it examined and how that was known; `reason` for a gap or a crash."""

    code: str
    name: str
    outcome: Outcome
    examined: int = 0
    proof: Proof | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of something was read: `212 of 214 statements`."""

    what: str
    read: int
    total: int


class Readiness(StrEnum):
    """Whether a feature of the contract can work; the worst first. `UNDECIDED`: not all is known."""

    BLOCKED = "BLOCKED"
    PARTIAL = "PARTIAL"
    UNDECIDED = "UNDECIDED"
    READY = "READY"


@dataclass(frozen=True, slots=True)
class FeatureState:
    """How a feature of the contract stands.

    Of its needs so many hold, fail or are unknown; `missing` are those that fail, each in a line.
    """

    name: str
    readiness: Readiness
    holding: int
    failing: int
    unknown: int
    title: str = ""
    owner: str = ""
    tier: str = ""
    files: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    needs: tuple[NeedState, ...] = field(default=(), metadata={"added": True})
    """Each need, in the order of the contract."""


@dataclass(frozen=True, slots=True)
class CodeUse:
    """One place where the code touches a `table` or a `function` (`kind`), and how (`action`: `select`, `call`…).

    `reads` and `writes` are columns; of a call, `writes` are its arguments. `function` is the function of the code that
    the place is in, `route` what that serves, as far as it is known; `routes` are all that reach it through calls.
    `database` is the one of several that the code works with, `""` when nobody knows.
    """

    location: Location
    kind: str
    name: str
    action: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    client: str = ""
    function: str = ""
    route: str = ""
    routes: tuple[str, ...] = field(default=(), metadata={"added": True})
    database: str = field(default="", metadata={"added": True})


@dataclass(frozen=True, slots=True)
class MigrationState:
    """How much of a migration is in the live database.

    `recorded` is `None` where nothing is recorded; `presence` is `present`, `partly present`, `absent` or `cannot be
    told`; `missing` is what of it is not there, each in a line.
    """

    path: str
    recorded: bool | None
    presence: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """What is said of one of several databases: `name` is the folder of its package (`.`: the repository's own)."""

    name: str
    verdict: Verdict
    scope: str
    reason: str
    sources: tuple[tuple[str, str], ...]


ADDED = {"added": True}
"""Marks a field that results stored before it do not have."""


@dataclass(frozen=True, slots=True)
class Result:
    """One run's result: no clock, no OID, sorted, the same for the same input.

    `scope` says what the verdict speaks of. `introduction` are the lines that say what was found and used. `sources`
    are the pieces of evidence by name with a description (`replay`: `PostgreSQL 16.14 (embedded)`). `suppressed` are
    findings that the verdict leaves out, each for its reason; `stale` is what suppresses nothing any more.
    """

    verdict: Verdict
    scope: str
    reason: str
    """Why the verdict is what it is, in half a sentence (`2 findings at or above error`)."""
    introduction: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    findings: tuple[Judged, ...]
    gaps: tuple[Gap, ...]
    checks: tuple[CheckOutcome, ...]
    coverage: tuple[Coverage, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    stale: tuple[Stale, ...] = ()
    features: tuple[FeatureState, ...] = field(default=(), metadata=ADDED)
    """How each feature of the contract stands, sorted by name."""
    uses: tuple[CodeUse, ...] = field(default=(), metadata=ADDED)
    """Which file and route touches which table, column and function, in the order of the files."""
    migrations: tuple[MigrationState, ...] = field(default=(), metadata=ADDED)
    """How much of each migration is in the live database, in their order; empty without one."""
    databases: tuple[DatabaseState, ...] = field(default=(), metadata=ADDED)
    """What is said of each database, when there are several."""
    promised: tuple[PromisedNumber, ...] = field(default=(), metadata=ADDED)
    """The numbers that the contract promises, in its order."""
    replayed: tuple[ReplayedFile, ...] = field(default=(), metadata=ADDED)
    """Each migration as the replay saw it, in their order."""
