/** Runs one worker until it is told to stop: DATABASE_URL and META_ACCESS_TOKEN in the environment. */

import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { runNext } from "./ad-change-worker.js";
import { MetaAds } from "./ad-network.js";

const IDLE_MS = 1000;

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const network = new MetaAds(process.env.META_ACCESS_TOKEN ?? "");
const workerId = `${hostname()}-${process.pid}`;

let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (stopping = true));

while (!stopping) {
  try {
    if (!(await runNext(pool, network, workerId))) await wait(IDLE_MS);
  } catch (error) {
    console.error(error);
    await wait(IDLE_MS);
  }
}
await pool.end();
