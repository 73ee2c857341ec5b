"""docs/scenarios.md tells what each example's expected.toml holds."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from pgproof.checks import all_checks

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/expected.toml"))
SECTIONS = dict(
    re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", (ROOT / "docs" / "scenarios.md").read_text("utf-8"), re.M | re.S)
)
CODE = re.compile(r"\b[A-Z]{3}\d{3}\b")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_finding_of_an_example_is_on_its_page_and_no_other_code(name: str) -> None:
    expected = tomllib.loads((ROOT / "examples" / name / "expected.toml").read_text("utf-8"))
    found = {one["code"] for one in expected.get("finding", ()) if "code" in one and "waits" not in one}
    told = set(CODE.findall(SECTIONS[name]))
    assert found <= told
    assert told <= {one.code for one in all_checks()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_waits_names_an_engine_that_the_page_names(name: str) -> None:
    expected = tomllib.loads((ROOT / "examples" / name / "expected.toml").read_text("utf-8"))
    engines = {one["waits"] for one in expected.get("finding", ()) if "waits" in one}
    engines |= {one["engine"] for one in expected.get("waiting", ())}
    assert engines <= {
        word for line in re.findall(r"waits: ([^|]+)", SECTIONS[name]) for word in re.findall(r"\w+", line)
    }


def test_each_example_has_a_page() -> None:
    assert sorted(SECTIONS) == EXAMPLES
