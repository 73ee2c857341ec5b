-- The CRM: companies, contacts, deals and what happened to them, notes of meetings

CREATE TABLE companies (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name TEXT NOT NULL,
    domain TEXT UNIQUE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE contacts (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    company_id UUID REFERENCES companies(id),
    full_name TEXT NOT NULL,
    email TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX contacts_company_id_idx ON contacts(company_id);

CREATE TABLE deals (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
    stage TEXT NOT NULL DEFAULT 'sourced' CHECK (stage IN (
        'sourced', 'qualified', 'engaged', 'diligence', 'closed_won', 'closed_lost'
    )),
    vertical TEXT,
    company_id UUID REFERENCES companies(id),
    ev_estimate_usd NUMERIC(14, 2),
    fee_pct NUMERIC(5, 2) CHECK (fee_pct BETWEEN 0 AND 100),
    win_prob_pct NUMERIC(5, 2) CHECK (win_prob_pct BETWEEN 0 AND 100),
    sourced_by TEXT,
    owner TEXT,
    flex_data JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX deals_company_id_idx ON deals(company_id);

CREATE TABLE deal_activity_log (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    deal_id UUID NOT NULL REFERENCES deals(id),
    contact_id UUID REFERENCES contacts(id),
    kind TEXT NOT NULL,
    headline TEXT NOT NULL,
    body TEXT,
    ref_table TEXT,
    ref_id UUID,
    actor TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX deal_activity_log_deal_id_idx ON deal_activity_log(deal_id, at DESC);
CREATE INDEX deal_activity_log_contact_id_idx ON deal_activity_log(contact_id);

CREATE TABLE meeting_notes (
    meeting_id TEXT PRIMARY KEY,
    entity_id UUID REFERENCES companies(id),
    title TEXT NOT NULL,
    transcript TEXT,
    classification TEXT,
    promoted_to_deal_id UUID REFERENCES deals(id),
    held_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX meeting_notes_entity_id_idx ON meeting_notes(entity_id);
CREATE INDEX meeting_notes_promoted_to_deal_id_idx ON meeting_notes(promoted_to_deal_id);

-- Any change of a deal, whatever it is
CREATE FUNCTION touch_updated_at() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$;

CREATE TRIGGER deals_touch_updated_at
    BEFORE UPDATE ON deals
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- The team sees everything; the public key sees nothing
ALTER TABLE companies ENABLE ROW LEVEL SECURITY;
ALTER TABLE contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE deals ENABLE ROW LEVEL SECURITY;
ALTER TABLE deal_activity_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE meeting_notes ENABLE ROW LEVEL SECURITY;

CREATE POLICY team ON companies TO authenticated USING (true);
CREATE POLICY team ON contacts TO authenticated USING (true);
CREATE POLICY team ON deals TO authenticated USING (true);
CREATE POLICY team ON deal_activity_log TO authenticated USING (true);
CREATE POLICY team ON meeting_notes TO authenticated USING (true);
