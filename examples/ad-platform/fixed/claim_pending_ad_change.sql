-- Qualify the columns in claim_pending_ad_change()
--
-- The output columns of the function are variables in its body and have the names
-- of the table's columns, so PostgreSQL refuses an unqualified "status" (42702) on
-- each call. Migration 005 has been applied and stays as it is: copy this file to
-- database/migrations/007_qualify_claimed_columns.sql.

CREATE OR REPLACE FUNCTION claim_pending_ad_change(worker_id TEXT)
RETURNS TABLE(
    id UUID,
    tenant_id TEXT,
    ad_entity_id TEXT,
    entity_type TEXT,
    change_type TEXT,
    current_value NUMERIC,
    requested_value NUMERIC,
    jitter_ms_min INTEGER,
    jitter_ms_max INTEGER,
    status TEXT,
    earliest_execute_at TIMESTAMPTZ,
    confidence_score FLOAT,
    claimed_by TEXT,
    claimed_at TIMESTAMPTZ,
    executed_at TIMESTAMPTZ,
    error_message TEXT,
    created_at TIMESTAMPTZ
)
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY
    UPDATE pending_ad_changes AS change
    SET status = 'claimed',
        claimed_by = worker_id,
        claimed_at = NOW()
    WHERE change.id = (
        -- Other workers skip the row that we lock, they do not wait for it
        SELECT due.id
        FROM pending_ad_changes AS due
        WHERE due.status = 'pending'
          AND due.earliest_execute_at <= NOW()
        ORDER BY due.earliest_execute_at
        LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING change.*;
END;
$$;
