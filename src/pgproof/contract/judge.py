"""Each need judged on a catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pgproof.contract import access, judge_columns, judge_objects, need
from pgproof.contract.answer import Answer
from pgproof.contract.schema import Schema

JUDGES: Mapping[type, Callable[[Any, Schema], Answer]] = {
    need.Relation: judge_objects.judge_relation,
    need.Column: judge_columns.judge_column,
    need.Routine: judge_objects.judge_routine,
    need.Index: judge_columns.judge_index,
    need.Key: judge_columns.judge_key,
    need.Policy: judge_objects.judge_policy,
    need.RowSecurity: judge_objects.judge_row_security,
    need.Trigger: judge_objects.judge_trigger,
    need.Thing: judge_objects.judge_thing,
    need.Absence: judge_objects.judge_absence,
    need.Privilege: access.judge_privilege,
    need.Rows: judge_columns.judge_rows,
    need.Fresh: judge_columns.judge_fresh,
    need.AppendOnly: access.judge_append_only,
    need.States: judge_columns.judge_states,
    need.Together: judge_columns.judge_together,
    need.Retired: judge_objects.judge_retired,
}


def judge(one: need.Need, schema: Schema) -> Answer:
    """Return whether a need holds in a catalog; what a server has to say first is noted in `schema.asked`."""
    return JUDGES[type(one)](one, schema)
