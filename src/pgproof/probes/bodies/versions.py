"""What newer versions of PostgreSQL bring: on an older server it is missing, and may be there in production.

Read from pg_proc and pg_class of 15, 16 and 18; what 17 and 18 bring counts for 17. `random` has arguments since then.
"""

from __future__ import annotations

_SINCE = {
    15: {"regexp_count", "regexp_instr", "regexp_like", "regexp_substr"},
    16: {"any_value", "array_sample", "array_shuffle", "date_add", "date_subtract", "erf", "erfc", "json_agg_strict"}
    | {"json_object_agg_strict", "json_object_agg_unique", "json_object_agg_unique_strict", "jsonb_agg_strict"}
    | {"jsonb_object_agg_strict", "jsonb_object_agg_unique", "jsonb_object_agg_unique_strict", "pg_input_error_info"}
    | {"pg_input_is_valid", "pg_split_walfile_name", "random_normal", "system_user", "pg_stat_io"},
    17: {"array_reverse", "array_sort", "casefold", "crc32", "crc32c", "gamma", "has_largeobject_privilege", "lgamma"}
    | {"jsonb_populate_record_valid", "pg_aios", "pg_basetype", "pg_column_toast_chunk_id", "pg_get_acl", "random"}
    | {"pg_get_sequence_data", "pg_get_wait_events", "pg_stat_checkpointer", "pg_wait_events", "to_bin", "to_oct"}
    | {"to_regtypemod", "unicode_assigned", "unicode_version", "uuid_extract_timestamp", "uuid_extract_version"}
    | {"uuidv4", "uuidv7", "xmltext"},
}


def brought_later(major: int) -> frozenset[str]:
    """Return the names of functions and system views that versions after `major` bring."""
    return frozenset().union(*(names for since, names in _SINCE.items() if since > major))
