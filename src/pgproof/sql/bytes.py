"""Bytes of an SQL file to text: one encoding, nothing guessed, nothing replaced."""

from __future__ import annotations

import codecs
from typing import NamedTuple

_UTF16 = {codecs.BOM_UTF16_LE: "UTF-16-LE", codecs.BOM_UTF16_BE: "UTF-16-BE"}


class Decoded(NamedTuple):
    """`text` with its byte order mark stripped, or `problem`: what is wrong, to follow "cannot read <path>: "."""

    text: str
    problem: str = ""
    way_out: str = ""


def decode(content: bytes, encoding: str = "utf-8") -> Decoded:
    """Return the text of `content` in `encoding` (a Python codec's name), or why it is none.

    A UTF-8 byte order mark is stripped. Line ends stay as they are. NUL is refused: PostgreSQL has no such character
    and the parser would stop there in silence.
    """
    for mark, name in _UTF16.items():
        if content.startswith(mark) and not codecs.lookup(encoding).name.startswith("utf-16"):
            return Decoded(
                "",
                f"it begins with the byte order mark of {name}; psql and every migration tool read UTF-8",
                f"Convert the file: iconv -f {name} -t UTF-8",
            )
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Decoded(
            "",
            f"byte 0x{content[error.start]:02X} at line {line} is not {_spelled(encoding)}",
            "Convert the file (iconv -f latin1 -t utf8), "
            'or set encoding = "latin1" for this directory in pgproof.toml.',
        )
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return Decoded("", f"it has a NUL character at line {line}", "Remove the character: PostgreSQL refuses it.")
    return Decoded(text)


def _spelled(encoding: str) -> str:
    return {"utf-8": "UTF-8", "iso8859-1": "Latin-1"}.get(codecs.lookup(encoding).name, encoding)
