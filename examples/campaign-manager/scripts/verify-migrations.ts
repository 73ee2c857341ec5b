import { client } from '../src/db';

const COLUMNS = [
  'is_active', 'active_leads_count', 'completed_leads_count', 'opted_out_count', 'booked_count', 'deactivated_at',
  'last_enrollment_at',
];

async function found(rows: Promise<readonly unknown[]>, what: string): Promise<boolean> {
  const there = (await rows).length > 0;
  process.stdout.write(`${there ? '✅' : '❌'} ${what.padEnd(44)}${there ? '✅ Found' : '❌ Missing'}\n`);
  return there;
}

const checks: boolean[] = [];
for (const column of COLUMNS) {
  const rows = client`
    select 1 from information_schema.columns where table_name = 'campaigns' and column_name = ${column}
  `;
  checks.push(await found(rows, `campaigns.${column}`));
}
for (const table of ['de_enrollment_runs', 'de_enrollment_lead_log']) {
  const rows = client`select 1 from information_schema.tables where table_name = ${table}`;
  checks.push(await found(rows, `Table: ${table}`));
}
const routine = client`
  select 1 from information_schema.routines where routine_name = 'get_leads_for_de_enrollment'
`;
checks.push(await found(routine, 'Function: get_leads_for_de_enrollment'));

const passed = checks.filter(Boolean).length;
process.stdout.write(`\nTotal Checks: ${checks.length} | Passed: ${passed} | Failed: ${checks.length - passed}\n`);
await client.end();
process.exitCode = passed === checks.length ? 0 : 1;
