"""What the documentation shows is what the tool prints; `pytest --update-golden` writes it anew."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pgproof.checks import all_checks
from pgproof.project.config import read_config
from pgproof.project.keys import KEYS
from pgproof.server.capabilities import grants

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_OUTPUT = re.compile(r"(<!-- output: (?P<command>.+) -->\n```text\n)(?P<shown>.*?)(```\n)", re.DOTALL)
_CHECKS = re.compile(r"(<!-- checks -->\n)(?P<shown>.*?)(?=\n## )", re.DOTALL)
_VARIES = (
    (re.compile(r" +\d+(?:\.\d+)? m?s$", re.MULTILINE), ""),  # how long it took
    (re.compile(r"PostgreSQL 18\.\d+"), "PostgreSQL 18"),
)


def printed(command: str, folder: Path) -> str:
    """Return what a command prints, without what differs from run to run."""
    run = subprocess.run(
        [sys.executable, "-m", *command.split()], cwd=folder, capture_output=True, text=True, check=False
    )
    assert not run.stderr
    text = run.stdout
    for pattern, replacement in _VARIES:
        text = pattern.sub(replacement, text)
    return text


def test_the_output_in_the_readme_is_what_the_tool_prints(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    readme = README.read_text("utf-8")
    fresh = _OUTPUT.sub(lambda block: block[1] + printed(block["command"], tmp_path) + block[4], readme)
    _compare(fresh, pytestconfig)


def test_the_readme_lists_every_check(pytestconfig: pytest.Config) -> None:
    rows = [f"| {one.code} | {one.name} | {one.severity} | {one.doc.splitlines()[0]} |" for one in all_checks()]
    table = "\n".join(["| code | name | severity | what it says |", "|---|---|---|---|", *rows])
    readme = README.read_text("utf-8")
    _compare(_CHECKS.sub(lambda block: f"{block[1]}\n{table}\n", readme), pytestconfig)


def test_every_key_of_the_configuration_is_documented() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    replay = KEYS["replay"]
    assert isinstance(replay, dict)
    keys = [*(key for key in KEYS if key != "replay"), *(key for key in replay if key != "environment")]
    for key in keys:
        assert f"`{key}`" in page or f"`[{key}]`" in page, key
    assert "`[replay.environment]`" in page


@pytest.mark.parametrize("number", range(2))
def test_the_examples_of_the_configuration_are_understood(tmp_path: Path, number: int) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    example = re.findall(r"<!-- example -->\n```toml\n(.*?)```", page, re.DOTALL)[number]
    (tmp_path / "pgproof.toml").write_text(example, "utf-8")
    assert read_config(tmp_path).path == "pgproof.toml"


def test_every_link_between_documents_leads_somewhere() -> None:
    for page in (README, *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def _compare(fresh: str, config: pytest.Config) -> None:
    if config.getoption("--update-golden"):
        README.write_text(fresh, "utf-8")
    assert README.read_text("utf-8") == fresh, "pytest --update-golden writes the README anew"


def test_the_page_on_live_databases_shows_the_grants_that_explain_prints() -> None:
    assert f"```sql\n{grants('your_database')}```" in (ROOT / "docs" / "live.md").read_text("utf-8")
