"""Which checks are asked for: beginnings of codes, or names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pgproof.checks import all_checks
from pgproof.checks.check import Check
from pgproof.model.errors import UsageError
from pgproof.model.spelling import did_you_mean


def parse_selection(option: str, given: Sequence[str]) -> tuple[str, ...]:
    """Return the patterns of an option that may be repeated and holds commas.

    Raises UsageError for one that fits no check: it would select, or ignore, nothing.
    """
    patterns = [pattern.strip() for text in given for pattern in text.split(",") if pattern.strip()]
    for pattern in patterns:
        require_known(option, pattern)
    return tuple(patterns)


def require_known(where: str, pattern: str) -> None:
    """Raise UsageError, naming `where` it was said, when `pattern` is no check's name and begins no check's code."""
    checks = all_checks()
    if not any(check.code.startswith(pattern.upper()) or check.name == pattern for check in checks):
        families = {check.family for check in checks}
        hint = did_you_mean(pattern, (*families, *words(checks)))
        raise UsageError(f'{where}: no check is called "{pattern}"{hint}', "pgproof explain --list shows all checks.")


def find_check(word: str) -> Check:
    """Return the check with this code or name. Raises UsageError, saying what was probably meant."""
    checks = all_checks()
    for check in checks:
        if word.upper() == check.code or word.lower() == check.name:
            return check
    below = [check.code for check in checks if check.code.startswith(word.upper())]
    hint = f"; {word} is the beginning of {', '.join(below)}" if below else did_you_mean(word, words(checks))
    raise UsageError(f'no check is called "{word}"{hint}', "pgproof explain --list shows all checks.")


def words(checks: Iterable[Check]) -> list[str]:
    """Return all codes and names."""
    return [word for check in checks for word in (check.code, check.name)]
