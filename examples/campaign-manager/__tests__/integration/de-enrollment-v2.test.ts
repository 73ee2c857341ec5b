import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { client, db } from '@/db';
import { campaigns, clients, leads } from '@/db/schema';
import { deEnrollmentLeadLog, deEnrollmentRuns } from '@/db/schema';
import { deEnroll, deEnrollAll } from '@/workers/de-enrollment';

const clientId = `test-client-de-1-${Date.now()}`;

async function addLead(values: Partial<typeof leads.$inferInsert> = {}) {
  const [lead] = await db
    .insert(leads)
    .values({ clientId, airtableRecordId: `rec-${Math.random()}`, ...values })
    .returning();
  return lead;
}

beforeEach(async () => {
  await db.insert(clients).values({ id: clientId, name: 'Test', isActive: true });
});

afterEach(async () => {
  await db.delete(clients).where(eq(clients.id, clientId));
});

const otherId = `test-client-de-2-${Date.now()}`;

async function addCampaign(activeLeadsCount = 0) {
  const [campaign] = await db.insert(campaigns).values({ clientId, name: 'Recall', activeLeadsCount }).returning();
  return campaign;
}

const isActive = async (id: string) => (await db.select().from(leads).where(eq(leads.id, id)))[0].isActive;
const campaignOf = async (id: string) => (await db.select().from(campaigns).where(eq(campaigns.id, id)))[0];

describe('lead de-enrollment logic', () => {
  it('takes out leads that completed', async () => {
    const lead = await addLead({ completedAt: new Date() });
    await deEnroll(clientId);
    expect(await isActive(lead.id)).toBe(false);
  });

  it('takes out leads that opted out', async () => {
    const lead = await addLead({ optedOut: true });
    await deEnroll(clientId);
    expect(await isActive(lead.id)).toBe(false);
  });

  it('takes out leads that booked', async () => {
    const lead = await addLead({ bookedMeeting: true });
    await deEnroll(clientId);
    expect(await isActive(lead.id)).toBe(false);
  });

  it('leaves the others in', async () => {
    const lead = await addLead();
    await deEnroll(clientId);
    expect(await isActive(lead.id)).toBe(true);
  });

  it('takes out nobody twice', async () => {
    await addLead({ optedOut: true });
    expect(await deEnroll(clientId)).toBe(1);
    expect(await deEnroll(clientId)).toBe(0);
  });
});

describe('multi-client isolation', () => {
  it('leaves the leads of other clients in', async () => {
    await db.insert(clients).values({ id: otherId, name: 'Other', isActive: true });
    const lead = await addLead({ clientId: otherId, optedOut: true });
    await deEnroll(clientId);
    expect(await isActive(lead.id)).toBe(true);
  });

  it('runs for every active client', async () => {
    await db.insert(clients).values({ id: otherId, name: 'Other', isActive: true });
    await deEnrollAll();
    const runs = await db.select().from(deEnrollmentRuns);
    expect(new Set(runs.map((run) => run.clientId))).toContain(otherId);
  });
});

describe('batch processing', () => {
  it('takes more than one batch', async () => {
    for (let n = 0; n < 250; n++) await addLead({ optedOut: true });
    expect(await deEnroll(clientId)).toBe(250);
  });

  it('goes on after the last lead of a batch', async () => {
    for (let n = 0; n < 101; n++) await addLead({ optedOut: true });
    await deEnroll(clientId);
    const rows = await client`select id from leads where client_id = ${clientId} and is_active`;
    expect(rows).toHaveLength(0);
  });
});

describe('campaign statistics updates', () => {
  it('lowers the active leads', async () => {
    const campaign = await addCampaign(1);
    await addLead({ campaignLinkId: campaign.id, optedOut: true });
    await deEnroll(clientId);
    expect((await campaignOf(campaign.id)).activeLeadsCount).toBe(0);
  });

  it('counts each outcome', async () => {
    const campaign = await addCampaign(2);
    await addLead({ campaignLinkId: campaign.id, optedOut: true });
    await addLead({ campaignLinkId: campaign.id, bookedMeeting: true });
    await deEnroll(clientId);
    const after = await campaignOf(campaign.id);
    expect([after.optedOutCount, after.bookedCount]).toEqual([1, 1]);
  });

  it('counts a lead that did both as booked', async () => {
    const campaign = await addCampaign(1);
    await addLead({ campaignLinkId: campaign.id, optedOut: true, bookedMeeting: true });
    await deEnroll(clientId);
    const after = await campaignOf(campaign.id);
    expect([after.optedOutCount, after.bookedCount]).toEqual([0, 1]);
  });
});

describe('monitoring and logging', () => {
  it('records the run', async () => {
    await deEnroll(clientId);
    const [run] = await db.select().from(deEnrollmentRuns).where(eq(deEnrollmentRuns.clientId, clientId));
    expect(run.status).toBe('success');
  });

  it('logs every lead', async () => {
    const lead = await addLead({ optedOut: true });
    await deEnroll(clientId);
    const [entry] = await db.select().from(deEnrollmentLeadLog).where(eq(deEnrollmentLeadLog.leadId, lead.id));
    expect(entry.outcome).toBe('opted_out');
  });

  it('shows its health', async () => {
    await deEnroll(clientId);
    const [health] = await client`select runs_24h, stuck_runs from de_enrollment_health where client_id = ${clientId}`;
    expect(Number(health.runs_24h)).toBe(1);
  });
});

describe('concurrent run protection', () => {
  it('takes each lead out once', async () => {
    for (let n = 0; n < 50; n++) await addLead({ optedOut: true });
    const [one, other] = await Promise.all([deEnroll(clientId), deEnroll(clientId)]);
    expect(one + other).toBe(50);
  });

  it('keeps the statistics right', async () => {
    const campaign = await addCampaign(50);
    for (let n = 0; n < 50; n++) await addLead({ campaignLinkId: campaign.id, optedOut: true });
    await Promise.all([deEnroll(clientId), deEnroll(clientId)]);
    expect((await campaignOf(campaign.id)).activeLeadsCount).toBe(0);
  });
});

describe('error handling and recovery', () => {
  it('records a run that failed', async () => {
    await expect(deEnroll(randomUUID())).rejects.toThrow();
  });

  it('goes on with the next client', async () => {
    await deEnrollAll();
    const runs = await db.select().from(deEnrollmentRuns).where(eq(deEnrollmentRuns.status, 'running'));
    expect(runs).toHaveLength(0);
  });
});

describe('performance and scale', () => {
  it('takes out a thousand leads in ten seconds', async () => {
    await client`insert into leads (client_id, airtable_record_id, opted_out) select ${clientId}, 'rec-' || n, true from generate_series(1, 1000) n`;
    const started = Date.now();
    await deEnroll(clientId);
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('finds its leads by index', async () => {
    const [plan] = await client`explain (format json) select * from get_leads_for_de_enrollment(${clientId}, 100, null)`;
    expect(JSON.stringify(plan)).toContain('idx_leads_de_enrollment');
  });
});
