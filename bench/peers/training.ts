/**
 * Training by PPO, here and with Stable-Baselines3 on CityLearn's environment (`ppo_citylearn.py`):
 * the same homes, as many agent-steps between two updates, the same parameters and widths of the
 * networks. A run is a whole iteration, rollout and update.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { z } from "zod";
import { writeDataset } from "../../lib/data/dataset.ts";
import type { Dataset } from "../../lib/data/profiles.ts";
import { makeWorkFolder } from "../../lib/disk/work_folder.ts";
import { config, timeIterations } from "../learning.ts";
import { compare, type Comparison } from "./comparison.ts";
import { runScript, type Versions, versionsSchema } from "./python.ts";

/** What to compare. */
export interface TrainingMatch {
  /** The homes. */
  readonly dataset: Dataset;
  /** The same homes as a CityLearn `schema.json`. */
  readonly schemaFile: string;
  /** Timed iterations of either side. */
  readonly runs: number;
  /** Threads of PyTorch. */
  readonly torchThreads: number;
}

/** How training compares. */
export interface TrainingComparison {
  /** One for each number of threads here and each kind of agent there. */
  readonly comparisons: readonly Comparison[];
  /** More about each kind of agent there. */
  readonly agents: Readonly<Record<Agents, AgentFacts>>;
  /** What took part on the other side. */
  readonly versions: Versions;
}

/** What else there is to know about the other side. */
export interface AgentFacts {
  /** Share of the rollout, environment and decisions, in an iteration. */
  readonly rolloutShare: number;
  /** Numbers that an agent sees. */
  readonly observed: number;
}

/** One policy for every home, or one agent that steers all. */
type Agents = "shared" | "central";

const MINIBATCHES = 8;
/** No update ends early, so that every iteration is the same work. */
const ppo = { ...config.ppo, targetKl: null };

const printed = z.object({
  versions: versionsSchema,
  agentSteps: z.int(),
  seconds: z.array(z.number()),
  rolloutShare: z.number(),
  observed: z.int(),
});

/** Trains on both sides in turn. */
export async function compareTraining(
  python: string,
  match: TrainingMatch,
): Promise<TrainingComparison> {
  const { dataset, runs } = match;
  const slots = ppo.rolloutSteps * config.training.communities;
  const agentSteps = slots * dataset.community.prosumers.length;
  const own = { ...ppo, minibatchSize: agentSteps / MINIBATCHES };
  const ours = [];
  for (const threads of [1, 2]) {
    const { seconds } = await timeIterations(own, threads, runs, dataset);
    ours.push({ threads, rates: seconds.map((s) => agentSteps / s) });
  }
  const shared = await train(python, match, "shared", slots);
  const central = await train(python, match, "central", slots);
  const rates = (side: z.infer<typeof printed>) => side.seconds.map((s) => side.agentSteps / s);
  const homes = dataset.community.prosumers.length;
  return {
    comparisons: ours.flatMap(({ threads, rates: our }) => {
      const what = `training of ${homes} homes on ${threads === 1 ? "1 thread" : "2 threads"}`;
      const unit = "agent-steps/s";
      return [
        compare(`${what}, a shared policy`, unit, "more", our, rates(shared)),
        compare(`${what}, against a central agent`, unit, "more", our, rates(central)),
      ];
    }),
    agents: { shared: factsOf(shared), central: factsOf(central) },
    versions: shared.versions,
  };
}

function factsOf({ rolloutShare, observed }: z.infer<typeof printed>): AgentFacts {
  return { rolloutShare, observed };
}

async function train(
  python: string,
  { schemaFile, runs, torchThreads }: TrainingMatch,
  agents: Agents,
  slots: number,
): Promise<z.infer<typeof printed>> {
  const setup = { ...setupOf(runs, torchThreads), schema: schemaFile, agents, slots };
  return await timed(python, "./ppo_citylearn.py", setup);
}

function setupOf(runs: number, threads: number) {
  return { runs, threads, seed: 1, ppo: { ...ppo, minibatches: MINIBATCHES } };
}

async function timed(
  python: string,
  script: string,
  setup: Readonly<Record<string, unknown>> & { readonly threads: number },
  env: Readonly<Record<string, string>> = {},
): Promise<z.infer<typeof printed>> {
  const folder = await makeWorkFolder("training-");
  try {
    const file = `${folder}/setup.json`;
    await Deno.writeTextFile(file, JSON.stringify(setup));
    const threads = String(setup.threads);
    return await runScript(python, script, [file], printed, {
      OPENBLAS_NUM_THREADS: threads,
      OMP_NUM_THREADS: threads,
      ...env,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Turns of the two sides, so that other work on the machine slows both alike. */
const TURNS = 3;

/** One learner, PPO of Stable-Baselines3 with a policy that all homes share, on either environment. */
export async function compareSb3(
  theirPython: string,
  ourPython: string,
  { dataset, schemaFile, runs, torchThreads }: TrainingMatch,
): Promise<{ readonly comparison: Comparison; readonly versions: Versions }> {
  const { communities } = config.training;
  const data = await makeWorkFolder("homes-");
  const env = { PYTHONPATH: fileURLToPath(new URL("../../python", import.meta.url)) };
  const rates = { ours: [] as number[], theirs: [] as number[] };
  let versions: Versions = {};
  try {
    await writeDataset(dataset, data);
    for (let turn = 0; turn < TURNS; turn++) {
      const setup = setupOf(Math.ceil(runs / TURNS), torchThreads);
      const slots = ppo.rolloutSteps;
      const ours = await timed(
        ourPython,
        "./ppo_here.py",
        { ...setup, communities, data, slots },
        env,
      );
      const theirs = await timed(
        theirPython,
        "./ppo_citylearn.py",
        { ...setup, schema: schemaFile, agents: "shared", slots: slots * communities },
      );
      rates.ours.push(...ours.seconds.map((s) => ours.agentSteps / s));
      rates.theirs.push(...theirs.seconds.map((s) => theirs.agentSteps / s));
      versions = theirs.versions;
    }
  } finally {
    await Deno.remove(data, { recursive: true });
  }
  const what = "PPO of Stable-Baselines3 on either environment";
  return {
    comparison: compare(what, "agent-steps/s", "more", rates.ours, rates.theirs),
    versions,
  };
}
