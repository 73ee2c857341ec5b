"""What a misspelt word may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `, did you mean "x"?` for the known word that is nearest to `word`, or nothing when none is near."""
    from difflib import get_close_matches

    by_folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), by_folded, n=1)
    return f', did you mean "{by_folded[near[0]]}"?' if near else ""
