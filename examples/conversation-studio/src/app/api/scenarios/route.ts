import { createScenario, scenariosOf } from '@/lib/services/scenario-service';

export async function GET(request: Request) {
  return Response.json(await scenariosOf(new URL(request.url).searchParams.get('template') ?? ''));
}

export async function POST(request: Request) {
  return Response.json(await createScenario(await request.json()), { status: 201 });
}
