"""What of a statement is really sent: settings that would blind the replay, and names of the database, are replaced."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pgproof.migrations.replay.transactions import Runnable
from pgproof.sql.quote import identifier
from pgproof.sql.step import Broken

_BLINDS = re.compile(r"set\s+(?:session\s+|local\s+)?(?:client_min_messages|client_encoding|names)\b", re.IGNORECASE)
_ISOLATES = re.compile(r"set\s+transaction\s+(?!snapshot\b)", re.IGNORECASE)
"""It must come before any query, and pgproof's own come first; what one session makes, it makes on every level."""
_SCHEMA = re.compile(r"\bschema\s+(?:\"(?:[^\"]|\"\")+\"|[\w$]+)", re.IGNORECASE)
_NAMES_DATABASE = {
    "AlterDatabaseSetStmt": "alter",
    "AlterDatabaseStmt": "alter",
    "AlterOwnerStmt": "alter",
    "AlterRoleSetStmt": "in",
    "CommentStmt": "on",
    "GrantStmt": "on",
}
_DATABASE = {
    word: re.compile(rf"\b{word}\s+database\s+(\"(?:[^\"]|\"\")+\"|[\w$]+)", re.IGNORECASE)
    for word in set(_NAMES_DATABASE.values())
}


def text_of(step: Runnable) -> str:
    """Return a step's SQL as it stands in the file."""
    return step.text if isinstance(step, Broken) else step.statement.text


def sent(step: Runnable, database: str, extension_schemas: Mapping[str, str]) -> str:
    """Return the text that is sent for a step.

    `SET client_min_messages` would hide "already exists, skipping", `SET client_encoding` is for a text that was not
    decoded yet, and `SET TRANSACTION ISOLATION LEVEL` comes too late: none changes what is made, so none is sent. What
    a statement says of the database by its name (`ALTER DATABASE app SET …`) it says of the one that it runs in. The
    extensions of `extension_schemas` are made there, whatever it says.
    """
    if isinstance(step, Broken):
        return step.text
    text, node = step.statement.text, step.statement.node
    if node == "VariableSetStmt" and (_BLINDS.match(text) or _ISOLATES.match(text)):
        return ""
    if node == "CreateExtensionStmt" and (schema := extension_schemas.get(step.statement.tree[node]["extname"])):
        return _SCHEMA.sub(f"schema {identifier(schema)}", text)
    word = _NAMES_DATABASE.get(node)
    named = _DATABASE[word].search(text) if word else None
    return f"{text[: named.start(1)]}{identifier(database)}{text[named.end(1) :]}" if named else text
