"""How the features of the contract stand, as far as a catalog and a server tell; rows are `contract_rows`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from pgproof.catalog.object import Catalog
from pgproof.contract.access import ask_access
from pgproof.contract.answer import HOLDS, Answer, State, fails
from pgproof.contract.contract import Contract, Feature, Question, Said
from pgproof.contract.judge import judge
from pgproof.contract.judge_columns import ROWS
from pgproof.contract.judge_objects import TYPES
from pgproof.contract.need import Need, Privilege, Retired, States, Together
from pgproof.contract.schema import PUBLIC, RELATIONS, ROUTINES, Schema
from pgproof.contract.standing import Standing, stand
from pgproof.evidence.contract_code import OF_CODE, Obeyed
from pgproof.evidence.contract_copies import Copies
from pgproof.evidence.contract_rows import Kept
from pgproof.evidence.contract_trial import Trial
from pgproof.evidence.contract_tried import Tried
from pgproof.evidence.live import Connection, Live
from pgproof.evidence.missing import MissingBase
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.replay import Expected
from pgproof.evidence.settings import Settings
from pgproof.evidence.wording import counted
from pgproof.migrations.observation import Replay
from pgproof.model import Gap, Location, ObjectName
from pgproof.platforms.members import extensions_with

NOTHING_TO_READ = Gap("the contract: there is neither a live database nor a replay to judge it on")

Missed = tuple[str, Said | Question, Answer]
"""The feature, what it needs, and what became of that."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Needs that fail for one reason: `cause` is the object, `items` what was asked of it and what came of it.

    `missing`: the object itself is not there. `made_at` is where a migration makes what is missing, which has not
    reached the live database. `executed`: it was tried on rows, and went through.
    """

    cause: ObjectName | None
    items: tuple[Missed, ...]
    missing: bool = False
    made_at: Location | None = None
    executed: bool = False

    @property
    def required(self) -> bool:
        """Whether a feature cannot do without one of them."""
        return any(said.required for _, said, _ in self.items)

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the features, sorted."""
        return tuple(sorted({name for name, _, _ in self.items}))


