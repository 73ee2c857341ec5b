"""The migrations replayed: all of them, and those that the live database records as applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pgproof.evidence.directories import COMMAND, Migrations
from pgproof.evidence.history import History
from pgproof.evidence.limits import limit
from pgproof.evidence.part import gathers
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers, ReplayServer
from pgproof.evidence.versions import depends_on_version
from pgproof.migrations.base import read_base
from pgproof.migrations.file import MigrationFile
from pgproof.migrations.layouts import layouts
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.task import STATEMENT_LIMIT_S, Task
from pgproof.migrations.stored import Memory
from pgproof.model import Gap, Location, Method, Proof, Subject
from pgproof.platforms import Platform
from pgproof.server.binaries import Installation
from pgproof.server.folders import subfolder


@dataclass(frozen=True, slots=True)
class Replayer:
    """What a replay depends on besides the files.

    `task` puts a replay of some files together; its second argument are the paths of files before which the state is
    kept, the third the server. `memory` holds what earlier runs saw.
    """

    task: Callable[[Sequence[MigrationFile], frozenset[str], Installation], Task]
    memory: Memory | None
    settings: Settings
    servers: PrivateServers

    def replay(self, task: Task) -> Replay:
        """Recall what an earlier run saw when nothing has changed since; otherwise replay."""
        known = self.memory.load(task.key) if self.memory else None
        return self.again(task) if known is None else known

    def again(self, task: Task) -> Replay:
        """Replay in any case, so that the database is at hand."""
        from pgproof.migrations.replay.replay import replay

        shadow = self.servers.shadow(task.installation)
        self.settings.progress(f"replaying {len(task.files)} migrations")
        result = replay(task, shadow, self.memory)
        if self.memory:
            self.memory.save(task.key, result)
        return result


@dataclass(frozen=True, slots=True)
class Expected:
    """What the live database should be: the replay of the migrations that it records as applied.

    `task` runs them again; there is none for the project's own command.
    """

    replay: Replay
    installation: Installation
    task: Task | None = None

    def __len__(self) -> int:
        """Return the number of objects."""
        return len(self.replay.catalog)


@gathers(Replayer, None)
def prepare_replay(settings: Settings, migrations: Migrations, platform: Platform, servers: PrivateServers) -> Replayer:
    """Read the configuration, and the base that was given."""
    config = settings.config
    base = read_base(settings.base, config.encoding) if settings.base else None

    def task(files: Sequence[MigrationFile], cut_before: frozenset[str], installation: Installation) -> Task:
        return Task(
            settings.root,
            tuple(files),
            layouts()[migrations.directory.layout].transaction,
            installation,
            platform,
            base,
            encoding=config.encoding,
            limit_s=config.statement_timeout_ms / 1000 if config.statement_timeout_ms else STATEMENT_LIMIT_S,
            cut_before=cut_before,
        )

    return Replayer(task, Memory(subfolder("replays")) if settings.use_cache else None, settings, servers)


@gathers(Replay, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def replay_all(
    migrations: Migrations, server: ReplayServer, replayer: Replayer, platform: Platform, history: History | None
) -> Replay:
    """Replay every migration, keeping the state before the first one that is pending.

    When nothing says which major the project runs on and a statement fails for what a version may lack, the other
    majors at hand are tried: what works on one of them is no defect of the files.
    """
    files, config = migrations.directory.files, replayer.settings.config
    if config.replay_command:
        return _by_command(replayer, server.installation)
    pending = frozenset(file.path for file in history.pending) if history else frozenset()
    best = replayer.replay(replayer.task(files, pending, server.installation))
    for installation in server.alternatives:
        if not any(map(depends_on_version, best.observations)):
            break
        other = replayer.replay(replayer.task(files, pending, installation))
        if defects(other) >= defects(best):
            break
        best = other
    return replace(best, gaps=(*best.gaps, *_assumptions(best, platform)))


def _assumptions(replay: Replay, platform: Platform) -> Iterator[Gap]:
    """Say what was made up, and which extensions were none; those that the platform itself brings go without saying."""
    if replay.assumed:
        yield Gap(f"assumed: {', '.join(replay.assumed)}; the migrations use them, and none of them makes them")
    standins = sorted(set(replay.standins).difference(platform.extensions))
    if standins:
        yield Gap(f"what these extensions do: {', '.join(standins)}; stand-ins with their names and types took part")


def _by_command(replayer: Replayer, installation: Installation) -> Replay:
    from pgproof.migrations.command import Command, replay_command

    root, config = replayer.settings.root, replayer.settings.config
    shadow = replayer.servers.shadow(installation)
    replayer.settings.progress(f"running {config.replay_command}")
    return replay_command(
        Command(config.replay_command, root, Location(config.path), config.replay_environment), shadow
    )


def defects(replay: Replay) -> int:
    """Count the statements that failed, and not for a limit of the sandbox."""
    return sum(observation.failure is not None and not limit(observation) for observation in replay.observations)


@gathers(Expected, Proof(Method.READ, (Subject.REPLAY,)))
def replay_applied(
    migrations: Migrations, server: ReplayServer, replayer: Replayer, replay: Replay, history: History | None
) -> Expected:
    """Replay what is recorded as applied; without a history table everything is taken as applied."""
    if migrations.directory.layout == COMMAND:
        return Expected(replay, server.installation)
    applied = history.applied if history and history.pending else migrations.directory.files
    task = replayer.task(applied, frozenset(), server.installation)
    return Expected(replayer.replay(task) if history and history.pending else replay, server.installation, task)
