"""pgproof shows that code and database of examples/outreach agree, and would see it if they did not."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pgproof.evidence.settings import Settings
from pgproof.judge.result import Coverage, Result, Verdict
from pgproof.project.config import Config, read_config
from pgproof.workflows.check import check
from tests.conftest import LiveDatabase
from tests.examples.test_outreach import FOLDER, production
from tests.examples.versions import oldest_and_newest

__all__ = ["production"]

EXPECTED: dict[str, Any] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
FAMILIES = ("COD", "DRF", "HIS", "MIG")


def run(root: Path, live: LiveDatabase | None = None) -> Result:
    return check(Settings(root, Config(), live.url if live else None), select=FAMILIES)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the example that a test may spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "outreach"))


def replace(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def found(root: Path) -> list[tuple[str, str]]:
    return [(finding.code, finding.subject) for finding in run(root).findings]


@oldest_and_newest
def test_code_and_database_agree(production: LiveDatabase) -> None:
    result = run(FOLDER, production)
    assert result.findings == ()
    assert result.verdict is Verdict.GO
    assert result.scope == "repository and live database"


def test_every_call_site_is_resolved_and_matched_with_the_migrations() -> None:
    result = run(FOLDER)
    assert result.findings == ()
    assert Coverage("call sites resolved", EXPECTED["call_sites"], EXPECTED["call_sites"]) in result.coverage
    (columns,) = (one for one in result.checks if one.code == "COD102")
    assert columns.examined == EXPECTED["call_sites"]


def test_a_stale_reference_is_told_apart_from_the_table_that_has_its_name_now(copy: Path) -> None:
    replace(copy, EXPECTED["stale"]["file"], '.from("outreach_campaigns")', '.from("campaigns")')
    (finding,) = run(copy).findings
    missing = {f"public.campaigns.{column}" for column in EXPECTED["stale"]["columns"]}
    assert finding.code == "COD102"
    assert {finding.subject, *(line.partition(":")[0] for line in finding.consequences)} == missing


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("src/circuit-breaker.ts", "pricing_model: spend", "price: spend", ("COD102", "public.spend_log.price")),
        ("src/circuit-breaker.ts", "    actor: spend.actor,\n", "", ("COD107", "public.spend_log.actor")),
        ("src/circuit-breaker.ts", "p_amount:", "amount:", ("COD104", "public.increment_campaign_spend()")),
        ("src/circuit-breaker.ts", '"per_minute"', '"per_hour"', ("COD106", "public.spend_log.pricing_model")),
        ("src/handoff.ts", '"sourced"', '"new"', ("COD106", "public.deals.stage")),
        ("src/handoff.ts", '"handed_off"', '"handed-off"', ("COD106", "public.campaign_targets.outreach_status")),
        ("src/tickets.ts", 'status: "resolved"', 'status: "done"', ("COD106", "public.agent_tickets.status")),
        ("apps/web/pipeline.ts", "updated_at\")", "stage_entered_at\")", ("COD102", "public.deals.stage_entered_at")),
        ("apps/web/classify.ts", '"meeting_id"', '"id"', ("COD102", "public.meeting_notes.id")),
        ("engine/metrics.ts", '"v_daily_spend"', '"v_dayly_spend"', ("COD101", "public.v_dayly_spend")),
    ],
)  # fmt: skip
def test_a_mistake_in_a_service_is_one_finding(
    copy: Path, path: str, old: str, new: str, expected: tuple[str, str]
) -> None:
    replace(copy, path, old, new)
    assert found(copy) == [expected]


@oldest_and_newest
def test_the_contract_names_the_feature_that_lacks_a_column(production: LiveDatabase) -> None:
    result = check(Settings(FOLDER, read_config(FOLDER), production.url))
    expected = [(one["code"], one["subject"]) for one in EXPECTED["finding"]]
    assert [(finding.code, finding.subject) for finding in result.findings] == expected
    finding, changed = result.findings
    assert str(changed.proof) == "executed on clone of live"
    assert "alter table public.deals add column stage_entered_at timestamptz" in finding.fix
    assert {feature.name: str(feature.readiness) for feature in result.features} == {
        "persistence-layer": "PARTIAL",
        "meetings.classify": "READY",
        "deals.view-pipeline": "BLOCKED",
    }


def test_a_call_that_means_the_retired_table_breaks_the_contract(copy: Path) -> None:
    replace(copy, EXPECTED["stale"]["file"], '.from("outreach_campaigns")', '.from("campaigns")')
    result = check(Settings(copy, read_config(copy)), select=("CON105",))
    assert [finding.subject for finding in result.findings] == [EXPECTED["stale"]["file"]]
