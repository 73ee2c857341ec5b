-- The persistence layer of outreach: campaigns and their targets, tickets of the
-- agents, what is spent, and how features are used.
--
-- "outreach_campaigns" was called "campaigns" in the first draft; that name belongs
-- to the letter campaigns, whose table stays as it is.
--
-- Only the server's own services, which use the service role key, work with these
-- tables.

-- ---------------------------------------------------------------------------
-- outreach_campaigns
-- ---------------------------------------------------------------------------

-- A campaign may spend daily_budget_usd a day and total_budget_usd in all; the
-- circuit breaker reads both before each call that costs money.
CREATE TABLE IF NOT EXISTS outreach_campaigns (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    objective TEXT,
    channel TEXT NOT NULL DEFAULT 'email' CHECK (channel IN (
        'email', 'phone', 'linkedin'
    )),
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN (
        'draft', 'active', 'paused', 'completed', 'archived'
    )),
    owner TEXT NOT NULL,

    -- US dollars, with the fractions that a call to a model costs
    daily_budget_usd NUMERIC(12, 4) CHECK (daily_budget_usd >= 0),
    total_budget_usd NUMERIC(12, 4) CHECK (total_budget_usd >= 0),
    spent_usd NUMERIC(12, 4) NOT NULL DEFAULT 0 CHECK (spent_usd >= 0),

    starts_at TIMESTAMPTZ,
    ends_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),

    CHECK (ends_at > starts_at)
);

CREATE INDEX IF NOT EXISTS outreach_campaigns_status_idx
    ON outreach_campaigns(status);

CREATE TRIGGER outreach_campaigns_touch_updated_at
    BEFORE UPDATE ON outreach_campaigns
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

COMMENT ON TABLE outreach_campaigns IS
    'Campaigns by e-mail, phone and LinkedIn; letters are in campaigns';
COMMENT ON COLUMN outreach_campaigns.spent_usd IS
    'Only increment_campaign_spend() changes it';
COMMENT ON COLUMN outreach_campaigns.total_budget_usd IS
    'NULL: no limit';
COMMENT ON COLUMN outreach_campaigns.daily_budget_usd IS
    'NULL: no limit';
COMMENT ON COLUMN outreach_campaigns.objective IS
    'One sentence for the agents that write the messages';
COMMENT ON COLUMN outreach_campaigns.slug IS
    'Stands in links and file names: never changed once it was used';

-- ---------------------------------------------------------------------------
-- campaign_targets
-- ---------------------------------------------------------------------------

-- Who a campaign is for. A target that answers may become a deal: handoff.ts
-- writes deal_id then, and outreach_status becomes 'handed_off'.
--
-- A contact is in a campaign once; the unique constraint also serves look-ups
-- by campaign. Targets go with their campaign.
CREATE TABLE IF NOT EXISTS campaign_targets (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    campaign_id UUID NOT NULL
        REFERENCES outreach_campaigns(id) ON DELETE CASCADE,
    company_id UUID REFERENCES companies(id),
    contact_id UUID REFERENCES contacts(id),
    deal_id UUID REFERENCES deals(id),

    outreach_status TEXT NOT NULL DEFAULT 'queued' CHECK (outreach_status IN (
        'queued', 'contacted', 'replied', 'handed_off', 'declined'
    )),
    last_contacted_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),

    UNIQUE (campaign_id, contact_id)
);

CREATE INDEX IF NOT EXISTS campaign_targets_company_id_idx ON campaign_targets(company_id);
CREATE INDEX IF NOT EXISTS campaign_targets_contact_id_idx ON campaign_targets(contact_id);
CREATE INDEX IF NOT EXISTS campaign_targets_deal_id_idx ON campaign_targets(deal_id);

COMMENT ON TABLE campaign_targets IS
    'Companies and contacts that a campaign is for';
COMMENT ON COLUMN campaign_targets.outreach_status IS
    'How far the conversation is; handed_off when it became a deal';
COMMENT ON COLUMN campaign_targets.deal_id IS
    'The deal that it became';
COMMENT ON COLUMN campaign_targets.last_contacted_at IS
    'NULL: not contacted yet';

-- ---------------------------------------------------------------------------
-- agent_tickets
-- ---------------------------------------------------------------------------

-- What an agent could not do alone. Tier 1 is another agent, tier 2 an intern,
-- tier 3 a partner; escalateTicket() moves a ticket up.
--
-- A ticket names the campaign, the deal and the line of a log that it came from,
-- as far as there are any. It outlives its campaign.
CREATE TABLE IF NOT EXISTS agent_tickets (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    source TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    tier INTEGER NOT NULL DEFAULT 1 CHECK (tier BETWEEN 1 AND 3),
    title TEXT NOT NULL,
    body TEXT,
    context JSONB NOT NULL DEFAULT '{}',
    feature_key TEXT,

    campaign_id UUID
        REFERENCES outreach_campaigns(id) ON DELETE SET NULL,
    deal_id UUID REFERENCES deals(id),
    source_log_id UUID,

    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'claimed', 'escalated', 'resolved')),
    -- Who works on it, and what came of it
    claimed_by TEXT,
    claimed_at TIMESTAMPTZ,
    resolved_at TIMESTAMPTZ,
    resolution TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- One statement, so that callers at the same time wait for each other's row.
