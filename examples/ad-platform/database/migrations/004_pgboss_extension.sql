-- Migration 004: PG-Boss Extension
-- What pg-boss itself does not keep: the configuration of each job type, a history
-- of executions, and rate limits per tenant. (pg-boss makes its own schema when it
-- starts; nothing here depends on it.)

-- ============================================================================
-- Roles
-- ============================================================================

-- ad_worker runs the jobs, ad_reporting reads the dashboards. Neither can log in:
-- the login roles of the services are members of them.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ad_worker') THEN
        CREATE ROLE ad_worker NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ad_reporting') THEN
        CREATE ROLE ad_reporting NOLOGIN;
    END IF;
END;
$$;

-- ============================================================================
-- Configuration of job types
-- ============================================================================

CREATE TABLE IF NOT EXISTS job_config (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    job_name VARCHAR(100) NOT NULL UNIQUE,

    -- Retries: the wait doubles after each attempt
    max_retry_attempts INTEGER NOT NULL DEFAULT 3 CHECK (max_retry_attempts >= 0),
    retry_backoff_ms INTEGER NOT NULL DEFAULT 5000 CHECK (retry_backoff_ms > 0),
    retry_limit_minutes INTEGER NOT NULL DEFAULT 60 CHECK (retry_limit_minutes > 0),

    -- Time-out of one attempt, and how long its history is kept
    expire_in_seconds INTEGER NOT NULL DEFAULT 300 CHECK (expire_in_seconds > 0),
    retention_days INTEGER NOT NULL DEFAULT 7 CHECK (retention_days > 0),

    -- NULL: no limit
    rate_limit_per_tenant_per_hour INTEGER CHECK (rate_limit_per_tenant_per_hour > 0),

    -- Higher runs first
    default_priority INTEGER NOT NULL DEFAULT 0 CHECK (default_priority BETWEEN -1000 AND 1000),

    is_active BOOLEAN NOT NULL DEFAULT true,
    description TEXT,

    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

CREATE INDEX IF NOT EXISTS idx_job_config_job_name ON job_config(job_name);
CREATE INDEX IF NOT EXISTS idx_job_config_is_active ON job_config(is_active) WHERE is_active = true;

-- ============================================================================
-- History of executions
-- ============================================================================

CREATE TABLE IF NOT EXISTS job_execution_history (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    job_id UUID NOT NULL,                      -- of pg-boss
    job_name VARCHAR(100) NOT NULL,
    tenant_id VARCHAR(255),                    -- NULL: a job for all tenants

    attempt_number INTEGER NOT NULL DEFAULT 1 CHECK (attempt_number > 0),
    status VARCHAR(20) NOT NULL CHECK (status IN (
        'active', 'completed', 'failed', 'retry', 'expired'
    )),

    job_data JSONB,
    result_data JSONB,
    error_message TEXT,
    error_stack TEXT,

    started_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    completed_at TIMESTAMPTZ,
    duration_ms INTEGER CHECK (duration_ms >= 0),

    -- Set by the worker that saw the failure
    will_retry BOOLEAN NOT NULL DEFAULT false,
    next_retry_at TIMESTAMPTZ
);

CREATE INDEX IF NOT EXISTS idx_job_execution_history_job_id ON job_execution_history(job_id);
CREATE INDEX IF NOT EXISTS idx_job_execution_history_job_name ON job_execution_history(job_name);
CREATE INDEX IF NOT EXISTS idx_job_execution_history_tenant_id ON job_execution_history(tenant_id);
CREATE INDEX IF NOT EXISTS idx_job_execution_history_status ON job_execution_history(status);
CREATE INDEX IF NOT EXISTS idx_job_execution_history_started_at
ON job_execution_history(started_at DESC);

-- ============================================================================
-- Rate limits
-- ============================================================================

-- Jobs that a tenant queued in one hour
CREATE TABLE IF NOT EXISTS job_rate_limit_tracker (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id VARCHAR(255) NOT NULL,
    job_name VARCHAR(100) NOT NULL,
    window_start TIMESTAMPTZ NOT NULL,
    window_end TIMESTAMPTZ NOT NULL,
    job_count INTEGER NOT NULL DEFAULT 0 CHECK (job_count >= 0),

    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),

    CHECK (window_end > window_start),
    UNIQUE(tenant_id, job_name, window_start)
);

