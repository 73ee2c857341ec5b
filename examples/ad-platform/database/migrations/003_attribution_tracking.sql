-- Migration 003: Attribution Tracking
-- Which click brought which conversion, also when iOS 18 removed the click ID.
--
-- Three layers, tried in this order:
--   1. url_param      the fbclid or gclid of the click comes back   (confidence 1.0)
--   2. fingerprint    SHA-256 hash of the device's properties       (0.6 to 0.9)
--   3. probabilistic  IP address, device and timing                 (0.3 to 0.6)

-- ============================================================================
-- Clicks
-- ============================================================================

CREATE TABLE IF NOT EXISTS click_tracking (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    click_id VARCHAR(255) NOT NULL UNIQUE,

    -- Click IDs of the ad networks (layer 1)
    fbclid VARCHAR(512),
    gclid VARCHAR(512),

    tenant_id VARCHAR(255) NOT NULL,
    campaign_id VARCHAR(255),
    adset_id VARCHAR(255),
    ad_id VARCHAR(255) NOT NULL,
    creative_id VARCHAR(255),

    -- Device fingerprint (layer 2): SHA-256 in hexadecimal, and what went into it
    fingerprint_hash VARCHAR(64) CHECK (fingerprint_hash ~ '^[0-9a-f]{64}$'),
    fingerprint_components JSONB,

    -- Network and device (layer 3)
    ip_address INET,
    ip_country VARCHAR(2),
    ip_city VARCHAR(255),
    user_agent TEXT,
    device_type VARCHAR(50) CHECK (device_type IN ('mobile', 'tablet', 'desktop')),
    os VARCHAR(50),
    browser VARCHAR(50),
    screen_width INTEGER CHECK (screen_width > 0),
    screen_height INTEGER CHECK (screen_height > 0),

    -- Where the click came from and where it went
    landing_page_url TEXT,
    referrer_url TEXT,
    utm_source VARCHAR(255),
    utm_medium VARCHAR(255),
    utm_campaign VARCHAR(255),
    utm_content VARCHAR(255),
    utm_term VARCHAR(255),

    -- The attribution window; a click that turns out to be fraud is not valid
    click_timestamp TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    expires_at TIMESTAMPTZ,
    is_valid BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

CREATE INDEX IF NOT EXISTS idx_click_tracking_click_id ON click_tracking(click_id);
CREATE INDEX IF NOT EXISTS idx_click_tracking_fbclid
ON click_tracking(fbclid)
WHERE fbclid IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_click_tracking_tenant_id ON click_tracking(tenant_id);
CREATE INDEX IF NOT EXISTS idx_click_tracking_ad_id ON click_tracking(ad_id);
CREATE INDEX IF NOT EXISTS idx_click_tracking_fingerprint ON click_tracking(fingerprint_hash)
WHERE fingerprint_hash IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_click_tracking_timestamp ON click_tracking(click_timestamp DESC);
CREATE INDEX IF NOT EXISTS idx_click_tracking_expires_at
ON click_tracking(expires_at)
WHERE is_valid = true;

-- Layer 2: same device, newest click first
CREATE INDEX IF NOT EXISTS idx_click_tracking_fingerprint_match
ON click_tracking(tenant_id, fingerprint_hash, click_timestamp DESC);

-- Layer 3: same network and kind of device, newest click first
CREATE INDEX IF NOT EXISTS idx_click_tracking_probabilistic
ON click_tracking(tenant_id, ip_address, device_type, click_timestamp DESC);

-- A conversion can be attributed to a click for 7 days; a caller that knows a
-- shorter window sets expires_at itself
CREATE OR REPLACE FUNCTION set_click_expires_at()
RETURNS TRIGGER AS $$
BEGIN
    IF NEW.expires_at IS NULL THEN
        NEW.expires_at := NEW.click_timestamp + INTERVAL '7 days';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS trigger_set_click_expires_at ON click_tracking;
CREATE TRIGGER trigger_set_click_expires_at
    BEFORE INSERT ON click_tracking
    FOR EACH ROW
    EXECUTE FUNCTION set_click_expires_at();

-- ============================================================================
-- Conversions
-- ============================================================================

CREATE TABLE IF NOT EXISTS conversion_tracking (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    conversion_id VARCHAR(255) NOT NULL UNIQUE,
    -- The ID in the system that reported it
    external_id VARCHAR(255),
    tenant_id VARCHAR(255) NOT NULL,

    conversion_type VARCHAR(50) NOT NULL,
    conversion_value NUMERIC(12, 2) CHECK (conversion_value >= 0),
    is_synthetic BOOLEAN NOT NULL DEFAULT false,

    -- CRM
    crm_deal_id VARCHAR(255),
    crm_contact_id VARCHAR(255),
    crm_stage VARCHAR(100),

    -- Attribution: no method yet means that it was not tried
    attributed_click_id UUID REFERENCES click_tracking(id) ON DELETE SET NULL,
    attribution_method VARCHAR(50) CHECK (attribution_method IN (
        'url_param', 'fingerprint', 'probabilistic', 'unattributed'
    )),
    attribution_confidence NUMERIC(4, 3) CHECK (attribution_confidence BETWEEN 0 AND 1),
    attribution_window_hours INTEGER NOT NULL DEFAULT 168 CHECK (attribution_window_hours > 0),

    -- Evidence of layers 2 and 3
    conversion_fingerprint_hash VARCHAR(64),
    fingerprint_match_score NUMERIC(4, 3) CHECK (fingerprint_match_score BETWEEN 0 AND 1),
    probabilistic_candidates JSONB,

    conversion_timestamp TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    attributed_at TIMESTAMPTZ,
    raw_data JSONB,

    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),

    -- Only a layer that matched names a click
    CONSTRAINT conversion_tracking_click_has_method CHECK (
        attributed_click_id IS NULL
        OR attribution_method IN ('url_param', 'fingerprint', 'probabilistic')
    ),
    -- Each layer claims only the confidence that it can have
    CONSTRAINT conversion_tracking_confidence_of_method CHECK (CASE attribution_method
        WHEN 'url_param' THEN attribution_confidence = 1.0
        WHEN 'fingerprint' THEN attribution_confidence BETWEEN 0.6 AND 0.9
        WHEN 'probabilistic' THEN attribution_confidence BETWEEN 0.3 AND 0.6
        ELSE attribution_confidence IS NULL OR attribution_confidence = 0
    END)
);

