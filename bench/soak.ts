/**
 * A community trades for ten million slots in one process under changing policies, episode after
 * episode; every slot is audited, and memory is watched. Now and then a day is played as the
 * dashboard plays it, with interventions:
 * `deno run -A --v8-flags=--expose-gc bench/soak.ts [--slots N]`.
 *
 * @module
 */

import { startProgress } from "../lib/cli/progress.ts";
import { table } from "../lib/cli/table.ts";
import { main } from "../lib/cli/task.ts";
import type { Intervention } from "../lib/data/interventions.ts";
import type { Dataset } from "../lib/data/profiles.ts";
import { synthesize } from "../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../lib/env/config.ts";
import { EnergyMarketEnv } from "../lib/env/energy_market_env.ts";
import { audit } from "../lib/evaluation/audit.ts";
import { createRecords, recordSlot } from "../lib/evaluation/records.ts";
import { LiveDay } from "../lib/live/live_day.ts";
import type { Policy } from "../lib/policies/policy.ts";
import { rulePolicy, rulePolicyNames } from "../lib/policies/rule_based.ts";
import { zeroIntelligencePolicy } from "../lib/policies/zero_intelligence.ts";
import { type Stream, stream } from "../lib/random.ts";
import { slotsPerDay } from "../lib/units.ts";
import { MEMORY_KINDS, type MemorySample, sampleMemory, trendOf } from "./memory.ts";

/** The reference set-up, in episodes of a day. */
const config = environmentConfigSchema.parse({ episodeDays: 1 });

/** What came out so far. */
export interface SoakReport {
  /** Slots of a community that were played. */
  readonly slots: number;
  /** Days that were played live, under two policies each. */
  readonly liveDays: number;
  /** What the audit found. */
  readonly violations: number;
  readonly samples: readonly MemorySample[];
}

/** Communities side by side, each on a day of its own. */
const COMMUNITIES = 16;
/** One round in so many is a live day. */
const LIVE_EVERY = 32;
/** The community: ten homes, two months in quarter hours. */
const COMMUNITY = { seed: 1, prosumers: 10, days: 60, dtHours: 0.25 };
/** No numbers, the largest and the smallest: what a hostile agent may ask for. */
const HOSTILE = [NaN, Infinity, -Infinity, 1e308, -1e308, 5e-324, 0, -0];

/**
 * Plays until there are `slots`; the round in which they are reached is played to its end.
 *
 * @param interval Slots between two samples of memory.
 */
