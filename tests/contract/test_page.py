"""docs/contracts.md: what it shows is read, counted and printed; `pytest --update-golden` writes its output anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pgproof.contract.counting import COUNTABLE
from pgproof.contract.grammar import parse
from pgproof.contract.verification import read
from pgproof.project.config import read_config
from tests.test_documentation import printed

PAGE = Path(__file__).parent.parent.parent / "docs" / "contracts.md"
TEXT = PAGE.read_text("utf-8")
_OUTPUT = re.compile(r"(<!-- output: (?P<command>[^\n]+) -->\n```text\n)(?P<shown>.*?)(```\n)", re.DOTALL)
_FILE = re.compile(r"<!-- file: (?P<path>\S+) -->\n```\w+\n(?P<text>.*?)```\n", re.DOTALL)


def section(title: str) -> str:
    """Return the part of the page under a heading."""
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def in_table(title: str) -> list[str]:
    """Return the code in the first column of a table."""
    rows = re.findall(r"^\| (`.*?) \| ", section(title), re.MULTILINE)
    return [code.replace("\\|", "|") for row in rows for code in re.findall(r"`([^`]+)`", row)]


def test_the_first_example_is_what_the_tool_prints(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    for block in _FILE.finditer(TEXT):
        (tmp_path / block["path"]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / block["path"]).write_text(block["text"], "utf-8")
    page = _OUTPUT.sub(lambda block: block[1] + printed(block["command"], tmp_path) + block[4], TEXT)
    if pytestconfig.getoption("--update-golden"):
        PAGE.write_text(page, "utf-8")
    assert PAGE.read_text("utf-8") == page, "pytest --update-golden writes the page anew"


@pytest.mark.parametrize("sentence", in_table("The sentences"))
def test_every_sentence_is_one(sentence: str) -> None:
    assert parse(sentence)


def test_every_countable_word_is_explained() -> None:
    assert sorted(in_table("Promises in numbers")) == sorted(COUNTABLE)


@pytest.mark.parametrize(
    "title", ["The sentences", "Promises in numbers", "Your own verification", "A registry that exists already"]
)
def test_every_example_of_a_configuration_is_read(title: str, tmp_path: Path) -> None:
    (toml,) = re.findall(r"```toml\n(.*?)```", section(title), re.DOTALL)
    for path in ("checks/x.sql", "engine/features.json"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text('{"features": []}')
    (tmp_path / "pgproof.toml").write_text(toml)
    contract = read_config(tmp_path).contract
    assert contract.features or contract.promises or contract.verification.files or "import" in toml


def test_the_example_of_an_expectation_is_one() -> None:
    (sql,) = re.findall(r"```sql\n(.*?)```", section("Your own verification"), re.DOTALL)
    (query,) = read("x.sql", sql).queries
    assert query.expected
    assert query.expected.shown == ">= 82"
