/**
 * `deno task soak`: a community trades for ten million slots in one process, whose memory is watched.
 *
 * @module
 */

import { main } from "../lib/cli/task.ts";
import { startProgress } from "../lib/cli/progress.ts";
import { measureSizes, sizeRows } from "./soak/sizes.ts";
import { type MemoryKind, trendOf } from "./soak/memory.ts";
import { soak, type SoakReport } from "./soak/soak.ts";
import { table } from "../lib/cli/table.ts";

const KINDS: readonly (readonly [MemoryKind, string])[] = [
  ["residentMb", "process"],
  ["heapMb", "objects"],
  ["externalMb", "buffers"],
];

await main({
  name: "soak",
  summary: "Lets a community trade for very long and watches memory, audit and speed;\n" +
    "with --sizes, tries very small, very large and very long data instead.",
  options: {
    slots: { type: "integer", min: 1, default: 10_000_000, help: "slots of a community" },
    interval: { type: "integer", min: 1, default: 250_000, help: "slots between two samples" },
    seed: { type: "integer", default: 1, help: "seed of days, interventions, hostile actions" },
    sizes: { type: "boolean", help: "print what each size of community and data set takes" },
    prosumers: {
      type: "integer",
      min: 1,
      default: 100_000,
      help: "with --sizes: the largest community",
    },
    homes: { type: "integer", min: 1, default: 1_000, help: "with --sizes: homes of the data set" },
  },
  async run({ slots, interval, seed, sizes, prosumers, homes }) {
    if (sizes) {
      const measured = await measureSizes({ prosumers, homes, say: console.error });
      console.log(
        table(["what", "size", "seconds", "CPU s", "MB", "violations"], sizeRows(measured)),
      );
      const violations = measured.reduce((sum, { violations }) => sum + (violations ?? 0), 0);
      if (violations > 0) throw new Error(`the audit found ${violations} violations`);
      return;
    }
    const progress = startProgress(slots, "slots");
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    const report = await soak({
      slots,
      interval,
      seed,
      onSample({ slots: done, samples }) {
        const { residentMb, heapMb } = samples[samples.length - 1];
        progress.update(
          done,
          `${Math.round(done / seconds())} slots/s, ${residentMb.toFixed(0)} MB, ` +
            `${heapMb.toFixed(1)} MB of objects`,
        );
      },
    }).finally(() => progress.stop());
    const faults = conclude(report, seconds());
    if (faults.length > 0) throw new Error(faults.join("; "));
  },
});

/** Prints what came out and returns what is wrong with it. */
function conclude(report: SoakReport, seconds: number): string[] {
  const { slots, liveSlots, liveDays, violations, samples } = report;
  const shown = samples.filter((_, k) => k % Math.ceil(samples.length / 20) === 0);
  console.log(`\n${
    table(
      ["slots", "process MB", "objects MB", "buffers MB"],
      shown.map((sample) => [sample.slots, ...KINDS.map(([kind]) => sample[kind].toFixed(1))]),
    )
  }\n`);
  const trends = KINDS.map(([kind, name]) => ({ name, ...trendOf(samples, kind) }));
  console.log(table(
    ["memory", "MB per million slots", "growth MB", "verdict"],
    trends.map(({ name, slopeMbPerMillion, growthMb, verdict }) => [
      name,
      slopeMbPerMillion.toFixed(3),
      growthMb.toFixed(2),
      verdict === "short" ? "too short to tell" : verdict,
    ]),
  ));
  console.log(
    `\n${slots} slots, ${liveSlots} of them on ${liveDays} live days, in ${
      seconds.toFixed(0)
    } s: ` +
      `${Math.round(slots / seconds)} slots/s, ${violations} violations`,
  );
  return [
    ...(violations > 0 ? [`the audit found ${violations} violations`] : []),
    ...trends.filter(({ verdict }) => verdict === "grows").map(({ name }) =>
      `${name} memory grows`
    ),
  ];
}
