"""Mistakes seeded into code with supabase-js and supabase-py: found as what they are, and none in the healthy twin."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from pgproof.catalog.object import Catalog
from pgproof.code.match.calls import match_call
from pgproof.code.match.mismatch import Kind, Mismatch
from pgproof.code.match.schema import Schema
from pgproof.code.match.tables import match_table
from pgproof.code.reading import read_project
from pgproof.code.usage import Call, TableUse
from tests.code.match import seeded_python
from tests.code.match.seeded import HEADER, MEASURED, MORE, TRAPS, Seeded
from tests.code.match.seeded_python import PYTHON, PYTHON_TRAPS


def kinds(catalog: Catalog, folder: Path, code: str) -> list[Kind]:
    text = f"{HEADER}\nexport async function run(s: string) {{\n {code};\n}}\n"
    return kinds_in(catalog, folder, "a.ts", text)


def kinds_in_python(catalog: Catalog, folder: Path, code: str) -> list[Kind]:
    text = f"{seeded_python.HEADER}\nasync def run(s: str, flag: bool):\n{textwrap.indent(code, '    ')}\n"
    return kinds_in(catalog, folder, "a.py", text)


def kinds_in(catalog: Catalog, folder: Path, name: str, text: str) -> list[Kind]:
    schema = Schema(catalog)
    (folder / name).write_text(text, "utf-8")
    found = [one for reading in read_project(folder, [name], None) for one in reading.found]
    matched = [one for use in found if isinstance(use, TableUse) for one in match_table(schema, use)]
    matched += [one for use in found if isinstance(use, Call) for one in match_call(schema, use)]
    return [one.kind for one in matched if isinstance(one, Mismatch)]


@pytest.mark.parametrize("seeded", [*MEASURED, *MORE], ids=lambda seeded: seeded.bad[:60])
def test_a_seeded_mistake_is_found_as_what_it_is(catalog: Catalog, tmp_path: Path, seeded: Seeded) -> None:
    assert kinds(catalog, tmp_path, seeded.bad) == [seeded.kind]


@pytest.mark.parametrize("seeded", [*MEASURED, *MORE], ids=lambda seeded: seeded.ok[:60])
def test_its_healthy_twin_is_passed(catalog: Catalog, tmp_path: Path, seeded: Seeded) -> None:
    assert kinds(catalog, tmp_path, seeded.ok) == []


@pytest.mark.parametrize("code", TRAPS, ids=lambda code: code[:60])
def test_what_only_looks_like_a_mistake_is_passed(catalog: Catalog, tmp_path: Path, code: str) -> None:
    assert kinds(catalog, tmp_path, code) == []


@pytest.mark.parametrize("seeded", PYTHON, ids=lambda seeded: seeded.bad[:60])
def test_a_mistake_in_python_is_found_and_its_twin_is_passed(catalog: Catalog, tmp_path: Path, seeded: Seeded) -> None:
    assert kinds_in_python(catalog, tmp_path, seeded.bad) == [seeded.kind]
    assert kinds_in_python(catalog, tmp_path, seeded.ok) == []


@pytest.mark.parametrize("code", PYTHON_TRAPS, ids=lambda code: code[:60])
def test_what_only_looks_like_a_mistake_in_python_is_passed(catalog: Catalog, tmp_path: Path, code: str) -> None:
    assert kinds_in_python(catalog, tmp_path, code) == []


def test_there_are_as_many_as_were_measured() -> None:
    assert (len(MEASURED), len(MORE) >= 60) == (31, True)
