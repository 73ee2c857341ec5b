"""Each need judged on a catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pgproof.contract import access, judge_columns, judge_objects, need
from pgproof.contract.answer import Answer, State, unknown
from pgproof.contract.schema import IN_DOUBT, MAY_BE_OLDER, Schema
from pgproof.model import ObjectName

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
    """Return whether a need holds in a catalog; what a server has to say first is noted in `schema.asked`.

    What fails for an object that a statement mentions which could not be run, or for its table, is unknown; so is what
    is not there and may have been there before the first migration.
    """
    answer = JUDGES[type(one)](one, schema)
    if answer.state is not State.FAILS or answer.cause is None:
        return answer
    return _doubted(answer, answer.cause, schema)


def _doubted(answer: Answer, cause: ObjectName, schema: Schema) -> Answer:
    if schema.unknown and schema.in_doubt(cause):
        return unknown(IN_DOUBT, cause)
    if cause in schema.catalog.objects:
        return answer
    if extension := schema.brought(cause.kind, cause.schema, cause.parts[min(1, len(cause.parts) - 1)]):
        return unknown(f"the extension {extension} brings it, and what extensions bring is not read", cause)
    return unknown(MAY_BE_OLDER, cause) if schema.incomplete and schema.may_be_older(cause) else answer
