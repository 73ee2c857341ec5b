"""An organisation's policy: projects may be stricter, and milder only where it allows it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pgproof.model import Location, Severity
from pgproof.model.errors import UsageError
from pgproof.project.config import Config, read_config
from pgproof.project.ignore import Ignore

STRICT = 'fail_on = "warning"\nrequire = ["live"]\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def config(project: Path, policy: str, own: str = "", extends: str = "../policy.toml") -> Config:
    (project.parent / "policy.toml").write_text(policy)
    (project / "pgproof.toml").write_text(f'extends = "{extends}"\n{own}')
    return read_config(project)


def refusal(project: Path, policy: str, own: str = "", extends: str = "../policy.toml") -> str:
    with pytest.raises(UsageError) as caught:
        config(project, policy, own, extends)
    return f"{caught.value.problem}\n{caught.value.way_out}"


def test_a_project_that_says_nothing_follows_the_policy(project: Path) -> None:
    read = config(project, STRICT)
    assert (read.fail_on, read.require) == (Severity.WARNING, frozenset({"live"}))


def test_a_project_may_be_stricter(project: Path) -> None:
    assert config(project, STRICT, 'fail_on = "note"').fail_on is Severity.NOTE


def test_a_project_may_not_be_milder(project: Path) -> None:
    assert refusal(project, STRICT, 'fail_on = "error"') == (
        'pgproof.toml has a mistake\nline 2: fail_on may not be milder than "warning", says ../policy.toml'
    )


def test_a_project_may_be_milder_where_the_policy_allows_it(project: Path) -> None:
    assert config(project, STRICT + "[allow]\nfail_on = true", 'fail_on = "error"').fail_on is Severity.ERROR


def test_what_the_policy_requires_is_required(project: Path) -> None:
    assert config(project, STRICT, "require = []").require == frozenset({"live"})


def test_the_policy_ignores_for_every_project(project: Path) -> None:
    policy = '[ignore.MIG102]\nreason = "our versions are dates"\nuntil = 2027-01-31'
    (ignore,) = config(project, policy).ignore
    place = Location("../policy.toml", 1)
    assert ignore == Ignore("MIG102", "our versions are dates", place, date(2027, 1, 31), expected=False)


@pytest.mark.parametrize(
    ("allow", "allowed"),
    [("", ()), ("ignore = false", ()), ("ignore = true", ("",)), ('ignore = ["mig", "DRF102"]', ("MIG", "DRF102"))],
)
def test_what_a_project_may_ignore_is_the_policys_matter(project: Path, allow: str, allowed: tuple[str, ...]) -> None:
    (ignore,) = config(project, f"[allow]\n{allow}", '[ignore]\nMIG103 = "because"').ignore
    assert sorted(ignore.allowed) == sorted(allowed)
    assert ignore.policy == "../policy.toml"


def test_a_baseline_has_to_be_allowed(project: Path) -> None:
    assert "line 2: baseline is not allowed by ../policy.toml" in refusal(project, STRICT, 'baseline = "b.json"')
    assert config(project, STRICT + "[allow]\nbaseline = true", 'baseline = "b.json"').baseline == "b.json"


def test_without_a_policy_all_is_allowed(project: Path) -> None:
    (project / "pgproof.toml").write_text('baseline = "b.json"\n[ignore]\nMIG103 = "because"')
    read = read_config(project)
    assert read.policy.baseline
    assert read.ignore[0].allowed == ("",)


def test_a_policy_extends_another_and_cannot_allow_more(project: Path) -> None:
    (project.parent / "org.toml").write_text(STRICT + '[ignore]\nMIG102 = "dates"\n[allow]\nignore = ["MIG", "DRF1"]')
    team = (
        'extends = "org.toml"\n[ignore]\nMIG105 = "two databases"\n[allow]\nbaseline = true\nignore = ["MIG10", "DRF"]'
    )
    read = config(project, team)
    assert read.fail_on is Severity.WARNING
    assert read.policy.ignorable == ("DRF1", "MIG10")
    assert not read.policy.baseline
    told = [(one.check, str(one.location), one.allowed, one.policy) for one in read.ignore]
    assert told == [
        ("MIG102", "../org.toml:4", ("",), ""),
        ("MIG105", "../policy.toml:3", ("DRF1", "MIG"), "../org.toml"),
    ]


def test_a_policy_is_relative_to_the_file_that_names_it(project: Path) -> None:
    (project.parent / "shared").mkdir()
    (project.parent / "shared" / "org.toml").write_text(STRICT)
    (project.parent / "shared" / "team.toml").write_text('extends = "org.toml"')
    assert config(project, "", extends="../shared/team.toml").fail_on is Severity.WARNING


def test_pyproject_may_extend_a_policy(project: Path) -> None:
    (project.parent / "policy.toml").write_text(STRICT)
    (project / "pyproject.toml").write_text('[tool.pgproof]\nextends = "../policy.toml"\nfail_on = "error"\n')
    with pytest.raises(UsageError) as caught:
        read_config(project)
    assert caught.value.way_out.startswith("line 3: fail_on may not be milder")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ('extends = "policy.toml"', "../policy.toml extends ../policy.toml, which extends ../policy.toml"),
        ('extends = "project/pgproof.toml"', "../policy.toml extends pgproof.toml, which extends ../policy.toml"),
        ('extends = "nothing.toml"', "../policy.toml extends nothing.toml, and there is no such file"),
        ('extends = "https://x.example/p.toml"', "which is a URL\nA policy is a file: nothing is fetched."),
        ("server = 16", "../policy.toml has a mistake\nline 1: server is not known"),
        ('fail_on = "eror"\n[allow]\nignore = 3', "../policy.toml has 2 mistakes\nline 1: fail_on should be one of"),
        ("[allow]\nignore = 3", "line 2: [allow] ignore should be true, false or a list of beginnings of codes"),
        ("[allow]\nbaseline = 'x'", 'line 2: [allow] baseline should be true or false, not "x"'),
        ("=", "../policy.toml is not TOML"),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused(project: Path, policy: str, expected: str) -> None:
    assert expected in refusal(project, policy)


def test_a_policy_that_is_not_there_is_no_reason_to_go_on_without_it(project: Path) -> None:
    told = refusal(project, "", extends="../polcy.toml")
    assert told.startswith("pgproof.toml extends ../polcy.toml, and there is no such file\n")
    assert "check out the repository that holds it" in told


def test_a_folder_is_no_policy(project: Path) -> None:
    assert "and there is no such file" in refusal(project, "", extends="..")