-- Adds to what a campaign has spent, unless that breaks its budget: no row then
CREATE OR REPLACE FUNCTION increment_campaign_spend(p_campaign_id UUID, p_amount NUMERIC)
RETURNS SETOF outreach_campaigns LANGUAGE sql SET search_path = public AS $$
    UPDATE outreach_campaigns SET spent_usd = spent_usd + p_amount
    WHERE id = p_campaign_id
      AND (total_budget_usd IS NULL OR spent_usd + p_amount <= total_budget_usd)
    RETURNING *;
$$;

CREATE INDEX IF NOT EXISTS agent_tickets_open_idx ON agent_tickets(tier, created_at) WHERE status <> 'resolved';

-- ---------------------------------------------------------------------------
-- spend_log
-- ---------------------------------------------------------------------------

-- Each call that costs money: who called what, for which purpose, at what price.
-- recordSpend() writes it after the call, so a call that fails is not in here.
CREATE TABLE IF NOT EXISTS spend_log (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    cost_usd NUMERIC(12, 6) NOT NULL CHECK (cost_usd >= 0),
    -- For example 'openai' and 'completion'
    api_name TEXT NOT NULL,
    event TEXT NOT NULL,
    purpose TEXT,

    -- Whom or what it was spent on; all of it is optional
    company_id UUID REFERENCES companies(id),
    contact_id UUID REFERENCES contacts(id),
    campaign_id UUID REFERENCES outreach_campaigns(id),
    deal_id UUID REFERENCES deals(id),
    feature_key TEXT,
    actor TEXT NOT NULL,

    -- What was called and how it is charged
    model TEXT,
    tool TEXT,
    source_type TEXT CHECK (source_type IN ('llm', 'enrichment', 'search', 'telephony')),
    pricing_model TEXT CHECK (pricing_model IN ('per_token', 'per_call', 'per_minute')),

    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS spend_log_campaign_id_idx ON spend_log(campaign_id, created_at DESC);
CREATE INDEX IF NOT EXISTS spend_log_company_id_idx ON spend_log(company_id);
CREATE INDEX IF NOT EXISTS spend_log_contact_id_idx ON spend_log(contact_id);
CREATE INDEX IF NOT EXISTS spend_log_deal_id_idx ON spend_log(deal_id);
CREATE INDEX IF NOT EXISTS spend_log_created_at_idx ON spend_log(created_at DESC);

-- ---------------------------------------------------------------------------
-- feature_metrics
-- ---------------------------------------------------------------------------

-- How features are used. Append-only: rows are never changed or deleted.
CREATE TABLE IF NOT EXISTS feature_metrics (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feature_key TEXT NOT NULL,
    event TEXT NOT NULL,
    actor TEXT NOT NULL,
    value NUMERIC,
    metadata JSONB NOT NULL DEFAULT '{}',
    at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS feature_metrics_feature_key_idx ON feature_metrics(feature_key, at DESC);

-- ---------------------------------------------------------------------------
-- Views
-- ---------------------------------------------------------------------------

-- What a campaign may spend, what it has spent by its own counter, and what the log says
CREATE OR REPLACE VIEW v_campaign_spend AS
SELECT
    campaign.id AS campaign_id,
    campaign.slug,
    campaign.total_budget_usd,
    campaign.spent_usd,
    COALESCE(SUM(spend.cost_usd), 0) AS logged_usd,
    COALESCE(SUM(spend.cost_usd) FILTER (WHERE spend.created_at >= date_trunc('day', now())), 0) AS logged_today_usd
FROM outreach_campaigns AS campaign
LEFT JOIN spend_log AS spend ON spend.campaign_id = campaign.id
GROUP BY campaign.id;

CREATE OR REPLACE VIEW v_company_spend AS
SELECT
    company.id AS company_id,
    company.name,
    SUM(spend.cost_usd) AS logged_usd,
    COUNT(*) AS calls
FROM companies AS company
JOIN spend_log AS spend ON spend.company_id = company.id
GROUP BY company.id;

CREATE OR REPLACE VIEW v_daily_spend AS
SELECT
    date_trunc('day', created_at) AS day,
    api_name,
    SUM(cost_usd) AS logged_usd,
    COUNT(*) AS calls
FROM spend_log
GROUP BY date_trunc('day', created_at), api_name;