export async function soak(
  slots: number,
  interval: number,
  seed: number,
  onSample: (report: SoakReport) => void = () => {},
): Promise<SoakReport> {
  const dataset = synthesize(COMMUNITY);
  const random = stream(seed, "soak");
  const policies = [
    ...rulePolicyNames.map((name) => rulePolicy(name)),
    zeroIntelligencePolicy(seed),
    hostilePolicy(seed),
  ];
  const env = new EnergyMarketEnv(dataset, config, COMMUNITIES);
  const live = await beginLive(dataset);
  const report = { slots: 0, liveDays: 0, violations: 0, samples: [] as MemorySample[] };
  for (let round = 0, sampled = 0; report.slots < slots; round++) {
    if (round % LIVE_EVERY === LIVE_EVERY - 1) {
      report.violations += await playLiveDay(live, dataset, random);
      report.slots += live.records.length * live.slots;
      report.liveDays++;
    } else {
      report.violations += await playRound(env, policies[round % policies.length], random);
      report.slots += COMMUNITIES * env.slotsPerEpisode;
    }
    if (report.slots - sampled < interval) continue;
    sampled = report.slots;
    report.samples.push(sampleMemory(report.slots));
    onSample(report);
    // Timers run, those of the progress line among them.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return report;
}

function hostilePolicy(seed: number): Policy {
  const random = stream(seed, "hostile");
  return {
    name: "hostile",
    begin: () => (_, { numbers }) => {
      for (let k = 0; k < numbers.length; k++) {
        numbers[k] = random.uniform() < 0.2
          ? HOSTILE[random.below(HOSTILE.length)]
          : 3 * random.uniform() - 1.5;
      }
    },
  };
}

/** Plays an episode in every community, and says how many violations there are. */
async function playRound(env: EnergyMarketEnv, policy: Policy, random: Stream): Promise<number> {
  const room = env.dataset.profiles.grid.slots - env.slotsPerEpisode + 1;
  const firstSlots = Array.from({ length: env.communities }, () => random.below(room));
  const records = createRecords(policy.name, firstSlots, env);
  env.reset({ seed: random.below(2 ** 31), firstSlots });
  const act = await policy.begin(env);
  for (let step = 0; step < env.slotsPerEpisode; step++) {
    await act(env.observation, env.decision);
    recordSlot(records, env.step().info, step);
  }
  return audit(records, env.dataset).total;
}

async function beginLive(dataset: Dataset): Promise<LiveDay> {
  return await LiveDay.begin({
    dataset,
    config,
    firstSlot: 0,
    seed: 1,
    policies: ["self-consumption", "time-of-use"].map((name) => rulePolicy(name)),
    gridOnly: rulePolicy("grid-only"),
    optimum: null,
  });
}

/** Plays a day live with up to three interventions, and audits what each policy did. */
async function playLiveDay(day: LiveDay, dataset: Dataset, random: Stream): Promise<number> {
  const { community, profiles } = dataset;
  const perDay = slotsPerDay(profiles.grid.dtHours);
  await day.restart(perDay * random.below(profiles.grid.slots / perDay));
  const storing = community.prosumers.filter(({ battery }) => battery !== null);
  const interventions: Intervention[] = [
    { kind: "cloud" },
    { kind: "outage" },
    { kind: "tariff-jump" },
    { kind: "battery-failure", prosumer: storing[random.below(storing.length)].id },
  ];
  const moments = [0, 1, 2].map(() => random.below(day.slots));
  while (!day.over) {
    for (const _ of moments.filter((moment) => moment === day.step)) {
      await day.intervene(interventions.splice(random.below(interventions.length), 1)[0]);
    }
    await day.next();
  }
  // The audit knows one community: a battery that failed is judged by what it did before.
  const lived = { community, profiles: day.dataset.profiles };
  return day.records.reduce((sum, records) => sum + audit(records, lived).total, 0);
}

if (import.meta.main) {
  await main({
    name: "soak",
    summary: "Lets a community trade for very long and watches memory, audit and speed.",
    options: {
      slots: { type: "integer", min: 1, default: 10_000_000, help: "slots of a community" },
      interval: { type: "integer", min: 1, default: 250_000, help: "slots between two samples" },
      seed: { type: "integer", default: 1, help: "seed of days, interventions, hostile actions" },
    },
    async run({ slots, interval, seed }) {
      const progress = startProgress(slots, "slots");
      const began = performance.now();
      const rate = (done: number) =>
        `${Math.round(1000 * done / (performance.now() - began))} slots/s`;
      const report = await soak(slots, interval, seed, ({ slots: done, samples }) => {
        const { residentMb, heapMb } = samples[samples.length - 1];
        const memory = `${residentMb.toFixed(0)} MB, ${heapMb.toFixed(1)} MB of objects`;
        progress.update(done, `${rate(done)}, ${memory}`);
      }).finally(() => progress.stop());
      const { samples, liveDays, violations } = report;
      const shown = samples.filter((_, k) => k % Math.ceil(samples.length / 20) === 0);
      const trends = MEMORY_KINDS.map((kind) => ({ kind, ...trendOf(samples, kind) }));
      console.log(`
${
        table(
          ["slots", ...MEMORY_KINDS],
          shown.map((sample) => [
            sample.slots,
            ...MEMORY_KINDS.map((kind) => sample[kind].toFixed(1)),
          ]),
        )
      }

${
        table(
          ["memory", "MB per million slots", "growth MB", "verdict"],
          trends.map(({ kind, slopeMbPerMillion, growthMb, verdict }) => [
            kind,
            slopeMbPerMillion.toFixed(3),
            growthMb.toFixed(2),
            verdict,
          ]),
        )
      }

${report.slots} slots, ${liveDays} live days, ${rate(report.slots)}, ${violations} violations`);
      const growing = trends.filter(({ verdict }) => verdict === "grows").map(({ kind }) => kind);
      if (violations > 0) throw new Error(`the audit found ${violations} violations`);
      if (growing.length > 0) throw new Error(`${growing.join(" and ")} grow without end`);
    },
  });
}
