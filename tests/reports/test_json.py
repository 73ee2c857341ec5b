"""The stored result: versioned, described by a schema, read back as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from pgproof.judge.document import NeedState, PromisedNumber, ReplayedFile
from pgproof.judge.result import (
    CheckOutcome,
    CodeUse,
    Coverage,
    DatabaseState,
    FeatureState,
    Judged,
    MigrationState,
    Outcome,
    Readiness,
    Result,
    Stale,
    Staleness,
    Suppressed,
    Suppression,
    Suppressor,
    Verdict,
)
from pgproof.model import Gap, Location, Method, Proof, Severity, Subject
from pgproof.model.errors import UsageError
from pgproof.reports import format_names, render
from pgproof.reports.stored import load
from pgproof.reports.view import View
from tests.reports.results import BROKEN, RESULTS
from tests.reports.strategies import results

SCHEMA = json.loads((files("pgproof.reports") / "result.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("name", RESULTS)
def test_the_json_is_as_a_person_has_read_it(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.json", render("json", RESULTS[name], View()))


@settings(max_examples=30)
@given(results)
def test_a_result_is_read_back_as_it_was(result: Result) -> None:
    text = render("json", result, View())
    assert text.isascii()
    assert load(text) == result
    VALIDATOR.validate(json.loads(text))


@pytest.mark.parametrize("name", RESULTS)
def test_the_way_of_looking_changes_nothing(name: str) -> None:
    narrow = View(width=20, colour=True, limit=1, brief=True, elapsed_ms=1)
    assert render("json", RESULTS[name], narrow) == render("json", RESULTS[name], View())


def test_the_schema_is_valid_and_describes_every_field() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    parts = {Judged: "finding", Gap: "gap", Proof: "proof", CheckOutcome: "check", Coverage: "coverage"}
    parts |= {
        CodeUse: "use",
        DatabaseState: "database",
        FeatureState: "feature",
        MigrationState: "migration",
        NeedState: "need",
        PromisedNumber: "promised",
        ReplayedFile: "replayed",
        Location: "location",
        Suppression: "suppression",
        Suppressed: "suppressed",
        Stale: "stale",
    }
    described = {kind: SCHEMA["$defs"][name] for kind, name in parts.items()}
    described[Result] = SCHEMA
    for kind, part in described.items():
        assert is_dataclass(kind)
        stored = {field.name for field in fields(kind) if not field.metadata.get("unstored")}
        expected = stored | ({"schema_version"} if kind is Result else set())
        assert part["properties"].keys() == expected == set(part["required"])
        assert part["additionalProperties"] is False


def test_the_schema_knows_every_word() -> None:
    definitions = SCHEMA["$defs"]
    assert SCHEMA["properties"]["verdict"]["enum"] == list(Verdict)
    assert definitions["finding"]["properties"]["severity"]["enum"] == list(Severity)
    assert definitions["check"]["properties"]["outcome"]["enum"] == list(Outcome)
    assert definitions["feature"]["properties"]["readiness"]["enum"] == list(Readiness)
    assert definitions["suppression"]["properties"]["by"]["enum"] == list(Suppressor)
    assert definitions["stale"]["properties"]["state"]["enum"] == list(Staleness)
    assert definitions["proof"]["properties"]["method"]["enum"] == [method.name.lower() for method in Method]
    assert definitions["proof"]["properties"]["subjects"]["items"]["enum"] == list(Subject)


def document() -> Any:
    return json.loads(render("json", BROKEN, View()))


def changed(path: list[str | int], value: Any) -> str:
    whole = part = document()
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert not VALIDATOR.is_valid(whole), "the schema accepts what the reader refuses"
    return json.dumps(whole)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (["verdict"], "MAYBE", '.verdict should be one of "GO", "NO-GO", "UNDECIDED", not "MAYBE"'),
        (["findings", 1, "severity"], 3, '.findings[1].severity should be one of "error", "warning", "note", not 3'),
        (["findings", 0, "location", "line"], -1, ".findings[0].location.line should be a whole number, not -1"),
        (["findings", 0, "location", "line"], True, ".findings[0].location.line should be a whole number, not true"),
        (["findings", 0, "location", "line"], None, ".findings[0].location.line should be a whole number, not null"),
        (["findings", 0, "proof"], None, ".findings[0].proof should be an object, not null"),
        (["findings", 0, "proof", "method"], "guessed", '.findings[0].proof.method should be one of "declared"'),
        (["findings", 0, "seen"], "x", '.findings[0].seen should be a list, not "x"'),
        (["sources", 0], ["live"], ".sources[0] should have 2 items, not 1"),
        (["gaps", 0, "blocking"], 1, ".gaps[0].blocking should be true or false, not 1"),
        (["checks"], {}, ".checks should be a list, not an object"),
        (["elapsed"], 3, ".elapsed is not known"),
    ],
)
def test_what_is_no_result_is_refused_with_its_place(path: list[str | int], value: Any, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(changed(path, value))
    assert expected in caught.value.problem


def test_a_result_of_before_there_were_features_is_read() -> None:
    whole = document()
    del whole["features"]
    assert load(json.dumps(whole)).features == ()


def test_a_missing_key_is_named() -> None:
    whole = document()
    del whole["gaps"]
    with pytest.raises(UsageError, match=r"\.gaps is missing"):
        load(json.dumps(whole))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "it is not JSON"),
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it names no version"),
        ('{"verdict": "GO"}', "it names no version"),
        ('{"schema_version": 3}', "a newer pgproof wrote it, with version 3"),
        ('{"schema_version": 1}', "an older pgproof wrote it, with version 1"),
        ('{"schema_version": "1"}', 'it says "1"'),
        ('{"schema_version": true}', "it says true"),
    ],
)
def test_what_is_no_document_of_this_version_is_refused(text: str, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(text)
    assert expected in caught.value.problem
    assert "--format json=" in caught.value.way_out


def test_the_formats_are_the_modules_of_the_folder() -> None:
    assert {"json", "text"} <= set(format_names())
