-- Migration 002: Synthetic Revenue Configuration
-- What a deal is worth in each stage of a tenant's pipeline, so that ads can be
-- optimised on revenue long before the deal is closed.
--
-- Synthetic revenue of a lead = value of its stage x confidence in that stage.
-- Tenants without a configuration of their own start from a template.

-- True when the value is an object of stages, each of the form
--   {"stage_name": {"value": 2250, "confidence": 0.6}}
-- with a value that is not negative and a confidence between 0 and 1.
-- It never raises an error, whatever the JSON holds: a CHECK constraint calls it.
CREATE OR REPLACE FUNCTION validate_stage_values(stage_values JSONB)
RETURNS BOOLEAN AS $$
DECLARE
    stage_name TEXT;
    stage JSONB;
BEGIN
    -- At least one stage; an array or a scalar is no configuration
    IF stage_values IS NULL
       OR jsonb_typeof(stage_values) <> 'object'
       OR stage_values = '{}'::JSONB THEN
        RETURN false;
    END IF;

    FOR stage_name, stage IN SELECT key, value FROM jsonb_each(stage_values) LOOP
        IF stage_name = '' OR jsonb_typeof(stage) <> 'object' THEN
            RETURN false;
        END IF;

        IF NOT (stage ? 'value' AND stage ? 'confidence') THEN
            RETURN false;
        END IF;

        -- The types first: the casts below are safe only after this
        IF jsonb_typeof(stage->'value') <> 'number'
           OR jsonb_typeof(stage->'confidence') <> 'number' THEN
            RETURN false;
        END IF;

        IF (stage->>'value')::NUMERIC < 0
           OR (stage->>'confidence')::NUMERIC NOT BETWEEN 0 AND 1 THEN
            RETURN false;
        END IF;
    END LOOP;

    RETURN true;
END;
$$ LANGUAGE plpgsql IMMUTABLE;

CREATE TABLE IF NOT EXISTS synthetic_revenue_config (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id VARCHAR(255) NOT NULL UNIQUE,

    -- Stages of the pipeline and what a lead in them is worth, see validate_stage_values()
    stage_values JSONB NOT NULL,

    -- Business metrics: money in US dollars, win rate from 0 to 1
    avg_deal_value NUMERIC(12, 2) CHECK (avg_deal_value >= 0),
    sales_cycle_days INTEGER CHECK (sales_cycle_days >= 0),
    win_rate NUMERIC(4, 3) CHECK (win_rate BETWEEN 0 AND 1),

    is_active BOOLEAN NOT NULL DEFAULT true,
    created_by VARCHAR(255),
    notes TEXT,

    created_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT NOW(),

    CONSTRAINT valid_stage_values CHECK (validate_stage_values(stage_values))
);

CREATE INDEX IF NOT EXISTS idx_synthetic_revenue_config_tenant_id
ON synthetic_revenue_config(tenant_id);

-- Active configurations only: the revenue calculation never reads the others
CREATE INDEX IF NOT EXISTS idx_synthetic_revenue_config_is_active
ON synthetic_revenue_config(is_active)
WHERE is_active = true;

-- Keeps updated_at true
CREATE OR REPLACE FUNCTION update_synthetic_revenue_config_updated_at()
RETURNS TRIGGER AS $$
BEGIN
    NEW.updated_at = NOW();
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS trigger_synthetic_revenue_config_updated_at ON synthetic_revenue_config;
CREATE TRIGGER trigger_synthetic_revenue_config_updated_at
    BEFORE UPDATE ON synthetic_revenue_config
    FOR EACH ROW
    EXECUTE FUNCTION update_synthetic_revenue_config_updated_at();

-- ============================================================================
-- Default configurations
-- ============================================================================

