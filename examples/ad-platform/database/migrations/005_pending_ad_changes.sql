-- Migration 005: Pending Ad Changes
-- A native PostgreSQL job queue for changes to campaigns, ad sets and ads.
-- Any number of workers may poll it: each row is claimed by exactly one.

CREATE TABLE IF NOT EXISTS pending_ad_changes (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id TEXT NOT NULL,
    ad_entity_id TEXT NOT NULL,
    entity_type TEXT NOT NULL CHECK (entity_type IN ('campaign', 'adset', 'ad')),
    change_type TEXT NOT NULL CHECK (change_type IN ('budget', 'status', 'bid')),
    current_value NUMERIC,
    requested_value NUMERIC NOT NULL,
    jitter_ms_min INTEGER NOT NULL DEFAULT 3000,
    jitter_ms_max INTEGER NOT NULL DEFAULT 18000,
    status TEXT NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'claimed', 'executing', 'completed', 'failed')),
    earliest_execute_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    confidence_score FLOAT,
    claimed_by TEXT,
    claimed_at TIMESTAMPTZ,
    executed_at TIMESTAMPTZ,
    error_message TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

CREATE INDEX IF NOT EXISTS idx_pending_ad_changes_status_time
ON pending_ad_changes(status, earliest_execute_at);
CREATE INDEX IF NOT EXISTS idx_pending_ad_changes_tenant
ON pending_ad_changes(tenant_id, ad_entity_id);

-- Claims the next change that is due, or no row
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
DECLARE
    claimed_record pending_ad_changes%ROWTYPE;
BEGIN
    -- Other workers skip the row that we lock, they do not wait for it
    SELECT * INTO claimed_record
    FROM pending_ad_changes
    WHERE status = 'pending'
      AND earliest_execute_at <= NOW()
    ORDER BY earliest_execute_at
    LIMIT 1
    FOR UPDATE SKIP LOCKED;

    -- Mark it as ours before the lock is released at the end of the transaction
    IF FOUND THEN
        UPDATE pending_ad_changes
        SET status = 'claimed',
            claimed_by = worker_id,
            claimed_at = NOW()
        WHERE id = claimed_record.id;

        -- Return all columns, with the claim in them
        RETURN QUERY SELECT
            claimed_record.id,
            claimed_record.tenant_id,
            claimed_record.ad_entity_id,
            claimed_record.entity_type,
            claimed_record.change_type,
            claimed_record.current_value,
            claimed_record.requested_value,
            claimed_record.jitter_ms_min,
            claimed_record.jitter_ms_max,
            'claimed'::TEXT,
            claimed_record.earliest_execute_at,
            claimed_record.confidence_score,
            worker_id,
            NOW(),
            claimed_record.executed_at,
            claimed_record.error_message,
            claimed_record.created_at;
    END IF;
END;
$$;

GRANT SELECT, INSERT, UPDATE ON pending_ad_changes TO ad_worker;
GRANT SELECT ON pending_ad_changes TO ad_reporting;

COMMENT ON TABLE pending_ad_changes IS 'Job queue of ad changes';
COMMENT ON COLUMN pending_ad_changes.earliest_execute_at IS 'Time of queueing plus the jitter';
COMMENT ON FUNCTION claim_pending_ad_change(TEXT) IS 'Claims the next due change for a worker';
