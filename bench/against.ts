/**
 * Another checkout of the project, such as an older one, measured in turn with this one: both see the
 * same machine in the same mood, and what is compared is the ratio of every round.
 *
 * @module
 */

import { z } from "zod";
import { checked, parseBounded } from "../lib/data/json.ts";
import { type Row, row } from "./measure.ts";

/** The part of `deno task bench --json` that is compared; all editions print it. */
interface Measured {
  readonly rows: readonly Measurement[];
  readonly scaling: readonly Measurement[];
  readonly memoryMb: number;
}

interface Measurement {
  readonly what: string;
  readonly median: number;
  readonly better: "more" | "less";
}

const measurement = z.object({
  what: z.string(),
  median: z.number(),
  better: z.enum(["more", "less"]),
});
const schema: z.ZodType<Measured> = z.object({
  rows: z.array(measurement),
  scaling: z.array(measurement),
  memoryMb: z.number(),
});

/**
 * Runs `deno task bench` in this checkout and in `folder`, by turns.
 *
 * @param flags What each `deno task bench` of a round is told, such as `--runs 5`.
 * @param say Told what is being measured.
 * @returns Of what both measure, the ratio of here to there; less is better for times, more for rates.
 * @throws {Error} In one line, if the folder is no checkout, or its bench fails.
 */
export async function ratiosAgainst(
  folder: string,
  rounds: number,
  flags: readonly string[],
  say: (text: string) => void,
): Promise<Row[]> {
  await requireCheckout(folder);
  const here = new URL("..", import.meta.url);
  const pairs: (readonly [Measured, Measured])[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`this checkout, round ${round} of ${rounds}`);
    const ours = await measured(here, flags);
    say(`${folder}, round ${round} of ${rounds}`);
    pairs.push([ours, await measured(folder, flags)]);
  }
  return ratioRows(pairs);
}

/** Ratios of here to there, over the rounds, of what is measured in both. */
export function ratioRows(rounds: readonly (readonly [Measured, Measured])[]): Row[] {
  const all = rounds.map((pair) => pair.map(measurementsOf));
  const [[ours, theirs]] = all;
  return [...ours.keys()].filter((what) => theirs.has(what)).map((what) => {
    const ratios = all.map(([here, there]) => here.get(what)!.median / there.get(what)!.median);
    return row(what, ratios, "of theirs", ours.get(what)!.better);
  });
}

function measurementsOf({ rows, scaling, memoryMb }: Measured): Map<string, Measurement> {
  const memory = { what: "resident memory at the end", median: memoryMb, better: "less" } as const;
  return new Map([...rows, ...scaling, memory].map((each) => [each.what, each]));
}

async function requireCheckout(folder: string): Promise<void> {
  try {
    await Deno.stat(`${folder}/tasks/bench.ts`);
  } catch {
    throw new Error(
      `${folder} has no tasks/bench.ts; name a folder with a checkout of this project, such as one ` +
        "that git worktree has made",
    );
  }
}

async function measured(cwd: string | URL, flags: readonly string[]): Promise<Measured> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["task", "bench", "--json", ...flags],
    cwd,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  if (code !== 0) {
    const reason = decoder.decode(stderr).trim().split("\n").at(-1);
    throw new Error(`deno task bench failed in ${cwd}: ${reason}`);
  }
  const source = `what deno task bench printed in ${cwd}`;
  return checked(parseBounded(decoder.decode(stdout), source), schema, source);
}
