"""What a configuration may not decide alone where it may be a stranger's: in CI, the job has to allow it.

A pull request brings its own `pgproof.toml`. What that may do to the machine and not only to the private server (run a
program, create an extension that leaves the sandbox) is done in CI only if the job's environment names it too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pgproof.model.errors import UsageError
from pgproof.project.ci import in_ci
from pgproof.project.config import Config

VARIABLE = "PGPROOF_ALLOW"
COMMAND = "command"
"""The word that allows `[replay] command`; any other word is the name of an extension."""


def require_allowed(config: Config, environment: Mapping[str, str]) -> None:
    """Raise UsageError when this is CI and the configuration asks for something that the job does not allow."""
    if not in_ci(environment):
        return
    allowed = set(re.split(r"[\s,]+", environment.get(VARIABLE, "")))
    asked = {name: f'extensions = ["{name}"]' for name in config.replay_extensions}
    if config.replay_command:
        asked[COMMAND] = f'command = "{config.replay_command}"'
    missing = sorted(asked.keys() - allowed)
    if missing:
        raise UsageError(
            f"{config.path} says [replay] {asked[missing[0]]}, which this job does not allow",
            "In CI the configuration may be a stranger's. If the job has no secrets and its machine is thrown away,\n"
            f'set its variable {VARIABLE} to "{" ".join(sorted(asked))}" (docs/security.md).',
        )
