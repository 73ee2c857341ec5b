import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { client, db } from '@/db';
import { campaigns, clients, leads } from '@/db/schema';
import { POST } from '@/app/api/admin/campaigns/auto-create/route';

const clientId = `test-client-auto-${Date.now()}`;

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

const request = (body: unknown, token = process.env.ADMIN_TOKEN ?? '') =>
  new Request('http://localhost/api', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const post = async (body: object = {}) => {
  const response = await POST(request({ clientId, formId: 'form-1', name: 'Autumn', ...body }));
  return { status: response.status, ...(await response.json()) };
};

describe('successful campaign creation', () => {
  it('makes a campaign', async () => {
    const answer = await post();
    expect(answer.status).toBe(201);
    expect(answer.data.created).toBe(true);
  });

  it('marks it as discovered', async () => {
    expect((await post()).data.campaign.autoDiscovered).toBe(true);
  });

  it('makes it active', async () => {
    expect((await post()).data.campaign.isActive).toBe(true);
  });

  it('is Standard by default', async () => {
    expect((await post()).data.campaign.campaignType).toBe('Standard');
  });

  it('can be a webinar', async () => {
    expect((await post({ campaignType: 'Webinar' })).data.campaign.campaignType).toBe('Webinar');
  });

  it('starts with counts of zero', async () => {
    const { campaign } = (await post()).data;
    expect([campaign.activeLeadsCount, campaign.completedLeadsCount, campaign.bookedCount]).toEqual([0, 0, 0]);
  });
});

describe('authentication and authorization', () => {
  it('refuses a request without a token', async () => {
    expect((await POST(request({}, ''))).status).toBe(401);
  });

  it('refuses a wrong token', async () => {
    expect((await POST(request({}, 'wrong'))).status).toBe(401);
  });
});

describe('rate limiting', () => {
  it('refuses the eleventh request of a minute', async () => {
    for (let n = 0; n < 10; n++) await post({ formId: `form-${n}` });
    expect((await post({ formId: 'form-11' })).status).toBe(429);
  });

  it('says when to try again', async () => {
    for (let n = 0; n < 10; n++) await post();
    expect((await post()).error.message).toContain('minute');
  });
});

describe('duplicate detection', () => {
  it('returns the campaign that is there', async () => {
    const first = await post();
    const second = await post();
    expect(second.data.created).toBe(false);
    expect(second.data.campaign.id).toBe(first.data.campaign.id);
  });

  it('makes another one for another form', async () => {
    await post();
    expect((await post({ formId: 'form-2' })).data.created).toBe(true);
  });
});

describe('input validation', () => {
  it('needs a client', async () => {
    const answer = await post({ clientId: undefined });
    expect(answer.status).toBe(400);
    expect(answer.error.details.clientId).toBeDefined();
  });

  it('needs a client that is a UUID', async () => {
    const answer = await post({ clientId: 'client-1' });
    expect(answer.status).toBe(400);
    expect(answer.error.details.clientId).toBeDefined();
  });

  it('needs a form', async () => {
    const answer = await post({ formId: '' });
    expect(answer.status).toBe(400);
    expect(answer.error.details.formId).toBeDefined();
  });

  it('needs a name', async () => {
    const answer = await post({ name: '' });
    expect(answer.status).toBe(400);
    expect(answer.error.details.name).toBeDefined();
  });

  it('refuses a name that is too long', async () => {
    const answer = await post({ name: 'x'.repeat(256) });
    expect(answer.status).toBe(400);
    expect(answer.error.details.name).toBeDefined();
  });

  it('refuses an unknown type', async () => {
    const answer = await post({ campaignType: 'Newsletter' });
    expect(answer.status).toBe(400);
    expect(answer.error.details.campaignType).toBeDefined();
  });

  it('refuses a form that is too long', async () => {
    const answer = await post({ formId: 'x'.repeat(101) });
    expect(answer.status).toBe(400);
    expect(answer.error.details.formId).toBeDefined();
  });
});

describe('error handling', () => {
  it('says that there is no such client', async () => {
    expect((await post({ clientId: randomUUID() })).status).toBe(404);
  });

  it('refuses a client that is not active', async () => {
    await db.update(clients).set({ isActive: false }).where(eq(clients.id, clientId));
    expect((await post()).status).toBe(404);
  });

  it('refuses what is no JSON', async () => {
    expect((await POST(request('{'))).status).toBe(400);
  });

  it('tells nothing of the database', async () => {
    const answer = await post({ name: 'a\\u0000b' });
    expect(answer.status).toBe(500);
    expect(answer.error.message).not.toContain('invalid byte');
  });
});

describe('response format', () => {
  it('wraps data', async () => {
    expect(Object.keys(await post()).sort()).toEqual(['data', 'status', 'success']);
  });

  it('wraps errors', async () => {
    expect((await post({ name: '' })).error.code).toBe('VALIDATION');
  });
});
