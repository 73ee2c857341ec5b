"""`pgproof explain`: each check is explained, offline, with the way to switch it off."""

from __future__ import annotations

import json

import pytest

from pgproof.checks import all_checks
from pgproof.checks.check import Check
from pgproof.cli.documentation import as_document, as_text
from tests.cli.running import pgproof

CHECKS = all_checks()


@pytest.mark.parametrize("check", CHECKS, ids=[check.code for check in CHECKS])
def test_each_check_is_explained_whole(check: Check) -> None:
    document = as_document(check)
    assert document.keys() == {"code", "name", "family", "severity", "summary", "why", "fix", "bad", "ok"}
    assert all(document.values())
    text = as_text(check, colour=False)
    for part in (
        check.code,
        check.name,
        "Why\n",
        "Fix\n",
        f"--ignore {check.code}",
        f'{check.code} = "the reason',
        f"-- pgproof:ignore {check.code} ",
    ):
        assert part in text


def test_a_code_in_any_case_and_a_name_lead_to_the_same_page() -> None:
    by_code = pgproof("explain", "DRF101")
    assert by_code.returncode == 0
    assert by_code.stdout.startswith("DRF101 missing-object   error\n")
    assert pgproof("explain", "drf101").stdout == pgproof("explain", "missing-object").stdout == by_code.stdout


def test_the_list_has_a_line_for_each_check() -> None:
    listed = pgproof("explain", "--list")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [check.code for check in CHECKS]
    assert pgproof("explain").stdout == listed.stdout


def test_json_is_one_document_or_all() -> None:
    one = json.loads(pgproof("explain", "DRF101", "--format", "json").stdout)
    everything = json.loads(pgproof("explain", "--list", "--format", "json").stdout)
    assert one in everything
    assert [document["code"] for document in everything] == [check.code for check in CHECKS]
