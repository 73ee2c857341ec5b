"""The contract as TOML: sections of `pgproof.toml` and of the files that it names, read into one contract."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pgproof.contract.conflicts import conflicts
from pgproof.contract.contract import Contract, Feature, Question, Said, Verification
from pgproof.contract.grammar import parse
from pgproof.contract.need import Compare
from pgproof.contract.promise import Promise
from pgproof.contract.words import Unreadable
from pgproof.model import Location
from pgproof.project.keys import (
    Key,
    Keys,
    Listed,
    Named,
    Section,
    Tables,
    Unfit,
    flag,
    text,
    texts,
)
from pgproof.project.places import Places
from pgproof.project.promises import PROMISES, read_promises
from pgproof.project.registry import REGISTRY, read_registry
from pgproof.project.sections import Mistake, decode, written
from pgproof.project.toml import Document, read_document


def scalar(value: Any) -> str | float | None:
    """Read an expected answer."""
    if isinstance(value, bool):
        return "t" if value else "f"
    if not isinstance(value, str | int | float):
        raise Unfit("a text, a number, true or false")
    return value


def cost(value: Any) -> int:
    """Read what a question may cost."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise Unfit("a number above 0, as EXPLAIN estimates costs")
    return value


_QUERY: Keys = {
    "sql": Key("sql", text),
    "answer": Key("answer", scalar),
    "at_least": Key("at_least", scalar),
    "at_most": Key("at_most", scalar),
    "reason": Key("reason", text),
    "optional": Key("optional", flag),
}
_FEATURE: Keys = {
    "title": Key("title", text),
    "owner": Key("owner", text),
    "tier": Key("tier", text),
    "files": Key("files", texts),
    "routes": Key("routes", texts),
    "needs": Key("needs", texts),
    "optional": Key("optional", texts),
    "append_only": Key("append_only", texts),
    "retired": Named("retired", text),
    "max_age": Named("max_age", text),
    "states": Named("states", text),
    "writes_together": Named("writes_together", text),
    "query": Listed("questions", _QUERY),
}
_SAID_BY_KEY = {
    "append_only": "{} is append only",
    "retired": "{} is now {}",
    "max_age": "{} is at most {} old",
    "states": "{} goes {}",
    "writes_together": "{} is written with {}",
}
"""Keys that are sentences with their subjects before them."""

CONTRACT: Keys = {
    "feature": Tables("features", _FEATURE),
    "promises": Section("promises", PROMISES),
    "verify": Section("verify", {"files": Key("files", texts), "max_cost": Key("max_cost", cost)}),
    "import": Listed("imports", REGISTRY),
}
"""What a contract file may say; `pgproof.toml` may say it too."""

_FIELDS = ("features", "promises", "verify", "imports")
Mistaken = list[tuple[Document, list[Mistake]]]


@dataclass(slots=True)
class _Read:
    """What was read so far, and the mistakes of each file."""

    root: Path
    features: list[Feature] = field(default_factory=list)
    imported: list[Feature] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    verification: Verification = field(default_factory=Verification)
    documents: dict[str, Document] = field(default_factory=dict)
    mistakes: dict[str, list[Mistake]] = field(default_factory=dict)

    def wrong(self, document: Document, mistakes: Iterable[Mistake]) -> None:
        """Keep the mistakes of a file."""
        self.documents[document.path] = document
        self.mistakes.setdefault(document.path, []).extend(mistakes)


def read_contract(document: Document, values: dict[str, Any], root: Path) -> tuple[Contract, Mistaken]:
    """Return the contract that a configuration says or names, and the mistakes of each file.

    What is the contract's in `values` is taken out of them.
    """
    read = _Read(root)
    patterns = values.pop("contracts", ())
    own = {field: values.pop(field) for field in _FIELDS if field in values}
    if own:
        _take(document, own, read)
    for path in _files(patterns, document, read, "contracts"):
        other = read_document(root / path, path)
        said, mistakes = decode(other.table, CONTRACT)
        read.wrong(other, mistakes)
        _take(other, said, read)
    features = _joined(read.features, read.imported)
    for place, problem in conflicts(features, read.promises):
        if place.path in read.documents:
            read.wrong(read.documents[place.path], [Mistake("", "", problem, line=place.line)])
        else:  # a registry, which the section names that imports it
            read.wrong(document, [Mistake("import", "file", f"contradicts the contract: {place}: {problem}")])
    contract = Contract(tuple(features), tuple(read.promises), read.verification)
    return contract, [(read.documents[path], mistakes) for path, mistakes in read.mistakes.items()]


def _joined(features: Sequence[Feature], imported: Sequence[Feature]) -> list[Feature]:
    """Return all features; what a registry and a contract say of one comes together, the contract's own words first."""
    by_name = {other.name: other for other in imported}
    joined = [_with(feature, by_name.pop(feature.name, None)) for feature in features]
    return [*joined, *by_name.values()]


