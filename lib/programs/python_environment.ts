/**
 * Virtual environments for Python programs: a folder of their own for pinned packages. Nothing
 * outside the folder is touched.
 *
 * @module
 */

import { writeWhole } from "../disk/whole_files.ts";
import { isMissingProgram } from "../cli/refusal.ts";
import { runProgram } from "./program.ts";
import { exists } from "../disk/exists.ts";

/** An environment, and what is to be in it. */
export interface PythonEnvironment {
  /** Where it is. */
  readonly folder: string;
  /** File with the pinned packages. */
  readonly requirements: string;
  /** Version of Python that the packages need, such as `3.11`; any 3 if absent. */
  readonly version?: string;
  /** More arguments for the installation. */
  readonly installWith?: readonly string[];
  /** The Python that it is made from; the first of the version on PATH if absent. */
  readonly madeWith?: string;
  /** Whether it sees the packages of that Python. */
  readonly seesPackages?: boolean;
}

/** The environment's Python. */
export function pythonOf({ folder }: PythonEnvironment): string {
  return Deno.build.os === "windows" ? `${folder}/Scripts/python` : `${folder}/bin/python`;
}

/** Whether the environment is there and has what the requirements ask for. */
export async function isReady(environment: PythonEnvironment): Promise<boolean> {
  const installed = installedFile(environment);
  if (!await exists(installed)) return false;
  return await Deno.readTextFile(installed) === await Deno.readTextFile(environment.requirements);
}

/**
 * Makes the environment.
 *
 * @throws {Error} Naming what is missing: Python, its venv module, or the network.
 */
export async function makeEnvironment(environment: PythonEnvironment): Promise<void> {
  const { folder, requirements, version, installWith = [], madeWith, seesPackages } = environment;
  await run(
    madeWith ?? await findPython(version),
    ["-m", "venv", ...(seesPackages ? ["--system-site-packages"] : []), folder],
    "is Python's venv module installed?",
  );
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  const from = [...installWith, "-r", requirements];
  await run(pythonOf(environment), [...install, ...from], "is there a network?");
  await writeWhole(installedFile(environment), [await Deno.readTextFile(requirements)]);
}

/**
 * Name of a Python that is of the version.
 *
 * @throws {Error} If there is none.
 */
export async function findPython(version: string = "3"): Promise<string> {
  for (const name of [`python${version}`, "python3", "python"]) {
    try {
      const { success, stdout } = await runProgram(name, ["--version"]);
      if (success && stdout.startsWith(`Python ${version}.`)) return name;
    } catch (error) {
      if (!isMissingProgram(error)) throw error;
    }
  }
  throw new Error(`Python ${version} is missing; install it, then run this again`);
}

/** A copy of the requirements that are installed. */
function installedFile({ folder }: PythonEnvironment): string {
  return `${folder}/installed.txt`;
}

async function run(program: string, args: readonly string[], question: string): Promise<void> {
  const { success, stderr } = await runProgram(program, args);
  if (success) return;
  const last = stderr.trim().split("\n").at(-1);
  throw new Error(`${program} ${args.join(" ")} failed, ${question} It says: ${last}`);
}
