/**
 * What a page that plays by itself carries: data sets and trained agents, as text.
 *
 * @module
 */

import type { Dataset } from "../data/profiles.ts";
import type { EnvironmentConfig } from "../env/config.ts";
import type { ActorWeights } from "../ppo/actor_weights.ts";
import { packArrays, unpackArrays } from "../text/array_json.ts";
import type { Setup } from "./session.ts";

/** Trained agents. */
export interface PageModel {
  /** What to call them. */
  readonly label: string;
  /** The rules that they were trained under. */
  readonly environment: EnvironmentConfig;
  /** What they see, feature by feature. */
  readonly observationNames: readonly string[];
  /** The agents. */
  readonly weights: ActorWeights;
}

/** All that a page plays with. */
export interface PageContents {
  /** What is played at first. */
  readonly setup: Setup;
  /** Data sets by name, beside the embedded community. */
  readonly datasets: Readonly<Record<string, Dataset>>;
  /** Trained agents by name. */
  readonly models: Readonly<Record<string, PageModel>>;
}

/** The contents as text. */
export function contentsText(contents: PageContents): string {
  return JSON.stringify(contents, packArrays);
}

/** The contents of a text that {@linkcode contentsText} has made. */
export function readContents(text: string): PageContents {
  return JSON.parse(text, unpackArrays);
}
