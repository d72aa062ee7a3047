/**
 * Starting Workers that help this thread.
 *
 * @module
 */

/**
 * Starts Workers and waits until all are ready; none is left if one is not. A Worker answers its
 * set-up with `null`, or with what is wrong.
 *
 * @param module What each Worker runs.
 * @param setupOf What the Worker of a number, from 0 on, is told first.
 * @param patienceMs How long a Worker may take to be ready. [ms]
 * @throws {Error} If a Worker does not start.
 */
export async function startWorkers(
  module: URL,
  count: number,
  setupOf: (helper: number) => unknown,
  patienceMs = 300_000,
): Promise<Worker[]> {
  const workers: Worker[] = [];
  const timers: ReturnType<typeof setTimeout>[] = [];
  try {
    await Promise.all(Array.from({ length: count }, (_, helper) => {
      const worker = new Worker(module, { type: "module" });
      workers.push(worker);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      worker.onmessage = ({ data: fault }: MessageEvent<string | null>) =>
        fault === null
          ? resolve()
          : reject(new Error(`Worker ${helper + 1} cannot begin: ${fault}`));
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`Worker ${helper + 1} did not start: ${event.message}`));
      };
      const late = () =>
        reject(new Error(`Worker ${helper + 1} is not ready after ${patienceMs / 1000} s`));
      timers.push(setTimeout(late, patienceMs));
      worker.postMessage(setupOf(helper));
      return promise;
    }));
  } catch (error) {
    for (const worker of workers) worker.terminate();
    throw error;
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
  return workers;
}
