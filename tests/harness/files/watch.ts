/**
 * Watches a process: what it prints, how long it is silent, and how much memory it takes. V8 reserves
 * far more addresses than it uses, so that what is resident is measured and not what is reserved.
 *
 * @module
 */

/** What a process may take. */
export interface Patience {
  /** Longest time without a line on standard output. [ms] */
  readonly silentMs: number;
  /** Most resident memory. [bytes] */
  readonly residentBytes: number;
}

/** How a process ended. */
export interface Ending {
  /** Its exit code; of no meaning if it was stopped. */
  readonly code: number;
  /** Why it was stopped; `null` if it ended by itself. */
  readonly stopped: string | null;
  /** What it printed on standard error. */
  readonly stderr: string;
  /** Its largest resident memory, as far as it was seen. [bytes] */
  readonly peakBytes: number;
}

const LOOK_MS = 100;

/** Runs a command to its end, or until it takes too much. */
export async function watch(
  command: Deno.Command,
  patience: Patience,
  onLine: (line: string) => void = () => {},
): Promise<Ending> {
  const child = command.spawn();
  let [heard, peakBytes] = [performance.now(), 0];
  let stopped: string | null = null;
  const ended = new AbortController();
  const looking = (async () => {
    while (!ended.signal.aborted) {
      const { pids, bytes } = await familyOf(child.pid);
      peakBytes = Math.max(peakBytes, bytes);
      if (bytes > patience.residentBytes) stopped ??= `took ${Math.round(bytes / 2 ** 20)} MiB`;
      if (performance.now() - heard > patience.silentMs) {
        stopped ??= `nothing for ${patience.silentMs / 1000} s`;
      }
      if (stopped !== null && !ended.signal.aborted) kill(pids);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  })();
  const reading = (async () => {
    let rest = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const pieces = (rest + text).split("\n");
      rest = pieces.pop()!;
      heard = performance.now();
      pieces.forEach(onLine);
    }
  })();
  const said = new Response(child.stderr).text();
  const [, stderr, { code }] = await Promise.all([reading, said, child.status]);
  ended.abort();
  await looking;
  return { code, stopped, stderr, peakBytes };
}

/** A process with those that it started, and those that they started. */
interface Family {
  readonly pids: readonly number[];
  /** What they take together. [bytes] */
  readonly bytes: number;
}

async function familyOf(pid: number): Promise<Family> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid=,ppid=,rss="] }).output();
  const processes = new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const pids = [pid];
  let kibibytes = 0;
  for (const parent of pids) {
    for (const [id, parentId, rss] of processes) {
      if (parentId === parent) pids.push(id);
      if (id === parent) kibibytes += rss;
    }
  }
  return { pids, bytes: 1024 * kibibytes };
}

function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      Deno.kill(pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  }
}
