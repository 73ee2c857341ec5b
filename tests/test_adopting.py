"""The page on old projects shows what the tool prints; `pytest --update-golden` writes it anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.project.repository import Repository
from tests.test_documentation import printed

PAGE = Path(__file__).parent.parent / "docs" / "adopting.md"
_OUTPUT = re.compile(r"(<!-- output: (?P<command>[^\n]+) -->\n```text\n)(?P<shown>.*?)(```\n)", re.DOTALL)
_COMMIT = re.compile(r"\([0-9a-f]{8}\)")
OLD = {
    "pgproof.toml": "server = 18\n",
    "migrations/0001_note.sql": "create table note (id int primary key);\n",
    "migrations/0002_state.sql": "create index note_state on note (state);\n",
    "migrations/0003_owner.sql": "create index note_owner on note (owner);\n",
}
NEW = {"migrations/0004_tag.sql": "create table tag (id int primary key);\ncreate index tag_colour on tag (colour);\n"}


def test_the_page_shows_what_the_tool_prints(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    repository = Repository.create(tmp_path)
    repository.commit(OLD)
    repository.git("switch", "-qc", "work")

    def fresh(block: re.Match[str]) -> str:
        if "--since" in block["command"]:
            repository.commit(NEW)
        return block[1] + _COMMIT.sub("(1a2b3c4d)", printed(block["command"], tmp_path)) + block[4]

    page = _OUTPUT.sub(fresh, PAGE.read_text("utf-8"))
    if pytestconfig.getoption("--update-golden"):
        PAGE.write_text(page, "utf-8")
    assert PAGE.read_text("utf-8") == page, "pytest --update-golden writes the page anew"


def test_every_example_of_a_comment_is_understood() -> None:
    from pgproof.project.comments import SQL, Comment, read_comments

    example = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert all(isinstance(said, Comment) for text in example for said in read_comments(text, SQL))
    assert any(list(read_comments(text, SQL)) for text in example)


def test_the_examples_of_configurations_are_read(tmp_path: Path) -> None:
    from pgproof.project.config import read_config

    own, policy = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "policy.toml").write_text(policy)
    (tmp_path / "pgproof.toml").write_text('extends = "policy.toml"\n' + own)
    config = read_config(tmp_path)
    assert [one.check for one in config.ignore] == ["MIG102", "DRF102", "MIG102"]
    assert config.policy.baseline
