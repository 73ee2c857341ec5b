"""Why statements failed in the replay: defects apart from limits of the sandbox, causes apart from effects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pgproof.evidence.chains import Chain, first_that_explains, missing
from pgproof.evidence.decided import decided
from pgproof.evidence.directories import Migrations
from pgproof.evidence.limits import INSUFFICIENT_PRIVILEGE, SYNTAX_ERROR, absent_extension, limit, of_absent_extension
from pgproof.evidence.missing import MissingBase, made_by_files
from pgproof.evidence.part import gathers
from pgproof.evidence.programs import Programs
from pgproof.evidence.wording import counted
from pgproof.migrations.lacking import Lacking
from pgproof.migrations.observation import Failure, Observation, Replay
from pgproof.migrations.replay.limits import allow_more
from pgproof.model import Gap, Location, Method, ObjectName, Proof, Subject
from pgproof.model.name import ROUTINES
from pgproof.model.spelling import near

_MOST = 1 / 3
"""The share of statements from which on what could not be replayed is too much for a verdict."""

_OF_NO_TOOL = frozenset({"numbered", "releases", "schema"})
"""Layouts of which nobody knows that all files are run, each once, in their order."""
_UPGRADES = 1 / 5
"""The share of statements that miss the base from which on what else fails may come of that, too: of files that are
upgrades of a schema kept elsewhere only the text is judged, of a tool's also what they decide by themselves.
"""
_FEW = 10
"""As many statements that miss something are no sign of that."""


_DOUBT = "they fail, and what is assumed may not be so: {}"


@dataclass(frozen=True, slots=True)
class Root:
    """The statement that a migration tool stops at, and what fails because of it or after it in the same file."""

    observation: Observation
    failure: Failure
    caused: tuple[Observation, ...]
    made_later: Location | None = None
    """Where a later statement makes what this one misses."""
    elsewhere: ObjectName | None = None
    """An object of the name that this one misses: in another schema, or with other arguments."""
    meant: str = ""
    """The column that was probably meant by one that does not exist: it has a name much like it in one of the tables
    that the statement mentions.
    """


@dataclass(frozen=True, slots=True)
class Failures:
    """The statements whose failure is a defect of the files; the others are in `gaps`, each reason once.

    `base_is_missing`: the files build on objects that none of them makes.
    """

    roots: tuple[Root, ...]
    server: str
    statements: int
    base_is_missing: bool
    gaps: tuple[Gap, ...] = ()

    def __len__(self) -> int:
        """Return how many statements were replayed."""
        return self.statements


@gathers(Failures, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def sort_failures(replay: Replay, base: MissingBase, migrations: Migrations, programs: Programs) -> Failures:
    """Tell defects from limits of the sandbox and from a missing base, and attach consequences to their causes."""
    absent = frozenset(file.path for file in migrations.directory.files if file.absent)
    orphans = Chain()
    limits: dict[str, Chain] = {}
    roots: list[Chain] = []
    made = made_by_files(replay)
    extensions: list[str] = []
    for observation in replay.observations:
        if not observation.failure and not observation.refused:
            continue
        missed = missing(observation)
        if (missed and base.holds(missed)) or orphans.explains(observation):
            orphans.add(observation)
        elif reason := (
            limit(observation)
            or _of_made_up_schema(missed, replay)
            or of_absent_extension(observation, missed, extensions, made)
            or (missed and missed.name not in made and programs.routine(missed))
        ):
            extensions += filter(None, [absent_extension(observation)])
            limits.setdefault(reason, Chain(reason)).add(observation)
        else:
            chain = first_that_explains((*limits.values(), *roots), observation) or _stopped(roots, observation)
            chain.add(observation)
    if base and len(orphans.members) > max(len(replay) * _UPGRADES, _FEW):
        unknown = {name for _, name in base.names} | {thing.name for thing in base.placed}
        sure = decided(replay.observations, unknown) if migrations.directory.layout not in _OF_NO_TOOL else frozenset()
        upgrades = [root for root in roots if not _is_plain(root.members[0]) and root.members[0].location not in sure]
        roots = [root for root in roots if root not in upgrades]
        for observation in (one for root in upgrades for one in root.members):
            orphans.add(observation)
    doubted = False
    if believed := migrations.directory.assumed:
        standing = _standing(replay, migrations)
        for root in [root for root in roots if _may_be_otherwise(root.members[0], standing)]:
            roots.remove(root)
            doubted = True
            for observation in root.members:
                limits.setdefault(_DOUBT, Chain(_DOUBT.format(believed))).add(observation)
    code = any(not observation.text for observation in replay.observations)
    order = {observation.location: number for number, observation in enumerate(replay.observations)}
    return Failures(
        tuple(_root(chain.members, replay, order) for chain in roots),
        replay.server,
        len(replay),
        bool(base) or doubted,
        (*_base_gap(base, len(orphans.members), code=code), *_limit_gaps(limits.values(), len(replay), absent)),
    )


def _of_made_up_schema(missed: Lacking | None, replay: Replay) -> str:
    """Return why it is no defect that a function or type is not in a schema which no file makes: an extension's."""
    if missed is None or missed.kind not in ("function", "type") or f"schema {missed.schema}" not in replay.assumed:
        return ""
    return f"nothing of the schema {missed.schema} is there, which the migrations use and none of them makes"


