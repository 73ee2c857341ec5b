import type { ZodError } from 'zod';

type Code = 'UNAUTHORIZED' | 'VALIDATION' | 'NOT_FOUND' | 'CONFLICT' | 'RATE_LIMITED' | 'INTERNAL';

const STATUS: Record<Code, number> = {
  UNAUTHORIZED: 401,
  VALIDATION: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  INTERNAL: 500,
};

export function ok<T>(data: T, status = 200): Response {
  return Response.json({ success: true, data }, { status });
}

export function fail(code: Code, message: string, details?: unknown): Response {
  return Response.json({ success: false, error: { code, message, details } }, { status: STATUS[code] });
}

export function invalid(error: ZodError): Response {
  return fail('VALIDATION', 'The request is not valid.', error.flatten().fieldErrors);
}

const seen = new Map<string, number[]>();

/** Ten requests a minute and administrator, in the memory of this process. */
export function limited(who: string, now = Date.now()): boolean {
  const most = Number(process.env.RATE_LIMIT_PER_MINUTE ?? 10);
  const recent = (seen.get(who) ?? []).filter((at) => now - at < 60_000);
  seen.set(who, [...recent, now]);
  return recent.length >= most;
}

export function administrator(request: Request): string | null {
  const token = request.headers.get('authorization')?.replace('Bearer ', '');
  return token && token === process.env.ADMIN_TOKEN ? token : null;
}
