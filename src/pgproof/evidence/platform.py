"""The platform that the project runs on: named by the configuration, or recognised by its files."""

from __future__ import annotations

from pgproof.evidence.part import gathers
from pgproof.evidence.settings import Settings
from pgproof.platforms import Platform, load, recognise


@gathers(Platform, None)
def choose_platform(settings: Settings) -> Platform:
    """Load the platform's preset; a project that shows no platform gets the plain one."""
    return load(settings.config.platform or recognise(settings.root))
