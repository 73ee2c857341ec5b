"""Promises in numbers compared with each other, with the catalog, and with the clock of the replay."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pgproof.catalog import file as snapshot_file
from pgproof.catalog.object import Catalog
from pgproof.contract.arithmetic import Contradiction, contradictions
from pgproof.contract.counting import Counted, count
from pgproof.contract.promise import Number, Promise
from pgproof.contract.promised import spellings
from pgproof.evidence.live import Live
from pgproof.evidence.missing import MissingBase
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.replay import Expected
from pgproof.evidence.scope import scoped
from pgproof.evidence.settings import Settings
from pgproof.migrations.observation import Observation, Replay
from pgproof.model import Gap, Location, Method, ObjectName, Proof, Subject
from pgproof.model.errors import UsageError
from pgproof.model.spelling import did_you_mean
from pgproof.platforms import Platform

_MAKES_NOTHING = frozenset(
    {"CommentStmt", "CopyStmt", "DeleteStmt", "GrantStmt", "InsertStmt", "SelectStmt", "UpdateStmt", "VariableSetStmt"}
)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The numbers of the contract, and where they do not add up."""

    numbers: int
    contradictions: tuple[Contradiction, ...] = ()

    def __len__(self) -> int:
        """Return how many numbers were promised."""
        return self.numbers


