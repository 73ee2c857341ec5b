"""psql's meta-commands: names, arguments, variables (manual, page of psql; psqlscanslash.l)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from pgproof.sql.lexer import Reference, reference
from pgproof.sql.quote import literal

INCLUDES = frozenset({"i", "include"})
RELATIVE_INCLUDES = frozenset({"ir", "include_relative"})
CONDITIONS = frozenset({"if", "elif", "else", "endif"})
SENDS = frozenset({"g", "gx"})
_SHOWS = frozenset(
    {"?", "C", "H", "T", "a", "conninfo", "copyright", "crosstabview", "drds", "echo", "encoding", "errverbose", "f"}
    | {"gdesc", "h", "help", "html", "l", "list", "p", "print", "pset", "qecho", "sf", "sf+", "sv", "sv+", "t"}
    | {"timing", "warn", "x", "z"}
)
_DESCRIBES = re.compile(r"d[A-Za-z]{0,3}[S+x]*|l[+x]*")
_REFUSED = {
    ".": "ends the data of a COPY, and there is none",
    "!": "runs a command of the shell",
    "bind": "binds parameters, which pgproof does not send",
    "c": "connects to another database",
    "cd": "changes the directory that files are read from",
    "connect": "connects to another database",
    "e": "opens an editor",
    "edit": "opens an editor",
    "ef": "opens an editor",
    "ev": "opens an editor",
    "g": "writes to a file or a command",
    "getenv": "reads the environment",
    "gexec": "runs what a query returns",
    "gset": "sets variables to what a query returns",
    "gx": "writes to a file or a command",
    "lo_import": "reads a file into a large object",
    "o": "writes to a file or a command",
    "out": "writes to a file or a command",
    "password": "asks for a password",
    "prompt": "asks a person",
    "setenv": "changes the environment",
    "w": "writes a file",
    "watch": "repeats a query for ever",
    "write": "writes a file",
}
_NAME = re.compile(r"\\([^\s\\]*)")
_BLANKS = " \t\r\f\v"
_SPACE = re.compile(rf"[{_BLANKS}]*")
_PLAIN = re.compile(rf"[^{_BLANKS}\n'`\":\\]+|:")
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)|''")
_LETTERS = {"n": "\n", "t": "\t", "b": "\b", "r": "\r", "f": "\f"}


class Arguments(NamedTuple):
    """The arguments of a meta-command, the offset after them, and why they cannot be had (`""`: they can)."""

    values: list[str]
    end: int
    refusal: str = ""


def command_name(text: str, backslash: int) -> tuple[str, int]:
    """Return the name of the meta-command at a backslash, and the offset after it."""
    matched = _NAME.match(text, backslash)
    name = matched.group(1) if matched else ""
    if name[:1] in {"!", ";"}:  # these need no space after them
        name = name[0]
    return name, backslash + 1 + len(name)


def is_command(name: str) -> bool:
    """Say whether a word after a backslash may be meant as a command at all."""
    return name[:1].isalpha() or name in {"!", "?", ";", "."}


def refusal(name: str, values: list[str]) -> str:
    """Return why a meta-command is not run, `""` for one that only shows something."""
    if name in {"o", "out"} and not values:
        return ""
    if name in _REFUSED:
        return f"\\{name} {_REFUSED[name]}"
    if name in _SHOWS or _DESCRIBES.fullmatch(name):
        return ""
    return f"\\{name} is not known to pgproof"


def value_of(found: Reference, variables: Mapping[str, str]) -> str | None:
    """Return what stands for a reference to a variable, `None` when the variable is not set and the text stays."""
    value = variables.get(found.name)
    if found.how == "test":
        return "FALSE" if value is None else "TRUE"
    if value is None or found.how == "plain":
        return value
    return literal(value) if found.how == "literal" else '"' + value.replace('"', '""') + '"'


def truth(value: str) -> bool | None:
    """Return what psql takes a condition for, `None` when it is neither true nor false."""
    word = value.strip().lower()
    for spelling, meaning in (("true", True), ("false", False), ("yes", True), ("no", False)):
        if word and spelling.startswith(word):
            return meaning
    return {"on": True, "off": False, "of": False, "1": True, "0": False}.get(word)


def line_end(text: str, position: int) -> int:
    """Return the offset of the newline at or after `position`, or the text's end."""
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def arguments(text: str, start: int, variables: Mapping[str, str]) -> Arguments:
    r"""Read the arguments of a meta-command from `start` to the end of the line, or to an unquoted backslash.

    In single quotes `''` and C-like escapes are understood; variables are replaced outside of quotes. A backquote would
    run a command of the shell: it is never run. `\\` ends the arguments and is taken.
    """
    stop = line_end(text, start)
    values: list[str] = []
    position = _after_space(text, start, stop)
    while position < stop and text[position] != "\\":
        value = ""
        while position < stop and text[position] not in _BLANKS and text[position] != "\\":
            quote = text[position]
            if quote == "`":
                return Arguments(values, stop, "runs a command of the shell (backquotes)")
            if quote in "'\"":
                closing = _closing(text, position, stop)
                if closing < 0:
                    return Arguments(values, stop, "has an unterminated quoted string")
                inner = text[position + 1 : closing]
                value += _unescaped(inner) if quote == "'" else f'"{inner}"'
                position = closing + 1
                continue
            found = reference(text, position) if quote == ":" else None
            replaced = value_of(found, variables) if found else None
            if found and replaced is not None:
                value += replaced
                position = found.end
                continue
            plain = _PLAIN.match(text, position, stop)
            if not plain:
                raise AssertionError(f"no argument at {position}")
            value += plain.group()
            position = plain.end()
        values.append(value)
        position = _after_space(text, position, stop)
    return Arguments(values, position + 2 if text.startswith("\\\\", position) else position)


def _after_space(text: str, position: int, stop: int) -> int:
    matched = _SPACE.match(text, position, stop)
    return matched.end() if matched else position


def _closing(text: str, opening: int, stop: int) -> int:
    """Return the offset of the quote that closes the one at `opening` before `stop`, or -1."""
    quote = text[opening]
    position = opening + 1
    while position < stop:
        if text[position] == "\\" and quote == "'":
            position += 2
        elif text[position] != quote:
            position += 1
        elif quote == "'" and text.startswith("''", position) and position + 1 < stop:
            position += 2
        else:
            return position
    return -1


def _unescaped(inner: str) -> str:
    def replaced(escape: re.Match[str]) -> str:
        code = escape.group()
        if code == "''":
            return "'"
        if code[1] == "x" and len(code) > 2:
            return chr(int(code[2:], 16))
        if code[1] in "01234567":
            return chr(int(code[1:], 8) & 0xFF)
        return _LETTERS.get(code[1], code[1])

    return _ESCAPE.sub(replaced, inner)
