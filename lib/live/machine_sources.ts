/**
 * What can be played on this machine: its data sets, policies and trained models. A page names them;
 * it never names a path of its own.
 *
 * @module
 */

import { oneOf } from "../text/nearest.ts";
import type { Dataset } from "../data/profiles.ts";
import { applyScenario, parseScenario, scenarioNames } from "../data/scenarios.ts";
import { kindsAmong, observationNames } from "../env/agent_rows.ts";
import type { Policy } from "../policies/policy.ts";
import { createPolicy, everyPolicyName } from "../policies/catalog.ts";
import { createSolver, type Solver } from "../policies/solver.ts";
import { createActor } from "../ppo/actor.ts";
import { Offered } from "./offered.ts";
import { parseExperiment } from "../ppo/experiment.ts";
import { type DatasetSource, loadDataset } from "../experiments/dataset_source.ts";
import { type Model, policyOf, readModel } from "../experiments/trained_model.ts";
import { shown } from "../text/shown.ts";
import type { PageContents, PageModel } from "./page_contents.ts";
import { LEARNED } from "./policy_names.ts";
import {
  type Choice,
  type Choices,
  type HomesAsked,
  homesAsked,
  type Players,
  type Setup,
  type Sources,
} from "./session.ts";

/** Where to look. */
export interface SourceOptions {
  /** A data set folder beside those in `data/`. */
  readonly data?: string;
  /** A model folder beside those in `runs/` and `data/models/`. */
  readonly model?: string;
  /** Policies beside those of the project, such as from files. */
  readonly policies?: readonly Policy[];
  /** What the embedded community is like unless an address says otherwise. */
  readonly homes?: HomesAsked & { readonly prosumers: number };
  /** Names of who plays, and of who plays beside, unless an address says otherwise. */
  readonly players?: readonly string[];
}

/** Which homes are played. */
type Homes = HomesAsked & Pick<Setup, "data" | "prosumers">;

const SYNTHETIC = "synthetic";
/** Acts where no model is trained. */
const USUAL_RULE = "self-consumption";

/** Stands for the newest model among {@linkcode SourceOptions.players}, or for a rule if none is there. */
export const MODEL = "learned";

/** The data sets, policies and models of this machine. */
export class MachineSources implements Sources {
  readonly #options: SourceOptions;
  readonly #own: ReadonlyMap<string, Policy>;
  readonly #offered = new Offered();
  readonly #models = new Map<string, { readonly modified: number; readonly model: Model }>();
  /** Kept for all runs: its Workers start when a planner first needs them. */
  readonly #solver: Solver = createSolver();
  /** The one that was asked for last, or is being read. */
  #dataset: { readonly key: string; readonly dataset: Promise<Dataset> } | null = null;

  constructor(options: SourceOptions) {
    this.#options = options;
    this.#own = new Map(options.policies?.map((policy) => [policy.name, policy]));
  }

  async offer(file: string, text: string): Promise<Partial<Setup>> {
    return await this.#offered.take(file, text);
  }

