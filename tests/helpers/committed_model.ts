/** The committed model, as far as this edition can read it. */

import { type Model, readModel } from "../../lib/experiments/trained_model.ts";

/** Its folder. */
export const modelFolder: string = new URL("../../data/models/R1", import.meta.url).pathname;

/** The model; `null` where it was written by an earlier edition and has not been trained again. */
export async function committedModel(): Promise<Model | null> {
  try {
    return await readModel(modelFolder);
  } catch (error) {
    if (/has format version [12], /.test((error as Error).message)) return null;
    throw error;
  }
}

/** Says in a test's name why it is skipped. */
export function skipped(model: Model | null): string {
  return model === null ? " (skipped: data/models/R1 is of the first edition)" : "";
}
