"""Bytes to text."""

from __future__ import annotations

import codecs

import pytest

from pgproof.sql.bytes import decode


def test_utf8_is_read_and_its_mark_is_stripped() -> None:
    assert decode("select 'é';\r\n".encode()) == ("select 'é';\r\n", "", "")
    assert decode(codecs.BOM_UTF8 + b"select 1;").text == "select 1;"


def test_a_byte_that_is_not_utf8_is_named_with_its_line() -> None:
    decoded = decode(b"select 1;\nselect '\xe9';\n")
    assert decoded.text == ""
    assert decoded.problem == "byte 0xE9 at line 2 is not UTF-8"
    assert "latin1" in decoded.way_out


def test_a_configured_encoding_is_used() -> None:
    assert decode("select 'é';".encode("latin1"), "latin1").text == "select 'é';"
    assert decode("select 1;".encode("utf-16"), "utf-16").text == "select 1;"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_recognised(encoding: str) -> None:
    mark = codecs.BOM_UTF16_LE if encoding.endswith("le") else codecs.BOM_UTF16_BE
    decoded = decode(mark + "select 1;".encode(encoding))
    assert decoded.text == ""
    assert f"mark of {encoding.upper()}" in decoded.problem
    assert f"iconv -f {encoding.upper()}" in decoded.way_out


def test_a_nul_is_refused() -> None:
    assert decode(b"select 1;\n\0select 2;").problem == "it has a NUL character at line 2"
