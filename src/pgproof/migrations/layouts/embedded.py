"""DDL that stands in the strings of a Go or Rust program, which makes its tables itself when it starts.

Looked for where nothing else is found, and used where all of it can be read: a table whose text is put together at run
time, or that an ORM or a file of SQL makes, would be missing. Each program file is a migration: all but the SQL of its
strings is blanked, so that lines and columns stay. What takes something back or is for another database system is left
out. The order is believed, so nothing that fails in it proves anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pgproof.migrations.file import MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.migrations.layout import Layout, Transaction
from pgproof.migrations.reading import system_named
from pgproof.migrations.sections import blank
from pgproof.sql.dialect import dialect

EMBEDDED = "embedded"
ASSUMED = "the SQL in the program's own strings makes its tables, in the order in which it stands there"
_LANGUAGES = (".go", ".rs")
_ASIDE = re.compile(
    r"(?:^|/)(?:[\w-]*tests?|testdata|test[_-]\w+|mocks?|examples?|samples?|demos?|docs?|vendor|third[_-]party|bench(?:es|marks?)?)/"
    r"|_test\.go$|(?:^|/)tests?(?:_\w+)?\.rs$",
    re.IGNORECASE,
)
_SEED = re.compile(r"\bcreate\s+(?:unlogged\s+)?table\b", re.IGNORECASE)
_ALTERS = re.compile(r"\balter\s+table\b", re.IGNORECASE)
_ORM = re.compile(
    r"\bAutoMigrate\(|\.NewCreateTable\(|\bcreate_table_from_entity\b|\bMigratorTrait\b|\bsyncdb\b|\.Sync2?\(new"
)
"""What makes tables of models: gorm, bun, SeaORM, xorm."""
_DRIVER = re.compile(
    r"lib/pq\b|jackc/pgx|driver/postgres|pgdriver|go-pg/pg|tokio.postgres|\bpostgres\s*=|deadpool-postgres|[\"']postgres[\"']"
)
_OTHER_DRIVER = re.compile(r"sqlite|mysql|mariadb|mssql|clickhouse|duckdb", re.IGNORECASE)
_MARKS = re.compile(
    r"\b(?:timestamptz|jsonb|(?:big|small)?serial|bytea|tsvector|plpgsql|gen_random_uuid|with\s+time\s+zone"
    r"|generated\s+(?:always|by\s+default)\s+as\s+identity|create\s+(?:extension|schema|domain|type))\b|::\s*[a-z]|\$\$",
    re.IGNORECASE,
)
_DDL = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/|begin\s*;)*(?:create\b|alter\b|comment\s+on\b|do\s+\$)", re.IGNORECASE | re.DOTALL
)
_QUOTED = re.compile(r"'(?:[^']|'')*'|--[^\n]*")
_VERB = re.compile(r"%(?:\[\d+\])?[a-zA-Z]|\{")
_FORMATS = re.compile(r"(?:Sprintf|format!|formatdoc!|concat!)\s*\($")
_NOT_OURS = re.compile(r"\bcreate\s+(?:database|role|user|(?:(?:global|local)\s+)?temp(?:orary)?)\b", re.IGNORECASE)
_BACK = re.compile(r"down|rollback|revert|undo|test|drop_?all|teardown", re.IGNORECASE)
_TOKEN = {
    ".go": re.compile(
        r"""//[^\n]* | /\*.*?\*/ | '(?:[^'\\\n]|\\.[^'\n]*)' | `(?P<raw>[^`]*)` | "(?P<plain>(?:[^"\\\n]|\\.)*)"
        | (?P<open>[\[({]) | (?P<close>[\])}])""",
        re.DOTALL | re.VERBOSE,
    ),
    ".rs": re.compile(
        r"""//[^\n]* | /\*.*?\*/ | b?'(?:[^'\\\n]|\\[^'\n]*)' | \bb?r(?P<hash>\#*)"(?P<raw>.*?)"(?P=hash)
        | "(?P<plain>(?:[^"\\]|\\.)*)" | (?P<open>[\[({]) | (?P<close>[\])}])""",
        re.DOTALL | re.VERBOSE,
    ),
}
_ESCAPE = re.compile(r"\\(?:x..|u\{?[0-9a-fA-F]*\}?|\r?\n|.)", re.DOTALL)
_QUOTES = {r"\"": ' "', r"\'": " '"}
_NAME = r'(?:only\s+)?(?:if\s+(?:not\s+)?exists\s+)?(?:"?\w+"?\s*\.\s*)?"?(\w+)'
_MAKES = re.compile(rf"\bcreate\s+(?:unlogged\s+)?(?:table|type)\s+{_NAME}", re.IGNORECASE)
_NEEDS = re.compile(rf"\b(?:references|alter\s+table|\bon)\s+{_NAME}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _String:
    """A string of a program: where its text stands, and what the brackets around it and its line say before it."""

    start: int
    end: int
    text: str
    labels: tuple[str, ...]
    joined: bool


def recognise(folder: Folder) -> float:
    """Never by itself: most programs with a CREATE TABLE have migrations, too."""
    return 0.0


def read(folder: Folder) -> MigrationDirectory:
    """Read all programs of a folder and below."""
    files = [file for file in _files(folder) if file.text]
    return MigrationDirectory(folder.path, LAYOUT.name, tuple(_ordered(files)), assumed=ASSUMED)


def embedded(tree: Folder) -> MigrationDirectory | None:
    """Return the DDL of a repository's programs, `None` when they work with no PostgreSQL or make no table."""
    manifests = [
        one.head(name) for one in (tree, *tree.below()) for name in one.files if name in ("go.mod", "Cargo.toml")
    ]
    if not any(map(_DRIVER.search, manifests)):
        return None
    if any(map(_is_made_elsewhere, (tree, *tree.below()))):
        return None
    files = list(_files(tree))
    if any(not file.text for file in files):
        return None
    if any(map(_OTHER_DRIVER.search, manifests)):
        files = [file for file in files if _MARKS.search(file.text)]
    return MigrationDirectory(tree.path, LAYOUT.name, tuple(_ordered(files)), assumed=ASSUMED) if files else None


def _is_made_elsewhere(folder: Folder) -> bool:
    """Whether tables are made by files of SQL, or by an ORM from its models."""
    for name in folder.files:
        if name.endswith(_LANGUAGES) or name.endswith(".sql"):
            made = (_SEED if name.endswith(".sql") else _ORM).search(folder.read(name).text)
            if made and not _ASIDE.search(folder.join(name)):
                return True
    return False


def _files(tree: Folder) -> Iterator[MigrationFile]:
    """Yield the programs that make tables; with no text those of which some table cannot be known."""
    for folder in (tree, *tree.below()):
        for name in folder.files:
            path = folder.join(name)
            if not name.endswith(_LANGUAGES) or _ASIDE.search(path) or system_named(path):
                continue
            text = folder.read(name).text
            if (_SEED.search(text) or _ALTERS.search(text)) and (sql := _sql(name[-3:], text)) is not None:
                yield MigrationFile(path, path, name, sql)


def _sql(language: str, program: str) -> str | None:
    """Return a program with all blanked but its DDL, `None` when it has none, `""` when some of it cannot be known."""
    kept: list[tuple[int, str]] = []
    for one in _strings(language, program):
        if not _DDL.match(one.text) or any(_BACK.search(label) or system_named(_words(label)) for label in one.labels):
            continue
        if _is_whole(one):
            kept.append((one.start, one.text))
        elif (_SEED.search(one.text) or _ALTERS.search(one.text)) and not dialect(one.text):
            return ""
    if not kept:
        return None
    pieces, position = [], 0
    for start, text in kept:
        pieces += [blank(program[position:start]), text]
        position = start + len(text)
        pieces.append("" if text.rstrip().endswith(";") else ";")
        position += not text.rstrip().endswith(";")  # in the place of the quote
    pieces.append(blank(program[position:]))
    return "".join(pieces)


def _is_whole(one: _String) -> bool:
    """Whether a string is DDL for PostgreSQL as it stands."""
    if one.joined or any(map(_FORMATS.search, one.labels)):
        return False
    bare = _QUOTED.sub("''", one.text)
    return not (_VERB.search(bare) or _NOT_OURS.search(bare) or dialect(one.text)) and _parses(one.text)


def _strings(language: str, program: str) -> Iterator[_String]:
    """Yield the strings of a program, escapes in them as blanks."""
    around: list[str] = []
    for found in _TOKEN[language].finditer(program):
        kind = found.lastgroup
        if kind == "open":
            around.append(_label(program, found.end()))
        elif kind == "close" and around:
            around.pop()
        elif kind in ("raw", "plain"):
            text = found[kind] if kind == "raw" else _ESCAPE.sub(_escaped, found[kind])
            before, after = program[: found.start()].rstrip()[-1:], program[found.end() : found.end() + 40].lstrip()[:1]
            labels = (*around, _label(program, found.start()))
            yield _String(found.start(kind), found.end(kind), text, labels, before == "+" or after == "+")


def _escaped(found: re.Match[str]) -> str:
    sequence = found[0]
    return _QUOTES.get(sequence) or (blank(sequence) if "\n" in sequence else " " * len(sequence))


def _label(program: str, offset: int) -> str:
    """Return what stands before an offset in its line, back to the last comma."""
    line = program[program.rfind("\n", 0, offset) + 1 : offset]
    return line.rpartition(", ")[2]


def _words(label: str) -> str:
    """Return a label with its words apart, as a path has them."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|\W+", "/", label)


def _parses(text: str) -> bool:
    from pgproof.sql.parse import SyntaxProblem, parse

    try:
        return bool(parse(text))
    except SyntaxProblem:
        return False


def _ordered(files: Sequence[MigrationFile]) -> Iterator[MigrationFile]:
    """Yield files after those that make what they name, as far as that goes, and else by their paths."""
    waiting = sorted(files, key=lambda file: file.path)
    made = {file.path: set(_MAKES.findall(file.text)) for file in waiting}
    while waiting:
        missing = {
            file.path: set().union(*(made[other.path] for other in waiting if other is not file)) for file in waiting
        }
        ready = [file for file in waiting if not (set(_NEEDS.findall(file.text)) & missing[file.path])]
        first = ready[0] if ready else waiting[0]
        waiting.remove(first)
        yield replace(first, version=first.path)


LAYOUT = Layout(EMBEDDED, recognise, read, Transaction.STATEMENT)
