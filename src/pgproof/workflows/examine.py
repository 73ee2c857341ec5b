"""One database examined: its evidence gathered, the checks run on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pgproof.checks import all_checks
from pgproof.checks.check import Check
from pgproof.checks.run import Ran, run
from pgproof.evidence.directories import Directories
from pgproof.evidence.ignores import all_ignores
from pgproof.evidence.introduction import introduce
from pgproof.evidence.mismatches import Mismatches
from pgproof.evidence.settings import Settings
from pgproof.evidence.sources import name_sources
from pgproof.evidence.store import Evidence
from pgproof.judge.document import PromisedNumber, ReplayedFile
from pgproof.judge.ignoring import Rule, rules
from pgproof.judge.judge import Named
from pgproof.judge.result import Coverage, FeatureState, MigrationState
from pgproof.judge.since import Before
from pgproof.migrations.observation import Replay
from pgproof.model import Gap
from pgproof.workflows.features import feature_states
from pgproof.workflows.migration_states import migration_states
from pgproof.workflows.promised import promised_numbers
from pgproof.workflows.replayed import replayed_files
from pgproof.workflows.since import Past, found_in, look_back


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of a database, or of all that `databases` names, joined.

    `name` is the folder of its package, `""` for the repository's own and for several.
    """

    name: str
    ran: tuple[Ran, ...]
    gaps: tuple[Gap, ...]
    rules: tuple[Rule, ...]
    introduction: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    coverage: tuple[Coverage, ...]
    features: tuple[FeatureState, ...]
    migrations: tuple[MigrationState, ...]
    before: Before | None = None
    promised: tuple[PromisedNumber, ...] = ()
    replayed: tuple[ReplayedFile, ...] = ()
    databases: tuple[Named, ...] = ()


def examine(evidence: Evidence, settings: Settings, checks: Sequence[Check], since: Past | None) -> Examined:
    """Run the checks on the evidence; `before` is what they find in the files of `since`.

    Raises UsageError for a comment that cannot be understood: before the work.
    """
    rules(all_ignores(evidence), all_checks())
    directories = evidence.get(Directories)
    assert isinstance(directories, Directories)
    used = directories.found[0].path if directories.found else ""
    name = directories.places.get(used, "")
    ran = tuple(found_in(name, one) for one in run(checks, evidence))
    return Examined(
        name,
        ran,
        tuple(evidence.gaps()),
        tuple(rules(all_ignores(evidence), all_checks())),
        tuple(introduce(evidence)),
        tuple(name_sources(evidence)),
        tuple(_coverage(evidence)),
        tuple(feature_states(evidence)),
        tuple(migration_states(evidence)),
        look_back(since, ran, evidence, settings, name) if since else None,
        tuple(promised_numbers(evidence)),
        tuple(replayed_files(evidence)),
    )


def _coverage(evidence: Evidence) -> list[Coverage]:
    found: list[Coverage] = []
    if replay := evidence.known(Replay):
        replayed = sum(not (one.failure or one.refused) for one in replay.observations)
        found.append(Coverage("statements replayed", replayed, len(replay.observations)))
    if mismatches := evidence.known(Mismatches):
        found.append(Coverage("call sites resolved", mismatches.resolved, mismatches.total))
    return found
