"""What migration tools record of a file's content, and how they compute it: exactly, each with its source.

A function takes the migrations in their order, each with the bytes of its file, and returns what a record of each may
say. A file that is not in the answer has no checksum that could be told.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Mapping, Sequence

from pgproof.migrations.changesets import changesets
from pgproof.migrations.changesets import checksums as checksums_of
from pgproof.migrations.file import MigrationFile

Contents = Sequence[tuple[MigrationFile, bytes]]
Digests = Mapping[str, frozenset[str]]

_BOM = b"\xef\xbb\xbf"
_PLACEHOLDER = b"${"


def flyway(contents: Contents) -> Digests:
    """CRC-32 of the lines without their ends, as a signed integer (flyway-core: ChecksumCalculator.java).

    A repeatable migration is summed up after its placeholders were replaced: with one in it nobody knows.
    """
    return {
        file.path: frozenset({_crc_of_lines(content)})
        for file, content in contents
        if not (file.version == file.path.rpartition("/")[2] and _PLACEHOLDER in content)
    }


def _crc_of_lines(content: bytes) -> str:
    crc = 0
    for line in re.split(rb"\r\n|\r|\n", content.removeprefix(_BOM)):
        crc = zlib.crc32(line, crc)
    return str(crc - (1 << 32) if crc >> 31 else crc)


def prisma(contents: Contents) -> Digests:
    """SHA-256 with any line ends (prisma-engines: schema-connector/src/checksum.rs); old ones lack leading zeros."""
    found: dict[str, frozenset[str]] = {}
    for file, content in contents:
        digests = [hashlib.sha256(text).digest() for text in _with_any_line_ends(content)]
        unpadded = ("".join(f"{byte:x}" for byte in digest) for digest in digests)
        found[file.path] = frozenset({*(digest.hex() for digest in digests), *unpadded})
    return found


def drizzle(contents: Contents) -> Digests:
    """SHA-256 of the file's text (drizzle-orm: src/migrator.ts)."""
    return {file.path: _hashes("sha256", content) for file, content in contents}


def sqlx(contents: Contents) -> Digests:
    """SHA-384 of the file's text (sqlx-core: src/migrate/migration.rs), as PostgreSQL writes a bytea."""
    return {file.path: frozenset(f"\\x{digest}" for digest in _hashes("sha384", content)) for file, content in contents}


def sqitch(contents: Contents) -> Digests:
    """SHA-1 of the deploy script (App::Sqitch::Plan::Change, script_hash)."""
    return {file.path: _hashes("sha1", content) for file, content in contents}


def _hashes(algorithm: str, content: bytes) -> frozenset[str]:
    return frozenset(
        hashlib.new(algorithm, text, usedforsecurity=False).hexdigest() for text in _with_any_line_ends(content)
    )


def _with_any_line_ends(content: bytes) -> tuple[bytes, ...]:
    """Return the content as git may have checked it out where it was applied: its line ends say nothing."""
    unix = content.replace(b"\r\n", b"\n")
    return content, unix, unix.replace(b"\n", b"\r\n")


def atlas(contents: Contents) -> Digests:
    """SHA-256 over the names and contents of all files up to this one (ariga.io/atlas: sql/migrate, NewHashFile)."""
    found: dict[str, frozenset[str]] = {}
    so_far = hashlib.sha256()
    for file, content in contents:
        so_far.update(file.path.rpartition("/")[2].encode())
        so_far.update(content)
        found[file.path] = frozenset({base64.b64encode(so_far.copy().digest()).decode()})
    return found


def liquibase(contents: Contents) -> Digests:
    """MD5 of each changeset (see `changesets`); a file that is not UTF-8 cannot be told."""
    found: dict[str, frozenset[str]] = {}
    for file, content in contents:
        text = content.removeprefix(_BOM).decode("utf-8", "replace")
        own = file.version.rpartition("/")[2].partition("::")[2]
        for one in changesets(text):
            if "\ufffd" not in text and (not own or own == f"{one.id}::{one.author}"):
                found[file.path] = checksums_of(one)
    return {path: digests for path, digests in found.items() if digests}
