"""Which lines a comment of a migration speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.evidence.comment_lines import end_of_code, in_python_comments
from pgproof.evidence.ignores import Ignores
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.model import Location
from pgproof.project.comments import PYTHON, read_comments
from pgproof.project.config import Config
from pgproof.project.ignore import Ignore

HERE = "migrations/0001.sql"


def found(root: Path, text: str, name: str = HERE, config: Config | None = None) -> Ignores:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)
    with Evidence(Settings(root, config or Config())) as evidence:
        ignores = evidence.get(Ignores)
    assert isinstance(ignores, Ignores)
    return ignores


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("-- pgproof:ignore A why\nselect 1;\n", (2, 2)),
        ("-- pgproof:ignore A why\nselect 1,\n  2,\n  3;\nselect 4;\n", (2, 4)),
        ("-- pgproof:ignore A why\n\n-- what it does\n/* more\nof it */ select 1,\n  2;\n", (5, 6)),
        ("/* pgproof:ignore A why */\nselect 1,\n  2;\n", (2, 3)),
        ("select 1; -- pgproof:ignore A why\nselect 2;\n", (1, 1)),
        ("select 1,\n  2; -- pgproof:ignore A why\nselect 3;\n", (1, 2)),
        ("select 1, -- pgproof:ignore A why\n  2;\n", (1, 1)),
        ("select 1,\n  -- pgproof:ignore A why\n  2,\n  3;\n", (3, 3)),
        ("select 1; select 2; -- pgproof:ignore A why\n", (1, 1)),
        ("select 1\n-- pgproof:ignore A why\n", (3, 3)),
        ("create function f() returns int language plpgsql as $$\nbegin\n"
         "  -- pgproof:ignore A why\n  return x;\nend $$;\n", (4, 4)),
        ("create function f() returns int language plpgsql as $$\nbegin\n  return x; -- pgproof:ignore A why\nend $$;",
         (3, 3)),
        ("\\set x 1\n-- pgproof:ignore A why\nselect :x,\n  2;\n", (3, 4)),
        ("copy note from stdin;\n1\t2\n\\.\n-- pgproof:ignore A why\nselect 1,\n  2;\n", (5, 6)),
        ("-- pgproof:ignore A why\nselect from where;\nselect 2,\n  3;\n", (2, 2)),
        ("-- pgproof:ignore-file A why\nselect 1;\n", None),
    ],
)  # fmt: skip
def test_a_comment_speaks_of_what_follows_or_of_its_line(
    tmp_path: Path, text: str, lines: tuple[int, int] | None
) -> None:
    (ignore,) = found(tmp_path, text).items
    assert ignore.lines == lines
    assert (ignore.check, ignore.reason, ignore.comment) == ("A", "why", True)
    assert ignore.location == Location(HERE, text[: text.index("pgproof:")].count("\n") + 1)


def test_each_check_of_a_comment_is_an_ignore(tmp_path: Path) -> None:
    assert [one.check for one in found(tmp_path, "-- pgproof:ignore A, b why\nselect 1;").items] == ["A", "b"]


def test_a_comment_inside_of_a_string_is_none(tmp_path: Path) -> None:
    ignores = found(tmp_path, "insert into doc values ('write -- pgproof:ignore A why', '-- pgproof:ignor');\n")
    assert ignores == Ignores(())


def test_a_string_of_python_is_no_comment() -> None:
    lines = ['a = "## pgproof: GO"', "# pgproof:ignore COD102 made later", 'b = """', "# pgproof:ignore x", '"""', ""]
    text = "\n".join(lines)
    comments = list(read_comments(text, PYTHON))
    assert [comment.line for comment in comments] == [1, 2, 4]
    assert [comment.line for comment in in_python_comments(comments, text)] == [2]
    broken = text + '"""'
    assert in_python_comments(comments, broken) == comments


def test_a_comment_that_cannot_be_understood_is_told_with_its_place(tmp_path: Path) -> None:
    assert found(tmp_path, "select 1;\n-- pgproof:ignore A\n").misread == (
        (
            Location(HERE, 2),
            "pgproof:ignore A gives no reason (pgproof:ignore CODE the reason why it does not matter here)",
        ),
    )


def test_another_directorys_comments_hold_and_are_not_expected_to_be_needed(tmp_path: Path) -> None:
    found(tmp_path, "select 1;\n")
    ignores = found(tmp_path, "-- pgproof:ignore A why\nselect 1;\n-- pgproof:ignore B\n", "old/migrations/0001.sql")
    assert [(one.check, one.expected) for one in ignores.items] == [("A", False)]
    assert ignores.misread == ()


def test_the_configurations_entries_come_last(tmp_path: Path) -> None:
    entry = Ignore("B", "so it is", Location("pgproof.toml", 1))
    ignores = found(tmp_path, "-- pgproof:ignore A why\nselect 1;\n", config=Config(ignore=(entry,)))
    assert [one.check for one in ignores.items] == ["A", "B"]


def test_a_project_without_migrations_has_its_configurations_entries(tmp_path: Path) -> None:
    entry = Ignore("B", "so it is", Location("pgproof.toml", 1))
    with Evidence(Settings(tmp_path, Config(ignore=(entry,)))) as evidence:
        assert evidence.get(Ignores) == Ignores((entry,))


def test_comments_below_each_other_speak_of_the_same_statement(tmp_path: Path) -> None:
    text = "-- pgproof:ignore A why\n/* and */ -- more\n  -- pgproof:ignore B why\n\nselect 1,\n  2;\n"
    assert [one.lines for one in found(tmp_path, text).items] == [(5, 6), (5, 6)]


def test_a_hundred_thousand_comments_are_read_like_any_other(tmp_path: Path) -> None:
    text = "-- pgproof:ignore A why\n" * 50_000 + "select 1; -- pgproof:ignore B why\n" * 50_000
    items = found(tmp_path, text).items
    assert len(items) == 100_000
    assert {one.lines for one in items[:50_000]} == {(50_001, 50_001)}


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (["a();", "b();"], 1),
        (["const { data } = await client", '  .from("x")', '  .select("y");', "b();"], 3),
        (["f({", "  a: 1,", "});", "g();"], 3),
        (["rows = (", '    client.table("x")', ")", "other()"], 3),
    ],
)
def test_a_comment_in_code_speaks_of_the_statement_that_follows(lines: list[str], end: int) -> None:
    assert end_of_code("\n".join(lines), 1) == end
