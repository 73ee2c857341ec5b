-- Migration 006: Model Registry
-- Tracks the versions of each ML model in a champion-challenger pattern:
-- the champion serves live traffic, challengers are being evaluated.

-- One row per trained version; its artifact never changes after registration.
CREATE TABLE IF NOT EXISTS model_registry (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    model_name TEXT NOT NULL,
    version TEXT NOT NULL,
    artifact_path TEXT NOT NULL,               -- S3 or file system path of the artifact
    training_metrics JSONB,                    -- {"accuracy": 0.95, "loss": 0.05, "f1": 0.92}
    is_champion BOOLEAN DEFAULT false,         -- Serves live traffic
    created_at TIMESTAMPTZ DEFAULT NOW(),
    promoted_at TIMESTAMPTZ,                   -- When it became the champion
    UNIQUE(model_name, version)                -- A version is registered once
);

-- Only ONE champion per model: a promotion demotes the old champion first,
-- and of two promotions at the same time the second fails on this index.
CREATE UNIQUE INDEX idx_champion_per_model
ON model_registry(model_name)
WHERE is_champion = true;

-- Look-up of one version, and the newest versions first
CREATE INDEX IF NOT EXISTS idx_model_registry_name_version ON model_registry(model_name, version);
CREATE INDEX IF NOT EXISTS idx_model_registry_created ON model_registry(created_at DESC);

GRANT SELECT, INSERT, UPDATE ON model_registry TO ad_worker;
GRANT SELECT ON model_registry TO ad_reporting;

COMMENT ON TABLE model_registry IS 'ML model versions, with one champion per model_name';
