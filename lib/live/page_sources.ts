/**
 * What can be played in a page without a server: the data sets and trained agents that it carries, the
 * embedded community, and all policies that solve no linear programs.
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
import type { PageContents, PageModel } from "./page_contents.ts";
import { type Choices, homesAsked, type Players, type Setup, type Sources } from "./session.ts";

const SYNTHETIC = "synthetic";

/** The sources of a page. */
export function pageSources({ setup, datasets, models }: PageContents): Sources {
  const policyNames = [...Object.keys(models), ...Object.keys(plainPolicies)];
  let made: { readonly key: string; readonly dataset: Dataset } | null = null;

  function datasetOf(setup: Setup): Dataset {
    oneOf("data set", setup.data, [SYNTHETIC, ...Object.keys(datasets)]);
    if (setup.data !== SYNTHETIC) return datasets[setup.data];
    const asked = homesAsked(setup), key = JSON.stringify(asked);
    if (made?.key !== key) made = { key, dataset: synthesize({ ...EMBEDDED, ...asked }) };
    return made.dataset;
  }

  return {
    choices: (): Promise<Choices> =>
      Promise.resolve({
        datasets: [SYNTHETIC, ...Object.keys(datasets)].map((name) => ({
          name,
          label: name === SYNTHETIC ? "embedded community" : name,
        })),
        policies: policyNames.map((name) => ({ name, label: models[name]?.label ?? name })),
        scenarios: scenarioNames.map((name) => ({ name, label: name })),
        hint: runsKernels()
          ? null
          : "This browser has no WebAssembly with SIMD: trained agents are " +
            "computed in plain arithmetic, slower, and alike to about a millionth.",
      }),
    defaultSetup: () => Promise.resolve(setup),
    dataset: (asked) =>
      Promise.resolve().then(() => applyScenario(datasetOf(asked), parseScenario(asked.scenario))),
    players: (names, seed) =>
      Promise.resolve().then(() => players(names, seed, models, policyNames)),
  };
}

function players(
  names: readonly string[],
  seed: number,
  models: PageContents["models"],
  known: readonly string[],
): Players {
  for (const name of names) oneOf("policy", name, known);
  const rules = names.flatMap((name) => models[name]?.environment ?? []);
  if (rules.some((other) => JSON.stringify(other) !== JSON.stringify(rules[0]))) {
    throw new RangeError(
      `${names.join(" and ")} were trained under different rules; compare each with a rule`,
    );
  }
  return {
    config: rules[0] ?? environmentConfigSchema.parse({}),
    policies: names.map((name) =>
      Object.hasOwn(models, name) ? trained(name, models[name]) : plainPolicies[name](seed)
    ),
    gridOnly: plainPolicies["grid-only"](seed),
    optimum: null,
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
