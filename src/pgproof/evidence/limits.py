"""What a replay cannot do although nothing is wrong with the files."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from pgproof.evidence.scope import BOOKKEEPING
from pgproof.migrations.lacking import Lacking, lacking
from pgproof.migrations.observation import Failure, Observation
from pgproof.migrations.replay.limits import NO_KEY
from pgproof.migrations.replay.placeholders import is_filled
from pgproof.platforms.known import known_with

STAND_IN = "PGP99"
INSUFFICIENT_PRIVILEGE = "42501"
SYNTAX_ERROR = "42601"
_STRING_OR_COMMENT = re.compile(r"'(?:[^']|'')*'|--[^\n]*")
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|%\(\w+\)s|@\w+(?::\w+)?@|@\w+\.\w")
_BRACES = re.compile(r"\{\w+\}")
_COLON = re.compile(r"(?<![:\w]):[A-Z][A-Z\d_]+\b")
"""What graphile-migrate and others fill in: `:DATABASE_OWNER`."""
_TEMPLATE_COMMENT = re.compile(r"/\*\s*TEMPLATE\b")
_NO_EXTENSION = re.compile(r'extension "(.+)" is not available|could not open extension control file')
_NO_ACCESS_METHOD = re.compile(r'access method "(.+)" does not exist')
_NAMESPACE = re.compile(r'unrecognized parameter namespace "(.+)"')
_SETTING = re.compile(r'unrecognized configuration parameter "(.+\..+)"')
_UNSET = re.compile(r"\(psql's variable (.+) is not set\)|there is no file :(\w+)")
_CREATES_EXTENSION = re.compile(
    r"""\s*create\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"(?P<quoted>[^"]+)"|(?P<plain>[\w$]+))""", re.IGNORECASE
)
_ELSEWHERE = re.compile(r"(?:^|\n)(?!\d+ objects? in database )")
"""A line of a detail that names something in the same database."""


def limit(observation: Observation) -> str:
    """Return why the sandbox and not the file is to blame for a failure, or `""`."""
    failure = observation.failure
    if failure is None:
        return observation.refused
    if failure.sqlstate == STAND_IN:
        return failure.message
    if failure.limit == NO_KEY:
        return f"{failure.message} (on the private server, or by a limit that the migrations set)"
    if failure.limit:
        return failure.message
    if failure.sqlstate == INSUFFICIENT_PRIVILEGE:
        return f"{failure.message} in the sandbox, where migrations are no superuser"
    if _NO_EXTENSION.search(failure.message) or failure.message == "ICU is not supported in this build":
        return failure.message
    if method := _NO_ACCESS_METHOD.fullmatch(failure.message):
        return f"the extension of the access method {method[1]} is not available"
    if namespace := _NAMESPACE.fullmatch(failure.message):
        return f"the extension {namespace[1]} is not there, or in part only"
    if failure.message.endswith("SQL script executed by CREATE EXTENSION"):
        return "the file is the script of an extension, which CREATE EXTENSION runs"
    if failure.message.startswith("cannot perform COPY FREEZE"):
        return "COPY FREEZE in a transaction of which each statement is tried by itself"
    if setting := _SETTING.fullmatch(failure.message):
        return f"the setting {setting[1]} is not made by the files: whoever runs them gives it"
    if unset := _UNSET.search(failure.message):
        return f"psql's variable {unset[1] or unset[2]} is not set by the files: whoever runs them gives it"
    if observation.node == "DropRoleStmt" and not _ELSEWHERE.search(failure.detail):
        return f"{failure.message}: objects in another database of the private server"
    missing = lacking(failure.sqlstate, failure.message)
    if missing and missing.kind == "language":
        return f"{missing.name} is not available"
    if missing and (extensions := known_with(missing.kind, missing.schema, missing.name)):
        return f"the extension {extensions[0]} is not there, or in part only"
    if missing is None and failure.sqlstate != SYNTAX_ERROR and (extensions := _in_part(observation)):
        return f"the extension {extensions[0]} is not there, or in part only"
    if missing and missing.name in BOOKKEEPING:
        return "the migration tool's own table is not there in a replay"
    if _is_template(observation.text, failure):
        return "the text is a template that some program fills in"
    return ""


def _in_part(observation: Observation) -> tuple[str, ...]:
    """Return the extensions of which a statement calls functions that the stand-in may have in another form."""
    found = (known_with("function", "", name) for _, name in observation.mentions)
    return next(filter(None, found), ())


def _is_template(text: str, failure: Failure) -> bool:
    """Whether a placeholder is what the server stumbled over: one in a string is data, unless the message quotes it."""
    if _TEMPLATE_COMMENT.search(text) or _TEMPLATE.search(failure.message) or is_filled(text):
        return True
    if failure.sqlstate != SYNTAX_ERROR:
        return False
    code = _STRING_OR_COMMENT.sub("", text)
    if failure.message.endswith('near ":"'):
        return _COLON.search(code) is not None
    return bool(_TEMPLATE.search(code) or (failure.message.endswith('near "{"') and _BRACES.search(code)))


def absent_extension(observation: Observation) -> str:
    """Return the extension that a statement would have created and that cannot be had here, or `""`."""
    if observation.node != "CreateExtensionStmt" or not limit(observation):
        return ""
    named = _CREATES_EXTENSION.match(observation.text)
    return (named["quoted"] or named["plain"].lower()) if named else ""


def of_absent_extension(
    observation: Observation, missed: Lacking | None, extensions: Sequence[str], made: Collection[str]
) -> str:
    """Return why it is no defect that a statement misses what none of the files makes, or `""`.

    `extensions` are those that the files before would have created; `made` are the names of what the files make.
    """
    if not extensions or missed is None or missed.kind not in OF_EXTENSIONS or missed.name in made:
        return ""
    if missed.kind == "function" and observation.node in USES_OWN_ROUTINES:
        return ""
    return f"{' or '.join(extensions)}, which is not available, may have what they need"


OF_EXTENSIONS = frozenset(
    {"access method", "function", "operator", "operator class", "operator family", "schema"}
    | {"text search object", "type"}
)
"""Kinds of objects that mostly come with extensions."""
USES_OWN_ROUTINES = frozenset(
    {"AlterFunctionStmt", "AlterOwnerStmt", "CommentStmt", "CreateTrigStmt", "DropStmt", "GrantStmt"}
)
"""Statements in which an unqualified function that does not exist is the project's own."""
