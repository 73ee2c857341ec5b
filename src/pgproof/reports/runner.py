"""Logs that a runner of CI reads: no name and no message of a migration becomes a command to it.

GitHub's runner takes a line for a command that begins with `::`, blanks aside, and what follows `##[` anywhere
(actions/runner, ActionCommand.cs); Azure's agent what follows `##vso[`, TeamCity a line with `##teamcity[`. GitLab's
sections begin with control characters, which no report holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_LISTENERS = ("GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION", "GITLAB_CI")
_COMMAND = re.compile(r"^(\s*)(:)(?=:)|(#)(#)(?=\[|vso\[|teamcity\[)", re.MULTILINE | re.IGNORECASE)
_ESCAPES = {"text": "\\x{:02x}", "json": "\\u{:04x}", "xml": "&#{};"}
"""How a character is written in a text for people, in a string of JSON, and in XML."""
_SYNTAX = {
    **dict.fromkeys(("json", "jsonl", "sarif", "github_sarif", "gitlab"), "json"),
    "junit": "xml",
    "github": "",  # these are commands, and escape what is inside of them
}


def harmless(text: str, format_name: str, environment: Mapping[str, str]) -> str:
    """Return the text of a format for standard output or error, as it is unless a runner listens."""
    syntax = _SYNTAX.get(format_name, "text")
    if not syntax or not any(environment.get(name) for name in _LISTENERS):
        return text
    return _COMMAND.sub(lambda found: _escaped(found, _ESCAPES[syntax]), text)


def _escaped(found: re.Match[str], escape: str) -> str:
    blanks, colon, first, second = found.groups()
    return blanks + escape.format(ord(colon)) if colon else first + escape.format(ord(second))
