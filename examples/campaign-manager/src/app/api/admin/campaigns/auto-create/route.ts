import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { db } from '@/db';
import { campaigns, clients } from '@/db/schema';
import { administrator, fail, invalid, limited, ok } from '@/lib/api-response';
import { logger } from '@/lib/logger';

const log = logger({ route: 'campaigns/auto-create' });

const body = z.object({
  clientId: z.string().uuid(),
  formId: z.string().min(1).max(100),
  name: z.string().min(1).max(255),
  campaignType: z.enum(['Standard', 'Webinar']).default('Standard'),
});

/** A campaign for a form that sends leads for the first time; the same form never makes a second one. */
export async function POST(request: Request): Promise<Response> {
  const who = administrator(request);
  if (!who) return fail('UNAUTHORIZED', 'Sign in as an administrator.');
  if (limited(who)) return fail('RATE_LIMITED', 'Too many requests: try again in a minute.');
  const parsed = body.safeParse(await request.json().catch(() => null));
  if (!parsed.success) return invalid(parsed.error);
  const { clientId, formId, name, campaignType } = parsed.data;
  try {
    const [client] = await db.select().from(clients).where(eq(clients.id, clientId)).limit(1);
    if (!client?.isActive) return fail('NOT_FOUND', 'There is no such active client.');
    const [known] = await db
      .select()
      .from(campaigns)
      .where(and(eq(campaigns.clientId, clientId), eq(campaigns.campaignLinkId, formId)))
      .limit(1);
    if (known) return ok({ campaign: known, created: false });
    const [campaign] = await db
      .insert(campaigns)
      .values({ clientId, campaignLinkId: formId, name, campaignType, autoDiscovered: true })
      .returning();
    log.info('made', { campaign: campaign.id, formId });
    return ok({ campaign, created: true }, 201);
  } catch (error) {
    log.error('failed', { error: String(error) });
    return fail('INTERNAL', 'The campaign could not be made.');
  }
}
