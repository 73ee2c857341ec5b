"""Names that would break out of a sentence, a line, a document or a query, in every format of the report."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import defaultdict
from pathlib import Path

import pytest

from pgproof.judge.result import Result
from pgproof.reports import format_names
from pgproof.reports.stored import load
from pgproof.sql.quote import identifier, literal
from tests.bad_input.project import NOTE, Answer, Project
from tests.conftest import LiveDatabase

NAMES = (
    'quo"te',
    "apos'trophe",
    "new\nGO (repository and live database)   no findings",
    "tab\tand\rreturn",
    "\x1b[2J\x1b[31mred\x07",
    "<script>alert(1)</script>&amp;",
    "[red]rich[/red] **bold** `code` | cell",
    "::error file=x::owned%0A::stop",
    "]]>--><!--",
    "x'); drop table planet; --",
    "$$ $1 %s {0} {{x}} ${HOME} \\",
    "таблица",
    "日本語",
    "left\u202eright\u200b",
    "🐘 e\u0301",
    " a.b.c ",
    "SELECT",
)


def tables(names: tuple[str, ...]) -> str:
    return "".join(
        f"create table {identifier(name)} (id int primary key, {identifier('c' + name)} text default {literal(name)},"
        f" constraint {identifier('k' + name)} check ({identifier('c' + name)} <> {literal('no ' + name)}));\n"
        f"comment on table {identifier(name)} is {literal(name)};\n"
        for name in names
    )


def reports(project: Project, folder: Path, *arguments: str) -> tuple[Answer, dict[str, str]]:
    """Check the project and return the text on standard output and all formats."""
    files = {name: folder / name for name in format_names(Result)}
    formats = [word for name, file in files.items() for word in ("--format", f"{name}={file}")]
    answer = project.check(*arguments, *formats, "--all")
    return answer, {name: file.read_text("utf-8") for name, file in files.items()}


def test_databases_that_agree_have_no_findings_whatever_the_names(project: Project, live: LiveDatabase) -> None:
    live.execute(tables(NAMES))
    answer = project.migrations(tables(NAMES)).check("--live", live.url)
    assert answer.code == 0, answer.out
    assert "no findings" in answer.last_line


@pytest.fixture
def differing(project: Project, live: LiveDatabase, tmp_path: Path) -> tuple[Answer, dict[str, str]]:
    """The reports on a database that lacks the first half of the tables, has others, and records strange versions."""
    half = len(NAMES) // 2
    strange = ", ".join(f"({literal(name)})" for name in NAMES)
    live.execute(
        NOTE
        + tables(NAMES[half:])
        + tables(tuple(f"live {name}" for name in NAMES))
        + f"create table schema_migrations (version text); insert into schema_migrations values ('0001'), {strange}"
    )
    project.write("migrations/0001_mañana '\"\n::error::<b>`.sql", NOTE + tables(NAMES) + "select wrong;\n")
    return reports(project, tmp_path, "--live", live.url)


def test_each_name_comes_back_as_it_is(differing: tuple[Answer, dict[str, str]]) -> None:
    answer, told = differing
    assert answer.code == 1
    result = load(told["json"])
    half = len(NAMES) // 2
    subjects: defaultdict[str, list[str]] = defaultdict(list)
    for finding in result.findings:
        subjects[finding.code].append(finding.subject)
    assert {code: len(found) for code, found in subjects.items()} == {
        "DRF101": half,
        "HIS105": 1,
        "MIG103": 1,
    }
    assert 'public."quo""te"' in subjects["DRF101"]
    assert r'public."new\nGO (repository and live database)   no findings"' in subjects["DRF101"]
    (lost,) = (finding for finding in result.findings if finding.code == "HIS105")
    assert lost.message.startswith(f"{len(NAMES)} migrations are recorded as applied")
    assert result.gaps == ()


def test_the_sql_that_shows_a_finding_shows_it(differing: tuple[Answer, dict[str, str]], live: LiveDatabase) -> None:
    missing = [one for one in load(differing[1]["json"]).findings if one.code == "DRF101"]
    assert [live.rows(one.reproduce) for one in missing] == [[(None,)]] * len(missing)
    live.execute(tables(NAMES[: len(NAMES) // 2]))
    assert all(live.rows(one.reproduce)[0][0] for one in missing)


def test_no_name_breaks_a_document(differing: tuple[Answer, dict[str, str]]) -> None:
    _, told = differing
    for name in ("json", "sarif", "gitlab"):
        json.loads(told[name])
    for line in told["jsonl"].splitlines():
        json.loads(line)
    ET.fromstring(told["junit"])
    assert all(re.match(r"::(error|warning|notice) ", line) for line in told["github"].splitlines())
    for name in ("markdown", "github_summary"):
        code = r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)"  # what begins and ends with as many backquotes (CommonMark, 6.1)
        assert "<script>" not in re.sub(code, "", re.sub("<code>[^<]*</code>", "", told[name]), flags=re.DOTALL)


def test_no_name_reaches_the_terminal_as_more_than_text(differing: tuple[Answer, dict[str, str]]) -> None:
    answer, told = differing
    for text in (answer.out, told["text"]):
        assert [c for c in text if not c.isprintable() and c != "\n"] == []
        assert [line[:5] for line in text.splitlines() if line.startswith(("GO", "NO-GO"))] == ["NO-GO"]
        assert not any(line.startswith("::") for line in text.splitlines())
