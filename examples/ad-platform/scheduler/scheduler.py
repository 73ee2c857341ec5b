"""Queues ad changes within each tenant's limit, promotes models, and cleans up.

Runs as a role that is a member of ad_worker; DATABASE_URL names the database.
"""

from __future__ import annotations

import logging
import os
import random
import time
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

JOB_NAME = "ad-change"
STALE_AFTER_MINUTES = 10
CLEANUP_EVERY_SECONDS = 24 * 60 * 60
RECOVERY_EVERY_SECONDS = 60

log = logging.getLogger("scheduler")


@dataclass(frozen=True, slots=True)
class AdChange:
    """A change that a model or a person asks for."""

    tenant_id: str
    ad_entity_id: str
    entity_type: str
    change_type: str
    current_value: Decimal | None
    requested_value: Decimal
    confidence_score: float | None


def queue_change(connection: psycopg.Connection, change: AdChange) -> UUID | None:
    """Queue a change if the tenant may queue one more in this hour; its id, or None.

    The delay is drawn from the row's own jitter, so that changes which are queued together are not sent together.
    """
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT check_job_rate_limit(%s, %s)", (change.tenant_id, JOB_NAME))
        row = cursor.fetchone()
        if row is None or not row[0]:
            log.warning("tenant %s is over its limit", change.tenant_id)
            return None

        cursor.execute(
            """
            INSERT INTO pending_ad_changes (
                tenant_id, ad_entity_id, entity_type, change_type,
                current_value, requested_value, confidence_score
            ) VALUES (%s, %s, %s, %s, %s, %s, %s)
            RETURNING id, jitter_ms_min, jitter_ms_max
            """,
            (
                change.tenant_id,
                change.ad_entity_id,
                change.entity_type,
                change.change_type,
                change.current_value,
                change.requested_value,
                change.confidence_score,
            ),
        )
        queued = cursor.fetchone()
        if queued is None:
            raise RuntimeError("INSERT … RETURNING returned no row")
        change_id: UUID
        change_id, jitter_ms_min, jitter_ms_max = queued
        cursor.execute(
            """
            UPDATE pending_ad_changes
            SET earliest_execute_at = created_at + %s * INTERVAL '1 millisecond'
            WHERE id = %s
            """,
            (random.randint(jitter_ms_min, jitter_ms_max), change_id),  # noqa: S311 (a delay, not a secret)
        )
        cursor.execute("SELECT increment_job_rate_limit(%s, %s)", (change.tenant_id, JOB_NAME))
    return change_id


def register_model(connection: psycopg.Connection, model_name: str, version: str, artifact_path: str) -> UUID:
    """Register a challenger; a version that exists raises psycopg.errors.UniqueViolation."""
    with connection.transaction():
        row = connection.execute(
            "INSERT INTO model_registry (model_name, version, artifact_path) VALUES (%s, %s, %s) RETURNING id",
            (model_name, version, artifact_path),
        ).fetchone()
    if row is None:
        raise RuntimeError("INSERT … RETURNING returned no row")
    model_id: UUID = row[0]
    return model_id


def promote_champion(connection: psycopg.Connection, model_name: str, version: str) -> None:
    """Make a version the champion of its model.

    Of two promotions at the same time one fails with psycopg.errors.UniqueViolation on idx_champion_per_model; an
    unknown version raises LookupError and leaves the old champion in place.
    """
    with connection.transaction():
        connection.execute(
            "UPDATE model_registry SET is_champion = false WHERE model_name = %s AND is_champion = true",
            (model_name,),
        )
        promoted = connection.execute(
            """
            UPDATE model_registry
            SET is_champion = true, promoted_at = NOW()
            WHERE model_name = %s AND version = %s
            """,
            (model_name, version),
        )
        if promoted.rowcount != 1:
            raise LookupError(f"{model_name} has no version {version}")


def champion(connection: psycopg.Connection, model_name: str) -> dict[str, object] | None:
    """Return the version that serves live traffic: its version, artifact_path, training_metrics and promoted_at."""
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            """
            SELECT version, artifact_path, training_metrics, promoted_at
            FROM model_registry
            WHERE model_name = %s AND is_champion = true
            """,
            (model_name,),
        )
        return cursor.fetchone()


def recover_stale_claims(connection: psycopg.Connection) -> int:
    """Put changes back into the queue whose worker died between its claim and the first request; how many."""
    with connection.transaction():
        recovered = connection.execute(
            """
            UPDATE pending_ad_changes
            SET status = 'pending', claimed_by = NULL, claimed_at = NULL
            WHERE status = 'claimed'
              AND claimed_at < NOW() - %s * INTERVAL '1 minute'
            """,
            (STALE_AFTER_MINUTES,),
        )
    return recovered.rowcount


def clean_up(connection: psycopg.Connection) -> int:
    """Apply the retention of the job history; how many executions were removed."""
    with connection.transaction():
        row = connection.execute("SELECT cleanup_old_job_history()").fetchone()
    return 0 if row is None else row[0]


def main() -> None:
    """Recover stale claims every minute and clean up once a day, until interrupted."""
    logging.basicConfig(level=logging.INFO)
    cleaned_at = float("-inf")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        while True:
            log.info("recovered %d stale claims", recover_stale_claims(connection))
            if time.monotonic() - cleaned_at >= CLEANUP_EVERY_SECONDS:
                log.info("removed %d old executions", clean_up(connection))
                cleaned_at = time.monotonic()
            time.sleep(RECOVERY_EVERY_SECONDS)


if __name__ == "__main__":
    main()
