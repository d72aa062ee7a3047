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

const LOOK_MS = 25;

/** Runs a command to its end, or until it takes too much. */
export async function watch(
  command: Deno.Command,
  patience: Patience,
  onLine: (line: string) => void = () => {},
): Promise<Ending> {
  const child = command.spawn();
  let [heard, peakBytes] = [performance.now(), 0];
  let stopped: string | null = null;
  const stop = (reason: string) => {
    if (stopped !== null) return;
    stopped = reason;
    child.kill("SIGKILL");
  };
  const look = setInterval(async () => {
    peakBytes = Math.max(peakBytes, await residentBytes(child.pid));
    if (peakBytes > patience.residentBytes) stop(`took ${Math.round(peakBytes / 2 ** 20)} MiB`);
    const silentMs = performance.now() - heard;
    if (silentMs > patience.silentMs) stop(`nothing for ${patience.silentMs / 1000} s`);
  }, LOOK_MS);
  const reading = lines(child.stdout, (line) => {
    heard = performance.now();
    onLine(line);
  });
  const [, stderr, { code }] = await Promise.all([
    reading,
    new Response(child.stderr).text(),
    child.status,
  ]);
  clearInterval(look);
  return { code, stopped, stderr, peakBytes };
}

async function lines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const pieces = (rest + text).split("\n");
    rest = pieces.pop()!;
    pieces.forEach(onLine);
  }
}

/** Resident memory of a process; 0 once it is gone, and where there is no /proc. [bytes] */
async function residentBytes(pid: number): Promise<number> {
  try {
    const status = await Deno.readTextFile(`/proc/${pid}/status`);
    return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