CREATE INDEX IF NOT EXISTS idx_conversion_tracking_conversion_id
ON conversion_tracking(conversion_id);
CREATE INDEX IF NOT EXISTS idx_conversion_tracking_external_id ON conversion_tracking(external_id)
WHERE external_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS idx_conversion_tracking_tenant_id ON conversion_tracking(tenant_id);
CREATE INDEX IF NOT EXISTS idx_conversion_tracking_click_id
ON conversion_tracking(attributed_click_id);
CREATE INDEX IF NOT EXISTS idx_conversion_tracking_method
ON conversion_tracking(attribution_method);
CREATE INDEX IF NOT EXISTS idx_conversion_tracking_timestamp
ON conversion_tracking(conversion_timestamp DESC);
CREATE INDEX IF NOT EXISTS idx_conversion_tracking_crm_deal ON conversion_tracking(crm_deal_id)
WHERE crm_deal_id IS NOT NULL;

-- Keeps updated_at true
CREATE OR REPLACE FUNCTION update_conversion_tracking_updated_at()
RETURNS TRIGGER AS $$
BEGIN
    NEW.updated_at = NOW();
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS trigger_conversion_tracking_updated_at ON conversion_tracking;
CREATE TRIGGER trigger_conversion_tracking_updated_at
    BEFORE UPDATE ON conversion_tracking
    FOR EACH ROW
    EXECUTE FUNCTION update_conversion_tracking_updated_at();

-- ============================================================================
-- Attempts
-- ============================================================================

-- One row per attempt to attribute a conversion, with the result of each layer
CREATE TABLE IF NOT EXISTS attribution_performance_log (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id VARCHAR(255) NOT NULL,
    -- No foreign key: the log outlives the conversion
    conversion_id VARCHAR(255) NOT NULL,
    attempt_number INTEGER NOT NULL DEFAULT 1 CHECK (attempt_number > 0),

    layer_1_result JSONB,
    layer_2_result JSONB,
    layer_3_result JSONB,

    final_method VARCHAR(50),
    final_confidence NUMERIC(4, 3) CHECK (final_confidence BETWEEN 0 AND 1),
    success BOOLEAN NOT NULL DEFAULT false,
    processing_time_ms INTEGER CHECK (processing_time_ms >= 0),

    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW()
);

