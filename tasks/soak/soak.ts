/**
 * A soak: one process in which a community trades without end, episode after episode, under changing
 * policies; every slot is audited. Now and then a day is played as the dashboard plays it, with
 * interventions, on a live day that is restarted again and again.
 *
 * @module
 */

import type { Intervention } from "../../lib/data/interventions.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { ACTION_SIZE } from "../../lib/env/action.ts";
import { defaultEnvironmentConfig as config } from "../../lib/env/config.ts";
import { EnergyMarketEnv } from "../../lib/env/energy_market_env.ts";
import { audit } from "../../lib/evaluation/audit.ts";
import { createRecords, recordSlot } from "../../lib/evaluation/records.ts";
import { LiveDay } from "../../lib/live/live_day.ts";
import type { Policy } from "../../lib/policies/policy.ts";
import { rulePolicy, rulePolicyNames } from "../../lib/policies/rule_based.ts";
import { zeroIntelligencePolicy } from "../../lib/policies/zero_intelligence.ts";
import { type Stream, stream } from "../../lib/random.ts";
import { slotsPerDay } from "../../lib/units.ts";
import { act, styleNames } from "../fuzz/styles.ts";
import { type MemorySample, sampleMemory } from "./memory.ts";

/** How long to soak. */
export interface SoakOptions {
  /** Slots of a community in all; the round in which they are reached is played to its end. */
  readonly slots: number;
  /** Slots between two samples of memory. */
  readonly interval: number;
  /** Seed of days, interventions and hostile actions. */
  readonly seed: number;
  /** Told at every sample. */
  readonly onSample?: (report: SoakReport) => void;
}

/** What came out so far. */
export interface SoakReport {
  /** Slots of a community that were played. */
  readonly slots: number;
  /** Those of them that live days have played. */
  readonly liveSlots: number;
  /** Days that were played live. */
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

/** Plays until there are enough slots. */
export async function soak({ slots, interval, seed, onSample }: SoakOptions): Promise<SoakReport> {
  const dataset = synthesize(COMMUNITY);
  const random = stream(seed, "soak");
  const policies = soakPolicies(seed);
  const env = new EnergyMarketEnv(dataset, config, COMMUNITIES);
  const live = await beginLive(dataset);
  const report = {
    slots: 0,
    liveSlots: 0,
    liveDays: 0,
    violations: 0,
    samples: [] as MemorySample[],
  };
  for (let round = 0, sampled = 0; report.slots < slots; round++) {
    if (round % LIVE_EVERY === LIVE_EVERY - 1) {
      const { played, violations } = await playLiveDay(live, dataset, random);
      report.slots += played;
      report.liveSlots += played;
      report.liveDays++;
      report.violations += violations;
    } else {
      report.violations += await playRound(env, policies[round % policies.length], random);
      report.slots += COMMUNITIES * env.slotsPerEpisode;
    }
    if (report.slots - sampled < interval) continue;
    sampled = report.slots;
    report.samples.push(sampleMemory(report.slots));
    onSample?.(report);
    await eventLoopTurn();
  }
  return report;
}

/** Lets timers run, those of the progress line among them. */
function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Everyone who acts in turn: rules, random prices, and every hostile style. */
function soakPolicies(seed: number): Policy[] {
  return [
    ...rulePolicyNames.map((name) => rulePolicy(name)),
    zeroIntelligencePolicy(seed),
    ...styleNames.map((style) => hostilePolicy(style, seed)),
  ];
}

function hostilePolicy(style: string, seed: number): Policy {
  const random = stream(seed, "hostile", style);
  return {
    name: style,
    begin: ({ state, rows }) => (_, actions) => {
      const { step } = state;
      const dear = step % 2 === 0;
      for (let row = 0; row < rows; row++) act(style, random, { row, step, dear }, actions);
    },
  };
}

/** Plays an episode in every community, and says how many violations there are. */
async function playRound(env: EnergyMarketEnv, policy: Policy, random: Stream): Promise<number> {
  const { slots } = env.dataset.profiles.grid;
  const room = slots - env.slotsPerEpisode + 1;
  const firstSlots = Array.from({ length: env.communities }, () => random.below(room));
  const records = createRecords(policy.name, firstSlots, env.slotsPerEpisode, env.prosumers);
  const actions = new Float64Array(env.rows * ACTION_SIZE);
  env.reset({ seed: random.below(2 ** 31), firstSlots });
  const decide = await policy.begin(env);
  for (let step = 0; step < env.slotsPerEpisode; step++) {
    await decide(env.observation, actions);
    recordSlot(records, env.step(actions).info, step);
  }
  return audit(records, env.dataset, config).total;
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
async function playLiveDay(day: LiveDay, dataset: Dataset, random: Stream) {
  const perDay = slotsPerDay(dataset.profiles.grid.dtHours);
  await day.restart(perDay * random.below(dataset.profiles.grid.slots / perDay));
  const storing = dataset.community.prosumers.filter(({ battery }) => battery !== null);
  const interventions: Intervention[] = [
    { kind: "cloud" },
    { kind: "outage" },
    { kind: "tariff-jump" },
    { kind: "battery-failure", prosumer: storing[random.below(storing.length)].id },
  ];
  const moments = [0, 1, 2].map(() => random.below(day.slots));
  while (!day.over) {
    for (const _ of moments.filter((moment) => moment === day.step)) {
      const [intervention] = interventions.splice(random.below(interventions.length), 1);
      await day.intervene(intervention);
    }
    await day.next();
  }
  // The audit knows one community: a battery that failed is judged by what it did before.
  const violations = day.records.reduce(
    (sum, records) => sum + audit(records, liveDataset(day, dataset), config).total,
    0,
  );
  return { played: day.records.length * day.slots, violations };
}

/** The data as they were lived through, with the batteries as they were in the morning. */
function liveDataset(day: LiveDay, { community }: Dataset): Dataset {
  return { community, profiles: day.dataset.profiles };
}
