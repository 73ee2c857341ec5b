"""Which errors an exception handler expects by name (manual, appendix A)."""

from __future__ import annotations

from collections.abc import Iterable

_NAMES = {
    "undefined_table": "42P01",
    "undefined_column": "42703",
    "undefined_function": "42883",
    "undefined_object": "42704",
    "undefined_parameter": "42P02",
    "invalid_schema_name": "3F000",
    "ambiguous_column": "42702",
    "ambiguous_function": "42725",
    "datatype_mismatch": "42804",
    "wrong_object_type": "42809",
    "syntax_error": "42601",
    "cannot_coerce": "42846",
    "invalid_column_reference": "42P10",
    "feature_not_supported": "0A000",
    "invalid_text_representation": "22P02",
    "object_not_in_prerequisite_state": "55000",
    "invalid_parameter_value": "22023",
    "null_value_not_allowed": "22004",
    "division_by_zero": "22012",
    "numeric_value_out_of_range": "22003",
    "invalid_datetime_format": "22007",
    "datetime_field_overflow": "22008",
    "string_data_right_truncation": "22001",
    "not_null_violation": "23502",
    "invalid_transaction_termination": "2D000",
    "active_sql_transaction": "25001",
    "duplicate_table": "42P07",
    "duplicate_column": "42701",
    "duplicate_object": "42710",
    "ambiguous_parameter": "42P08",
    "ambiguous_alias": "42P09",
    "grouping_error": "42803",
    "indeterminate_datatype": "42P18",
    "indeterminate_collation": "42P22",
    "invalid_object_definition": "42P17",
    "invalid_table_definition": "42P16",
    "invalid_foreign_key": "42830",
    "invalid_name": "42602",
    "syntax_error_or_access_rule_violation": "42000",
    "data_exception": "22000",
    "integrity_constraint_violation": "23000",
}


def catches(conditions: Iterable[str], sqlstate: str) -> bool:
    """Whether a handler names the error, or its class; `OTHERS` names none."""
    for condition in conditions:
        code = (
            condition.removeprefix("sqlstate ").upper() if condition.startswith("sqlstate ") else _NAMES.get(condition)
        )
        if code and (code == sqlstate or (code.endswith("000") and code[:2] == sqlstate[:2])):
            return True
    return False