CREATE INDEX IF NOT EXISTS idx_attribution_perf_tenant_id ON attribution_performance_log(tenant_id);
CREATE INDEX IF NOT EXISTS idx_attribution_perf_success ON attribution_performance_log(success);
CREATE INDEX IF NOT EXISTS idx_attribution_perf_created_at
ON attribution_performance_log(created_at DESC);

-- ============================================================================
-- Views
-- ============================================================================

-- Recovery rate per day and layer
CREATE OR REPLACE VIEW v_attribution_recovery_rate AS
WITH daily_stats AS (
    SELECT
        tenant_id,
        DATE(conversion_timestamp) AS day,
        COUNT(*) AS conversions,
        COUNT(*) FILTER (WHERE attribution_method = 'url_param') AS layer_1,
        COUNT(*) FILTER (WHERE attribution_method = 'fingerprint') AS layer_2,
        COUNT(*) FILTER (WHERE attribution_method = 'probabilistic') AS layer_3
    FROM conversion_tracking
    GROUP BY tenant_id, DATE(conversion_timestamp)
)
SELECT
    tenant_id,
    day,
    conversions,
    layer_1,
    layer_2,
    layer_3,
    ROUND(100.0 * (layer_1 + layer_2 + layer_3) / conversions, 2) AS recovery_rate_percent
FROM daily_stats;

-- Clicks that a conversion may still be attributed to
CREATE OR REPLACE VIEW v_active_clicks AS
SELECT
    id,
    click_id,
    tenant_id,
    campaign_id,
    ad_id,
    fingerprint_hash,
    click_timestamp,
    expires_at
FROM click_tracking
WHERE is_valid = true
  AND expires_at > NOW();

-- How conversions were attributed, per tenant and method
CREATE OR REPLACE VIEW v_conversion_attribution_summary AS
SELECT
    tenant_id,
    COALESCE(attribution_method, 'not tried') AS attribution_method,
    COUNT(*) AS conversions,
    SUM(conversion_value) AS total_value,
    ROUND(AVG(attribution_confidence), 3) AS average_confidence
FROM conversion_tracking
GROUP BY tenant_id, COALESCE(attribution_method, 'not tried');

-- Conversions that no layer could attribute
CREATE OR REPLACE VIEW v_unattributed_conversions AS
SELECT
    conversion.id,
    conversion.conversion_id,
    conversion.tenant_id,
    conversion.conversion_type,
    conversion.conversion_value,
    conversion.conversion_timestamp,
    conversion.probabilistic_candidates,
    (
        SELECT COUNT(*)
        FROM attribution_performance_log AS attempt
        WHERE attempt.conversion_id = conversion.conversion_id
    ) AS attempts
FROM conversion_tracking AS conversion
WHERE conversion.attribution_method = 'unattributed'
ORDER BY conversion.conversion_timestamp DESC;

COMMENT ON TABLE click_tracking IS 'Ad clicks with device fingerprints';
COMMENT ON TABLE conversion_tracking IS 'Conversions and the click that each is attributed to';
COMMENT ON TABLE attribution_performance_log IS 'Attempts to attribute a conversion';
COMMENT ON COLUMN click_tracking.expires_at IS 'End of the attribution window, 7 days after the click';
COMMENT ON COLUMN click_tracking.fingerprint_components IS 'What went into fingerprint_hash, to explain a match';
COMMENT ON COLUMN conversion_tracking.is_synthetic IS 'Value taken from synthetic_revenue_config, not from a payment';
COMMENT ON COLUMN conversion_tracking.probabilistic_candidates IS 'Clicks that layer 3 considered, with their scores';
COMMENT ON VIEW v_attribution_recovery_rate IS 'Share of attributed conversions, per tenant, day and layer';
COMMENT ON VIEW v_active_clicks IS 'Clicks within their attribution window';
COMMENT ON VIEW v_conversion_attribution_summary IS 'Conversions and their value, per tenant and method';
COMMENT ON VIEW v_unattributed_conversions IS 'Conversions that no layer could attribute, to be looked into';
