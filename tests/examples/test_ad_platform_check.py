"""pgproof finds what expected.toml lists on the drifted database, and nothing more; on the others nothing."""

from __future__ import annotations

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result, Verdict
from pgproof.project.config import Config
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase
from tests.examples.ad_platform import FOLDER, apply_all
from tests.examples.test_ad_platform_live import EXPECTED, run_make_live
from tests.examples.versions import every_version


def run(live: LiveDatabase | None) -> Result:
    return check(Settings(FOLDER, Config(), live.url if live else None))


@every_version
def test_exactly_the_expected_findings(empty: LiveDatabase) -> None:
    run_make_live(empty)
    result = run(empty)
    assert sorted((f.kind, f.subject) for f in result.findings) == sorted(
        (expected.get("kind", "file"), expected["subject"]) for expected in EXPECTED
    )
    assert {f.code for f in result.findings if f.kind == "file"} == {"HIS103"}
    assert result.verdict is Verdict.NO_GO


@every_version
def test_a_database_that_the_migrations_made_is_healthy(empty: LiveDatabase) -> None:
    apply_all(empty)
    result = run(empty)
    assert result.findings == ()
    assert result.verdict is Verdict.GO
    assert result.scope == "repository and live database"


def test_without_a_database_the_repository_is_healthy_and_the_verdict_says_what_it_speaks_of() -> None:
    result = run(None)
    assert result.findings == ()
    assert result.verdict is Verdict.GO
    assert result.scope.startswith("repository only")


def test_the_evidence_of_a_finding_names_both_values(empty: LiveDatabase) -> None:
    run_make_live(empty)
    (default,) = (f for f in run(empty).findings if f.kind == "column")
    assert default.seen == ("declared  18000", "live      3000")
    assert str(default.location).startswith("database/migrations/005_pending_ad_changes.sql:")
    assert str(default.proof) == "read from replay and live"
