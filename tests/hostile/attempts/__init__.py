"""The attempts, by what they are after."""

from tests.hostile.attempt import Attempt
from tests.hostile.attempts import code, files, recorder, rights, settings

ALL: dict[str, tuple[Attempt, ...]] = {
    "A superuser's rights": rights.ATTEMPTS,
    "Code that a superuser would run": code.ATTEMPTS,
    "Files, programs and other servers": files.ATTEMPTS,
    "The record of who made what": recorder.ATTEMPTS,
    "Later sessions and later runs": settings.ATTEMPTS,
}