def _stopped(roots: list[Chain], observation: Observation) -> Chain:
    """Return the root at which the tool stops before it comes to this statement of the same file; else a new one."""
    before = next((root for root in roots if root.members[0].origin == observation.origin), None)
    if before is None:
        roots.append(before := Chain())
    return before


def _is_plain(observation: Observation) -> bool:
    """Whether the text alone shows the mistake, whatever the database holds."""
    return observation.failure is not None and observation.failure.sqlstate == SYNTAX_ERROR


def _standing(replay: Replay, migrations: Migrations) -> frozenset[str] | None:
    """Return the names, without schemas, of what the schema makes that the migrations are believed to build on.

    `None` when all is believed.
    """
    paths = {file.on_disk for file in migrations.directory.files if file.standing}
    if not paths:
        return None
    made = {part for name, place in replay.created.items() if place.path in paths for part in name.parts[1:2]}
    failed = (o for o in replay.observations if o.failure and o.location.path in paths)
    return frozenset(made.union(name for observation in failed for _, name in observation.mentions))


def _may_be_otherwise(observation: Observation, standing: frozenset[str] | None) -> bool:
    """Whether a statement fails for what is only believed."""
    if _is_plain(observation):
        return False
    return standing is None or any(name in standing for _, name in observation.mentions)


def _root(members: Sequence[Observation], replay: Replay, order: Mapping[Location, int]) -> Root:
    first, *caused = members
    assert first.failure is not None  # what was refused is a limit
    missed = missing(first)
    same = [(name, place) for name, place in replay.created.items() if missed and _is_named(name, missed)]
    later = min((place for _, place in same if order.get(place, -1) > order[first.location]), default=None)
    elsewhere = min((name for name, _ in same), default=None) if missed and not missed.schema and not later else None
    return Root(first, first.failure, tuple(caused), later, elsewhere, _meant(missed, first, replay))


def _meant(missed: Lacking | None, observation: Observation, replay: Replay) -> str:
    if missed is None or missed.kind != "column":
        return ""
    tables = {name for _, name in observation.mentions}
    columns = {o.name.parts[-1] for o in replay.catalog.of("column") if o.name.parts[1] in tables}
    return near(missed.name, columns)


def _is_named(name: ObjectName, missed: Lacking) -> bool:
    if name.kind in ROUTINES:
        return missed.kind == "function" and name.parts[1] == missed.name
    return missed.kind in ("relation", "type") and len(name.parts) == 2 and name.parts[1] == missed.name


def _base_gap(base: MissingBase, orphans: int, *, code: bool) -> Iterable[Gap]:
    """Say what is missing; `code`: migrations that are no SQL may have made it."""
    if not base:
        return
    names = base.relations
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    elsewhere = "".join(f"; {path} defines {count} of them" for path, count in base.elsewhere.items())
    yield Gap(
        f"the migrations build on {counted(len(names), 'table')} that none of them makes{' in SQL' * code} "
        f"({shown}{elsewhere}): {counted(orphans, 'statement')} could not be replayed",
        blocking=True,
        location=base.first,
        way_out="give what was there before them: --base dump.sql (made by pg_dump --schema-only), or --base URL",
    )


def _limit_gaps(limits: Iterable[Chain], statements: int, absent: Collection[str]) -> Iterable[Gap]:
    for chain in limits:
        first, count = chain.members[0], len(chain.members)
        way_out = ""
        if first.failure:
            way_out = allow_more(first.failure.limit)
        elif first.node == "CreateExtensionStmt":
            way_out = 'if it may run on this machine, in pgproof.toml: [replay] extensions = ["…"] (docs/security.md)'
        elif first.origin in absent:
            way_out = "bring the files back, or take them out of the list where no database has run them"
        elif not first.text:
            way_out = 'let the project\'s own tool run them, in pgproof.toml: [replay] command = "…"'
        yield Gap(
            f"{counted(count, 'statement' if first.text else 'migration')}: {chain.reason}",
            blocking=any(map(_is_open, chain.members)) or count > statements * _MOST,
            location=first.location,
            way_out=way_out,
        )


def _is_open(observation: Observation) -> bool:
    """Whether a failure that is put down to the sandbox may be one everywhere: it hit a limit, or was raised."""
    failure = observation.failure
    if failure is None:
        return False
    return bool(failure.limit) or (failure.raised and failure.sqlstate == INSUFFICIENT_PRIVILEGE)
