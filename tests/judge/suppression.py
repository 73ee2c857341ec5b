"""Checks that ran, for the tests of what suppresses their findings."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import Check
from pgproof.checks.run import Ran
from pgproof.judge.judge import judge
from pgproof.judge.result import Result
from pgproof.judge.since import Persisting
from pgproof.judge.suppressing import Suppressing
from pgproof.judge.verdict import Policy
from pgproof.model import Finding, Gap, Location, Method, ObjectName, Proof, Severity, Subject

REPLAY = Proof(Method.EXECUTED, (Subject.REPLAY,))
BOTH = Proof(Method.READ, (Subject.REPLAY, Subject.LIVE))


def never() -> Iterator[Finding]:
    yield from ()


def check(code: str, name: str) -> Check:
    return Check(code, name, Severity.ERROR, "", "", never)


FAILURE, MISSING, PHANTOM = (
    check("MIG103", "replay-failure"),
    check("DRF101", "missing-object"),
    check("HIS103", "phantom-migration"),
)
CHECKS = (FAILURE, MISSING, PHANTOM)
TABLE = ObjectName("table", ("public", "note"))
INDEX = ObjectName("index", ("public", "note_body"))


def ran(
    one: Check = FAILURE, *findings: Finding, proof: Proof = REPLAY, absent: Gap | None = None, crash: str = ""
) -> Ran:
    return Ran(one, proof, 1, findings, absent, crash)


def failure(line: int = 3, path: str = "db/1.sql", detail: str = "") -> Finding:
    return Finding(path, "fails", Location(path, line, 1), detail=detail)


def missing(name: ObjectName = TABLE, line: int = 1) -> Finding:
    return Finding(name, "is missing", Location("db/1.sql", line, 1))


def judged(all_ran: list[Ran], *suppressing: Suppressing, since: Persisting | None = None) -> Result:
    return judge(Policy(), all_ran, (), sources=(("migrations", "db"),), suppressing=suppressing, since=since)
