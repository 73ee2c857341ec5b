import { and, arrayOverlaps, eq, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { db } from '@/db';
import { campaigns, clients, leads } from '@/db/schema';
import { administrator, fail, invalid, limited, ok } from '@/lib/api-response';
import { logger } from '@/lib/logger';

const log = logger({ route: 'campaigns/custom' });

const body = z.object({
  clientId: z.string().uuid(),
  name: z.string().min(1).max(255),
  tags: z.array(z.string()).default([]),
  messages: z.array(z.object({ text: z.string().min(1), delayHours: z.number().int().min(0) })).min(1),
  maxLeads: z.number().int().positive().optional(),
});

/** A campaign for the leads that an administrator chooses; leads that another request takes first are reported. */
export async function POST(request: Request): Promise<Response> {
  const who = administrator(request);
  if (!who) return fail('UNAUTHORIZED', 'Sign in as an administrator.');
  if (limited(who)) return fail('RATE_LIMITED', 'Too many requests: try again in a minute.');
  const parsed = body.safeParse(await request.json());
  if (!parsed.success) return invalid(parsed.error);
  const { clientId, name, tags, messages, maxLeads } = parsed.data;

  const [client] = await db.select().from(clients).where(eq(clients.id, clientId)).limit(1);
  if (!client?.isActive) return fail('NOT_FOUND', 'There is no such active client.');

  const chosen = await db
    .select({ id: leads.id })
    .from(leads)
    .where(
      and(
        eq(leads.clientId, clientId),
        eq(leads.optedOut, false),
        eq(leads.bookedMeeting, false),
        isNull(leads.completedAt),
        isNull(leads.campaignLinkId),
        tags.length ? arrayOverlaps(leads.tags, tags) : undefined,
      ),
    )
    .limit(maxLeads ?? 10_000);
  if (!chosen.length) return fail('CONFLICT', 'No lead is free for this campaign.');

  const made = await db.transaction(async (tx) => {
    const [campaign] = await tx
      .insert(campaigns)
      .values({ clientId, name, campaignType: 'Custom', messages, totalLeads: chosen.length, lastEnrollmentAt: new Date() })
      .returning();
    const enrolled = await tx
      .update(leads)
      .set({ campaignLinkId: campaign.id, currentMessagePosition: 0, enrolledAt: new Date() })
      .where(and(inArray(leads.id, chosen.map((lead) => lead.id)), isNull(leads.campaignLinkId)))
      .returning({ id: leads.id });
    await tx.update(campaigns).set({ activeLeadsCount: enrolled.length }).where(eq(campaigns.id, campaign.id));
    return { campaign, enrolled: enrolled.length };
  });
  log.info('made', { campaign: made.campaign.id, enrolled: made.enrolled, chosen: chosen.length });
  const warning = made.enrolled < chosen.length ? `${chosen.length - made.enrolled} leads were taken meanwhile` : null;
  return ok({ ...made, warning }, 201);
}
