-- What happened to the production database besides the migrations. Run it after
-- live/make_live.py has applied and recorded them (that script does so itself).

-- 1. A migration that was recorded but never run: make_live.py records 006 and does
--    not apply it. Its table, its indexes and its rights do not exist here.

-- 2. An index made by hand, on a slow afternoon. The next database will not have it.
CREATE INDEX idx_click_tracking_campaign_id ON click_tracking(campaign_id);

-- 3. A default changed during an incident: new changes are not spread out any more.
ALTER TABLE pending_ad_changes ALTER COLUMN jitter_ms_max SET DEFAULT 3000;

-- 4. A trigger dropped for a bulk import and never restored: new clicks get no
--    expires_at, so v_active_clicks does not show them and no layer finds them.
DROP TRIGGER trigger_set_click_expires_at ON click_tracking;

-- 5. A CHECK widened by hand for a feature that was then built differently.
ALTER TABLE pending_ad_changes
    DROP CONSTRAINT pending_ad_changes_change_type_check,
    ADD CONSTRAINT pending_ad_changes_change_type_check
        CHECK (change_type IN ('budget', 'status', 'bid', 'targeting'));

-- 6. A right revoked by mistake: workers can no longer complete what they logged.
REVOKE UPDATE ON job_execution_history FROM ad_worker;
