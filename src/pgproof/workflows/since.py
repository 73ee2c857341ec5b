"""What a revision would be told: the same question as now, to the files as they were."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pgproof.checks import all_checks
from pgproof.checks.run import Ran, run
from pgproof.evidence.ignores import all_ignores
from pgproof.evidence.live import Connection, Live
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers
from pgproof.evidence.store import Evidence
from pgproof.judge.ignoring import Ignoring, resolve
from pgproof.judge.since import Before, found_before
from pgproof.model.errors import UsageError
from pgproof.platforms import Platform
from pgproof.project.revision import Revision, export


class Past:
    """The files of a revision, exported when they are first asked for. A context manager."""

    def __init__(self, revision: Revision) -> None:
        """Export nothing yet."""
        self.revision = revision
        self._stack = ExitStack()
        self._root: Path | None = None

    def root(self) -> Path:
        """Return the project's folder as it was. Raises PgproofError when it cannot be had."""
        if self._root is None:
            folder = self._stack.enter_context(TemporaryDirectory(prefix="pgproof-since-"))
            self._root = export(self.revision, Path(folder))
        return self._root

    def __enter__(self) -> Past:
        """Do nothing."""
        return self

    def __exit__(self, *error: object) -> None:
        """Delete the files."""
        self._stack.close()


def look_back(past: Past, ran: Sequence[Ran], evidence: Evidence, settings: Settings, database: str) -> Before:
    """Run the checks that find something now on the files of the revision; findings are said to be of `database`.

    `evidence` is that of now. The configuration is today's, and so is the live database: it is read once and compared
    with both. What comments ignored there was not reported; that they are well written is nobody's concern any more.

    Raises PgproofError when the files of the revision cannot be had or cannot be checked.
    """
    revision = past.revision
    checks = [one.check for one in ran if one.findings]
    if not checks:
        return Before(str(revision))
    settings.progress(f"checking {revision}")
    root = past.root()
    named = settings.config.migrations or settings.database
    if named and not (root / named).is_dir():
        return Before(str(revision))
    try:
        with Evidence(replace(settings, root=root)) as earlier:
            _share(evidence, earlier, settings)
            found = [found_in(database, one) for one in run(checks, earlier)]
            rules, _ = resolve(all_ignores(earlier), all_checks())
            return found_before(str(revision), found, Ignoring(rules, settings.today))
    except UsageError as error:
        way_out = f"{error.way_out}\nWithout --since everything is checked.".lstrip()
        raise UsageError(f"{revision} cannot be checked: {error.problem}", way_out) from error


def found_in(database: str, ran: Ran) -> Ran:
    """Return what a check said, its findings marked with the database."""
    return replace(ran, findings=tuple(replace(finding, database=database) for finding in ran.findings))


def _share(evidence: Evidence, earlier: Evidence, settings: Settings) -> None:
    """Give `earlier` what does not depend on the files: the live database, and the project's private servers."""
    for part in (Connection, Live):
        if (known := evidence.known(part)) is not None:
            earlier.give(known)
    servers, platform, stack = evidence.known(PrivateServers), earlier.get(Platform), earlier.get(ExitStack)
    assert isinstance(platform, Platform)
    assert isinstance(stack, ExitStack)
    if servers is None or platform != evidence.known(Platform):
        servers = PrivateServers(
            settings, platform, stack
        )  # under the project's own name, so that nothing is left over
    earlier.give(servers)
