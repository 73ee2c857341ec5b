"""The platform that the project runs on: named by the configuration, or recognised by its files."""

from __future__ import annotations

from pathlib import Path

from pgproof.evidence.directories import Directories
from pgproof.evidence.part import gathers
from pgproof.evidence.settings import Settings
from pgproof.platforms import PLAIN, Platform, load, recognise


@gathers(Platform, None)
def choose_platform(settings: Settings, directories: Directories) -> Platform:
    """Load the platform's preset; a project that shows no platform gets the plain one.

    In a repository of several packages, the package around the migrations shows it.
    """
    if settings.config.platform:
        return load(settings.config.platform)
    around = Path(directories.found[0].path).parents if directories.found else (Path(),)
    shown = (recognise(settings.root / folder) for folder in around)
    return load(next((name for name in shown if name != PLAIN), PLAIN))
