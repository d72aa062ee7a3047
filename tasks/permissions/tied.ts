/**
 * Loaded by the launcher, and before the task that it starts: ends each when what started it is gone,
 * however that was ended, so that no training goes on unseen.
 *
 * @module
 */

const CHECK_MS = 500;

const parent = Deno.ppid;
const timer = setInterval(() => {
  if (Deno.ppid !== parent) Deno.exit(1);
}, CHECK_MS);
Deno.unrefTimer(timer);
