"""Parts are gathered once, on demand; what is absent is absent for a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from pgproof.evidence.part import RECIPES, Absent, Unavailable, gathers
from pgproof.evidence.store import Evidence
from pgproof.model import Gap, Method, Proof, Subject


@dataclass(frozen=True)
class Given:
    live: bool


@dataclass(frozen=True)
class Files:
    gaps: tuple[Gap, ...] = (Gap("one file"),)


@dataclass(frozen=True)
class Base:
    pass


@dataclass(frozen=True)
class Joined:
    with_base: bool


@pytest.fixture
def gathered() -> Iterator[list[str]]:
    before = dict(RECIPES)
    order: list[str] = []

    @gathers(Files, Proof(Method.PARSED, (Subject.FILES,)))
    def files(given: Given) -> Files:
        order.append("files")
        return Files()

    @gathers(Base, Proof(Method.READ, (Subject.LIVE,)))
    def base(given: Given) -> Base:
        order.append("base")
        if not given.live:
            raise Unavailable(Gap("no live database"))
        return Base()

    @gathers(Joined, None)
    def joined(files: Files, base: Base | None) -> Joined:
        order.append("joined")
        return Joined(base is not None)

    yield order
    RECIPES.clear()
    RECIPES.update(before)


def test_a_part_is_gathered_once_after_what_it_needs(gathered: list[str]) -> None:
    with Evidence(Given(live=True)) as evidence:
        assert evidence.get(Joined) == Joined(True)
        evidence.get(Joined)
    assert gathered == ["files", "base", "joined"]


def test_an_optional_part_may_be_absent(gathered: list[str]) -> None:
    with Evidence(Given(live=False)) as evidence:
        assert evidence.get(Joined) == Joined(False)


def test_a_needed_part_that_is_absent_passes_its_reason_on(gathered: list[str]) -> None:
    def needs_base(base: Base) -> str:
        raise AssertionError("must not be called")

    with Evidence(Given(live=False)) as evidence:
        assert evidence.call(needs_base) == Absent(Gap("no live database"))


def test_the_proof_is_the_weakest_of_what_was_given(gathered: list[str]) -> None:
    def check(files: Files, base: Base | None) -> None: ...

    with Evidence(Given(live=True)) as evidence:
        assert str(evidence.proof_of(check)) == "parsed in files and live"
    with Evidence(Given(live=False)) as evidence:
        assert str(evidence.proof_of(check)) == "parsed in files"


def test_gaps_are_those_of_the_parts_that_were_asked_for(gathered: list[str]) -> None:
    with Evidence(Given(live=False)) as evidence:
        assert evidence.gaps() == []
        evidence.get(Joined)
        assert {gap.reason for gap in evidence.gaps()} == {"one file", "no live database"}
