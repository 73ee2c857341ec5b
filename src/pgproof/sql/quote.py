"""Names and texts as SQL writes them (manual, sections 4.1.1 and 4.1.2)."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
# key words of PostgreSQL 16 to 18 that cannot name a table unquoted (manual, appendix C)
_RESERVED = """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
    collation column concurrently constraint create cross current_catalog current_date current_role
    current_schema current_time current_timestamp current_user default deferrable desc distinct do else end
    except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into
    is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on
    only or order outer overlaps placing primary references returning right select session_user similar some
    symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when
    where window with
"""
# those that name a column, but no function or type
_COLUMN_NAMES = """
    between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout
    int integer interval json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar
    json_serialize json_table json_value least merge_action national nchar none normalize nullif numeric out
    overlay position precision real row setof smallint substring time timestamp treat trim values varchar
    xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize
    xmltable
"""
RESERVED = frozenset(_RESERVED.split())
_QUOTED = RESERVED | frozenset(_COLUMN_NAMES.split())


def identifier(name: str) -> str:
    """Return `name` as an identifier, quoted where its spelling or a key word needs it; ValueError for no name at all.

    The result means the same at every place of a statement, also where the server's own `quote_ident` would rely on
    the place.
    """
    if not name or "\0" in name:
        raise ValueError(f"no identifier: {name!r}")
    if _PLAIN.fullmatch(name) and name not in _QUOTED:
        return name
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return `text` as a literal that is safe whatever `standard_conforming_strings` says; ValueError for NUL."""
    if "\0" in text:
        raise ValueError("PostgreSQL has no NUL character")
    quoted = "'" + text.replace("'", "''") + "'"
    return "E" + quoted.replace("\\", "\\\\") if "\\" in text else quoted
