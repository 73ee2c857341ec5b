import { finishExport, startExport } from '@/lib/export-service';

export async function POST(request: Request) {
  const { exportId, userId, format, scope, text } = await request.json();
  await startExport({ exportId, userId, format, scope });
  await finishExport(exportId, text.split('\n').length, text.length);
  return new Response(text);
}
