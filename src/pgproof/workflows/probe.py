"""Behaviour alone: what a schema does when it is used, that of the migrations and that of the live database."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks import all_checks
from pgproof.checks.run import run
from pgproof.evidence.ignores import all_ignores
from pgproof.evidence.introduction import introduce
from pgproof.evidence.probes import Extent, Probes
from pgproof.evidence.settings import Settings
from pgproof.evidence.sources import name_sources
from pgproof.evidence.store import Evidence
from pgproof.judge.baseline import Baselined
from pgproof.judge.ignoring import Ignoring, rules
from pgproof.judge.judge import judge
from pgproof.judge.result import Coverage, Result
from pgproof.judge.suppressing import Suppressing
from pgproof.judge.verdict import Policy
from pgproof.model import Gap
from pgproof.probes.observed import Outcome
from pgproof.workflows.lines import Lines

FAMILIES = ("BEH", "FUN")
"""What is executed, and what is known of bodies before that: a cause is told by the one that comes first to it."""


def probe(settings: Settings, *, baseline: Baselined | None = None) -> Result:
    """Probe the schema as far as that goes, however many tables it has, and judge what was seen.

    Everything happens on private databases: one that the migrations make, and a copy of the live schema if one is named
    that differs. Of the live database only the catalog is read.

    Raises
    ------
    PgproofError
        The project's input is wrong, or a server cannot be had.
    """
    config = settings.config
    checks = [check for check in all_checks() if check.family in FAMILIES]
    with Evidence(settings, Extent()) as evidence:
        rules(all_ignores(evidence), all_checks())  # a comment that cannot be understood is told before the work
        ran = run(checks, evidence)
        suppressing: list[Suppressing] = [Ignoring(rules(all_ignores(evidence), all_checks()), settings.today)]
        suppressing += [baseline] if baseline else []
        return judge(
            Policy(config.fail_on),
            ran,
            (*evidence.gaps(), *(Gap(warning) for warning in config.warnings)),
            lines=Lines(evidence),
            introduction=introduce(evidence),
            sources=name_sources(evidence),
            coverage=list(coverage(evidence)),
            suppressing=suppressing,
        )


def coverage(evidence: Evidence) -> Iterator[Coverage]:
    """Yield how much of the schema was reached; nothing when nothing was probed."""
    probes = evidence.known(Probes)
    if probes is None:
        return
    observed = probes.observed
    tables = [step for step in observed.steps if step.action == "insert" and step.subject.kind == "table"]
    yield Coverage("tables that took a row", sum(step.done for step in tables), len(tables))
    triggers = {step.subject: False for step in observed.steps if step.subject.kind == "trigger"}
    triggers |= {step.subject: True for step in observed.steps if step.subject in triggers and step.done}
    if triggers:
        yield Coverage("triggers that fired", sum(triggers.values()), len(triggers))
    reached = (Outcome.REJECTED, Outcome.REPAIRED, Outcome.IMPLIED, Outcome.ACCEPTED)
    if observed.rejections:
        broken = sum(one.outcome in reached for one in observed.rejections)
        yield Coverage("constraints tried with a row that breaks them", broken, len(observed.rejections))
    routines = [one for one in observed.called if "trigger" not in one.not_called]
    if routines:
        returned = sum(any(call.refusal is None for call in one.calls) for one in routines)
        yield Coverage("functions that returned from a call", returned, len(routines))
