"""The platform that the project runs on: named by the configuration, or recognised by its files."""

from __future__ import annotations

from pathlib import Path

from pgproof.evidence.directories import Directories
from pgproof.evidence.part import gathers
from pgproof.evidence.settings import Settings
from pgproof.platforms import PLAIN, Platform, load, recognise, recognise_by_use


@gathers(Platform, None)
def choose_platform(settings: Settings, directories: Directories) -> Platform:
    """Load the platform's preset; a project that shows no platform gets the plain one.

    In a repository of several packages, the package around the migrations shows it, or what they use.
    """
    if settings.config.platform:
        return load(settings.config.platform)
    if not directories.found:
        return load(recognise(settings.root))
    used = directories.found[0]
    shown = (recognise(settings.root / folder) for folder in Path(used.path).parents)
    named = next((name for name in shown if name != PLAIN), None)
    return load(named or recognise_by_use([file.text for file in used.files]))
