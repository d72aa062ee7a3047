/**
 * Running the Python side of a comparison: a script that prints JSON.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { PythonEnvironment } from "../../lib/programs/python_environment.ts";

/** What the other sides run in; PyTorch is Debian's, which is for processors only. */
export const peersEnvironment: PythonEnvironment = {
  folder: fileURLToPath(new URL(".venv", import.meta.url)),
  requirements: fileURLToPath(new URL("requirements.lock.txt", import.meta.url)),
  installWith: ["--no-deps"],
  madeWith: "/usr/bin/python3",
  seesPackages: true,
};

/** Versions of what took part. */
export type Versions = Readonly<Record<string, string>>;

/** Schema of {@linkcode Versions}. */
export const versionsSchema: z.ZodType<Versions> = z.record(z.string(), z.string());

/**
 * Runs a script of this folder to its end.
 *
 * @throws {Error} With the last line of what it says, if it fails or prints something else.
 */
export async function runScript<T>(
  python: string,
  script: string,
  args: readonly string[],
  schema: z.ZodType<T>,
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args: [path, ...args],
    env,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim().split("\n").at(-1);
  if (!success) throw new Error(`${script} failed: ${text(stderr)}`);
  return schema.parse(JSON.parse(text(stdout)!));
}
