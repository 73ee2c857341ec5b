"""Migrations are listed where something else is there than the records say, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

from pgproof.judge.result import MigrationState
from pgproof.reports import render
from pgproof.reports.migrations import migrations
from pgproof.reports.view import View
from tests.reports.results import HEALTHY

ALL = View(limit=None)
AS_IT_SHOULD_BE = [
    MigrationState("m/1.sql", True, "present"),
    MigrationState("m/2.sql", True, "cannot be told"),
    MigrationState("m/3.sql", False, "absent", ("table b",)),
    MigrationState("m/4.sql", None, "present"),
]
ODD = [
    MigrationState("m/5.sql", True, "absent", ("table c", "index d", "index e", "index f")),
    MigrationState("m/6.sql", True, "partly present", ("table g",)),
    MigrationState("m/7.sql", False, "present"),
    MigrationState("m/8.sql", None, "absent", ("view h",)),
]


def test_nothing_is_shown_where_all_is_as_recorded() -> None:
    assert list(migrations(AS_IT_SHOULD_BE, ALL)) == []


def test_what_is_not_as_recorded_is_listed_with_what_is_missing() -> None:
    assert list(migrations([*AS_IT_SHOULD_BE, *ODD], ALL)) == [
        "migrations   4 as they should be · 4 not",
        "  m/5.sql   recorded, absent: table c, index d and 2 more",
        "  m/6.sql   recorded, partly present, without table g",
        "  m/7.sql   not recorded, present",
        "  m/8.sql   absent: view h",
        "",
    ]


def test_they_are_shown_only_when_all_is_asked_for() -> None:
    assert list(migrations(ODD, View(limit=10))) == []


def test_text_and_markdown_show_them() -> None:
    result = replace(HEALTHY, migrations=tuple(ODD))
    for form in ("text", "github_summary"):
        assert "m/7.sql   not recorded, present" in render(form, result, ALL)
