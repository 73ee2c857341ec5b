"""What a migration says is printed into a log that a runner of CI reads for commands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pgproof.reports.runner import harmless
from tests.cli.running import pgproof
from tests.conftest import MAJORS

RUNNERS = ["GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION", "GITLAB_CI"]
SAID = [
    "::set-output name=verdict::GO",
    "  ::add-mask::a",
    "\t::stop-commands::x",
    "before ##[add-path]/tmp",
    "##vso[task.setvariable variable=a]b",
    "##VSO[task.complete result=Succeeded;]",
    "##teamcity[buildStatus status='SUCCESS']",
]


def commands(text: str) -> list[str]:
    """Return the lines that a runner would take for commands of its own."""
    return [
        line
        for line in text.splitlines()
        if line.strip().startswith("::") or re.search(r"##(vso|teamcity)?\[", line, re.IGNORECASE)
    ]


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("said", SAID)
def test_no_line_becomes_a_command(said: str, runner: str) -> None:
    text = f"harmless\n{said}\nharmless: a::text, # [1], ###\n"
    assert commands(text)
    shown = harmless(text, "text", {runner: "true"})
    assert commands(shown) == []
    assert shown.startswith("harmless\n")
    assert shown.endswith("\nharmless: a::text, # [1], ###\n")
    assert harmless(text, "text", {}) == text


@pytest.mark.parametrize("said", SAID)
def test_json_and_xml_say_the_same_as_before(said: str) -> None:
    value = {"message": f"a\n{said}"}
    shown = harmless(json.dumps(value), "sarif", {"CI": "true", "GITHUB_ACTIONS": "true"})
    assert commands(shown) == []
    assert json.loads(shown) == value
    xml = harmless(f"<a>b\n{said}</a>", "junit", {"GITHUB_ACTIONS": "true"})
    assert commands(xml) == []
    assert ElementTree.fromstring(xml).text == f"b\n{said}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which names, messages and texts of migrations are commands."""
    root = tmp_path_factory.mktemp("project")
    (root / "migrations").mkdir()
    (root / "pgproof.toml").write_text(f"server = {MAJORS[-1]}\nmigrations = 'migrations'\nlayout = 'numbered'\n")
    name = "\n::set-output name=verdict::GO ##[add-path]/tmp"
    (root / "migrations" / "0001_one.sql").write_text(
        f'create table "{name}" (a int);\n'
        f"do $$ begin raise warning '{name}';"
        f" raise exception '{name}' using hint = '{name}', detail = '{name}'; end $$;\n"
        f'alter table "{name}x" add b int;\n'
        f"select '{name}'::int;\n"
    )
    (root / "migrations" / "0002_##[add-path]x.sql").write_text("create table t (id int);\n::error::x\n")
    return root


@pytest.mark.parametrize(
    "format_name", ["text", "markdown", "github_summary", "json", "jsonl", "sarif", "gitlab", "junit"]
)
def test_no_report_holds_a_command(hostile: Path, format_name: str) -> None:
    done = pgproof("check", "--format", format_name, cwd=hostile, GITHUB_ACTIONS="true")
    assert done.returncode == 1, done.stderr
    assert "set-output" in done.stdout
    assert commands(done.stdout + done.stderr) == []


def test_where_no_runner_listens_nothing_is_changed(hostile: Path) -> None:
    done = pgproof("check", cwd=hostile, **dict.fromkeys(RUNNERS, ""))
    assert commands(done.stdout)


def test_githubs_own_format_holds_only_its_own(hostile: Path) -> None:
    done = pgproof("check", "--format", "github", cwd=hostile, GITHUB_ACTIONS="true")
    found = {line.partition(" ")[0] for line in commands(done.stdout)}
    assert found <= {"::error", "::warning", "::notice", "::group::pgproof", "::endgroup::"}


def test_no_error_holds_a_command(hostile: Path) -> None:
    done = pgproof("check", "--base", "::error::##[x]", cwd=hostile, GITHUB_ACTIONS="true")
    assert done.returncode == 2
    assert commands(done.stderr) == []
