import { supabase } from '../supabase';

export async function snapshotHealth(tables: { name: string; bytes: number }[]) {
  await supabase
    .from('table_health_snapshots')
    .insert(tables.map((table) => ({ table_name: table.name, size_bytes: table.bytes })));
}

export async function recordIndexUse(name: string, scans: number, bytes: number) {
  const { error } = await supabase
    .from('index_usage_snapshots')
    .insert({ index_name: name, scans, size_bytes: bytes });
  if (error) throw error;
}

export async function slowQueries() {
  const { data } = await supabase
    .from('query_performance_logs')
    .select('query, duration_ms, seen_at')
    .gte('duration_ms', 1000)
    .order('duration_ms', { ascending: false });
  return data ?? [];
}

export async function startMaintenance(operation: 'vacuum' | 'analyze' | 'reindex', table: string) {
  const { error } = await supabase.from('maintenance_operations').insert({ operation, table_name: table });
  if (error) throw error;
}
