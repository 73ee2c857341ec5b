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


def look_back(revision: Revision, ran: Sequence[Ran], evidence: Evidence, settings: Settings) -> Before:
    """Run the checks that find something now on the files of `revision`.

    `evidence` is that of now. The configuration is today's, and so is the live database: it is read once and compared
    with both. What comments ignored there was not reported; that they are well written is nobody's concern any more.

    Raises PgproofError when the files of the revision cannot be had or cannot be checked.
    """
    checks = [one.check for one in ran if one.findings]
    if not checks:
        return Before(str(revision))
    settings.progress(f"checking {revision}")
    with TemporaryDirectory(prefix="pgproof-since-") as folder:
        root = export(revision, Path(folder))
        if settings.config.migrations and not (root / settings.config.migrations).is_dir():
            return Before(str(revision))
        try:
            with Evidence(replace(settings, root=root)) as earlier:
                _share(evidence, earlier, settings)
                found = run(checks, earlier)
                rules, _ = resolve(all_ignores(earlier), all_checks())
                return found_before(str(revision), found, Ignoring(rules, settings.today))
        except UsageError as error:
            way_out = f"{error.way_out}\nWithout --since everything is checked.".lstrip()
            raise UsageError(f"{revision} cannot be checked: {error.problem}", way_out) from error


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
