/**
 * Does a job. What comes of it depends on nothing but the order: the same order, the same digest.
 *
 * @module
 */

import { datasetHash } from "../data/hash.ts";
import { priced } from "../data/priced.ts";
import type { Dataset } from "../data/profiles.ts";
import { synthesize } from "../data/synthetic.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import type { Kpis } from "../evaluation/kpis.ts";
import { LEARNING_CURVE_COLUMNS } from "../evaluation/learning_curve.ts";
import { ARCHETYPES } from "../experiments/city_benchmark.ts";
import { addSums, perDay, playCommunity } from "../experiments/city_community.ts";
import { type DatasetSource, loadDataset } from "../experiments/dataset_source.ts";
import { playedEpisodes } from "../experiments/episodes.ts";
import { boundOf } from "../experiments/evaluation_run.ts";
import { fileFingerprint } from "../experiments/fingerprints.ts";
import { writeProvenance } from "../experiments/provenance.ts";
import { policyOf } from "../experiments/trained_model.ts";
import { trainCommand, TRAINING_FILES } from "../experiments/training_history.ts";
import { beginRun, trainRun } from "../experiments/training_run.ts";
import { createPolicy } from "../policies/catalog.ts";
import type { Policy } from "../policies/policy.ts";
import { createSolver } from "../policies/solver.ts";
import { stream } from "../random.ts";
import {
  type CityContent,
  communitiesOf,
  type JobContent,
  type PlayContent,
  type ProbeContent,
  type TrainContent,
} from "./content.ts";
import { digestOf } from "./identity.ts";

/** A job to be done. */
export interface JobOrder {
  /** What it does. */
  readonly content: JobContent;
  /** Seed of everything random. */
  readonly seed: number;
  /** Which part of what is divided, from 0; 0 where nothing is. */
  readonly part: number;
  /** Fingerprint of the data; empty where there are none. */
  readonly dataHash: string;
  /** Where files may be left, a folder that is not there yet. */
  readonly folder: string;
}

/** What came of a job. */
export interface JobOutcome {
  /** Indicators; those of parts add up. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Net import of a part in every slot. [kWh] */
  readonly series?: readonly number[];
  /** SHA-256 over all that came of it, without what takes time. [hex] */
  readonly digest: string;
}

/**
 * Does a job in this process.
 *
 * @throws {Error} If the data are not those of the order, or what the job does fails.
 */
export async function runJob({ content, ...order }: JobOrder): Promise<JobOutcome> {
  switch (content.kind) {
    case "train":
      return await train(content, order);
    case "play":
      return await play(content, order);
    case "city":
      return await playPart(content, order);
    case "probe":
      return await probe(content, order);
  }
}

type Order = Omit<JobOrder, "content">;

async function train(
  content: TrainContent,
  { seed, dataHash, folder }: Order,
): Promise<JobOutcome> {
  const { source, experiment: config, judge } = content;
  using run = await beginRun(
    { config, source, seed },
    () => Promise.resolve(folder),
    (folder) => trainCommand(folder, seed, source),
    1,
  );
  requireData(run.description.datasetHash, dataHash, source);
  await trainRun(run);
  await writeProvenance(folder, run.origin);
  const metrics = judge === "none"
    ? lastOf(run.curve.text())
    : await judged(run.dataset, { ...content, judge, environment: config.environment }, seed, () =>
      policyOf(run.description, run.trainer.policy()));
  const files = await Promise.all(TRAINING_FILES.map((name) => fileFingerprint(folder, name)));
  return { metrics, digest: await digestOf([metrics, files]) };
}

async function play(content: PlayContent, { seed, dataHash }: Order): Promise<JobOutcome> {
  const dataset = await loadDataset(content.source);
  requireData(await datasetHash(dataset), dataHash, content.source);
  const metrics = await judged(
    priced(dataset, content.environment.tariffs),
    content,
    seed,
    (solver) => createPolicy(content.policy, { seed, solver }),
  );
  return { metrics, digest: await digestOf(metrics) };
}

/** Indicators of a policy on the days that are asked for. */
async function judged(
  dataset: Dataset,
  { environment, judge, days }: Pick<PlayContent, "environment" | "judge" | "days">,
  seed: number,
  policyWith: (solver: ReturnType<typeof createSolver>) => Policy,
): Promise<Readonly<Record<string, number>>> {
  const played = {
    dataset,
    ...playedEpisodes(dataset, environment, judge, days ?? undefined),
    seed,
  };
  using solver = createSolver({ workers: 1 });
  const bound = await boundOf(played, solver);
  const { summary: [kpis] } = await evaluate(played, [policyWith(solver)], bound);
  return numbersOf(kpis);
}

/** What is a number, without the time that decisions take. */
function numbersOf({ microsecondsPerDecision: _, ...kpis }: Kpis): Record<string, number> {
  return Object.fromEntries(
    Object.entries(kpis).filter((entry): entry is [string, number] =>
      typeof entry[1] === "number" && Number.isFinite(entry[1])
    ),
  );
}

/** The last row of a learning curve. */
function lastOf(curve: string): Record<string, number> {
  const cells = curve.trimEnd().split("\n").at(-1)!.split(",");
  const named = Object.keys(LEARNING_CURVE_COLUMNS).map((name, k) => [name, cells[k]] as const);
  return Object.fromEntries(
    named.filter(([name, cell]) => name !== "seconds" && name !== "currency" && cell !== "")
      .map(([name, cell]) => [name, Number(cell)]),
  );
}

async function playPart(content: CityContent, { seed, part }: Order): Promise<JobOutcome> {
  const { days, communitiesPerJob: size, environment: config, ...city } = content;
  const archetypes = synthesize({ ...ARCHETYPES, days });
  const end = Math.min(communitiesOf(content), (part + 1) * size);
  const played = [];
  for (let community = part * size; community < end; community++) {
    const options = { ...city, archetypes, config, seed, workers: 1 };
    played.push(await playCommunity({ city: options, community }));
  }
  const sums = addSums(played);
  const metrics: Record<string, number> = {
    ...perDay(sums, days),
    turnoverPerDay: sums.turnover / days,
    servedKwhPerDay: (sums.loadKwh - sums.unservedKwh) / days,
    violations: sums.violations,
    communities: played.length,
  };
  const series = Array.from(sums.gridKwh);
  return { metrics, series, digest: await digestOf([metrics, series]) };
}

async function probe({ draws, milliseconds }: ProbeContent, { seed }: Order): Promise<JobOutcome> {
  const random = stream(seed, "probe");
  let sum = 0;
  for (let k = 0; k < draws; k++) sum += random.uniform();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const metrics = { mean: sum / draws };
  return { metrics, digest: await digestOf(metrics) };
}

function requireData(is: string, wanted: string, { data }: DatasetSource): void {
  if (is === wanted) return;
  throw new Error(`the data set ${data} is not the one that the sweep was made for; restore it`);
}
