/**
 * Loaded before a task that the launcher starts: ends it when the launcher is gone, however that was
 * ended, so that no training goes on unseen.
 *
 * @module
 */

const CHECK_MS = 500;

const launcher = Deno.ppid;
const timer = setInterval(() => {
  if (Deno.ppid !== launcher) Deno.exit(1);
}, CHECK_MS);
Deno.unrefTimer(timer);
