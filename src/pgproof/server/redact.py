"""Passwords do not appear: not in messages, not in reports, not in logs."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

MASK = "***"

# Hostile text must not make a search take the square of its length: each pattern begins where a word does, and ends
# soon (an access token in place of a password has some 2,000 characters).

# The user part of a URL up to its *last* `@`: a password that was not percent-encoded may hold one itself.
_USER_PART = re.compile(r"(?P<before>(?<![a-z0-9+.-])[a-z0-9+.-]+://[^\s:@/'\"]*):[^\s'\"]{0,4000}@", re.IGNORECASE)
_QUERY = re.compile(r"(?P<key>(?<=[?&])[^=&?\s'\"]+)=(?P<value>[^&\s'\"]*)")
_QUOTED = r"'(?:[^'\\]|\\.|'')*'?|\"(?:[^\"\\]|\\.)*\"?"
_KEY_VALUE = re.compile(
    rf"(?P<key>(?<!\w)\w*(?:password|passwd|pwd)[\"']?\s*[=:]\s*)(?P<value>{_QUOTED}|[^\s&,;]+)", re.IGNORECASE
)
_SQL = re.compile(
    rf"(?P<key>\bpassword\s+(?:e|u&)?)(?P<value>{_QUOTED}|(\$\w*\$).{{0,4000}}?\3)", re.IGNORECASE | re.DOTALL
)


def redact(text: str, *secrets: str) -> str:
    """Return `text` without passwords: in URLs, after `password=`, in SQL's `password '…'`; `secrets` as such."""
    for secret in sorted({form for known in secrets for form in _spellings(known)}, key=len, reverse=True):
        text = text.replace(secret, MASK)
    text = _USER_PART.sub(rf"\g<before>:{MASK}@", text)
    text = _QUERY.sub(_masked_parameter, text)
    text = _SQL.sub(rf"\g<key>'{MASK}'", text)
    return _KEY_VALUE.sub(rf"\g<key>{MASK}", text)


def _masked_parameter(found: re.Match[str]) -> str:
    """Libpq decodes the names of parameters too: `pass%77ord` is one."""
    return f"{found['key']}={MASK}" if "password" in unquote(found["key"]).lower() else found[0]


def _spellings(secret: str) -> set[str]:
    return {secret, quote(secret), quote(secret, safe=""), unquote(secret)} - {""}
