import { listTemplates } from '@/lib/services/template-service';

export async function GET() {
  return Response.json(await listTemplates());
}
