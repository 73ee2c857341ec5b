"""The baseline as a file: JSON, sorted, a line for each entry, so that people can read it and git can merge it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from pgproof.judge.baseline import Baseline, Entry, order
from pgproof.model.errors import UsageError
from pgproof.model.spelling import did_you_mean

VERSION = 1
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
_ANEW = (
    "Keep the lines of both sides, each once, without the marks of the merge.\n"
    "Then run pgproof baseline, which removes what is fixed."
)
_FIELDS: Mapping[str, type] = {
    "code": str,
    "subject": str,
    "message": str,
    "evidence": list,
    "fingerprint": str,
    "count": int,
}


def write(baseline: Baseline) -> str:
    """Return the file's text: JSON, in ASCII, sorted, a line for each entry."""
    lines = []
    for entry in sorted(baseline.entries, key=order):
        fields = {key: value for key, value in asdict(entry).items() if key != "count" or value != 1}
        lines.append(f"    {json.dumps(fields)}")
    listed = "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "baseline_version": {VERSION},\n  "findings": {listed}\n}}\n'


def read(text: str, path: str, codes: Iterable[str]) -> Baseline:
    """Return the baseline that `text` holds; `codes` are those of all checks.

    Raises UsageError, with the place and the way out, for a text that was merged by hand and not finished, that is of
    another version, or that lists a finding twice or a check that does not exist.
    """
    if mark := _CONFLICT.search(text):
        line = text.count("\n", 0, mark.start()) + 1
        raise UsageError(f"{path} has marks of a merge that was not finished (line {line})", _ANEW)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not JSON: {error}", _ANEW) from error
    version = document.get("baseline_version") if isinstance(document, dict) else None
    if version is None:
        raise UsageError(f"{path} is no baseline: it names no baseline_version", "pgproof baseline makes one.")
    if type(version) is not int or version != VERSION:
        way_out = "Update pgproof, or delete the file and make it anew with pgproof baseline."
        raise UsageError(
            f"{path} is a baseline of version {json.dumps(version)[:20]}; this pgproof reads {VERSION}", way_out
        )
    listed = document.get("findings")
    if not isinstance(listed, list):
        raise UsageError(f"{path}: findings should be a list", "pgproof baseline makes a baseline.")
    mistakes = list(_mistakes(listed, frozenset(codes)))
    if mistakes:
        told = mistakes[:10] + [f"… and {len(mistakes) - 10} more"] * (len(mistakes) > 10)
        count = "a mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        way_out = "Delete or mend these lines; pgproof baseline sorts the file, and removes what is fixed."
        raise UsageError(f"{path} has {count}", "\n".join((*told, way_out)))
    entries = (Entry(**{**one, "evidence": tuple(one["evidence"])}) for one in listed)
    return Baseline(path, tuple(sorted(entries, key=order)))


def _mistakes(listed: Sequence[object], codes: frozenset[str]) -> Iterator[str]:
    seen: dict[object, int] = {}
    for number, one in enumerate(listed, 1):
        if not isinstance(one, dict) or (wrong := _wrong_field(one)):
            yield f"finding {number}: {wrong if isinstance(one, dict) else 'should be an object'}"
            continue
        told = f"finding {number} ({one['code']} {one['subject']})"
        if one["code"] not in codes:
            yield f"{told}: no check has this code{did_you_mean(one['code'], codes)}"
        if one["fingerprint"] in seen:
            yield f"{told}: it is listed already, as finding {seen[one['fingerprint']]}"
        seen.setdefault(one["fingerprint"], number)


def _wrong_field(one: Mapping[str, object]) -> str:
    for name in one.keys() - _FIELDS.keys():
        return f"{json.dumps(name)[:40]} is not known"
    for name, kind in _FIELDS.items():
        value = one.get(name, 1 if name == "count" else None)
        if type(value) is not kind or (isinstance(value, int) and value < 1):
            return f"{name} is missing or is not what it should be"
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            return f"{name} should be a list of strings"
    return ""
