"""A project in a folder of a repository: places as the repository has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgproof.project.config import folder_in_repository
from pgproof.reports import render
from pgproof.reports.place import in_repository
from pgproof.reports.view import View
from tests.reports.results import RESULTS


@pytest.mark.parametrize("name", RESULTS)
def test_every_place_is_below_the_folder(name: str) -> None:
    moved = in_repository(RESULTS[name], "apps/api")
    suppressions = [*(one.suppression for one in moved.suppressed), *(one.suppression for one in moved.stale)]
    findings = [*moved.findings, *(one.finding for one in moved.suppressed)]
    places = [
        *(finding.location for finding in findings),
        *(gap.location for gap in moved.gaps),
        *(suppression.location for suppression in suppressions),
    ]
    assert all(place.path.startswith("apps/api/") for place in places if place)
    assert all(finding.location for finding in findings if finding.kind == "file")
    assert [f.fingerprint for f in moved.findings] == [f.fingerprint for f in RESULTS[name].findings]
    assert in_repository(RESULTS[name], "") == RESULTS[name]


def test_code_scanning_annotations_and_merge_requests_show_it_there() -> None:
    (name,) = (name for name in RESULTS if name == "broken")
    view = View(folder="apps/api")
    scanned = json.loads(render("sarif", RESULTS[name], view))["runs"][0]["results"][0]["locations"][0]
    assert scanned["physicalLocation"]["artifactLocation"]["uri"].startswith("apps/api/")
    assert "file=apps/api/" in render("github", RESULTS[name], view)
    assert any(
        one["location"]["path"].startswith("apps/api/") for one in json.loads(render("gitlab", RESULTS[name], view))
    )
    assert render("text", RESULTS[name], view) == render("text", RESULTS[name], View())


def test_the_folder_in_the_repository(tmp_path: Path) -> None:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "apps" / "api").mkdir(parents=True)
    assert folder_in_repository(tmp_path / "repository" / "apps" / "api") == "apps/api"
    assert folder_in_repository(tmp_path / "repository") == ""
    assert folder_in_repository(tmp_path) == ""
