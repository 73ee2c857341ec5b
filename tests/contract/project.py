"""A project of a test: its files, and a check of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pgproof.contract.answer import Answer
from pgproof.contract.contract import Contract, Feature, Said
from pgproof.contract.grammar import parse
from pgproof.evidence.contract import Features
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.judge.result import FeatureState, Judged, Result
from pgproof.model import Location
from pgproof.project.config import Config, read_config
from pgproof.workflows.check import check


def write(root: Path, contract: str, migrations: str = "", files: Mapping[str, str] | None = None) -> Path:
    """Write `pgproof.toml`, one migration (empty: none) and more files."""
    texts = {"pgproof.toml": contract, **(files or {})}
    if migrations:
        texts["migrations/0001_all.sql"] = migrations
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def checked(root: Path, live: str | None = None, select: str = "CON") -> Result:
    """Check the project; only the checks of the contract."""
    return check(Settings(root, read_config(root), live), [select])


def found(result: Result, code: str) -> list[Judged]:
    """Return the findings of one check, sorted by place."""
    return sorted(
        (one for one in result.findings if one.code == code), key=lambda one: (str(one.location), one.subject)
    )


def feature(result: Result, name: str = "f") -> FeatureState:
    """Return how a feature stands."""
    return next(one for one in result.features if one.name == name)


def needs(*sentences: str, optional: tuple[str, ...] = ()) -> str:
    """Return a contract of one feature, `f`."""
    return f"[feature.f]\nneeds = {json.dumps(list(sentences))}\noptional = {json.dumps(list(optional))}\n"


def answers(sentences: Iterable[str], root: Path, live: str) -> dict[str, Answer]:
    """Judge sentences on a live database alone, without asking whether they contradict each other."""
    lines = list(sentences)
    said = tuple(Said(parse(line), Location("contract.toml", number)) for number, line in enumerate(lines, 1))
    contract = Contract((Feature("f", Location("contract.toml"), said),))
    with Evidence(Settings(root, Config(contract=contract), live)) as evidence:
        features = evidence.get(Features)
        assert isinstance(features, Features)
        return dict(zip(lines, (answer for _, answer in features.items[0].answers), strict=True))
