type Level = 'debug' | 'info' | 'warn' | 'error';
type Fields = Record<string, unknown>;

const ORDER: Level[] = ['debug', 'info', 'warn', 'error'];
const least = ORDER.indexOf((process.env.LOG_LEVEL as Level) ?? 'info');

function write(level: Level, message: string, fields: Fields): void {
  if (ORDER.indexOf(level) < least) return;
  process.stdout.write(`${JSON.stringify({ level, message, at: new Date().toISOString(), ...fields })}\n`);
}

/** One JSON object a line; `child` adds fields to each of its lines. */
export function logger(context: Fields = {}) {
  return {
    debug: (message: string, fields: Fields = {}) => write('debug', message, { ...context, ...fields }),
    info: (message: string, fields: Fields = {}) => write('info', message, { ...context, ...fields }),
    warn: (message: string, fields: Fields = {}) => write('warn', message, { ...context, ...fields }),
    error: (message: string, fields: Fields = {}) => write('error', message, { ...context, ...fields }),
    child: (fields: Fields) => logger({ ...context, ...fields }),
  };
}
