"""The Markdown report: for a pull request, where every name is somebody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from pgproof.reports import render
from pgproof.reports.view import View
from tests.reports.results import BROKEN, CROWDED, HAND_MADE, RESULTS

FENCED = re.compile(r"^(`{3,})text\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", RESULTS)
def test_the_markdown_is_as_a_person_has_read_it(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.md", render("markdown", RESULTS[name], View()))


def test_no_name_leaves_its_code() -> None:
    hostile = "@everyone <img src=x> ``` ```` [x](http://x) </code></summary> \n````\n# GO"
    finding = replace(HAND_MADE, name=hostile, subject=hostile, message=hostile, fix=hostile, seen=(hostile,))
    shown = render("markdown", replace(BROKEN, findings=(finding,), scope=hostile, reason=hostile), View())
    outside = re.sub(r"<summary><code>[^<]*</code></summary>", "", FENCED.sub("", shown))
    counts = "1 warning · 3 checks passed · 1 not applicable"
    assert " ".join(outside.split()) == f"## pgproof: NO-GO {counts} <details> </details>"


def test_the_limit_is_kept_and_the_rest_counted() -> None:
    shown = render("markdown", CROWDED, View(limit=2))
    assert shown.count("<details>") == 2
    assert "… and 17 more findings" in shown
