import { client } from '@/db';
import { administrator, fail, ok } from '@/lib/api-response';

/** How many leads a custom campaign would take, and the first twenty of them. */
export async function POST(request: Request): Promise<Response> {
  if (!administrator(request)) return fail('UNAUTHORIZED', 'Sign in as an administrator.');
  const { clientId, tags } = (await request.json()) as { clientId: string; tags: string[] };
  const leads = await client`
    select id, first_name, last_name, tags, current_message_position
    from leads
    where client_id = ${clientId} and campaign_link_id is null and tags && ${tags}
    order by created_at desc
    limit 20
  `;
  return ok({ leads });
}
