"""The main job: everything that the given evidence allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pgproof.checks import all_checks
from pgproof.checks.check import Check
from pgproof.checks.run import run
from pgproof.evidence.ignores import all_ignores
from pgproof.evidence.introduction import introduce
from pgproof.evidence.mismatches import Mismatches
from pgproof.evidence.settings import Settings
from pgproof.evidence.sources import name_sources
from pgproof.evidence.store import Evidence
from pgproof.judge.baseline import Baselined
from pgproof.judge.ignoring import Ignoring, rules
from pgproof.judge.judge import judge
from pgproof.judge.result import Coverage, Result
from pgproof.judge.since import Persisting
from pgproof.judge.suppressing import Suppressing
from pgproof.judge.verdict import Policy
from pgproof.migrations.observation import Replay
from pgproof.model import Gap
from pgproof.project.revision import Revision
from pgproof.workflows.code_uses import code_uses
from pgproof.workflows.features import feature_states
from pgproof.workflows.lines import Lines
from pgproof.workflows.migration_states import migration_states
from pgproof.workflows.since import look_back


def check(
    settings: Settings,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    *,
    baseline: Baselined | None = None,
    since: Revision | None = None,
) -> Result:
    """Gather the evidence that the settings allow, run the checks on it, and judge.

    `select` and `ignore` are beginnings of codes or whole names; an empty `select` selects all. What the `baseline`
    lists is left out, and with `since` what was found in that revision too.

    Raises
    ------
    PgproofError
        The project's input is wrong, a server cannot be had, or it died.
    """
    policy = Policy(settings.config.fail_on, settings.config.require)
    with Evidence(settings) as evidence:
        rules(all_ignores(evidence), all_checks())  # a comment that cannot be understood is told before the work
        ran = run(_chosen(all_checks(), select, ignore), evidence)
        suppressing: list[Suppressing] = [Ignoring(rules(all_ignores(evidence), all_checks()), settings.today)]
        suppressing += [baseline] if baseline else []
        return judge(
            policy,
            ran,
            (*evidence.gaps(), *_warnings(settings)),
            lines=Lines(evidence),
            introduction=introduce(evidence),
            sources=name_sources(evidence),
            coverage=_coverage(evidence),
            features=feature_states(evidence),
            uses=code_uses(evidence),
            migrations=migration_states(evidence),
            suppressing=suppressing,
            since=Persisting(look_back(since, ran, evidence, settings)) if since else None,
        )


def _chosen(checks: Iterable[Check], select: Sequence[str], ignore: Sequence[str]) -> list[Check]:
    def named(check: Check, patterns: Sequence[str]) -> bool:
        return any(check.code.startswith(pattern.upper()) or check.name == pattern for pattern in patterns)

    return [check for check in checks if (not select or named(check, select)) and not named(check, ignore)]


def _warnings(settings: Settings) -> Iterable[Gap]:
    return (Gap(warning) for warning in settings.config.warnings)


def _coverage(evidence: Evidence) -> list[Coverage]:
    found: list[Coverage] = []
    if replay := evidence.known(Replay):
        replayed = sum(not (one.failure or one.refused) for one in replay.observations)
        found.append(Coverage("statements replayed", replayed, len(replay.observations)))
    if mismatches := evidence.known(Mismatches):
        found.append(Coverage("call sites resolved", mismatches.resolved, mismatches.total))
    return found
