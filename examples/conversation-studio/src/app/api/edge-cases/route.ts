import { createEdgeCase } from '@/lib/services/edge-case-service';

export async function POST(request: Request) {
  return Response.json(await createEdgeCase(await request.json()), { status: 201 });
}
