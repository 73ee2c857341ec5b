import { createClient } from '@supabase/supabase-js';

/** The server's own client: the service role key passes row-level security. */
export const supabase = createClient(process.env.SUPABASE_URL ?? '', process.env.SUPABASE_SERVICE_ROLE_KEY ?? '', {
  auth: { persistSession: false },
});
