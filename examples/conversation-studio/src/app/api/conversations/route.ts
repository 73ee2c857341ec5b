import { withTurns } from '@/lib/services/conversation-service';

export async function GET(request: Request) {
  const id = new URL(request.url).searchParams.get('id') ?? '';
  return Response.json(await withTurns(id));
}