  /** Everything there is to choose from now; a model trained meanwhile is among it. */
  async choices(): Promise<Choices> {
    const models = await this.#modelFolders();
    const datasets = [SYNTHETIC, ...await this.#datasetFolders()];
    return {
      datasets: [
        ...datasets.map((name) => ({
          name,
          label: name === SYNTHETIC ? "embedded community" : shown(name),
        })),
        ...this.#offered.choices.datasets,
      ],
      policies: [
        ...models.map((folder) => ({ ...modelChoice(folder, models), name: LEARNED + folder })),
        ...this.#offered.choices.policies,
        ...[...this.#own.keys(), ...everyPolicyName].map(choice),
      ],
      scenarios: scenarioNames.map(choice),
      hint: models.length > 0 ? null : "No model is trained yet, so a rule acts unless you " +
        'choose. Train one with "deno task train" (about a minute) and reload the page.',
    };
  }

  /** What is played unless the address says otherwise: a trained model, else a rule. */
  async defaultSetup(): Promise<Setup> {
    const data = this.#options.data ?? SYNTHETIC;
    const homes = data === SYNTHETIC
      ? this.#options.homes ?? { prosumers: 10 }
      : { prosumers: null };
    const plain = { data, ...homes, day: "", scenario: "none", seed: 42, atEnd: "stop" } as const;
    const [newest] = await this.#modelFolders();
    const model = newest !== undefined && await this.#knows(plain, newest) ? newest : undefined;
    const players = this.#options.players ??
      [MODEL, model === undefined ? "grid-only" : USUAL_RULE];
    const [policy, compare = null] = players.map((name) => {
      if (name !== MODEL) return name;
      return model === undefined ? USUAL_RULE : LEARNED + model;
    });
    return { ...plain, policy, compare };
  }

  /** Whether a model was trained to see what these homes show. */
  async #knows(homes: Homes, folder: string): Promise<boolean> {
    const { config, observationNames: known } = await this.#model(folder);
    const shown = observationNames(await this.#loaded(homes), config.environment);
    const kinds = kindsAmong(known);
    // A kind of device that it knows need not be there; all else must be.
    return shown.every((name) => known.includes(name)) &&
      known.every((name) => shown.includes(name) || kinds.includes(name.split(".")[0]));
  }

  /**
   * What a page plays with that has no server: the usual set-up, its data and its trained agents.
   *
   * @param untrained Names of the policies that it can carry beside trained agents.
   * @param asked What is played in place of the usual set-up.
   * @throws {RangeError} If a policy of the set-up is from a file, which a page cannot carry.
   */
  async contents(untrained: readonly string[], asked?: Setup): Promise<PageContents> {
    const setup = asked ?? await this.defaultSetup();
    const names = setup.compare === null ? [setup.policy] : [setup.policy, setup.compare];
    const carried = names.filter((name) => !untrained.includes(name));
    const missing = carried.find((name) => !name.startsWith(LEARNED));
    if (missing !== undefined) {
      throw new RangeError(
        `a page cannot carry ${shown(missing)}; choose trained agents or one of ` +
          untrained.join(", "),
      );
    }
    const models = await Promise.all(
      carried.map(async (name) => [name, await this.#trained(name)] as const),
    );
    const dataset = setup.data === SYNTHETIC ? null : await this.#loaded(setup);
    return {
      setup,
      datasets: dataset === null ? {} : { [setup.data]: dataset },
      models: Object.fromEntries(models),
    };
  }

  async dataset(setup: Setup): Promise<Dataset> {
    return applyScenario(await this.#loaded(setup), parseScenario(setup.scenario));
  }

  async #loaded(homes: Homes): Promise<Dataset> {
    const { data } = homes;
    const dropped = this.#offered.datasets.get(data);
    if (dropped !== undefined) return dropped;
    const known = [SYNTHETIC, ...await this.#datasetFolders()];
    oneOf("data set", data, known);
    const source: DatasetSource = data === SYNTHETIC ? { data, ...homesAsked(homes) } : { data };
    const key = JSON.stringify(source);
    if (this.#dataset?.key !== key) {
      const dataset = loadDataset(source);
      // What could not be read is tried again when it is asked for again.
      dataset.catch(() => this.#dataset = null);
      this.#dataset = { key, dataset };
    }
    return await this.#dataset!.dataset;
  }

  async players(names: readonly string[], seed: number): Promise<Players> {
    const models = await this.#modelFolders();
    const known = [
      ...models.map((folder) => LEARNED + folder),
      ...this.#offered.models.keys(),
      ...this.#own.keys(),
      ...everyPolicyName,
    ];
    for (const name of names) oneOf("policy", name, known);
    const learned = new Map<string, PageModel>();
    for (const name of names.filter((name) => name.startsWith(LEARNED))) {
      learned.set(name, await this.#trained(name));
    }
    const rules = [...learned.values()].map(({ environment }) => environment);
    const config = rules[0] ?? parseExperiment({}, "defaults").environment;
    if (rules.some((other) => JSON.stringify(other) !== JSON.stringify(config))) {
      throw new RangeError(
        `${names.join(" and ")} were trained under different rules; compare each with a rule`,
      );
    }
    const make = (name: string): Policy => {
      const model = learned.get(name);
      if (model !== undefined) return { ...policyOf(model, createActor(model.weights)), name };
      return this.#own.get(name) ?? createPolicy(name, { seed, solver: this.#solver });
    };
    return {
      config,
      policies: names.map(make),
      gridOnly: make("grid-only"),
      optimum: make("optimum"),
    };
  }

  /** Ends what works for it. */
  close(): void {
    this.#solver.close();
  }

  /** The trained agents of a name, from a folder or handed over. */
  async #trained(name: string): Promise<PageModel> {
    const dropped = this.#offered.models.get(name);
    if (dropped !== undefined) return dropped;
    const { config, observationNames, weights } = await this.#model(name.slice(LEARNED.length));
    return { label: "learned", environment: config.environment, observationNames, weights };
  }

  /** Reads a model, unless the one that was read is as new as the file. */
  async #model(folder: string): Promise<Model> {
    // A file that is not there is missed, in its own words, when the model is read.
    const file = await Deno.stat(`${folder}/model.json`).catch(() => null);
    const modified = file?.mtime?.getTime() ?? 0;
    const known = this.#models.get(folder);
    if (known?.modified === modified) return known.model;
    const model = await readModel(folder);
    this.#models.set(folder, { modified, model });
    return model;
  }

  /** Folders with a model, the newest first. */
  async #modelFolders(): Promise<string[]> {
    const named = this.#options.model === undefined ? [] : [this.#options.model];
    const found = await foldersWith("runs", "model.json");
    // Those that come along are as old as the checkout; by name, so that everybody sees the same first.
    const shipped = (await foldersWith("data/models", "model.json")).sort();
    return [...new Set([...named, ...found, ...shipped])];
  }

  async #datasetFolders(): Promise<string[]> {
    const named = this.#options.data === undefined || this.#options.data === SYNTHETIC
      ? []
      : [this.#options.data];
    return [...new Set([...named, ...await foldersWith("data", "community.json")])];
  }
}

/** A model is called by the name of its folder, as long as no other has the same. */
function modelChoice(folder: string, all: readonly string[]): Pick<Choice, "label" | "title"> {
  const last = (path: string) => path.replace(/\/+$/, "").replace(/^.*\//, "");
  const isOnly = all.filter((other) => last(other) === last(folder)).length === 1;
  return { label: `learned (${shown(isOnly ? last(folder) : folder)})`, title: shown(folder) };
}

function choice(name: string): Choice {
  return { name, label: name };
}

/** Folders in `parent` that hold `file`, the one with the newest file first. */
async function foldersWith(parent: string, file: string): Promise<string[]> {
  const found: { readonly folder: string; readonly modified: number }[] = [];
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(parent));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  for (const { name, isDirectory } of entries) {
    if (!isDirectory) continue;
    const folder = `${parent}/${name}`;
    const stat = await Deno.stat(`${folder}/${file}`).catch(() => null);
    if (stat !== null) found.push({ folder, modified: stat.mtime?.getTime() ?? 0 });
  }
  return found.sort((a, b) => b.modified - a.modified || a.folder.localeCompare(b.folder))
    .map(({ folder }) => folder);
}
