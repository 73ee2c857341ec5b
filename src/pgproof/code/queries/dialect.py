"""SQL of other database systems: by what PostgreSQL's grammar has no place for, by imports, and by folders."""

from __future__ import annotations

import re
from collections.abc import Mapping

_STRINGS = re.compile(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_FLAGS = re.IGNORECASE

_SYNTAX: Mapping[str, re.Pattern[str]] = {
    "SQLite": re.compile(
        r"""\binsert\s+or\s+(?:replace|ignore|abort|fail|rollback)\b | \bautoincrement\b | \bpragma\s+\w+
        | \bsqlite_(?:master|schema|sequence|version)\b | \bstrftime\s*\( | \bjulianday\s*\( | \bunixepoch\s*\(
        | \b(?:date|datetime|time)\s*\(\s*'' | \blast_insert_rowid\s*\( | \bwithout\s+rowid\b | \bglob\s+''
        | \bjson_extract\s*\( | \bcreate\s+virtual\s+table\b | \bwhere\s+rowid\b | \bvacuum\s+into\b
        | \bdatetime\s*\( | \btypeof\s*\( | \bhex\s*\(\s*randomblob | \bmatch\s+'' | \bindexed\s+by\b""",
        _FLAGS | re.VERBOSE,
    ),
    "MySQL": re.compile(
        r"""\bon\s+duplicate\s+key\b | \bauto_increment\b | \breplace\s+into\b | \binsert\s+ignore\b
        | \blimit\s+[\d?]+\s*,\s*[\d?] | \bengine\s*=\s*(?:innodb|myisam|memory)\b | \bcurdate\s*\(
        | \bdate_(?:sub|add|format)\s*\(
        | \bunix_timestamp\s*\( | \bfrom_unixtime\s*\( | \blast_insert_id\s*\( | \binterval\s+[\d?]+\s+[a-z]+
        | \bfind_in_set\s*\( | \bshow\s+(?:tables|databases|columns)\b | \bstraight_join\b | \bregexp\s+''
        | \bupdate\s+\w+\s+(?:\w+\s+)?(?:inner\s+|left\s+)?join\b | \bstr_to_date\s*\( | \bsql_calc_found_rows\b""",
        _FLAGS | re.VERBOSE,
    ),
    "MySQL or SQLite": re.compile(r"\bifnull\s*\(|\bgroup_concat\s*\(|\bdatediff\s*\(|\brand\s*\(\s*\)", _FLAGS),
    "SQL Server": re.compile(
        r"""\bselect\s+(?:distinct\s+)?top\s*[(\d] | \bgetdate\s*\( | \[\w+\]\.\[ | \bwith\s*\(\s*nolock\s*\)
        | \bisnull\s*\( | \bscope_identity\s*\( | \boutput\s+inserted\. | \bcross\s+apply\b | \bouter\s+apply\b
        | \bsys\.(?:tables|columns|objects|databases)\b | \bdateadd\s*\( | \bselect\s+@@\w+ | \bn?varchar\s*\(\s*max""",
        _FLAGS | re.VERBOSE,
    ),
    "Oracle": re.compile(
        r"\bfrom\s+dual\b|\brownum\b|\bsysdate\b|\bnvl\s*\(|\bconnect\s+by\b|\bvarchar2\b|\(\+\)", _FLAGS
    ),
    "ClickHouse": re.compile(
        r"""\bfinal\b(?=\s*(?:where|prewhere|group|order|limit|\)|\Z)) | \bprewhere\b | \barray\s+join\b
        | (?<![\w.])(?:count|sum|avg|any|min|max|uniq|multi)?if\s*\( | \bformat\s+json\w+ | \bglobal\s+in\b
        | \bto(?:startof\w+|date(?:time)?(?:64)?|u?int\d+|string|unixtimestamp|float\d+|yyyymm\w*|hour|timezone)\s*\(
        | \buniq(?:exact|combined)?\s*\( | \barg(?:max|min)\s*\( | \bquantiles?(?:exact|tdigest)?\s*\(
        | \{\s*\w+\s*:\s*\w+ | \bsettings\s+\w+\s*= | \bengine\s*=?\s*\w*mergetree | \blimit\s+\d+\s+by\b
        | \bsystem\.(?:tables|columns|parts|query_log|merges|mutations|settings|numbers)\b | \bon\s+cluster\b
        | \bgrouparray\s*\( | \bhasany\s*\( | \bcount\s*\(\s*\)""",
        _FLAGS | re.VERBOSE,
    ),
    "BigQuery": re.compile(
        r"\bsafe_cast\s*\(|\bstruct\s*<|\btimestamp_trunc\s*\(|\bqualify\b|\b_table_suffix\b|\bsafe_divide\s*\("
        r"|\bapprox_\w+\s*\(|\bexcept\s*\(\s*\w+|\bparse_(?:date|timestamp)\s*\(",
        _FLAGS,
    ),
    "DuckDB": re.compile(
        r"\bread_(?:parquet|csv\w*|json\w*)\s*\(|\bfrom\s+''|\binstall\s+\w+\s*;|\battach\s+''|\bdescribe\s+select"
        r"|\bselect\s+\*\s+(?:exclude|replace)\b|\bstrptime\s*\(|\blist_(?:value|contains|aggregate|transform)\s*\(|\bduckdb_\w+\s*\(",
        _FLAGS,
    ),
    "Snowflake": re.compile(r"\blateral\s+flatten\b|\bparse_json\s*\(|\biff\s*\(|\btry_to_\w+\s*\(", _FLAGS),
    "Cypher": re.compile(r"\byield\b|\bmatch\s*\(\s*\w*\s*[:)]|\breturn\s+\w+\s*(?:\.|$)", _FLAGS),
    "Cassandra": re.compile(r"\ballow\s+filtering\b|\busing\s+ttl\b|\bsystem_schema\.", _FLAGS),
}
_BACKQUOTED = re.compile(r"`[^`\n]*`")

_DRIVERS: Mapping[str, str] = {
    "sqlite": "SQLite", "aiosqlite": "SQLite", "rusqlite": "SQLite", "libsql": "SQLite", "d1": "SQLite",
    "pysqlite": "SQLite", "apsw": "SQLite", "turso": "SQLite", "pglite": "",
    "mysql": "MySQL", "pymysql": "MySQL", "mariadb": "MySQL", "mysqldb": "MySQL", "aiomysql": "MySQL",
    "planetscale": "MySQL", "clickhouse": "ClickHouse", "chdb": "ClickHouse", "bigquery": "BigQuery",
    "duckdb": "DuckDB", "snowflake": "Snowflake", "pyodbc": "SQL Server", "mssql": "SQL Server",
    "pymssql": "SQL Server", "tedious": "SQL Server", "sqlserver": "SQL Server", "tiberius": "SQL Server",
    "oracledb": "Oracle", "cx_oracle": "Oracle", "oracle": "Oracle", "godror": "Oracle", "cassandra": "Cassandra",
    "gocql": "Cassandra", "scylla": "Cassandra", "trino": "Trino", "presto": "Trino", "pyspark": "Spark",
    "databricks": "Spark", "athena": "Athena", "influxdb": "InfluxDB", "starrocks": "StarRocks", "doris": "Doris",
    "neo4j": "Cypher", "memgraph": "Cypher",
    "salesforce": "SOQL", "jsforce": "SOQL", "spanner": "Spanner", "dolt": "MySQL", "redshift": "Redshift",
    "cosmos": "Cosmos DB", "alasql": "AlaSQL", "questdb": "QuestDB", "tdengine": "TDengine", "pyhive": "Hive",
    "hive": "Hive", "datafusion": "DataFusion", "rqlite": "SQLite", "hana": "HANA", "db2": "Db2", "mongo": "MongoDB",
}  # fmt: skip
_POSTGRES = re.compile(
    r"psycopg|asyncpg|aiopg|pg8000|postgres|pgx|lib/pq|\bpg\b|\bneon|slonik|supabase|pg-promise|pgproof|timescale"
    r"|cockroach",
    _FLAGS,
)
_WORD = re.compile(r"[a-z][a-z0-9]*", _FLAGS)


def foreign_syntax(text: str) -> str:
    """Return the database system that a statement is certainly written for, when it is another one; else `""`.

    `text` is masked: what stands in a hole is no evidence.
    """
    bare = _COMMENTS.sub(" ", _STRINGS.sub("''", text))
    if _BACKQUOTED.search(bare):
        return "MySQL"
    return next((name for name, evidence in _SYNTAX.items() if evidence.search(bare)), "")


def foreign_words(words: str) -> str:
    """Return the database system that a folder's name, a module's or a variable's tells of, or `""`."""
    for word in _WORD.findall(words.lower().replace("_", " ").replace("-", " ")):
        stem = word.rstrip("0123456789") if word not in _DRIVERS else word
        for driver, system in _DRIVERS.items():
            if stem == driver or (len(driver) > 5 and driver in stem):
                return system
    return ""


def names_postgresql(words: str) -> bool:
    """Whether an import tells of PostgreSQL."""
    return _POSTGRES.search(words) is not None