CREATE INDEX IF NOT EXISTS idx_job_rate_limit_tracker_tenant
ON job_rate_limit_tracker(tenant_id, job_name);
CREATE INDEX IF NOT EXISTS idx_job_rate_limit_tracker_window
ON job_rate_limit_tracker(window_start, window_end);

-- Before a job is queued: may this tenant queue one more in this hour?
CREATE OR REPLACE FUNCTION check_job_rate_limit(p_tenant_id VARCHAR, p_job_name VARCHAR)
RETURNS BOOLEAN AS $$
DECLARE
    hourly_limit INTEGER;
    current_count INTEGER;
BEGIN
    SELECT rate_limit_per_tenant_per_hour INTO hourly_limit
    FROM job_config
    WHERE job_name = p_job_name
      AND is_active = true;

    -- No limit, or no such job type
    IF hourly_limit IS NULL THEN
        RETURN true;
    END IF;

    SELECT job_count INTO current_count
    FROM job_rate_limit_tracker
    WHERE tenant_id = p_tenant_id
      AND job_name = p_job_name
      AND window_start = DATE_TRUNC('hour', NOW());

    RETURN COALESCE(current_count, 0) < hourly_limit;
END;
$$ LANGUAGE plpgsql STABLE;

-- After a job is queued: count it
CREATE OR REPLACE FUNCTION increment_job_rate_limit(p_tenant_id VARCHAR, p_job_name VARCHAR)
RETURNS VOID AS $$
BEGIN
    INSERT INTO job_rate_limit_tracker (tenant_id, job_name, window_start, window_end, job_count)
    VALUES (
        p_tenant_id,
        p_job_name,
        DATE_TRUNC('hour', NOW()),
        DATE_TRUNC('hour', NOW()) + INTERVAL '1 hour',
        1
    )
    ON CONFLICT (tenant_id, job_name, window_start)
    DO UPDATE SET job_count = job_rate_limit_tracker.job_count + 1;
END;
$$ LANGUAGE plpgsql;

-- Retention: removes what is older than the job type's retention_days (7 for a job
-- type without configuration) and rate limit windows of yesterday and before
CREATE OR REPLACE FUNCTION cleanup_old_job_history()
RETURNS INTEGER AS $$
DECLARE
    deleted_count INTEGER;
BEGIN
    DELETE FROM job_execution_history AS history
    WHERE history.status <> 'active'
      AND history.started_at < NOW() - INTERVAL '1 day' * COALESCE(
          (
              SELECT config.retention_days
              FROM job_config AS config
              WHERE config.job_name = history.job_name
          ),
          7
      );
    GET DIAGNOSTICS deleted_count = ROW_COUNT;

    DELETE FROM job_rate_limit_tracker
    WHERE window_end < NOW() - INTERVAL '1 day';

    RETURN deleted_count;
END;
$$ LANGUAGE plpgsql;

-- Keeps updated_at true
CREATE OR REPLACE FUNCTION update_job_tables_updated_at()
RETURNS TRIGGER AS $$
BEGIN
    NEW.updated_at = NOW();
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS trigger_job_config_updated_at ON job_config;
CREATE TRIGGER trigger_job_config_updated_at
    BEFORE UPDATE ON job_config
    FOR EACH ROW
    EXECUTE FUNCTION update_job_tables_updated_at();

DROP TRIGGER IF EXISTS trigger_job_rate_limit_tracker_updated_at ON job_rate_limit_tracker;
CREATE TRIGGER trigger_job_rate_limit_tracker_updated_at
    BEFORE UPDATE ON job_rate_limit_tracker
    FOR EACH ROW
    EXECUTE FUNCTION update_job_tables_updated_at();

-- ============================================================================
-- Default configurations
-- ============================================================================

INSERT INTO job_config (
    job_name, max_retry_attempts, retry_backoff_ms, expire_in_seconds,
    rate_limit_per_tenant_per_hour, default_priority, description
) VALUES
    ('ad-change', 5, 5000, 300, 15, 10, 'Sends a change to the ad network'),
    ('budget-optimization', 3, 10000, 600, 10, 5, 'Moves budget between ads'),
    ('creative-dna-extraction', 2, 15000, 900, 5, 0, 'Describes a creative by its features'),
    ('actuals-sync', 5, 5000, 300, NULL, -5, 'Fetches spend and results'),
    ('attribution-matching', 10, 2000, 60, NULL, -10, 'Attributes conversions to clicks'),
    ('synthetic-revenue-calculation', 3, 5000, 120, NULL, 0, 'Values leads by stage')
