/**
 * Who a job is: a digest of what it does, its seed, the content of its data and the code that it runs
 * through. Where any of them differs it is another job; where none does, one job serves all sweeps.
 *
 * @module
 */

import { datasetHash } from "../data/hash.ts";
import { type DatasetSource, loadDataset } from "../experiments/dataset_source.ts";
import { sourceCode } from "../experiments/source_code.ts";
import { sha256Hex } from "../sha256.ts";
import type { JobContent } from "./content.ts";

/** The code that jobs run through. */
export interface JobCode {
  /** Digest over modules, packages and Deno. [hex] */
  readonly digest: string;
  /** The commit, or `unknown`. */
  readonly commit: string;
  /** Version of Deno. */
  readonly deno: string;
}

/** The code of this checkout. */
export async function ownCode(): Promise<JobCode> {
  const { sources, commit, versions: { platform: _, ...versions } } = await sourceCode(
    new URL("./job.ts", import.meta.url).href,
  );
  return { digest: await digestOf({ sources, versions }), commit, deno: versions.deno };
}

/** Where jobs of some code wait. */
export function queueOf({ digest }: Pick<JobCode, "digest">): string {
  return `sweep-${digest.slice(0, 16)}`;
}

/** Names configurations; each data set is loaded once. */
export class Identities {
  readonly #code: JobCode;
  readonly #hashes = new Map<string, Promise<string>>();

  /** Of jobs that run through this code. */
  constructor(code: JobCode) {
    this.#code = code;
  }

  /** Fingerprint of the data of a job; empty where it has none. */
  data(content: JobContent): Promise<string> {
    if (!("source" in content)) return Promise.resolve("");
    const key = JSON.stringify(content.source);
    const hash = this.#hashes.get(key) ?? hashOf(content.source);
    this.#hashes.set(key, hash);
    return hash;
  }

  /** Digest of all but seed and part; where the data are does not count, what they are does. [hex] */
  async configuration(content: JobContent): Promise<string> {
    const rest: Record<string, unknown> = { ...content };
    delete rest.source;
    return await digestOf({ rest, data: await this.data(content), code: this.#code.digest });
  }
}

/** The identity of a job as a UUID, by which queues name theirs (RFC 9562, version 8). */
export async function jobId(configuration: string, seed: number, part: number): Promise<string> {
  const hex = await sha256Hex(`${configuration} ${seed} ${part}`);
  const variant = (8 + parseInt(hex[16], 16) % 4).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** SHA-256 of a value, whatever the order of its keys. [hex] */
export async function digestOf(value: unknown): Promise<string> {
  return await sha256Hex(
    JSON.stringify(
      value,
      (_key, value) =>
        typeof value === "object" && value !== null && !Array.isArray(value)
          ? Object.fromEntries(
            Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1),
          )
          : value,
    ),
  );
}

async function hashOf(source: DatasetSource): Promise<string> {
  return await datasetHash(await loadDataset(source));
}
