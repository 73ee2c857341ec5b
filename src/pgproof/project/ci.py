"""Whether this is a job of CI, where the project may be a stranger's pull request."""

from __future__ import annotations

from collections.abc import Mapping

_VARIABLES = ("CI", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION")
_OFF = {"", "0", "false", "no", "off"}


def in_ci(environment: Mapping[str, str]) -> bool:
    """Whether the environment says so: nearly every service sets CI; Azure, Jenkins and TeamCity have their own."""
    return any(environment.get(name, "").lower() not in _OFF for name in _VARIABLES)