@dataclass(frozen=True, slots=True)
class Broken:
    """A number that is not kept: `found` is what was counted (of a delta, the difference).

    `lacking` are promised names that are not there, `strange` names that are there and not promised. `made_by` are the
    migrations that made what was counted.
    """

    promise: Promise
    word: str
    number: Number
    found: int
    counted: Counted
    lacking: tuple[str, ...] = ()
    strange: tuple[ObjectName, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A number that was promised, what was counted, and whether it is kept."""

    promise: Promise
    word: str
    number: Number
    found: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Promises:
    """What was counted, and which numbers are not kept."""

    numbers: int
    broken: tuple[Broken, ...] = ()
    made_by: Mapping[ObjectName, Location] | None = None
    lost: tuple[tuple[Promise, str], ...] = ()
    gaps: tuple[Gap, ...] = ()
    found: tuple[Found, ...] = ()

    def __len__(self) -> int:
        """Return how many numbers were promised."""
        return self.numbers


@dataclass(frozen=True, slots=True)
class Budgets:
    """Which migrations took longer than promised, measured on the replay; the number is no part of a result."""

    promised: tuple[Promise, ...] = ()
    exceeded: tuple[Promise, ...] = ()

    def __len__(self) -> int:
        """Return how many budgets there are."""
        return len(self.promised)


@gathers(Arithmetic, Proof(Method.PARSED, (Subject.FILES,)))
def add_up(settings: Settings) -> Arithmetic:
    """Add the numbers up."""
    promises = settings.config.contract.promises
    numbers = sum(len(one.counts) + len(one.names) for one in promises)
    return Arithmetic(numbers, tuple(contradictions(promises)))


@gathers(Promises, None)
def count_promised(
    settings: Settings,
    live: Live | None,
    expected: Expected | None,
    replay: Replay | None,
    platform: Platform,
    base: MissingBase | None,
) -> Promises:
    """Count what is promised: of a migration what it made in the replay, else what is in the live catalog, else there.

    What belongs to the platform or to a migration tool is not counted.
    """
    promises = settings.config.contract.promises
    numbers = sum(len(one.counts) + len(one.names) + bool(one.migration) for one in promises)
    if not numbers:
        return Promises(0)
    declared = expected.replay if expected else None
    catalog = live.catalog if live else declared.catalog if declared else None
    if catalog is None:
        raise Unavailable(Gap("the promised numbers: there is neither a live database nor a replay to count in"))
    if base and not live:
        raise Unavailable(Gap("the promised numbers: nobody knows what was there before the first migration"))
    settings.progress("counting what was promised")
    made = replay.created if replay else {}
    foreign = (*platform.schemas, *settings.config.ignore_schemas)
    catalog = scoped(catalog, made, foreign)
    replayed = scoped(replay.catalog, made, foreign) if replay else None
    broken: list[Broken] = []
    found: list[Found] = []
    lost: list[tuple[Promise, str]] = []
    failed = {one.origin for one in replay.observations if _may_lack_objects(one)} if replay else set()
    gaps: list[Gap] = []
    for promise in promises:
        file = _file(promise.migration, replay.files) if promise.migration and replay else ""
        if file in failed or (failed and not promise.migration and not live):
            what = promise.name or "the total"
            gaps.append(
                Gap(f"the promised numbers of {what}: statements failed in the replay", location=promise.location)
            )
        elif not promise.migration:
            before = _before(settings.root, promise, made, foreign)
            told = list(_counted(promise, catalog, None, before))
            broken += _broken(promise, told, catalog, None)
            found += [one for one, _ in told]
        elif replayed is None:
            continue
        elif file:
            among = {name for name, place in made.items() if place.path == file}
            told = list(_counted(promise, replayed, among, None))
            broken += _broken(promise, told, replayed, among)
            found += [one for one, _ in told]
        else:
            hint = did_you_mean(
                Path(promise.migration).name, [Path(path).name for path in (replay.files if replay else ())]
            )
            lost.append((promise, f"names the migration {promise.migration}, which is not there{hint}"))
    return Promises(numbers, tuple(broken), made, tuple(lost), tuple(gaps), tuple(found))


@gathers(Budgets, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def compare_times(settings: Settings, replay: Replay | None) -> Budgets:
    """Add up the time that each migration's statements took on the replay."""
    promised = [one for one in settings.config.contract.promises if one.budget_ms is not None]
    if not promised:
        return Budgets()
    if replay is None:
        raise Unavailable(Gap("how long the migrations take: nothing was replayed"))
    exceeded = []
    for promise in promised:
        file = _file(promise.migration, replay.files) if promise.migration else ""
        if promise.migration and not file:
            continue  # that there is no such file is told with the numbers
        took = sum(one.elapsed_ms for one in replay.observations if not file or one.origin == file)
        if took > (promise.budget_ms or 0):
            exceeded.append(promise)
    return Budgets(tuple(promised), tuple(exceeded))


def _may_lack_objects(observation: Observation) -> bool:
    """Whether a statement was not run that could have made or dropped something that is counted."""
    return bool(observation.failure or observation.refused) and observation.node not in _MAKES_NOTHING


def _counted(
    promise: Promise, catalog: Catalog, among: Collection[ObjectName] | None, before: Catalog | None
) -> Iterator[tuple[Found, Counted]]:
    for word, number in promise.counts.items():
        counted = count(word, catalog, promise.schemas, among)
        found = len(counted.names)
        if number.delta and before is not None:
            older = set(count(word, before, promise.schemas).names)
            counted = Counted(tuple(one for one in counted.names if one not in older), counted.left_out)
            found -= len(older)
        yield Found(promise, word, number, found, number.compare.holds(found, number.value)), counted


def _broken(
    promise: Promise,
    told: Iterable[tuple[Found, Counted]],
    catalog: Catalog,
    among: Collection[ObjectName] | None,
) -> Iterator[Broken]:
    kept = dict.fromkeys(promise.names, True)
    for one, counted in told:
        kept[one.word] = one.kept
        if not one.kept:
            lacking, strange = _by_name(promise.names.get(one.word), counted)
            yield Broken(promise, one.word, one.number, one.found, counted, lacking, strange)
    for word, names in promise.names.items():
        counted = count(word, catalog, promise.schemas, among)
        lacking, strange = _by_name(names, counted)
        if kept[word] and lacking:
            number = Number(len(names), promise.location)
            yield Broken(promise, word, number, len(counted.names), counted, lacking, strange)


def _by_name(names: tuple[str, ...] | None, counted: Counted) -> tuple[tuple[str, ...], tuple[ObjectName, ...]]:
    """Return the promised names that were not counted, and what was counted under other names."""
    if names is None:
        return (), ()
    spelled = {name: spellings(name) for name in counted.names}
    there = set().union(*spelled.values()) if spelled else set()
    wanted = {name.replace(" ", "") for name in names}
    return (
        tuple(sorted(name for name in set(names) if name.replace(" ", "") not in there)),
        tuple(name for name, spellings in spelled.items() if not spellings & wanted),
    )


def _file(named: str, files: Collection[str]) -> str:
    """Return the file that a path, or only its name, means."""
    return next((file for file in files if file == named or Path(file).name == named), "")


def _before(root: Path, promise: Promise, made: Collection[ObjectName], foreign: tuple[str, ...]) -> Catalog | None:
    if not promise.before:
        return None
    try:
        text = (root / promise.before).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{promise.location}: the state before, {promise.before}, cannot be read: {error}",
            snapshot_file.TAKE_AGAIN,
        ) from error
    return scoped(snapshot_file.load(text, promise.before), made, foreign)
