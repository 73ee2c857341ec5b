"""What was there before the first migration (`--base`): a dump, a snapshot file or a live database."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from pgproof.catalog import file as snapshot_file
from pgproof.catalog.object import Catalog
from pgproof.model.errors import UsageError
from pgproof.sql.bytes import decode

_URL = re.compile(r"[a-z][\w+:]*://", re.IGNORECASE)
_CUSTOM_FORMAT = b"PGDMP"
_TAR = b"ustar"  # at byte 257
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Base:
    """`script` is the text of a dump, `catalog` a schema that was read: one of them is there.

    `name` says where it came from, without a password; `digest` changes with what it holds.
    """

    name: str
    digest: str
    script: str = ""
    catalog: Catalog | None = None


def read_base(source: str, encoding: str = "utf-8", what: str = "base") -> Base:
    """Read a base: the path of a plain dump or of a snapshot, or the URL of a database; messages call it `what`.

    Raises
    ------
    UsageError
        There is no such file, or it is none of these.
    PgproofError
        The database cannot be read.
    """
    return _of_database(source) if _URL.match(source) else _of_file(Path(source), encoding, what)


def _of_file(path: Path, encoding: str, what: str) -> Base:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"cannot read the {what} {path}: {error.strerror}.",
            "It may be a dump (pg_dump --schema-only), a snapshot file (pgproof snapshot) or a URL.",
        ) from error
    _require_plain(content, path, what)
    decoded = decode(content, encoding)
    if decoded.problem:
        raise UsageError(f"cannot read the {what} {path}: {decoded.problem}.", decoded.way_out)
    digest = hashlib.sha256(content).hexdigest()
    if decoded.text.lstrip().startswith("{"):
        return Base(str(path), digest, catalog=snapshot_file.load(decoded.text, str(path)))
    return Base(str(path), digest, script=decoded.text)


def _require_plain(content: bytes, path: Path, what: str) -> None:
    archive = "custom" if content.startswith(_CUSTOM_FORMAT) else "tar" if content.startswith(_TAR, 257) else ""
    if archive:
        raise UsageError(
            f"the {what} {path} is a dump in the {archive} format.",
            f"Make a plain one of it: pg_restore --schema-only -f {what}.sql {path}",
        )
    if content.startswith(_GZIP):
        raise UsageError(f"the {what} {path} is compressed.", f"Unpack it: gunzip < {path} > {what}.sql")


def _of_database(url: str) -> Base:
    from pgproof.catalog import snapshot
    from pgproof.server.live import connect

    with connect(url) as session:
        catalog = snapshot.read(session)
        name = str(session.target)
    return Base(name, hashlib.sha256(snapshot_file.dump(catalog).encode()).hexdigest(), catalog=catalog)
