/**
 * A server of MLflow, by its REST interface.
 *
 * @module
 */

import { leavesOf, type Numbers, PROJECT, type TrackedRun, type Tracker } from "./tracker.ts";

/** How long an answer may take. [ms] */
const PATIENCE_MS = 30_000;

/** Most metrics and most parameters of a request, and the longest parameter, as MLflow has them. */
const MOST_METRICS = 1_000, MOST_PARAMETERS = 100, LONGEST = 6_000;

/** How MLflow says that a run ended. */
const STATUS = { finished: "FINISHED", stopped: "KILLED", failed: "FAILED" } as const;

/**
 * Begins a run on a server.
 *
 * @param address Such as `http://127.0.0.1:5000`.
 * @throws {Error} If the server is not there, or refuses it.
 */
export async function mlflow(run: TrackedRun, address: string): Promise<Tracker> {
  const ask = (path: string, body: object, method: "GET" | "POST" = "POST") =>
    answerOf(address, path, body, method);
  const { run: { info: { run_id } } } = await ask("runs/create", {
    experiment_id: await experimentOf(ask),
    run_name: run.name,
    start_time: Math.floor(run.now()),
  }) as { run: { info: { run_id: string } } };
  const parameters = Object.entries(leavesOf(run.configuration)).map(([key, value]) => ({
    key,
    value: (typeof value === "string" ? value : JSON.stringify(value)).slice(0, LONGEST),
  }));
  for (const params of parts(parameters, MOST_PARAMETERS)) {
    await ask("runs/log-batch", { run_id, params });
  }
  const log = async (step: number, numbers: Numbers) => {
    const timestamp = Math.floor(run.now());
    const all = Object.entries(numbers).map(([key, value]) => ({ key, value, timestamp, step }));
    for (const metrics of parts(all, MOST_METRICS)) {
      await ask("runs/log-batch", { run_id, metrics });
    }
  };
  return {
    log,
    judge: (step, policies) =>
      log(
        step,
        Object.fromEntries(
          Object.entries(policies).flatMap(([name, numbers]) =>
            Object.entries(numbers).map(([key, value]) => [`test.${name}.${key}`, value])
          ),
        ),
      ),
    async end(outcome) {
      const end_time = Math.floor(run.now());
      await ask("runs/update", { run_id, status: STATUS[outcome], end_time });
    },
  };
}

type Ask = (path: string, body: object, method?: "GET" | "POST") => Promise<unknown>;

/** The experiment's number; it is made if it is not there. */
async function experimentOf(ask: Ask): Promise<string> {
  try {
    const found = await ask("experiments/get-by-name", { experiment_name: PROJECT }, "GET");
    return (found as { experiment: { experiment_id: string } }).experiment.experiment_id;
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
  }
  return (await ask("experiments/create", { name: PROJECT }) as { experiment_id: string })
    .experiment_id;
}

class Missing extends Error {}

async function answerOf(
  address: string,
  path: string,
  body: object,
  method: "GET" | "POST",
): Promise<unknown> {
  const url = new URL(`api/2.0/mlflow/${path}`, address.endsWith("/") ? address : `${address}/`);
  if (method === "GET") {
    for (const [name, value] of Object.entries(body)) url.searchParams.set(name, String(value));
  }
  const response = await reached(url, {
    method,
    ...(method === "POST" && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  const message = `${path} was answered ${response.status}: ${text.slice(0, 200)}`;
  throw response.status === 404 ? new Missing(message) : new Error(message);
}

async function reached(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw new Error(`${url.origin} does not answer (${reason})`, { cause: error });
  }
}

function parts<T>(list: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(list.length / size) },
    (_, k) => list.slice(k * size, (k + 1) * size),
  );
}
