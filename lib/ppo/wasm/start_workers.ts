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
 * @throws {Error} If a Worker does not start.
 */
export async function startWorkers(
  module: URL,
  count: number,
  setupOf: (helper: number) => unknown,
): Promise<Worker[]> {
  const workers: Worker[] = [];
  try {
    await Promise.all(Array.from({ length: count }, (_, helper) => {
      const worker = new Worker(module, { type: "module" });
      workers.push(worker);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      worker.onmessage = ({ data: fault }: MessageEvent<string | null>) =>
        fault === null ? resolve() : reject(new Error(fault));
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`Worker ${helper + 1} did not start: ${event.message}`));
      };
      worker.postMessage(setupOf(helper));
      return promise;
    }));
  } catch (error) {
    for (const worker of workers) worker.terminate();
    throw error;
  }
  return workers;
}
