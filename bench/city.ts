/**
 * A year of a city of 100,000, by the task itself: time and memory of a process of its own.
 *
 * @module
 */

import { makeWorkFolder } from "../lib/disk/work_folder.ts";
import { z } from "zod";
import { type Row, row } from "./measure.ts";

const PROSUMERS = 100_000;
const YEAR_DAYS = 365;

const printed = z.object({ seconds: z.number(), residentMemoryMb: z.number() });

/** Time and memory, and what they are to stay below if it is the whole year. */
export async function cityRows(days: number, workers: number, runs: number): Promise<Row[]> {
  const outcomes = [];
  for (let run = 0; run < runs; run++) outcomes.push(await simulate(days, workers));
  const isYear = days === YEAR_DAYS;
  const what = `city, ${PROSUMERS.toLocaleString("en")} prosumers, ` +
    (isYear ? "a year of hours" : `a year at the pace of ${count(days, "day")}`) +
    `, ${count(workers, "Worker")}`;
  const seconds = outcomes.map((outcome) => outcome.seconds * YEAR_DAYS / days);
  const memory = outcomes.map((outcome) => outcome.residentMemoryMb);
  return [
    row(what, seconds, "s", "less", isYear ? 180 : undefined),
    row(`${what}: memory`, memory, "MB", "less", isYear ? 2_000 : undefined),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

async function simulate(days: number, workers: number): Promise<z.infer<typeof printed>> {
  const out = await makeWorkFolder("bench-city-");
  const flags = ["--prosumers", PROSUMERS, "--days", days, "--workers", workers, "--out", out];
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: ["task", "--quiet", "benchmark", "--setup", "city", ...flags.map(String), "--json"],
    cwd: new URL("..", import.meta.url),
  }).output();
  await Deno.remove(out, { recursive: true });
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`the city failed: ${text(stderr).trim()}`);
  return printed.parse(JSON.parse(text(stdout)));
}