@dataclass(frozen=True, slots=True)
class Features:
    """How every feature stands, what is missing, each cause once, and files that are named and not there."""

    items: tuple[Standing, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    lost_files: tuple[tuple[Feature, str], ...] = ()
    schema: Schema | None = None
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return the number of needs."""
        return sum(len(one.answers) for one in self.items)


@gathers(Features, None)
def judge_features(
    settings: Settings,
    live: Live | None,
    connection: Connection | None,
    replay: Replay | None,
    expected: Expected | None,
    copies: Copies | None,
    kept: Kept | None,
    obeyed: Obeyed | None,
    tried: Tried | None,
    base: MissingBase | None,
) -> Features:
    """Judge each need on the live catalog, else on the replayed one; one that differs in spelling only, on a server."""
    contract = settings.config.contract
    if not contract.features:
        return Features()
    settings.progress("judging the contract")
    catalog = live.catalog if live else expected.replay.catalog if expected else None
    if catalog is None:
        raise Unavailable(NOTHING_TO_READ)
    schema = Schema(
        catalog,
        frozenset() if live or not expected else expected.replay.unknown,
        incomplete=bool(base) and not live,
        brought=members_in(catalog),
    )
    said = [one for feature in contract.features for one in feature.needs]
    answers = judge_all((one.need for one in said), schema, copies)
    for need, answer in _access(answers, schema, connection, copies, of_live=live is not None).items():
        answers[need] = answer
    trials = tried.trials if tried else {}
    answers |= {need: _seen(need, answers[need], trial) for need, trial in trials.items()}
    answers |= {one: _joined(one, answers[one], of_code) for one, of_code in (obeyed.answers if obeyed else {}).items()}
    by_said: dict[Said | Question, Answer] = {one: answers[one.need] for one in said}
    for one, answer in kept.answers.items() if kept else ():
        if isinstance(one, Question) or (one in by_said and by_said[one].state is not State.FAILS):
            by_said[one] = answer
    for feature in contract.features:
        for question in feature.questions:
            by_said.setdefault(question, ROWS)
    standings = stand(contract.features, by_said)
    shortfalls = _shortfalls(standings, schema, replay if live else None, trials, kept.answers if kept else ())
    lost = tuple(
        (feature, file)
        for feature in contract.features
        for file in feature.files
        if not (settings.root / file).exists()
    )
    return Features(standings, shortfalls, lost, schema, tuple(_gaps(contract, standings)))


def members_in(catalog: Catalog) -> Callable[[str, str, str], str]:
    """Return what tells which installed extension makes an object of a kind, in a schema, of a name; `""`: none."""
    installed = {name.parts[0] for name in catalog.objects if name.kind == "extension"}

    def brought(kind: str, schema: str, name: str) -> str:
        of = "relation" if kind in RELATIONS else "function" if kind in ROUTINES else "type" if kind in TYPES else kind
        searched = "" if schema == PUBLIC else schema
        return next((one for one in extensions_with(of, searched, name) if one in installed), "")

    return brought


def judge_all(needs: Iterable[Need], schema: Schema, copies: Copies | None) -> dict[Need, Answer]:
    """Return the answer to each need; spellings that the grammar does not decide are asked of a private server."""
    answers = {need: judge(need, schema) for need in needs}
    if schema.asked and copies is not None:
        from pgproof.contract.canonical import answers as ask

        with copies.replayed() as database, database.connect() as session:
            schema.canonical = {**schema.canonical, **ask(schema.asked, session)}
        answers = {need: judge(need, schema) for need in answers}
    return answers


def _access(
    answers: Mapping[Need, Answer],
    schema: Schema,
    connection: Connection | None,
    copies: Copies | None,
    *,
    of_live: bool,
) -> Mapping[Privilege, Answer]:
    """Ask who may do what: the live server, else a private one with the replayed schema."""
    needs = [need for need in answers if isinstance(need, Privilege)]
    if not needs:
        return {}
    if connection is not None:
        return ask_access(needs, schema, connection.session)
    if of_live or copies is None:
        return {}  # a snapshot file has neither roles nor memberships
    with copies.replayed() as database, database.admin() as session:
        return ask_access(needs, schema, session)


def _shortfalls(
    standings: Iterable[Standing],
    schema: Schema,
    replay: Replay | None,
    trials: Mapping[Need, Trial],
    asked: Collection[Said | Question],
) -> tuple[Shortfall, ...]:
    by_cause: dict[tuple[ObjectName | None, Need | None], list[Missed]] = {}
    for standing in standings:
        for said, answer in standing.answers:
            if answer.state is not State.FAILS or not isinstance(said, Said):
                continue
            missing = answer.cause is not None and answer.cause not in schema.catalog.objects
            if _by_trial(said.need, answer, trials) or missing or not _told_elsewhere(said, answer, asked):
                key = (answer.cause, None if missing else said.need)
                by_cause.setdefault(key, []).append((standing.feature.name, said, answer))
    declared = Schema(replay.catalog) if replay and by_cause else None
    found = [
        Shortfall(
            cause,
            tuple(items),
            need is None,
            _made_at(items, cause, declared, replay),
            need is not None and _by_trial(need, items[0][2], trials),
        )
        for (cause, need), items in by_cause.items()
    ]
    return tuple(sorted(found, key=lambda one: (str(one.cause), one.items[0][1].location)))


def _seen(need: Need, of_catalog: Answer, trial: Trial) -> Answer:
    """Return what a need comes to that was tried on rows. What holds rows to the states is the catalog's matter."""
    if isinstance(need, States) and of_catalog.state is State.FAILS:
        return of_catalog
    if trial.problem:
        return fails(trial.cause, trial.problem)
    return HOLDS if trial.held and (of_catalog == ROWS or not isinstance(need, States)) else of_catalog


def _by_trial(need: Need, answer: Answer, trials: Mapping[Need, Trial]) -> bool:
    return need in trials and bool(answer.problem) and trials[need].problem == answer.problem


def _told_elsewhere(said: Said, answer: Answer, asked: Collection[Said | Question]) -> bool:
    """Whether the check of rows, when the live database was asked, or that of the code tells it."""
    return said in asked or (isinstance(said.need, OF_CODE) and answer.cause is None)


def _joined(need: Need, of_catalog: Answer, of_code: Answer) -> Answer:
    """Return what a need comes to that the catalog and the code have a say in.

    Who uses a retired name, and who writes two columns, only the code tells; what a table lets in, the catalog first.
    """
    if of_catalog.state is State.FAILS:
        return of_catalog
    if of_code.state is State.FAILS or isinstance(need, Retired | Together):
        return of_code
    return of_catalog


def _made_at(
    items: Iterable[tuple[str, Said | Question, Answer]],
    cause: ObjectName | None,
    declared: Schema | None,
    replay: Replay | None,
) -> Location | None:
    """Return where the migrations make what is missing in the live database, when all of it holds in the replay."""
    if declared is None or replay is None or cause is None:
        return None
    needs = [said.need for _, said, _ in items if isinstance(said, Said)]
    if any(isinstance(need, Privilege) or judge(need, declared).state is not State.HOLDS for need in needs):
        return None
    table = ObjectName("table", cause.parts[:2])
    return replay.origins.get(cause) or replay.origins.get(table)


def _gaps(contract: Contract, standings: Iterable[Standing]) -> Iterable[Gap]:
    unknown = [
        (standing.feature.name, said, answer)
        for standing in standings
        for said, answer in standing.answers
        if answer.state is State.UNKNOWN and not answer.blocking and answer != ROWS
    ]
    by_reason: dict[str, list[str]] = {}
    for name, _, answer in unknown:
        by_reason.setdefault(answer.problem, []).append(name)
    for reason, names in sorted(by_reason.items()):
        features = ", ".join(sorted(set(names))[:3]) + " …" * (len(set(names)) > 3)
        yield Gap(f"{counted(len(names), 'need')} of {features}: {reason}")