-- PTD Fitness: memberships of $15,000, 5 to 7 days from lead to close
INSERT INTO synthetic_revenue_config (
    tenant_id,
    stage_values,
    avg_deal_value,
    sales_cycle_days,
    win_rate,
    created_by,
    notes
) VALUES (
    'ptd_fitness',
    '{
        "lead": {
            "value": 0,
            "confidence": 0.2
        },
        "appointment_scheduled": {
            "value": 2250,
            "confidence": 0.6
        },
        "show_up": {
            "value": 9000,
            "confidence": 0.8
        },
        "closed_won": {
            "value": 15000,
            "confidence": 1.0
        }
    }'::JSONB,
    15000.00,
    7,
    0.600,
    'migration_002',
    'PTD Fitness: sales cycle of 5 to 7 days, average deal of $15,000, win rate of 60%'
) ON CONFLICT (tenant_id) DO NOTHING;

-- E-commerce template: immediate conversion, average order value of $60
INSERT INTO synthetic_revenue_config (
    tenant_id,
    stage_values,
    avg_deal_value,
    sales_cycle_days,
    win_rate,
    created_by,
    notes
) VALUES (
    'template_ecommerce',
    '{
        "add_to_cart": {
            "value": 15,
            "confidence": 0.3
        },
        "initiated_checkout": {
            "value": 45,
            "confidence": 0.6
        },
        "purchase": {
            "value": 60,
            "confidence": 1.0
        }
    }'::JSONB,
    60.00,
    0,
    0.750,
    'migration_002',
    'E-commerce template: immediate conversion, average order value of $60'
) ON CONFLICT (tenant_id) DO NOTHING;

-- B2B SaaS template: annual contract value of $10,000, 45 days from lead to close
INSERT INTO synthetic_revenue_config (
    tenant_id,
    stage_values,
    avg_deal_value,
    sales_cycle_days,
    win_rate,
    created_by,
    notes
) VALUES (
    'template_b2b_saas',
    '{
        "MQL": {
            "value": 100,
            "confidence": 0.1
        },
        "SQL": {
            "value": 2000,
            "confidence": 0.3
        },
        "demo": {
            "value": 3500,
            "confidence": 0.5
        },
        "proposal": {
            "value": 6000,
            "confidence": 0.7
        },
        "closed_won": {
            "value": 10000,
            "confidence": 1.0
        }
    }'::JSONB,
    10000.00,
    45,
    0.200,
    'migration_002',
    'B2B SaaS template: annual contract value of $10,000, sales cycle of 45 days, win rate of 20%'
) ON CONFLICT (tenant_id) DO NOTHING;

-- ============================================================================
-- Views
-- ============================================================================

-- One row per tenant and stage, for joins on the stage of a deal
CREATE OR REPLACE VIEW v_stage_values AS
SELECT
    config.tenant_id,
    stage.key AS stage_name,
    (stage.value->>'value')::NUMERIC AS stage_value,
    (stage.value->>'confidence')::NUMERIC AS confidence
FROM synthetic_revenue_config AS config
CROSS JOIN LATERAL jsonb_each(config.stage_values) AS stage
WHERE config.is_active = true;

-- One row per tenant: what its configuration amounts to
CREATE OR REPLACE VIEW v_synthetic_revenue_summary AS
SELECT
    tenant_id,
    (SELECT COUNT(*) FROM jsonb_object_keys(stage_values)) AS stage_count,
    (
        SELECT MAX((stage.value->>'value')::NUMERIC)
        FROM jsonb_each(stage_values) AS stage
    ) AS highest_stage_value,
    avg_deal_value,
    sales_cycle_days,
    win_rate,
    is_active,
    updated_at
FROM synthetic_revenue_config;

COMMENT ON TABLE synthetic_revenue_config IS 'Value of each pipeline stage, one configuration per tenant';
COMMENT ON COLUMN synthetic_revenue_config.stage_values IS 'Maps the stage name to its value and confidence';
COMMENT ON COLUMN synthetic_revenue_config.sales_cycle_days IS 'Days from lead to close, 0 for at once';
COMMENT ON COLUMN synthetic_revenue_config.win_rate IS 'Share of the leads that end in a closed deal, from 0 to 1';
COMMENT ON FUNCTION validate_stage_values(JSONB) IS 'True when the stage values have the documented form';
COMMENT ON VIEW v_stage_values IS 'Stage values of active configurations, one row per stage';
COMMENT ON VIEW v_synthetic_revenue_summary IS 'Configurations of all tenants, active or not, one row per tenant';
