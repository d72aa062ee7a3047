/**
 * Where figures come from that take a run: trainings, evaluations and measurements, each made once.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { Kpis } from "../../lib/evaluation/kpis.ts";
import { makeWorkFolder } from "../../lib/disk/work_folder.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What a run printed and wrote. */
export interface Run {
  /** Standard output, with the folder of the results as a user would see it. */
  readonly printed: string;
  /** The rows of `summary.json`. */
  readonly policies: readonly Kpis[];
}

const runs = new Map<string, Promise<Run>>();

/** Runs `deno task train` or `evaluate` with these arguments and `--out`. */
export function summaryOf(task: "train" | "evaluate", args: readonly string[]): Promise<Run> {
  return once(runs, [task, ...args].join(" "), async () => {
    const parent = await makeWorkFolder("claims-");
    try {
      const folder = `${parent}/run`;
      const printed = await outputOf([task, ...args, "--out", folder]);
      const { policies } = JSON.parse(await Deno.readTextFile(`${folder}/summary.json`));
      return { printed: printed.replaceAll(folder, "runs/synthetic-seed42"), policies };
    } finally {
      await Deno.remove(parent, { recursive: true });
    }
  });
}

/** What `deno task bench --json` measures. */
export interface Bench {
  readonly rows: readonly { readonly what: string; readonly median: number }[];
  readonly trainingSpeedUpOfTwoThreads: number;
}

const benches = new Map<string, Promise<Bench>>();

/** Measures on this machine. */
export function bench(): Promise<Bench> {
  return once(benches, "", async () => JSON.parse(await outputOf(["bench", "--json"])));
}

/** Median of the first measurement whose name begins like this. */
export async function medianOf(beginning: string): Promise<number> {
  const row = (await bench()).rows.find(({ what }) => what.startsWith(beginning));
  if (row === undefined) throw new Error(`deno task bench has no row "${beginning}"`);
  return row.median;
}

function once<T>(
  known: Map<string, Promise<T>>,
  key: string,
  make: () => Promise<T>,
): Promise<T> {
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}

async function outputOf(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (code !== 0) throw new Error(`deno task ${args.join(" ")} failed: ${text(stderr)}`);
  return text(stdout);
}
