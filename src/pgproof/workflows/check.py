"""The main job: everything that the given evidence allows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pgproof.checks import all_checks
from pgproof.checks.check import Check
from pgproof.checks.run import run
from pgproof.evidence.directories import Directories
from pgproof.evidence.ignores import Ignores
from pgproof.evidence.introduction import introduce
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
from pgproof.server.redact import redact
from pgproof.workflows.since import look_back

_MAY_HOLD_PASSWORDS = re.compile(r"pass|pwd|://", re.IGNORECASE)


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
        ignores = evidence.get(Ignores)
        assert isinstance(ignores, Ignores)
        suppressing: list[Suppressing] = [Ignoring(rules(ignores, all_checks()), settings.today)]
        ran = run(_chosen(all_checks(), select, ignore), evidence)
        suppressing += [baseline] if baseline else []
        return judge(
            policy,
            ran,
            (*evidence.gaps(), *_warnings(settings)),
            lines=_lines(evidence),
            introduction=introduce(evidence),
            sources=name_sources(evidence),
            coverage=_coverage(evidence),
            suppressing=suppressing,
            since=Persisting(look_back(since, ran, evidence, settings)) if since else None,
        )


def _chosen(checks: Iterable[Check], select: Sequence[str], ignore: Sequence[str]) -> list[Check]:
    def named(check: Check, patterns: Sequence[str]) -> bool:
        return any(check.code.startswith(pattern.upper()) or check.name == pattern for pattern in patterns)

    return [check for check in checks if (not select or named(check, select)) and not named(check, ignore)]


def _lines(evidence: Evidence) -> dict[str, list[str]]:
    """Return the lines of all migrations as they may be shown: without passwords."""
    directories = evidence.known(Directories)
    found = directories.found if directories else ()
    return {file.path: _shown(file.text) for directory in found for file in directory.files}


def _shown(text: str) -> list[str]:
    lines = text.split("\n")
    return [redact(line) for line in lines] if _MAY_HOLD_PASSWORDS.search(text) else lines


def _warnings(settings: Settings) -> Iterable[Gap]:
    return (Gap(warning) for warning in settings.config.warnings)


def _coverage(evidence: Evidence) -> list[Coverage]:
    replay = evidence.known(Replay)
    if replay is None:
        return []
    total = len(replay.observations)
    return [Coverage("statements replayed", sum(not (o.failure or o.refused) for o in replay.observations), total)]
