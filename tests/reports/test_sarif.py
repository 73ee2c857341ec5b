"""SARIF 2.1.0. `sarif.schema.json` is the part of the standard that is used: it allows less than the standard's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from pgproof import __version__
from pgproof.judge.result import Result
from pgproof.model import Location
from pgproof.reports import render
from pgproof.reports.view import Explanation, View
from tests.reports.results import (
    AMBIGUOUS,
    BROKEN,
    HAND_MADE,
    HEALTHY,
    PHANTOM,
    RENAMED,
    RESULTS,
    SUPPRESSED,
    UNREADABLE,
)
from tests.reports.strategies import results

SCHEMA = json.loads(Path(__file__).with_name("sarif.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DOCUMENTED = {"HIS103": Explanation("A migration is recorded and was never run.", "A migration.\n\n## Why\n\n`{0}`")}


def run(result: Result, view: View | None = None) -> dict[str, Any]:
    text = render("sarif", result, view or View())
    assert text.isascii()
    document = json.loads(text)
    VALIDATOR.validate(document)
    only: dict[str, Any] = document["runs"][0]
    return only


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in ([item] if key == "text" else texts(item))]
    return [text for item in value for text in texts(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", RESULTS)
def test_the_log_is_as_a_person_has_read_it(name: str, golden: Callable[[str, str], None]) -> None:
    log = json.loads(render("sarif", RESULTS[name], View(explain=DOCUMENTED.get)))
    assert log["runs"][0]["tool"]["driver"]["version"] == __version__
    log["runs"][0]["tool"]["driver"]["version"] = "that of pgproof"
    golden(f"{name}.sarif", json.dumps(log, indent=2, sort_keys=True) + "\n")


@settings(max_examples=30)
@given(results)
def test_any_result_gives_a_valid_log(result: Result) -> None:
    log = run(result)
    rules = [rule["id"] for rule in log["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    told = [*result.findings, *(one.finding for one in result.suppressed)]
    assert [bool(one["suppressions"]) for one in log["results"]] == [
        n >= len(result.findings) for n in range(len(told))
    ]
    for finding, shown in zip(told, log["results"], strict=True):
        assert rules[shown["ruleIndex"]] == shown["ruleId"]
        assert shown["level"] == finding.severity
        assert len(shown.get("relatedLocations", ())) == len(finding.consequences)
        own_lines = 1 + len(finding.seen) + bool(finding.fix) + finding.fix.count("\n") + bool(finding.consequences)
        assert len(shown["message"]["text"].split("\n")) == own_lines
    for text in texts(log):
        assert not re.search(r"\]\(", text), "an embedded link (3.11.6)"
        assert not re.search(r"(?<!\{)\{\d+\}(?!\})", text), "a placeholder (3.11.5)"


def test_each_check_is_a_rule_that_says_what_became_of_it() -> None:
    rules = run(BROKEN)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules[:6]] == [check.code for check in BROKEN.checks]
    assert rules[5]["properties"] == {"outcome": "not applicable", "examined": 0}
    assert rules[3]["properties"]["proof"] == "executed on replay"


def test_a_rule_carries_its_documentation_where_it_is_known() -> None:
    rules = {rule["id"]: rule for rule in run(BROKEN, View(explain=DOCUMENTED.get))["tool"]["driver"]["rules"]}
    assert rules["HIS103"]["help"]["markdown"] == DOCUMENTED["HIS103"].text
    assert rules["HIS103"]["shortDescription"]["text"] == DOCUMENTED["HIS103"].summary
    assert rules["DRF102"]["help"] == {"text": "pgproof explain DRF102"}


def test_the_exit_code_and_the_gaps_are_told() -> None:
    (complete,) = run(BROKEN)["invocations"]
    assert (complete["executionSuccessful"], complete["exitCode"]) == (True, 1)
    (broken_off,) = run(UNREADABLE)["invocations"]
    assert (broken_off["executionSuccessful"], broken_off["exitCode"]) == (False, 3)
    levels = [one["level"] for one in broken_off["toolExecutionNotifications"]]
    assert levels == ["error", "error", "note"]
    assert run(HEALTHY)["invocations"][0]["exitCodeDescription"].startswith("GO (repository only: ")


def test_a_moved_line_changes_no_fingerprint() -> None:
    moved = replace(AMBIGUOUS, location=Location("migrations/0005_jobs.sql", 99, 1))
    before, after = (run(replace(BROKEN, findings=(one,)))["results"][0] for one in (AMBIGUOUS, moved))
    assert before["partialFingerprints"] == after["partialFingerprints"]
    assert before["locations"] != after["locations"]


def test_a_suppressed_finding_says_why_and_where_that_is_said() -> None:
    comment, since, listed, configured = (one["suppressions"][0] for one in run(SUPPRESSED)["results"])
    assert (comment["kind"], comment["status"]) == ("inSource", "accepted")
    assert comment["justification"].endswith("until 2027-01-31: nobody calls it; it goes with the old worker")
    assert comment["location"]["physicalLocation"]["region"] == {"startLine": 39}
    assert {one["kind"] for one in (since, listed, configured)} == {"external"}
    assert since["justification"] == "found in main (1a2b3c4d) too"


def test_what_can_be_cleaned_up_is_a_matter_of_the_configuration() -> None:
    (invocation,) = run(SUPPRESSED)["invocations"]
    levels = {one["level"] for one in invocation["toolConfigurationNotifications"]}
    assert (len(invocation["toolConfigurationNotifications"]), levels) == (3, {"note"})


def test_code_scanning_which_knows_no_suppressions_gets_what_is_reported_alone() -> None:
    log = json.loads(render("github_sarif", replace(SUPPRESSED, findings=(HAND_MADE,)), View()))
    VALIDATOR.validate(log)
    assert [one["ruleId"] for one in log["runs"][0]["results"]] == ["DRF102"]
    assert "FUN101" in {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}


def test_two_findings_with_one_fingerprint_are_told_apart() -> None:
    shown = run(replace(BROKEN, findings=(HAND_MADE, HAND_MADE)))["results"]
    assert [one["partialFingerprints"]["primaryLocationLineHash"][-2:] for one in shown] == [":1", ":2"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("migrations/0001 note.sql", "migrations/0001%20note.sql"),
        ("a:b.sql", "a%3Ab.sql"),
        ("//evil.example/x", "evil.example/x"),
        ("日.sql", "%E6%97%A5.sql"),
        ("caf\udce9.sql", "caf%E9.sql"),
        ("\ud800", "%ED%A0%80"),
    ],
)
def test_a_path_is_a_relative_reference(path: str, uri: str) -> None:
    shown = run(replace(BROKEN, findings=(replace(AMBIGUOUS, location=Location(path)),)))["results"][0]
    assert shown["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_finding_in_no_file_has_a_place_that_says_so() -> None:
    shown = run(replace(BROKEN, findings=(HAND_MADE, replace(PHANTOM, location=None))))["results"]
    places = [one["locations"][0]["physicalLocation"] for one in shown]
    assert [place["artifactLocation"]["uri"] for place in places] == [
        "database/public.orders_created_at",
        PHANTOM.subject,
    ]
    assert all("region" not in place for place in places)


def test_sql_that_is_to_be_copied_is_as_it_was() -> None:
    fix = "alter table t alter c set default '{}';\nselect array[f(1)][1];"
    shown = run(replace(BROKEN, findings=(replace(HAND_MADE, fix=fix),)))["results"][0]
    assert shown["properties"]["fix"] == fix
    assert f"Fix: {fix}" in shown["message"]["text"]


def test_twenty_thousand_findings_are_all_there() -> None:
    kinds = (AMBIGUOUS, PHANTOM, HAND_MADE, RENAMED)
    many = tuple(replace(one, fingerprint=f"{n:x}") for n in range(5000) for one in kinds)
    log = json.loads(render("sarif", replace(BROKEN, findings=many), View()))["runs"][0]
    assert len(log["results"]) == 20_000
    assert len(log["tool"]["driver"]["rules"]) == 8


def test_of_a_thousand_consequences_a_hundred_have_a_place_and_all_are_counted() -> None:
    wide = replace(PHANTOM, consequences=tuple(f"public.t{n}: is missing" for n in range(1000)))
    shown = run(replace(BROKEN, findings=(wide,)))["results"][0]
    assert len(shown["relatedLocations"]) == 100
    assert "It explains 1000 more." in shown["message"]["text"]
