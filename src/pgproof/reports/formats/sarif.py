"""The result as SARIF 2.1.0 (OASIS), for Azure DevOps, editors and vulnerability management; for GitHub code scanning,
which does not know suppressions, there is the format `github_sarif`.

Suppressed findings are in it as the standard has it, with why. The exit code of the run is in the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

from pgproof import __version__
from pgproof.judge.result import CheckOutcome, Judged, Result, Stale, Suppression, Suppressor
from pgproof.model import Gap, Location
from pgproof.reports.codec import JsonValue
from pgproof.reports.occurrence import numbered
from pgproof.reports.place import in_repository, place
from pgproof.reports.suppressions import what_to_do, why
from pgproof.reports.terminal import one_line, verbatim
from pgproof.reports.view import Explanation, View

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
RELATED = 100
"""How many consequences of a finding have a location of their own; code scanning shows no more."""
_ROOT = "%SRCROOT%"
_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_Object = dict[str, JsonValue]


def render(result: Result, view: View) -> str:
    """Return the log; of `view` only `explain` and `folder` matter."""
    result = in_repository(result, view.folder)
    told: list[tuple[Judged, Suppression | None]] = [(finding, None) for finding in result.findings]
    told += [(one.finding, one.suppression) for one in result.suppressed]
    rules = _rules(result, view)
    numbers = {code: number for number, code in enumerate(rules)}
    run: _Object = {
        "tool": {"driver": {"name": "pgproof", "version": __version__, "rules": list(rules.values())}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The project's folder."}}},
        "invocations": [_invocation(result)],
        "results": [
            _result(finding, number, numbers, why)
            for (finding, number), (_, why) in zip(numbered(finding for finding, _ in told), told, strict=True)
        ],
        "properties": _run_properties(result),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, sort_keys=True) + "\n"


def _rules(result: Result, view: View) -> dict[str, JsonValue]:
    """Return the rules by code: every check of the result, and the code of a finding whose check it does not list."""
    rules: dict[str, JsonValue] = {}
    for check in result.checks:
        outcome: _Object = {"outcome": check.outcome.value, "examined": check.examined}
        if check.proof:
            outcome["proof"] = str(check.proof)
        rules.setdefault(one_line(check.code), _rule(check, view.explain(check.code), outcome))
    for finding in (*result.findings, *(one.finding for one in result.suppressed)):
        if (code := one_line(finding.code)) not in rules:
            rules[code] = _rule(finding, view.explain(finding.code), {})
    return rules


def _rule(named: CheckOutcome | Judged, explanation: Explanation | None, properties: _Object) -> JsonValue:
    """Return a rule (3.49). Without an explanation it says what little is known: code scanning asks for each text."""
    summary = explanation.summary if explanation else named.name.replace("-", " ")
    told = explanation.text if explanation else f"pgproof explain {named.code}"
    help_: _Object = {"text": _message(*told.split("\n"))}
    if explanation:
        help_["markdown"] = told
    return {
        "id": one_line(named.code),
        "name": one_line(named.name),
        "shortDescription": {"text": _message(summary)},
        "fullDescription": {"text": _message(summary)},
        "help": help_,
        "properties": properties,
    }


def _invocation(result: Result) -> JsonValue:
    """Return what became of the run (3.20): a blocking gap means that it is not complete."""
    return {
        "executionSuccessful": not any(gap.blocking for gap in result.gaps),
        "exitCode": result.verdict.exit_code,
        "exitCodeDescription": one_line(f"{result.verdict} ({result.scope}): {result.reason}"),
        "toolExecutionNotifications": [_notification(gap) for gap in result.gaps],
        "toolConfigurationNotifications": [_to_clean_up(one) for one in result.stale],
    }


def _notification(gap: Gap) -> JsonValue:
    text = _message(gap.reason, *(gap.way_out.split("\n") if gap.way_out else ()))
    notification: _Object = {"level": "error" if gap.blocking else "note", "message": {"text": text}}
    if gap.location:
        notification["locations"] = [{"physicalLocation": _physical(gap.location)}]
    return notification


def _to_clean_up(stale: Stale) -> JsonValue:
    notification: _Object = {"level": "note", "message": {"text": _message(what_to_do(stale))}}
    if stale.suppression.location:
        notification["locations"] = [{"physicalLocation": _physical(stale.suppression.location)}]
    return notification


def _result(finding: Judged, number: int, rules: dict[str, int], suppression: Suppression | None) -> JsonValue:
    """Return a result (3.27). Without `suppression` its list is empty, not absent: nobody suppressed it (3.27.23)."""
    code, fingerprint = one_line(finding.code), one_line(finding.fingerprint)
    where = _physical(place(finding))
    object_: _Object = {"fullyQualifiedName": one_line(finding.subject), "kind": one_line(finding.kind)}
    result: _Object = {
        "ruleId": code,
        "ruleIndex": rules[code],
        "level": finding.severity.value,
        "message": {"text": _message(*_told(finding))},
        "locations": [{"physicalLocation": where, "logicalLocations": [object_]}],
        "partialFingerprints": {"pgproof/v1": fingerprint, "primaryLocationLineHash": f"{fingerprint}:{number}"},
        "suppressions": [_suppression(suppression)] if suppression else [],
        "properties": _properties(finding),
    }
    if finding.consequences:
        result["relatedLocations"] = [
            {"id": id_, "physicalLocation": where, "message": {"text": _message(consequence)}}
            for id_, consequence in enumerate(finding.consequences[:RELATED], 1)
        ]
    return result


def _suppression(suppression: Suppression) -> JsonValue:
    """Return a suppression (3.35): a comment is in the source, everything else stands beside it."""
    in_source = suppression.by is Suppressor.COMMENT
    shown: _Object = {
        "kind": "inSource" if in_source else "external",
        "status": "accepted",
        "justification": _message(why(suppression)),
    }
    if suppression.location:
        shown["location"] = {"physicalLocation": _physical(suppression.location)}
    return shown


def _told(finding: Judged) -> Iterator[str]:
    subject = finding.subject if finding.kind == "file" else f"{finding.kind} {finding.subject}"
    yield f"{subject}: {finding.message}"
    yield from finding.seen
    if finding.fix:
        yield from f"Fix: {finding.fix}".split("\n")
    if finding.consequences:
        yield f"It explains {len(finding.consequences)} more."


def _properties(finding: Judged) -> JsonValue:
    """Return what SARIF has no word for: how the finding is known, and what shows and mends it, to be copied."""
    texts = {"reproduce": finding.reproduce, "fix": finding.fix}
    return {
        "proof": str(finding.proof),
        **{key: "\n".join(verbatim(text, "", "")) for key, text in texts.items() if text},
    }


def _run_properties(result: Result) -> JsonValue:
    return {
        "verdict": result.verdict.value,
        "scope": one_line(result.scope),
        "reason": one_line(result.reason),
        "sources": [f"{one_line(name)}: {one_line(description)}" for name, description in result.sources],
        "coverage": [f"{part.read} of {part.total} {one_line(part.what)}" for part in result.coverage],
    }


def _physical(where: Location) -> _Object:
    """Return a place in a file (3.29); without a line the whole file is meant."""
    physical: _Object = {"artifactLocation": {"uri": _uri(where.path), "uriBaseId": _ROOT}}
    if where.line:
        column: _Object = {"startColumn": where.column} if where.column else {}
        physical["region"] = {"startLine": where.line, **column}
    return physical


def _uri(path: str) -> str:
    """Return a relative reference (RFC 3986, 4.2), never a scheme or a host; a name that is no UTF-8 keeps its bytes.

    A lone surrogate that stands for no byte is in no file's name; it only must not break the report.
    """
    try:
        spelled = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        spelled = path.encode("utf-8", "surrogatepass")
    return quote(spelled.lstrip(b"/"), safe="/")


def _message(*lines: str) -> str:
    """Return a plain text message (3.11.3) of these lines: a name adds no line, no link and no placeholder to it.

    A brace that is no placeholder stays single, although 3.11.5 doubles each: SQL is copied from here, and `'{}'` is
    not `'{{}}'`. Consumers replace `{0}` only.
    """
    text = "\n".join(map(one_line, lines))
    return _PLACEHOLDER.sub(r"{{\1}}", text.replace("](", "] ("))
