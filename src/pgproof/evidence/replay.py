"""The migrations replayed: all of them, and those that the live database records as applied."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pgproof.evidence.directories import COMMAND, Migrations
from pgproof.evidence.history import History
from pgproof.evidence.limits import limit
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.search_path import SearchPath, likely_paths
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers, ReplayServer
from pgproof.evidence.versions import depends_on_version
from pgproof.migrations.base import read_base
from pgproof.migrations.file import MigrationFile
from pgproof.migrations.layouts import layouts
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.limits import Limits
from pgproof.migrations.replay.placeholders import placeholders
from pgproof.migrations.replay.task import Task
from pgproof.migrations.stored import Memory
from pgproof.model import Gap, Location, Method, Proof, Subject
from pgproof.platforms import Platform
from pgproof.project.allowed import require_allowed
from pgproof.project.config import Config
from pgproof.server.binaries import Installation
from pgproof.server.folders import subfolder

_SHOWN = 5
_PATH_IS_KNOWN = frozenset({"supabase"})
"""Layouts whose tool connects with a search path of its own: what is not found there is not found."""


@dataclass(frozen=True, slots=True)
class Replayer:
    """What a replay depends on besides the files.

    `task` puts a replay of some files together; its second argument are the paths of files before which the state is
    kept, the third the server, the fourth the search path of the session. `memory` holds what earlier runs saw.
    """

    task: Callable[[Sequence[MigrationFile], frozenset[str], Installation, str], Task]
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
    require_allowed(config, os.environ)
    base = read_base(settings.base, config.encoding) if settings.base else None

    def task(
        files: Sequence[MigrationFile], cut_before: frozenset[str], installation: Installation, search_path: str
    ) -> Task:
        return Task(
            settings.root,
            tuple(files),
            layouts()[migrations.directory.layout].transaction,
            installation,
            platform,
            base,
            encoding=config.encoding,
            allow=frozenset(config.replay_extensions),
            limits=_limits(config),
            cut_before=cut_before,
            search_path=search_path,
        )

    return Replayer(task, Memory(subfolder("replays")) if settings.use_cache else None, settings, servers)


def _limits(config: Config) -> Limits:
    """Return what the configuration says of limits, and the defaults of the rest."""
    said: dict[str, Any] = {
        "statement_s": config.statement_timeout_ms and config.statement_timeout_ms / 1000,
        "replay_s": config.replay_timeout_ms and config.replay_timeout_ms / 1000,
        "disk_bytes": config.disk_bytes,
        "output_bytes": config.output_bytes,
        "objects": config.objects,
    }
    return Limits(**{name: value for name, value in said.items() if value})


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
        made = _by_command(replayer, server.installation)
        for gap in made.gaps:
            if gap.blocking:  # the command did not come here: nothing is known of what it makes
                raise Unavailable(gap)
        return made
    pending = frozenset(file.path for file in history.pending) if history else frozenset()
    best = replayer.replay(replayer.task(files, pending, server.installation, config.search_path))
    for installation in server.alternatives:
        if not any(map(depends_on_version, best.observations)):
            break
        other = replayer.replay(replayer.task(files, pending, installation, config.search_path))
        if (defects(other), _failures(other)) < (defects(best), _failures(best)):
            best = other
    path = None
    if not config.search_path and migrations.directory.layout not in _PATH_IS_KNOWN:
        for likely in likely_paths(best, replayer.settings.root, migrations.directory.path, platform.schemas):
            other = replayer.replay(replayer.task(files, pending, server.installation, likely.value))
            if defects(other) < defects(best):
                best, path = other, likely
    return replace(
        best,
        gaps=(*best.gaps, *_placeholders(files), *_assumptions(best, platform, path)),
        search_path=path.value if path else config.search_path,
    )


def _placeholders(files: Sequence[MigrationFile]) -> Iterator[Gap]:
    if found := placeholders(file.text for file in files):
        shown = ", ".join(found[:_SHOWN]) + " …" * (len(found) > _SHOWN)
        yield Gap(f"assumed: {shown} stand{'s' * (len(found) == 1)} for the schema public; whoever runs the files says")


def _assumptions(replay: Replay, platform: Platform, path: SearchPath | None) -> Iterator[Gap]:
    """Say what was made up, and which extensions were none; those that the platform itself brings go without saying."""
    if path:
        yield Gap(
            f"assumed: search_path = {path.value}; the project speaks of one here, and names are found by it alone",
            location=path.location,
            way_out=f"say what the project's connection sets, in pgproof.toml: [replay] search_path = {path.value!r}",
        )
    if replay.assumed:
        yield Gap(f"assumed: {', '.join(replay.assumed)}; the migrations use them, and none of them makes them")
    standins = sorted(set(replay.standins).difference(platform.extensions))
    if standins:
        yield Gap(f"what these extensions do: {', '.join(standins)}; stand-ins with their names and types took part")


def _by_command(replayer: Replayer, installation: Installation) -> Replay:
    from pgproof.migrations.command import LIMIT_S, Command, replay_command

    root, config = replayer.settings.root, replayer.settings.config
    shadow = replayer.servers.shadow(installation)
    replayer.settings.progress(f"running {config.replay_command}")
    return replay_command(
        Command(
            config.replay_command,
            root,
            Location(config.path),
            config.replay_environment,
            config.replay_timeout_ms / 1000 if config.replay_timeout_ms else LIMIT_S,
        ),
        shadow,
    )


def defects(replay: Replay) -> int:
    """Count the statements that failed, and not for a limit of the sandbox."""
    return sum(observation.failure is not None and not limit(observation) for observation in replay.observations)


def _failures(replay: Replay) -> int:
    """Count all statements that failed: a build that has ICU is better than one that has not."""
    return sum(observation.failure is not None for observation in replay.observations)


@gathers(Expected, Proof(Method.READ, (Subject.REPLAY,)))
def replay_applied(
    migrations: Migrations, server: ReplayServer, replayer: Replayer, replay: Replay, history: History | None
) -> Expected:
    """Replay what is recorded as applied; without a history table everything is taken as applied."""
    if migrations.directory.layout == COMMAND:
        return Expected(replay, server.installation)
    applied = history.applied if history and history.pending else migrations.directory.files
    task = replayer.task(applied, frozenset(), server.installation, replay.search_path)
    return Expected(replayer.replay(task) if history and history.pending else replay, server.installation, task)
