"""pgproof finds what expected.toml lists, and nothing more; on the repaired project nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result, Verdict
from pgproof.project.config import Config, read_config
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase
from tests.examples.ad_platform import FOLDER, apply_all
from tests.examples.test_ad_platform_live import EXPECTED, run_make_live
from tests.examples.versions import oldest_and_newest

CLAIM = "public.claim_pending_ad_change(text)"


def run(live: LiveDatabase | None, config: Config | None = None) -> Result:
    """Check the example; with its own configuration only where its promises and probes are looked at."""
    return check(Settings(FOLDER, config or Config(), live.url if live else None))


def named(one: dict[str, str]) -> tuple[str, str]:
    return one.get("code") or one["kind"], one["subject"]


def found(result: Result) -> list[tuple[str, str]]:
    """Return the findings by their code, or where expected.toml names the kind, by that."""
    kinds = {named(one) for one in EXPECTED if "code" not in one}
    return sorted((f.kind if (f.kind, f.subject) in kinds else f.code, f.subject) for f in result.findings)


@oldest_and_newest
def test_exactly_the_expected_findings(empty: LiveDatabase) -> None:
    run_make_live(empty)
    result = run(empty, read_config(FOLDER))
    assert found(result) == sorted(map(named, EXPECTED))
    assert result.verdict is Verdict.NO_GO
    (default,) = (f for f in result.findings if f.kind == "column")
    assert default.seen[:2] == ("declared  18000", "live      3000")
    assert str(default.location).startswith("database/migrations/005_pending_ad_changes.sql:")
    assert str(default.proof) == "read from replay and live"


@oldest_and_newest
def test_a_database_that_the_migrations_made_differs_in_nothing(empty: LiveDatabase) -> None:
    apply_all(empty)
    result = run(empty)
    assert [(f.code, f.subject) for f in result.findings] == [("FUN101", CLAIM)]
    assert result.scope == "repository and live database"


def test_the_claim_function_and_the_numbers_of_the_report_are_refuted_without_the_live_database() -> None:
    result = run(None, read_config(FOLDER))
    in_files = [one for one in EXPECTED if "live" not in one and one.get("code", "")[:3] in ("CON", "BEH", "FUN")]
    assert found(result) == sorted(map(named, in_files))
    total = {one.word: (one.promised, one.found) for one in result.promised if not one.part}
    assert total == {
        "tables": ("10", "10"),
        "indexes": ("47", "44"),
        "unique indexes": ("3", "1"),
        "composite indexes": ("12", "9"),
        "partial indexes": ("7", "10"),
        "functions": ("7", "10"),
        "views": ("13", "13"),
        "triggers": ("6", "6"),
    }
    claim = next(one for one in result.findings if one.subject == CLAIM)
    assert (claim.code, str(claim.proof)) == ("FUN101", "executed on replay")
    assert str(claim.location) == "database/migrations/005_pending_ad_changes.sql:59:11"
    assert claim.message == (
        'column reference "status" is ambiguous (42702): variable of the function, or column of pending_ad_changes'
    )
    assert claim.seen[0].endswith("fails on every call")
    assert any("a due change is claimed once" in one for one in claim.consequences)
    assert result.verdict is Verdict.NO_GO
    assert result.scope.startswith("repository only")


def test_the_repaired_project_is_healthy(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "project")
    repair = FOLDER / "fixed" / "claim_pending_ad_change.sql"
    shutil.copy(repair, tmp_path / "project/database/migrations/007_qualify_claimed_columns.sql")
    result = check(Settings(tmp_path / "project", Config()))
    assert result.findings == ()
    assert result.verdict is Verdict.GO