ON CONFLICT (job_name) DO NOTHING;

-- ============================================================================
-- Views
-- ============================================================================

-- Jobs of the last hour, per type
CREATE OR REPLACE VIEW v_job_queue_health AS
SELECT
    job_name,
    COUNT(*) FILTER (WHERE status = 'active') AS active_jobs,
    COUNT(*) FILTER (WHERE status = 'completed') AS completed_jobs,
    COUNT(*) FILTER (WHERE status IN ('failed', 'expired')) AS failed_jobs,
    COUNT(*) FILTER (WHERE status = 'retry') AS retried_jobs,
    ROUND(AVG(duration_ms)) AS average_duration_ms
FROM job_execution_history
WHERE started_at > NOW() - INTERVAL '1 hour'
GROUP BY job_name;

-- Jobs of the last 24 hours that nobody will retry
CREATE OR REPLACE VIEW v_failed_jobs AS
SELECT
    job_id,
    job_name,
    tenant_id,
    attempt_number,
    status,
    error_message,
    started_at
FROM job_execution_history
WHERE status IN ('failed', 'expired')
  AND will_retry = false
  AND started_at > NOW() - INTERVAL '24 hours'
ORDER BY started_at DESC;

-- Success rates of the last 7 days
CREATE OR REPLACE VIEW v_job_performance_by_tenant AS
SELECT
    tenant_id,
    job_name,
    COUNT(*) AS finished_jobs,
    COUNT(*) FILTER (WHERE status = 'completed') AS completed_jobs,
    ROUND(
        100.0 * COUNT(*) FILTER (WHERE status = 'completed') / COUNT(*), 2
    ) AS success_rate_percent,
    ROUND(AVG(duration_ms)) AS average_duration_ms
FROM job_execution_history
WHERE status IN ('completed', 'failed', 'expired')
  AND started_at > NOW() - INTERVAL '7 days'
GROUP BY tenant_id, job_name;

-- How much of its limit each tenant has used in this hour
CREATE OR REPLACE VIEW v_rate_limit_status AS
SELECT
    tracker.tenant_id,
    tracker.job_name,
    tracker.job_count,
    config.rate_limit_per_tenant_per_hour AS hourly_limit,
    tracker.window_end AS resets_at
FROM job_rate_limit_tracker AS tracker
JOIN job_config AS config ON config.job_name = tracker.job_name
WHERE tracker.window_start = DATE_TRUNC('hour', NOW());

-- ============================================================================
-- Rights
-- ============================================================================

GRANT SELECT ON job_config TO ad_worker;
GRANT SELECT, INSERT, UPDATE ON
    ad_change_history, click_tracking, conversion_tracking, attribution_performance_log,
    job_execution_history, job_rate_limit_tracker
TO ad_worker;
GRANT SELECT ON synthetic_revenue_config TO ad_worker;
-- cleanup_old_job_history() runs with the rights of its caller
GRANT DELETE ON job_execution_history, job_rate_limit_tracker TO ad_worker;
GRANT SELECT ON
    v_recent_budget_changes, v_campaign_activity_summary, v_safety_check_failures,
    v_stage_values, v_synthetic_revenue_summary,
    v_attribution_recovery_rate, v_active_clicks,
    v_conversion_attribution_summary, v_unattributed_conversions,
    v_job_queue_health, v_failed_jobs, v_job_performance_by_tenant, v_rate_limit_status
TO ad_reporting;

COMMENT ON TABLE job_config IS 'Configuration of each job type';
COMMENT ON TABLE job_execution_history IS 'Every attempt to run a job';
COMMENT ON TABLE job_rate_limit_tracker IS 'Jobs queued per tenant, job type and hour';
COMMENT ON FUNCTION check_job_rate_limit(VARCHAR, VARCHAR) IS 'May the tenant queue one more?';
COMMENT ON FUNCTION increment_job_rate_limit(VARCHAR, VARCHAR) IS 'Counts one queued job';
COMMENT ON FUNCTION cleanup_old_job_history() IS 'Applies retention_days; run it once a day';
COMMENT ON VIEW v_job_queue_health IS 'Jobs of the last hour, per type';
COMMENT ON VIEW v_failed_jobs IS 'Failed jobs of the last 24 hours that need attention';
COMMENT ON VIEW v_job_performance_by_tenant IS 'Success rates of the last 7 days';
COMMENT ON VIEW v_rate_limit_status IS 'Use of the rate limits in this hour';
