import { readFileSync, writeFileSync } from 'node:fs';

// Replaces `any` and console calls in the files that the audit named.
const FILES = process.argv.slice(2);

for (const file of FILES) {
  const text = readFileSync(file, 'utf8');
  const fixed = text
    .replace(/: any\b/g, ': unknown')
    .replace(/console\.(log|info)\(/g, 'log.info(')
    .replace(/console\.(warn|error)\(/g, 'log.$1(');
  if (fixed !== text) {
    writeFileSync(file, fixed);
    process.stdout.write(`fixed ${file}\n`);
  }
}
