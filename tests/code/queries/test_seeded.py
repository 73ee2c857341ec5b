"""Mistakes in the SQL of code are found, and what is right is left alone."""

from __future__ import annotations

import re
from pathlib import Path

from pgproof.evidence.part import Absent
from pgproof.evidence.prepared import Prepared
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.project.config import Config
from tests.code.queries.seeded import CASES, FRAMES, files


def prepared(root: Path, project: dict[str, str]) -> Prepared:
    for path, text in project.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    with Evidence(Settings(root, Config(), use_cache=False)) as evidence:
        found = evidence.get(Prepared)
        assert not isinstance(found, Absent), found
        return found


def test_of_the_mistakes_in_all_languages_nearly_every_one_is_found(tmp_path: Path) -> None:
    found = prepared(tmp_path, files(wrong=True))
    seen = {one.tried.location.path for one in found.refused} | {one.location.path for one in found.disagreed}
    missed = [case for number, case in enumerate(CASES) if not any(f"case_{number:02}." in path for path in seen)]
    assert len(CASES) >= 60
    assert len(missed) <= 0.05 * len(CASES), missed


def test_nothing_is_found_in_the_healthy_twin(tmp_path: Path) -> None:
    found = prepared(tmp_path, files(wrong=False))
    wrong = [(str(one.tried.location), one.tried.refusal.message) for one in found.refused]
    wrong += [(str(one.location), one.disagreement.reason) for one in found.disagreed]
    assert wrong == []
    assert found.accepted > 2 * len(CASES)


def test_every_finding_stands_on_the_line_of_the_mistake(tmp_path: Path) -> None:
    found = prepared(tmp_path, files(wrong=True))
    for one in found.refused:
        number = re.search(r"case_(\d\d)", one.tried.location.path)
        assert number is not None, one.tried.location
        case = CASES[int(number[1])]
        text = FRAMES[case.language][1].replace("@", case.wrong)
        right = FRAMES[case.language][1].replace("@", case.right)
        differing = [n for n, (a, b) in enumerate(zip(text.split("\n"), right.split("\n"), strict=True), 1) if a != b]
        assert one.tried.location.line in differing, (one.tried.location, one.tried.refusal.message, differing)
