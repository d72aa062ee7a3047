/**
 * What can be played in a page without a server: the data sets and trained agents that it carries, the
 * embedded community, and all policies that need no training: those that solve linear programs where
 * it carries a solver.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import { applyScenario, parseScenario, scenarioNames } from "../data/scenarios.ts";
import { EMBEDDED, synthesize } from "../data/synthetic.ts";
import { environmentConfigSchema } from "../env/config.ts";
import { learnedPolicy } from "../policies/learned.ts";
import { plainPolicies } from "../policies/plain_policies.ts";
import type { Policy } from "../policies/policy.ts";
import { type Actor, createActor } from "../ppo/actor.ts";
import { createKernels } from "../ppo/wasm/kernels.ts";
import { oneOf } from "../text/nearest.ts";
import { Offered } from "./offered.ts";
import type { PageContents, PageModel } from "./page_contents.ts";
import { type Choices, homesAsked, type Players, type Setup, type Sources } from "./session.ts";

const SYNTHETIC = "synthetic";

/** Policies that need no training, by name. */
export interface UntrainedPolicies {
  readonly names: readonly string[];
  make(name: string, seed: number): Policy;
}

/**
 * All that need no training, planners included, for the binary of a solver; `null` where it cannot run.
 */
export type PlannersOf = (binary: Uint8Array<ArrayBuffer>) => UntrainedPolicies | null;

const withoutPlanners: UntrainedPolicies = {
  names: Object.keys(plainPolicies),
  make: (name, seed) => plainPolicies[name](seed),
};

/**
 * The sources of a page; `planners` are all that need no training, where it carries a solver: "cannot
 * run" where it does in vain.
 */
export function pageSources(
  { setup, datasets, models }: PageContents,
  given: UntrainedPolicies | "cannot run" | null = null,
): Sources {
  const planners = given === "cannot run" ? null : given;
  const untrained = planners ?? withoutPlanners;
  const offered = new Offered();
  const allModels = () => ({ ...models, ...Object.fromEntries(offered.models) });
  let made: { readonly key: string; readonly dataset: Dataset } | null = null;

  function datasetOf(setup: Setup): Dataset {
    const own = { ...datasets, ...Object.fromEntries(offered.datasets) };
    oneOf("data set", setup.data, [SYNTHETIC, ...Object.keys(own)]);
    if (setup.data !== SYNTHETIC) return own[setup.data];
    const asked = homesAsked(setup), key = JSON.stringify(asked);
    if (made?.key !== key) made = { key, dataset: synthesize({ ...EMBEDDED, ...asked }) };
    return made.dataset;
  }

  return {
    choices: (): Promise<Choices> =>
      Promise.resolve({
        datasets: [
          ...[SYNTHETIC, ...Object.keys(datasets)].map((name) => ({
            name,
            label: name === SYNTHETIC ? "embedded community" : name,
          })),
          ...offered.choices.datasets,
        ],
        policies: [
          ...Object.entries(models).map(([name, { label }]) => ({ name, label })),
          ...offered.choices.policies,
          ...untrained.names.map((name) => ({ name, label: name })),
        ],
        scenarios: scenarioNames.map((name) => ({ name, label: name })),
        hint: runsKernels()
          ? null
          : "This browser has no WebAssembly with SIMD: trained agents are " +
            "computed in plain arithmetic, slower, and alike to about a millionth" +
            (given === "cannot run" ? "; planners and the optimum are left out." : "."),
      }),
    offer: (file, text) => offered.take(file, text),
    defaultSetup: () => Promise.resolve(setup),
    dataset: (asked) =>
      Promise.resolve().then(() => applyScenario(datasetOf(asked), parseScenario(asked.scenario))),
    players: (names, seed) =>
      Promise.resolve().then(() => {
        const { policies, config } = players(names, seed, allModels(), untrained);
        const gridOnly = untrained.make("grid-only", seed);
        const optimum = planners && planners.make("optimum", seed);
        return { config, policies, gridOnly, optimum };
      }),
  };
}

function players(
  names: readonly string[],
  seed: number,
  models: PageContents["models"],
  untrained: UntrainedPolicies,
): Pick<Players, "config" | "policies"> {
  for (const name of names) oneOf("policy", name, [...Object.keys(models), ...untrained.names]);
  const rules = names.flatMap((name) => models[name]?.environment ?? []);
  if (rules.some((other) => JSON.stringify(other) !== JSON.stringify(rules[0]))) {
    throw new RangeError(
      `${names.join(" and ")} were trained under different rules; compare each with a rule`,
    );
  }
  return {
    config: rules[0] ?? environmentConfigSchema.parse({}),
    policies: names.map((name) =>
      Object.hasOwn(models, name) ? trained(name, models[name]) : untrained.make(name, seed)
    ),
  };
}

function trained(name: string, { weights, observationNames }: PageModel): Policy {
  return learnedPolicy(actorOf(weights), { name, observationNames });
}

let kernelsRun: boolean | undefined;

function runsKernels(): boolean {
  if (kernelsRun === undefined) {
    try {
      createKernels();
      kernelsRun = true;
    } catch {
      kernelsRun = false;
    }
  }
  return kernelsRun;
}

function actorOf(weights: PageModel["weights"]): Actor {
  return createActor(weights, runsKernels() ? "kernels" : "plain");
}
