import { client } from '../db';
import { logger } from '../lib/logger';

const log = logger({ worker: 'de-enrollment' });
const size = Number(process.env.DE_ENROLLMENT_BATCH_SIZE ?? 100);

/** Take the leads of one client out of their campaigns, batch by batch; return how many. */
export async function deEnroll(clientId: string): Promise<number> {
  const started = Date.now();
  const [run] = await client`insert into de_enrollment_runs (client_id) values (${clientId}) returning id`;
  let done = 0;
  let last: string | null = null;
  try {
    for (;;) {
      const batch = await client`
        select lead_id from get_leads_for_de_enrollment(${clientId}, ${size}, ${last})
      `;
      if (!batch.length) break;
      const ids = batch.map((lead) => lead.lead_id as string);
      const [answer] = await client`select process_de_enrollment_batch(${run.id}, ${ids}) as done`;
      done += answer.done;
      last = ids[ids.length - 1];
    }
    await client`
      update de_enrollment_runs
      set status = 'success', finished_at = now(), duration_ms = ${Date.now() - started}
      where id = ${run.id}
    `;
  } catch (error) {
    log.error('failed', { clientId, error: String(error) });
    await client`
      update de_enrollment_runs
      set status = 'failed', finished_at = now(), duration_ms = ${Date.now() - started}, error_message = ${String(error)}
      where id = ${run.id}
    `;
    throw error;
  }
  log.info('done', { clientId, done });
  return done;
}

/** One run for every active client; a client that fails does not stop the others. */
export async function deEnrollAll(): Promise<void> {
  const clients = await client`select id from clients where is_active order by id`;
  for (const { id } of clients) {
    await deEnroll(id).catch(() => undefined);
  }
}
