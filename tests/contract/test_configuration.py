"""Contracts as files: every mistake of every file at once, each with its line and what was probably meant."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest

from pgproof.contract.need import Absence, Column, Relation, Retired
from pgproof.model import Location
from pgproof.model.errors import UsageError
from pgproof.project.config import read_config
from tests.contract.project import write


def mistakes(root: Path) -> list[str]:
    with pytest.raises(UsageError) as raised:
        read_config(root)
    return [raised.value.problem, *raised.value.way_out.splitlines()]


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    contract = """
contracts = ["contracts/*.toml", "nowhere/*.toml"]
servr = 16
[feature.f]
needs = [
    "deals",
    "anon may selekt deals",
]
ownr = "Bear"
[[feature.f.query]]
sql = "select 1; drop table deals"
answer = 1
[[feature.f.query]]
sql = "delete from deals returning 1"
answer = 1
[[feature.f.query]]
sql = "select 1 into x"
answer = 1
[[feature.f.query]]
sql = "select 1"
[promises]
tabels = 3
views = "many"
[promises.rows]
"not a table" = 3
"""
    other = '[feature.f]\nneeds = []\n[feature.g]\nneeds = ["deals.a int", "deals.a text"]\n'
    told = mistakes(write(tmp_path, contract, files={"contracts/more.toml": other}))
    assert told[0] == "2 files have 13 mistakes"
    expected = [
        'pgproof.toml: line 2: contracts names no file that is there: "nowhere/*.toml"',
        'pgproof.toml: line 3: servr is not known, did you mean "server"?',
        "pgproof.toml: line 7: [feature.f] needs has a sentence that cannot be read: anon may selekt deals",
        'did you mean "select"?',
        'pgproof.toml: line 9: [feature.f] ownr is not known, did you mean "owner"?',
        "pgproof.toml: line 10: [feature.f] query: sql should be one statement, not 2",
        "pgproof.toml: line 13: [feature.f] query: sql should be one SELECT, not DELETE",
        "pgproof.toml: line 16: [feature.f] query: sql may only read, and this one has INTO",
        "pgproof.toml: line 19: [feature.f] query needs one of answer, at_least, at_most, not 0 of them",
        'pgproof.toml: line 22: [promises] tabels is not known, did you mean "tables"?',
        "pgproof.toml: line 23: [promises] views should be a number such as 59",
        'pgproof.toml: line 25: [promises.rows] "not a table" is no table',
        "contracts/more.toml: line 1: [feature] f is a feature of pgproof.toml:4 already",
        "contracts/more.toml: line 4: deals.a text: contracts/more.toml:4 says int of it",
    ]
    for line in expected:
        assert any(line in one for one in told), (line, told)


@pytest.mark.parametrize(
    ("sentences", "problem"),
    [
        (["deals", "no table deals"], "deals: pgproof.toml:4 says no table deals"),
        (
            ["deals.a int", "no table deals", "deals.b int", "index on deals (a)"],
            "line 3: deals.a int: pgproof.toml:4 says no table deals (2 more sentences need it)",
        ),
        (
            ["log is apend only"],
            'expected has, is append only, is now or may, found is apend only, did you mean "is app',
        ),
        (["deals.a is wirtten with b"], 'found is wirtten with b, did you mean "is written with"?'),
        (["deals.a int", "no column deals.a"], "deals.a int: pgproof.toml:4 says no column deals.a"),
        (["deals.a int not null", "public.deals.a int null"], "pgproof.toml:3 says not null of it"),
        (["deals.a default 1", "deals.a no default"], "pgproof.toml:3 says default 1 of it"),
        (["anon may select t", "anon may not select t"], "pgproof.toml:3 says anon may select t"),
        (["a is now b", "b is now c"], "a is now b: that name is retired, too"),
        (["a is now b", "a is now c"], "a is now b: pgproof.toml:4 says a is now c"),
        (["deals.a text text"], "deals.a text text: text text is no type"),
        (["deals.a int default 1 +"], "1 + is no expression"),
        (["deals has 1 row where tier ="], "tier = is no condition"),
    ],
)
def test_what_contradicts_or_can_never_exist_is_refused(tmp_path: Path, sentences: list[str], problem: str) -> None:
    lines = "".join(f'    "{one}",\n' for one in sentences)
    told = mistakes(write(tmp_path, f"[feature.f]\nneeds = [\n{lines}]\n"))
    assert any(problem in line for line in told[1:3])


def test_types_that_postgresql_takes_for_one_do_not_contradict(tmp_path: Path) -> None:
    write(tmp_path, '[feature.f]\nneeds = ["deals.a timestamptz", "deals.a timestamp with time zone not null"]\n')
    assert len(read_config(tmp_path).contract.features[0].needs) == 2


def test_every_key_of_a_feature_is_a_sentence_with_its_line(tmp_path: Path) -> None:
    contract = """
