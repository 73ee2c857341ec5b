/**
 * Takes changes from pending_ad_changes, sends them to the ad network, and keeps the audit log.
 *
 * Any number of workers may run: claim_pending_ad_change() gives each change to one of them.
 */

import type { Pool, PoolClient } from "pg";
import type { AdNetwork, ChangeType, EntityType } from "./ad-network.js";

const JOB_NAME = "ad-change";

/** One row of claim_pending_ad_change(); node-postgres returns NUMERIC as a string. */
export interface ClaimedChange {
  id: string;
  tenant_id: string;
  ad_entity_id: string;
  entity_type: EntityType;
  change_type: ChangeType;
  current_value: string | null;
  requested_value: string;
  jitter_ms_min: number;
  jitter_ms_max: number;
  status: string;
  earliest_execute_at: Date;
  confidence_score: number | null;
  claimed_by: string;
  claimed_at: Date;
  executed_at: Date | null;
  error_message: string | null;
  created_at: Date;
}

interface JobConfig {
  max_retry_attempts: number;
  retry_backoff_ms: number;
}

/** Claims one change and runs it; false when nothing is due. */
export async function runNext(pool: Pool, network: AdNetwork, workerId: string): Promise<boolean> {
  const { rows } = await pool.query<ClaimedChange>("SELECT * FROM claim_pending_ad_change($1)", [workerId]);
  const change = rows[0];
  if (change === undefined) return false;

  const attempt = await startAttempt(pool, change);
  let auditId: string | null = null;
  try {
    auditId = await openAudit(pool, change, await network.campaignOf(change.entity_type, change.ad_entity_id));
    const answer = await network.apply({
      entityType: change.entity_type,
      entityId: change.ad_entity_id,
      changeType: change.change_type,
      value: Number(change.requested_value),
    });
    await inTransaction(pool, (client) => complete(client, change, attempt, auditId, answer));
  } catch (error) {
    await inTransaction(pool, (client) => fail(client, change, attempt, auditId, error as Error));
  }
  return true;
}

/** Marks the change as executing and logs the attempt; returns its number, from 1. */
async function startAttempt(pool: Pool, change: ClaimedChange): Promise<number> {
  await pool.query("UPDATE pending_ad_changes SET status = 'executing' WHERE id = $1 AND claimed_by = $2", [
    change.id,
    change.claimed_by,
  ]);
  const { rows } = await pool.query<{ attempt_number: number }>(
    `INSERT INTO job_execution_history (job_id, job_name, tenant_id, attempt_number, status, job_data)
     SELECT $1::UUID, $2::VARCHAR, $3::VARCHAR, COUNT(*) + 1, 'active', $4::JSONB
     FROM job_execution_history
     WHERE job_id = $1::UUID
     RETURNING attempt_number`,
    [change.id, JOB_NAME, change.tenant_id, JSON.stringify(change)],
  );
  return rows[0].attempt_number;
}

/** Writes the audit row before anything is sent, so that a change that was never confirmed is visible. */
async function openAudit(pool: Pool, change: ClaimedChange, campaignId: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO ad_change_history (
       tenant_id, campaign_id, ad_id, adset_id, change_type, old_value, new_value, change_percentage,
       triggered_by, ml_confidence, status, rate_limit_passed, queued_at, started_at
     ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'thompson_sampler', $9, 'executing', true, $10, NOW())
     RETURNING id`,
    [
      change.tenant_id,
      campaignId,
      change.entity_type === "ad" ? change.ad_entity_id : null,
      change.entity_type === "adset" ? change.ad_entity_id : null,
      auditType(change),
      change.current_value === null ? null : JSON.stringify({ [change.change_type]: change.current_value }),
      JSON.stringify({ [change.change_type]: change.requested_value }),
      percentage(change),
      change.confidence_score,
      change.created_at,
    ],
  );
  return rows[0].id;
}

async function complete(
  client: PoolClient,
  change: ClaimedChange,
  attempt: number,
  auditId: string | null,
  answer: unknown,
): Promise<void> {
  await client.query("UPDATE pending_ad_changes SET status = 'completed', executed_at = NOW() WHERE id = $1", [
    change.id,
  ]);
  await client.query(
    `UPDATE job_execution_history
     SET status = 'completed', completed_at = NOW(), result_data = $3,
         duration_ms = EXTRACT(EPOCH FROM NOW() - started_at) * 1000
     WHERE job_id = $1 AND attempt_number = $2`,
    [change.id, attempt, JSON.stringify(answer)],
  );
  await client.query(
    `UPDATE ad_change_history
     SET status = 'completed', completed_at = NOW(), meta_response = $2,
         execution_duration_ms = EXTRACT(EPOCH FROM NOW() - started_at) * 1000
     WHERE id = $1`,
    [auditId, JSON.stringify(answer)],
  );
}

/** Puts the change back into the queue with a doubled wait, or gives up after the configured attempts. */
async function fail(
  client: PoolClient,
  change: ClaimedChange,
  attempt: number,
  auditId: string | null,
  error: Error,
): Promise<void> {
  const { rows } = await client.query<JobConfig>(
    "SELECT max_retry_attempts, retry_backoff_ms FROM job_config WHERE job_name = $1 AND is_active = true",
    [JOB_NAME],
  );
  const config = rows[0];
  const willRetry = config !== undefined && attempt <= config.max_retry_attempts;
  const waitMs = willRetry ? config.retry_backoff_ms * 2 ** (attempt - 1) : null;

  if (willRetry) {
    await client.query(
      `UPDATE pending_ad_changes
       SET status = 'pending', claimed_by = NULL, claimed_at = NULL, error_message = $2,
           earliest_execute_at = NOW() + $3 * INTERVAL '1 millisecond'
       WHERE id = $1`,
      [change.id, error.message, waitMs],
    );
  } else {
    await client.query("UPDATE pending_ad_changes SET status = 'failed', error_message = $2 WHERE id = $1", [
      change.id,
      error.message,
    ]);
  }
  await client.query(
    `UPDATE job_execution_history
     SET status = $3, completed_at = NOW(), error_message = $4, error_stack = $5,
         duration_ms = EXTRACT(EPOCH FROM NOW() - started_at) * 1000,
         will_retry = $6, next_retry_at = NOW() + $7 * INTERVAL '1 millisecond'
     WHERE job_id = $1 AND attempt_number = $2`,
    [change.id, attempt, willRetry ? "retry" : "failed", error.message, error.stack ?? null, willRetry, waitMs],
  );
  await client.query("UPDATE ad_change_history SET status = 'failed', completed_at = NOW(), reason = $2 WHERE id = $1", [
    auditId,
    error.message,
  ]);
}

/** The audit log's word for a change. */
function auditType(change: ClaimedChange): string {
  switch (change.change_type) {
    case "budget":
      return Number(change.requested_value) >= Number(change.current_value ?? 0) ? "BUDGET_INCREASE" : "BUDGET_DECREASE";
    case "bid":
      return "BID_CHANGE";
    case "status":
      return "STATUS_CHANGE";
  }
}

/** New against old value in percent; null where that means nothing. */
function percentage(change: ClaimedChange): number | null {
  const current = Number(change.current_value ?? 0);
  const requested = Number(change.requested_value);
  if (change.change_type === "status" || current === 0 || current === requested) return null;
  return ((requested - current) / current) * 100;
}

async function inTransaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await work(client);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}
