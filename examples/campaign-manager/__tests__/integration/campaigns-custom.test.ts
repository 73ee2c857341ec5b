import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { client, db } from '@/db';
import { campaigns, clients, leads } from '@/db/schema';
import { POST } from '@/app/api/admin/campaigns/custom/route';

const clientId = `test-client-custom-${Date.now()}`;

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

const messages = [{ text: 'Hello', delayHours: 0 }];

const post = async (body: object = {}) => {
  const response = await POST(
    new Request('http://localhost/api', {
      method: 'POST',
      headers: { authorization: `Bearer ${process.env.ADMIN_TOKEN}` },
      body: JSON.stringify({ clientId, name: 'Chosen', messages, ...body }),
    }),
  );
  return { status: response.status, ...(await response.json()) };
};

const enrolled = async () => {
  const rows = await client`select count(*)::int as n from leads where client_id = ${clientId} and campaign_link_id is not null`;
  return rows[0].n as number;
};

describe('basic campaign creation', () => {
  it('makes a campaign', async () => {
    await addLead();
    expect((await post()).status).toBe(201);
  });

  it('keeps its messages', async () => {
    await addLead();
    expect((await post()).data.campaign.messages).toEqual(messages);
  });
});

describe('lead filtering logic', () => {
  it('leaves out leads that opted out', async () => {
    await addLead({ optedOut: true });
    await addLead();
    expect((await post()).data.enrolled).toBe(1);
  });

  it('leaves out leads that booked', async () => {
    await addLead({ bookedMeeting: true });
    await addLead();
    expect((await post()).data.enrolled).toBe(1);
  });

  it('leaves out leads that completed', async () => {
    await addLead({ completedAt: new Date() });
    await addLead();
    expect((await post()).data.enrolled).toBe(1);
  });

  it('takes leads with one of the tags', async () => {
    await addLead({ tags: ['recall'] });
    await addLead({ tags: ['webinar'] });
    expect((await post({ tags: ['recall'] })).data.enrolled).toBe(1);
  });
});

describe('enrollment logic', () => {
  it('enrolls every lead', async () => {
    await addLead();
    await addLead();
    await post();
    expect(await enrolled()).toBe(2);
  });

  it('starts them at the first message', async () => {
    const lead = await addLead({ currentMessagePosition: 3 });
    await post();
    const [after] = await db.select().from(leads).where(eq(leads.id, lead.id));
    expect(after.currentMessagePosition).toBe(0);
  });

  it('takes no more than it is told', async () => {
    for (let n = 0; n < 3; n++) await addLead();
    await post({ maxLeads: 2 });
    expect(await enrolled()).toBe(2);
  });
});

describe('partial enrollment warnings', () => {
  it('has no warning when all were free', async () => {
    await addLead();
    expect((await post()).data.warning).toBeNull();
  });

  it('refuses when none is free', async () => {
    expect((await post()).status).toBe(409);
  });

  it('leaves the leads of other campaigns alone', async () => {
    const [other] = await db.insert(campaigns).values({ clientId, name: 'Other' }).returning();
    await addLead({ campaignLinkId: other.id });
    expect((await post()).status).toBe(409);
  });
});

describe('concurrent enrollment protection', () => {
  it('gives each lead to one of two requests', async () => {
    for (let n = 0; n < 10; n++) await addLead();
    const answers = await Promise.all([post({ name: 'A' }), post({ name: 'B' })]);
    const all = answers.reduce((sum, answer) => sum + (answer.data?.enrolled ?? 0), 0);
    expect(all).toBe(10);
  });
});

describe('error handling', () => {
  it('says that there is no such client', async () => {
    expect((await post({ clientId: randomUUID() })).status).toBe(404);
  });

  it('needs a message', async () => {
    expect((await post({ messages: [] })).status).toBe(400);
  });
});

describe('campaign statistics tracking', () => {
  it('counts the active leads', async () => {
    await addLead();
    await post();
    const [campaign] = await db.select().from(campaigns).where(eq(campaigns.clientId, clientId));
    expect(campaign.activeLeadsCount).toBe(1);
  });

  it('remembers the last enrollment', async () => {
    await addLead();
    expect((await post()).data.campaign.lastEnrollmentAt).toBeTruthy();
  });
});
