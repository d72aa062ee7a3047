/**
 * What is handed to a page while it plays: a trained model, or a data set as JSON. It is kept as long as
 * the session, and the latest few only.
 *
 * @module
 */

import { DATASET_FORMAT, datasetOfText } from "../data/dataset_json.ts";
import type { Dataset } from "../data/profiles.ts";
import { checkpointOf } from "../ppo/checkpoint_text.ts";
import { parseExperiment } from "../ppo/experiment.ts";
import { actorWeights } from "../ppo/trainer_state.ts";
import { parseBounded } from "../data/json.ts";
import { shown } from "../text/shown.ts";
import type { PageModel } from "./page_contents.ts";
import { LEARNED } from "./policy_names.ts";
import type { Choice, Setup } from "./session.ts";

/** Models, and data sets, that are kept at a time. */
const MOST_KEPT = 4;

/** Begins the names of what was handed over, so that none is that of a folder. */
const DROPPED = "dropped:";

/** The largest file that is taken. [characters] */
export const LARGEST_OFFER = 64 * 2 ** 20;

/** Models and data sets that were handed over. */
export class Offered {
  readonly models = new Map<string, PageModel>();
  readonly datasets = new Map<string, Dataset>();

  /** What they add to the choices. */
  get choices(): { readonly policies: readonly Choice[]; readonly datasets: readonly Choice[] } {
    const file = (name: string) => shown(name.replace(/^(learned:)?dropped:/, ""));
    return {
      policies: [...this.models.keys()].map((name) => ({ name, label: `learned (${file(name)})` })),
      datasets: [...this.datasets.keys()].map((name) => ({ name, label: file(name) })),
    };
  }

  /**
   * Takes a file over; what of a set-up is to be changed to play with it.
   *
   * @throws {Error} If it is neither a model nor a data set, in one sentence.
   */
  async take(file: string, text: string): Promise<Partial<Setup>> {
    const name = shown(file, 60);
    if (text.length > LARGEST_OFFER) {
      throw new RangeError(`${name} is too large: ${LARGEST_OFFER / 2 ** 20} MB at most are taken`);
    }
    let format: unknown;
    try {
      format = Object(parseBounded(text, name)).format;
    } catch {
      format = undefined;
    }
    if (format === DATASET_FORMAT) {
      const data = DROPPED + file;
      keep(this.datasets, data, datasetOfText(text, name));
      return { data, prosumers: null, day: "", scenario: "none" };
    }
    if (format !== "energy market model") {
      throw new RangeError(
        `${name} is neither a trained model (model.json) nor a data set that was taken away as JSON`,
      );
    }
    const { observationNames, configuration, best, training } = await checkpointOf(text, name);
    const { environment } = parseExperiment(Object(configuration).config, name);
    const weights = best?.weights ?? actorWeights(training!);
    const policy = LEARNED + DROPPED + file;
    keep(this.models, policy, { label: "learned", environment, observationNames, weights });
    return { policy };
  }
}

function keep<T>(kept: Map<string, T>, name: string, value: T): void {
  kept.delete(name);
  kept.set(name, value);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT) kept.delete(oldest);
}
