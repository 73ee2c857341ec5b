import { client } from '@/db';
import { administrator, fail, ok } from '@/lib/api-response';

/** The tags of the leads that a custom campaign could take, with how many leads have each. */
export async function GET(request: Request): Promise<Response> {
  if (!administrator(request)) return fail('UNAUTHORIZED', 'Sign in as an administrator.');
  const clientId = new URL(request.url).searchParams.get('clientId');
  if (!clientId) return fail('VALIDATION', 'Name a client.');
  const tags = await client`
    select tag, count(*)::int as leads
    from leads cross join lateral unnest(tags) as tag
    where client_id = ${clientId} and opted_out = false and is_active
    group by tag
    order by leads desc, tag
  `;
  return ok({ tags });
}
