"""Files that are written for another database system: told only by what PostgreSQL's grammar has no place for."""

from __future__ import annotations

import re

_QUIET = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.|'')*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
_MERGE_TREE = (
    r"(?:Replicated|Shared)?(?:Replacing|Summing|Aggregating|Collapsing|VersionedCollapsing|Graphite)?MergeTree"
)
_FLAGS = re.IGNORECASE | re.MULTILINE
_EVIDENCE = {
    "ClickHouse": re.compile(rf"\bengine\s*=?\s*{_MERGE_TREE}\b|\bLowCardinality\s*\(", _FLAGS),
    "MySQL": re.compile(r"\bengine\s*=\s*(?:InnoDB|MyISAM|MEMORY|Aria|NDB)\b|\bauto_increment\b", _FLAGS),
    "SQLite": re.compile(
        r"\bautoincrement\b|^\s*pragma\s+\w+|\bwithout\s+rowid\b|\bcreate\s+virtual\s+table\b|\)\s*strict\s*[,;]",
        _FLAGS,
    ),
    "Cassandra": re.compile(r"\bwith\s+clustering\s+order\s+by\b|\bcreate\s+keyspace\b", _FLAGS),
    "SQL Server": re.compile(r"^\s*go\s*$|\[dbo\]\s*\.|\bidentity\s*\(\s*1\s*,\s*1\s*\)|\bnvarchar\s*\(", _FLAGS),
    "Oracle": re.compile(r"\bvarchar2\s*\(", _FLAGS),
    "MySQL or SQLite": re.compile(
        r"^\s*\w+\s+(?:tiny|medium|long)?blob\b|^\s*\w+\s+datetime\b|(?:\btable|\binto|\bupdate|\bfrom|\bexists|\bon)\s+`[^`\n]+`|`[^`\n]+`\s+(?:text|integer|varchar|int)\b",
        _FLAGS,
    ),
}
_POSTGRESQL = re.compile(
    r"\bplpgsql\b|\bjsonb\b|\btimestamptz\b|\bcreate\s+extension\b|\brow\s+level\s+security\b", _FLAGS
)


def is_postgresql(text: str) -> bool:
    """Say whether a script has what only PostgreSQL understands. Most scripts have neither this nor another's."""
    return _POSTGRESQL.search(text) is not None


def dialect(text: str) -> str | None:
    """Return the database system that a script is written for, when it is certainly not PostgreSQL; else `None`."""
    if is_postgresql(text):
        return None
    code = _QUIET.sub(" ", text)
    return next((name for name, evidence in _EVIDENCE.items() if evidence.search(code)), None)