[feature."deals.view"]
retired = { campaigns = "outreach_campaigns" }
needs = [
    "deals.a int",

    # a comment
    "no view old",
]
"""
    (feature,) = read_config(write(tmp_path, contract)).contract.features
    assert [(one.need, str(one.location)) for one in feature.needs] == [
        (Column(("deals",), "a", "int"), "pgproof.toml:5"),
        (Absence(Relation(("old",), "view")), "pgproof.toml:8"),
        (Retired(("campaigns",), ("outreach_campaigns",)), "pgproof.toml:3"),
    ]


def test_pyproject_holds_a_contract_too(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.pgproof.feature.f]\nneeds = [\n  "deals",\n]\n')
    (feature,) = read_config(tmp_path).contract.features
    assert feature.needs[0].location == Location("pyproject.toml", 3)


def test_no_file_outside_of_the_project_is_read(tmp_path: Path) -> None:
    told = mistakes(write(tmp_path, 'contracts = ["../*.toml", "/etc/*.toml"]\n'))
    assert all("should name files of the project" in one for one in told[1:])


REGISTRY = """
[[import]]
file = "engine/features.json"
features = "features"
name = "key"
owner = "owner"
reads = "reads"
writes = "writes"
calls = "calls"
files = "files"
optional_when = { status = ["planned"] }
"""


def test_a_registry_becomes_features(tmp_path: Path) -> None:
    entries = """{"features": [
  {"key": "a", "owner": "Bear", "reads": {"deals": ["stage"]}, "calls": ["spend", "f(uuid)"], "files": ["a.ts"]},
  {"key": "b", "status": "planned", "writes": {"notes": ["classification"]}}
]}"""
    root = write(
        tmp_path, REGISTRY + '[feature.a]\nneeds = ["deals.stage text"]\n', files={"engine/features.json": entries}
    )
    one, other = read_config(root).contract.features
    assert (one.name, one.owner, one.files) == ("a", "Bear", ("a.ts",))
    assert [str(said.location) for said in one.needs] == ["pgproof.toml:13", *["engine/features.json:2"] * 4]
    assert [said.required for said in other.needs] == [False, False]


def test_broken_entries_of_a_registry_are_each_told(tmp_path: Path) -> None:
    entries = """{"features": [
  "x", {"owner": "y"}, {"key": "a", "reads": ["deals"]}, {"key": "b", "reads": {"deals": "stage"}},
  {"key": "c", "calls": ["f(("]}, {"key": "d", "owner": 3, "files": [1]}, {"key": "e", "reads": {"de als": ["x"]}}
]}"""
    told = mistakes(write(tmp_path, REGISTRY, files={"engine/features.json": entries}))
    for words in (
        'features[0] should be an object, not "x"',
        "features[1] has no name (key)",
        'features[2].reads should be an object of tables, not ["deals"]',
        'features[3].reads.deals should be a list of columns, not "stage"',
        "features[4].calls cannot be read: f((",
        "features[5].owner should be a text, not 3",
        "features[5].files should be a list of texts, not [1]",
        "features[6].reads cannot be read: de als",
    ):
        assert any(words in one for one in told), (words, told)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "cannot be read"),
        ('{"feature": []}', 'there is no features, did you mean "feature"?'),
        ("3", "there is no features"),
    ],
)
def test_a_registry_that_is_none(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in mistakes(write(tmp_path, REGISTRY, files={"engine/features.json": text}))[1]


def test_a_registry_in_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = REGISTRY.replace(".json", ".yaml")
    root = write(tmp_path, contract, files={"engine/features.yaml": "features:\n  - key: a\n    calls: [spend]\n"})
    assert [one.name for one in read_config(root).contract.features] == ["a"]
    real = builtins.__import__

    def without_yaml(name: str, *arguments: Any) -> Any:
        if name == "yaml":
            raise ImportError(name)
        return real(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without_yaml)
    assert "no library for it is installed" in mistakes(root)[0]


def test_a_registry_that_contradicts_the_contract_is_named(tmp_path: Path) -> None:
    contract = """
[feature.f]
needs = ["no table deals"]
[[import]]
file = "reg.json"
features = "features"
name = "key"
tables = "tables"
"""
    registry = '{"features": [{"key": "x", "tables": ["deals"]}]}'
    told = mistakes(write(tmp_path, contract, files={"reg.json": registry}))
    assert told[1] == (
        "line 5: [import] file contradicts the contract: reg.json:1: deals: pgproof.toml:3 says no table deals"
    )
