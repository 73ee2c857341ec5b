"""The main job: everything that the given evidence allows, for each database of the project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack

from pgproof.checks import all_checks
from pgproof.checks.check import Check
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.judge.baseline import Baselined
from pgproof.judge.ignoring import Ignoring
from pgproof.judge.judge import judge
from pgproof.judge.result import Result
from pgproof.judge.since import Persisting
from pgproof.judge.suppressing import Suppressing
from pgproof.judge.verdict import Policy
from pgproof.model import Gap
from pgproof.project.revision import Revision
from pgproof.workflows.code_uses import code_uses
from pgproof.workflows.databases import examine_all
from pgproof.workflows.joined import join
from pgproof.workflows.lines import Lines
from pgproof.workflows.since import Past


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
    with ExitStack() as stack:
        evidence = stack.enter_context(Evidence(settings))
        past = stack.enter_context(Past(since)) if since else None
        examined = join(examine_all(evidence, settings, _chosen(all_checks(), select, ignore), past))
        suppressing: list[Suppressing] = [Ignoring(examined.rules, settings.today)]
        suppressing += [baseline] if baseline else []
        return judge(
            policy,
            examined.ran,
            (*examined.gaps, *_warnings(settings)),
            lines=Lines(evidence),
            introduction=examined.introduction,
            sources=examined.sources,
            coverage=examined.coverage,
            features=examined.features,
            uses=code_uses(evidence, several=bool(examined.databases)),
            migrations=examined.migrations,
            suppressing=suppressing,
            since=Persisting(examined.before) if examined.before else None,
            databases=examined.databases,
            promised=examined.promised,
            replayed=examined.replayed,
        )


def _chosen(checks: Iterable[Check], select: Sequence[str], ignore: Sequence[str]) -> list[Check]:
    def named(check: Check, patterns: Sequence[str]) -> bool:
        return any(check.code.startswith(pattern.upper()) or check.name == pattern for pattern in patterns)

    return [check for check in checks if (not select or named(check, select)) and not named(check, ignore)]


def _warnings(settings: Settings) -> Iterable[Gap]:
    return (Gap(warning) for warning in settings.config.warnings)
