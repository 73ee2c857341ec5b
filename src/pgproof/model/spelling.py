"""What a misspelt word may have meant."""

from __future__ import annotations

from collections.abc import Iterable

_SHORT = 4
"""Names with fewer letters are too alike by chance."""
_PERHAPS = 0.65
_PROBABLY = 0.75
"""The share of letters that two names have in common from which on one may be, or probably is, the other."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `, did you mean "x"?` for the known word that is nearest to `word`, or nothing when none is near."""
    from difflib import get_close_matches

    by_folded = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), by_folded, n=1, cutoff=_PERHAPS)
    return f', did you mean "{by_folded[near[0]]}"?' if near else ""


def near(word: str, known: Iterable[str]) -> str:
    """Return the known word that is so near to `word` that it was probably meant, or `""`."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=_PROBABLY)), "")


def slip(word: str, known: Iterable[str]) -> str:
    """Return the known word that `word` is with one letter too many, missing, wrong or swapped with the next, or `""`.

    A number in a name is no letter: `log_2025_01` and `log_2025_02` are two names, and so are very short words.
    """
    return min((other for other in known if _one_letter_apart(word, other)), default="")


def _one_letter_apart(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1 or len(shorter) < _SHORT or one == other:
        return False
    start = next((n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    left, right = shorter[start:], longer[start:]
    if any(letter.isdigit() for letter in (*left[:1], *right[:1])):
        return False
    if len(left) < len(right):
        return left == right[1:]
    return left[1:] == right[1:] or (left[2:] == right[2:] and left[:2] == right[1::-1])
