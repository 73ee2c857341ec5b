import type { ExportLog } from '../../train-wireframe/src/lib/types';
import { supabase } from './supabase';

export async function startExport(log: Pick<ExportLog, 'exportId' | 'userId' | 'format' | 'scope'>) {
  const { error } = await supabase
    .from('export_logs')
    .insert({ export_id: log.exportId, user_id: log.userId, format: log.format, scope: log.scope });
  if (error) throw error;
}

export async function finishExport(exportId: string, conversations: number, bytes: number) {
  const { error } = await supabase
    .from('export_logs')
    .update({ status: 'completed', conversation_count: conversations, file_size: bytes, completed_at: new Date() })
    .eq('export_id', exportId);
  if (error) console.error('the export was not recorded', error);
}
