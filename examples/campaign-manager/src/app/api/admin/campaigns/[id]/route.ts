import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { db } from '@/db';
import { campaigns } from '@/db/schema';
import { administrator, fail, invalid, ok } from '@/lib/api-response';

const body = z.object({
  name: z.string().min(1).max(255).optional(),
  isPaused: z.boolean().optional(),
  isActive: z.boolean().optional(),
});

type Context = { params: Promise<{ id: string }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  if (!administrator(request)) return fail('UNAUTHORIZED', 'Sign in as an administrator.');
  const [campaign] = await db.select().from(campaigns).where(eq(campaigns.id, (await params).id)).limit(1);
  return campaign ? ok({ campaign }) : fail('NOT_FOUND', 'There is no such campaign.');
}

export async function PATCH(request: Request, { params }: Context): Promise<Response> {
  if (!administrator(request)) return fail('UNAUTHORIZED', 'Sign in as an administrator.');
  const parsed = body.safeParse(await request.json());
  if (!parsed.success) return invalid(parsed.error);
  const deactivatedAt = parsed.data.isActive === false ? new Date() : undefined;
  const [campaign] = await db
    .update(campaigns)
    .set({ ...parsed.data, deactivatedAt, updatedAt: new Date() })
    .where(eq(campaigns.id, (await params).id))
    .returning();
  return campaign ? ok({ campaign }) : fail('NOT_FOUND', 'There is no such campaign.');
}
