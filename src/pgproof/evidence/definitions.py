"""Every CREATE TABLE of the repository's migration directories, as written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pgproof.evidence.directories import Directories
from pgproof.evidence.part import gathers
from pgproof.migrations.file import MigrationFile
from pgproof.model import Location, Method, Proof, Subject

_SQL_NAMES = {
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "serial": "integer",
    "bigserial": "bigint",
    "smallserial": "smallint",
    "bool": "boolean",
    "float4": "real",
    "float8": "double precision",
    "varchar": "character varying",
    "bpchar": "character",
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
    "timetz": "time with time zone",
    "time": "time without time zone",
}


@dataclass(frozen=True, slots=True)
class Definition:
    """One CREATE TABLE: its names as written, its columns with their types (`""` for a type with a modifier that only
    the server can spell), and the directory and place it stands in.
    """

    directory: str
    location: Location
    schema: str
    table: str
    columns: tuple[tuple[str, str], ...]
    if_not_exists: bool


@dataclass(frozen=True, slots=True)
class Definitions:
    """All definitions in the order of the directories and files."""

    items: tuple[Definition, ...]

    def __len__(self) -> int:
        """Return the number of definitions."""
        return len(self.items)


@gathers(Definitions, Proof(Method.PARSED, (Subject.FILES,)))
def find_definitions(directories: Directories) -> Definitions:
    """Parse the files of every directory that mention CREATE TABLE; what does not parse is the replay's matter."""
    return Definitions(
        tuple(
            definition
            for directory in directories.found
            for file in directory.files
            for definition in _definitions(directory.path, file)
        )
    )


def _definitions(directory: str, file: MigrationFile) -> Iterator[Definition]:
    from pgproof.sql.problem import SyntaxProblem
    from pgproof.sql.split import split

    if "table" not in file.text.lower():
        return
    try:
        statements = split(file.text)
    except SyntaxProblem:
        return
    for statement in statements:
        if statement.node == "CreateStmt":
            tree = statement.tree["CreateStmt"]
            relation = tree["relation"]
            yield Definition(
                directory,
                Location(file.on_disk, statement.line, statement.column),
                relation.get("schemaname", ""),
                str(relation["relname"]),
                tuple(_columns(tree)),
                tree.get("if_not_exists", False),
            )


def _columns(create: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for element in create.get("tableElts", ()):
        if column := element.get("ColumnDef"):
            yield column["colname"], _type(column.get("typeName", {}))


def _type(tree: dict[str, Any]) -> str:
    names = [name["String"]["sval"] for name in tree.get("names", ())]
    if tree.get("typmods") or len(names) > 2 or (len(names) == 2 and names[0] != "pg_catalog") or not names:
        return ""
    name: str = names[-1]
    return _SQL_NAMES.get(name, name) + "[]" * len(tree.get("arrayBounds", ()))