def _with(feature: Feature, other: Feature | None) -> Feature:
    if other is None:
        return feature
    return replace(
        feature,
        needs=tuple(dict.fromkeys((*feature.needs, *other.needs))),
        title=feature.title or other.title,
        owner=feature.owner or other.owner,
        tier=feature.tier or other.tier,
        files=tuple(dict.fromkeys((*feature.files, *other.files))),
        routes=tuple(dict.fromkeys((*feature.routes, *other.routes))),
    )


def _take(document: Document, values: Mapping[str, Any], read: _Read) -> None:
    """Read the sections of one file."""
    read.documents.setdefault(document.path, document)
    lines = Places(document)
    known = {feature.name: feature.location for feature in read.features}
    for name, said in values.get("features", {}).items():
        if name in known:
            problem = f"is a feature of {known[name]} already"
            read.wrong(document, [Mistake("feature", name, problem, line=lines.of("feature", name))])
        read.features.append(_feature(name, said, document, lines, read))
    for number_, said in enumerate(values.get("imports", ())):
        place = Location(document.path, lines.of("import", number_))
        imported, problems = read_registry(said, read.root, place)
        read.imported += imported
        read.wrong(document, (Mistake("import", "file", problem, line=place.line) for problem in problems))
    if "promises" in values:
        read.promises += read_promises(values["promises"], lines, lambda one: read.wrong(document, [one]))
    if "verify" in values:
        said = values["verify"]
        found = tuple(_files(said.get("files", ()), document, read, "verify.files"))
        place = Location(document.path, lines.of("verify"))
        before = read.verification
        read.verification = Verification((*before.files, *found), place, said.get("max_cost", before.max_cost))


def _feature(name: str, said: Mapping[str, Any], document: Document, lines: Places, read: _Read) -> Feature:
    def place(line: int) -> Location:
        return Location(document.path, line)

    needs: list[Said] = []
    section = f"feature.{written(name)}"
    for key, sentence, line in _sentences(name, said, lines):
        try:
            needs.append(Said(parse(sentence), place(line), key != "optional"))
        except Unreadable as unreadable:
            problem = f"has a sentence that cannot be read: {sentence}\n{_pointer(unreadable)}"
            read.wrong(document, [Mistake(section, key, problem, line=line)])
    questions = []
    for n, one in enumerate(said.get("questions", ())):
        line = lines.of("feature", name, "query", n)
        question = _question(one, place(line))
        if isinstance(question, Question):
            questions.append(question)
        else:
            read.wrong(document, [Mistake(section, "query", question, line=line)])
    return Feature(
        name,
        place(lines.of("feature", name)),
        tuple(needs),
        tuple(questions),
        said.get("title", ""),
        said.get("owner", ""),
        said.get("tier", ""),
        said.get("files", ()),
        said.get("routes", ()),
    )


def _pointer(unreadable: Unreadable) -> str:
    return f"    at character {unreadable.position + 1}: {unreadable.problem}"


def _sentences(name: str, said: Mapping[str, Any], lines: Places) -> Iterator[tuple[str, str, int]]:
    """Yield the key, the sentence and the line of everything that a feature needs."""
    for key in ("needs", "optional", "append_only"):
        items = said.get(key, ())
        for item, line in zip(items, lines.of_items(items, "feature", name, key), strict=True):
            yield key, _SAID_BY_KEY.get(key, "{}").format(item), line
    for key in ("retired", "max_age", "states", "writes_together"):
        for subject, value in said.get(key, {}).items():
            yield key, _SAID_BY_KEY[key].format(subject, value), lines.of("feature", name, key, subject)


def _question(said: Mapping[str, Any], place: Location) -> Question | str:
    """Return a question, or what is wrong with it."""
    if "sql" not in said:
        return "has no sql"
    given = [key for key in _COMPARED if key in said]
    if len(given) != 1:
        return f"needs one of {', '.join(_COMPARED)}, not {len(given)} of them"
    answer = said[given[0]]
    if given[0] != "answer" and isinstance(answer, str):
        return f"{given[0]} should be a number, not {json.dumps(answer, ensure_ascii=False)[:60]}"
    return Question(
        said["sql"], answer, place, _COMPARED[given[0]], said.get("reason", ""), not said.get("optional", False)
    )


_COMPARED = {"answer": Compare.EXACTLY, "at_least": Compare.AT_LEAST, "at_most": Compare.AT_MOST}


def _files(patterns: Sequence[str], document: Document, read: _Read, key: str) -> Iterator[str]:
    """Yield the files that the patterns name, each once, sorted within a pattern; nothing outside of the project."""
    section, _, last = key.rpartition(".")
    seen: set[str] = set()
    for pattern in patterns:
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            read.wrong(document, [Mistake(section, last, f"should name files of the project, not {pattern}")])
            continue
        found = sorted(path.relative_to(read.root).as_posix() for path in read.root.glob(pattern) if path.is_file())
        if not found:
            read.wrong(document, [Mistake(section, last, f"names no file that is there: {json.dumps(pattern)}")])
        yield from (path for path in found if path not in seen)
        seen.update(found)
