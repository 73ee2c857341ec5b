-- Migration 001: Ad Change History
-- The audit log of every change to a campaign, an ad set or an ad: who or what
-- triggered it, which safety rules it passed, and what the ad network answered.
-- A row is written before the change is sent and completed afterwards, so that a
-- change which was sent but never confirmed stays visible.

CREATE TABLE IF NOT EXISTS ad_change_history (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id VARCHAR(255) NOT NULL,

    -- What was changed
    campaign_id VARCHAR(255) NOT NULL,
    ad_id VARCHAR(255),
    adset_id VARCHAR(255),
    change_type VARCHAR(50) NOT NULL CHECK (change_type IN (
        'BUDGET_INCREASE', 'BUDGET_DECREASE', 'BID_CHANGE',
        'STATUS_CHANGE', 'TARGETING_CHANGE', 'CREATIVE_CHANGE'
    )),
    old_value JSONB,
    new_value JSONB NOT NULL,
    change_percentage NUMERIC(7, 2),

    -- Who or what triggered it, and why
    triggered_by VARCHAR(50) NOT NULL CHECK (triggered_by IN (
        'thompson_sampler', 'battle_hardened', 'auto_promoter', 'manual'
    )),
    ml_confidence NUMERIC(4, 3) CHECK (ml_confidence BETWEEN 0 AND 1),
    reason TEXT,

    -- Blocked: a safety rule stopped it
    status VARCHAR(20) NOT NULL DEFAULT 'pending' CHECK (status IN (
        'pending', 'executing', 'completed', 'failed', 'blocked'
    )),

    -- Safety rules; the override is for manual interventions only
    rate_limit_passed BOOLEAN,
    velocity_check_passed BOOLEAN,
    safety_override BOOLEAN NOT NULL DEFAULT false,

    -- Execution timing
    queued_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    started_at TIMESTAMPTZ,
    completed_at TIMESTAMPTZ,
    execution_duration_ms INTEGER CHECK (execution_duration_ms >= 0),

    -- What the ad network answered
    meta_response JSONB,

    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),

    -- Only a person may override the safety rules
    CONSTRAINT ad_change_history_override_is_manual
        CHECK (NOT safety_override OR triggered_by = 'manual'),
    -- The percentage has the sign of the budget's direction
    CONSTRAINT ad_change_history_percentage_sign CHECK (
        (change_type <> 'BUDGET_INCREASE' OR change_percentage > 0)
        AND (change_type <> 'BUDGET_DECREASE' OR change_percentage < 0)
    ),
    CONSTRAINT ad_change_history_completed_after_start CHECK (completed_at >= started_at)
);

-- Filters
CREATE INDEX IF NOT EXISTS idx_ad_change_history_tenant_id ON ad_change_history(tenant_id);
CREATE INDEX IF NOT EXISTS idx_ad_change_history_campaign_id ON ad_change_history(campaign_id);
CREATE INDEX IF NOT EXISTS idx_ad_change_history_ad_id ON ad_change_history(ad_id);
CREATE INDEX IF NOT EXISTS idx_ad_change_history_change_type ON ad_change_history(change_type);
CREATE INDEX IF NOT EXISTS idx_ad_change_history_status ON ad_change_history(status);
CREATE INDEX IF NOT EXISTS idx_ad_change_history_created_at ON ad_change_history(created_at DESC);
CREATE INDEX IF NOT EXISTS idx_ad_change_history_triggered_by ON ad_change_history(triggered_by);

-- Rate limiting: completed changes of one campaign in the last hour
CREATE INDEX IF NOT EXISTS idx_ad_change_history_rate_limit
ON ad_change_history(campaign_id, created_at DESC)
WHERE status = 'completed';

-- Budget velocity: how far the budget of one campaign moved in a window
CREATE INDEX IF NOT EXISTS idx_ad_change_history_budget_velocity
ON ad_change_history(campaign_id, change_type, created_at DESC)
WHERE change_type IN ('BUDGET_INCREASE', 'BUDGET_DECREASE');

-- Keeps updated_at true
CREATE OR REPLACE FUNCTION update_ad_change_history_updated_at()
RETURNS TRIGGER AS $$
BEGIN
    NEW.updated_at = NOW();
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS trigger_ad_change_history_updated_at ON ad_change_history;
CREATE TRIGGER trigger_ad_change_history_updated_at
    BEFORE UPDATE ON ad_change_history
    FOR EACH ROW
    EXECUTE FUNCTION update_ad_change_history_updated_at();

-- Budget changes of the last 24 hours
CREATE OR REPLACE VIEW v_recent_budget_changes AS
SELECT
    tenant_id,
    campaign_id,
    ad_id,
    change_type,
    old_value->>'budget' AS old_budget,
    new_value->>'budget' AS new_budget,
    change_percentage,
    triggered_by,
    status,
    created_at
FROM ad_change_history
WHERE change_type IN ('BUDGET_INCREASE', 'BUDGET_DECREASE')
  AND created_at > NOW() - INTERVAL '24 hours'
ORDER BY created_at DESC;

-- What the rate limiter looks at, per campaign
CREATE OR REPLACE VIEW v_campaign_activity_summary AS
SELECT
    tenant_id,
    campaign_id,
    COUNT(*) FILTER (WHERE created_at > NOW() - INTERVAL '1 hour') AS changes_last_hour,
    COUNT(*) FILTER (WHERE created_at > NOW() - INTERVAL '24 hours') AS changes_last_day,
    COUNT(*) FILTER (WHERE status = 'blocked') AS blocked_changes,
    MAX(created_at) AS last_change_at
FROM ad_change_history
GROUP BY tenant_id, campaign_id;

-- Changes that failed a safety rule
CREATE OR REPLACE VIEW v_safety_check_failures AS
SELECT
    id,
    tenant_id,
    campaign_id,
    change_type,
    triggered_by,
    reason,
    status,
    safety_override,
    rate_limit_passed,
    velocity_check_passed,
    created_at
FROM ad_change_history
WHERE rate_limit_passed = false
   OR velocity_check_passed = false
ORDER BY created_at DESC;

COMMENT ON TABLE ad_change_history IS 'Audit log of all ad changes';
COMMENT ON COLUMN ad_change_history.change_percentage IS 'New against old budget or bid, in percent';
COMMENT ON COLUMN ad_change_history.ml_confidence IS 'Confidence of the model, 0 to 1';
COMMENT ON COLUMN ad_change_history.safety_override IS 'Let pass by a person, against the rules';
COMMENT ON COLUMN ad_change_history.meta_response IS 'Answer of the Meta Marketing API, unchanged';

COMMENT ON VIEW v_recent_budget_changes IS 'Budget changes of the last 24 hours';
COMMENT ON VIEW v_campaign_activity_summary IS 'Changes per campaign, for rate limiting';
COMMENT ON VIEW v_safety_check_failures IS 'Changes that failed a safety check';
