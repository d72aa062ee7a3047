/**
 * Memory over a long run: samples, their slope, and what it says.
 *
 * @module
 */

/** Memory at one moment. */
export interface MemorySample {
  /** Slots done. */
  readonly slots: number;
  /** Resident memory of the process. [MB] */
  readonly residentMb: number;
  /** JavaScript objects, after a collection. [MB] */
  readonly heapMb: number;
  /** Buffers outside the heap, typed arrays among them. [MB] */
  readonly externalMb: number;
}

/** What is measured of the process: all of it, its objects, its buffers. */
export const MEMORY_KINDS = ["residentMb", "heapMb", "externalMb"] as const;

/** How one kind of memory went. */
export interface Trend {
  /** Least-squares slope. [MB per million slots] */
  readonly slopeMbPerMillion: number;
  /** Growth that the slope stands for, over the slots that were judged. [MB] */
  readonly growthMb: number;
  /** `short` where the run was too short to tell. */
  readonly verdict: "flat" | "grows" | "short";
}

/** Samples of so early a share of the run are of its warming up. */
const WARM_UP_SHARE = 0.2;
/** Fewer slots or samples say nothing. */
const FEWEST_SLOTS = 1_000_000;
const FEWEST_SAMPLES = 10;
/** Growth that a collector's habits can explain: of what there is, and at least. */
const FLAT_SHARE = 0.05;
const FLAT_MB = 4;

/** Takes a sample; collects garbage first where the runtime lets us. */
export function sampleMemory(slots: number): MemorySample {
  (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapUsed, external } = Deno.memoryUsage();
  return {
    slots,
    residentMb: rss / 1e6,
    heapMb: heapUsed / 1e6,
    externalMb: external / 1e6,
  };
}

/**
 * How memory went once the run was warm.
 *
 * @example
 * ```ts
 * import { trendOf } from "./memory.ts";
 * const samples = Array.from({ length: 20 }, (_, k) => (
 *   { slots: k * 1e6, residentMb: 100 + k, heapMb: 20, externalMb: 5 }
 * ));
 * if (trendOf(samples, "residentMb").verdict !== "grows") throw new Error("1 MB per million slots");
 * if (trendOf(samples, "heapMb").verdict !== "flat") throw new Error("always 20 MB");
 * ```
 */
export function trendOf(
  samples: readonly MemorySample[],
  kind: typeof MEMORY_KINDS[number],
): Trend {
  const last = samples.at(-1)?.slots ?? 0;
  const warm = samples.filter(({ slots }) => slots >= WARM_UP_SHARE * last);
  const meanOf = (value: (sample: MemorySample) => number) =>
    warm.reduce((sum, sample) => sum + value(sample), 0) / warm.length;
  const meanSlots = meanOf(({ slots }) => slots);
  const meanMb = meanOf((sample) => sample[kind]);
  const spread = meanOf(({ slots }) => (slots - meanSlots) ** 2);
  const slope = meanOf((sample) => (sample.slots - meanSlots) * (sample[kind] - meanMb)) / spread;
  const growthMb = slope * (last - warm[0].slots);
  const verdict = last < FEWEST_SLOTS || warm.length < FEWEST_SAMPLES
    ? "short"
    : growthMb > Math.max(FLAT_MB, FLAT_SHARE * meanMb)
    ? "grows"
    : "flat";
  return { slopeMbPerMillion: slope * 1e6, growthMb, verdict };
}
