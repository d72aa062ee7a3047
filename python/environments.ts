/**
 * `deno task --cwd python environments`: virtual environments in which the package is tested, in
 * `python/.venv`. That of Stable-Baselines3 stands on Debian's PyTorch, which is for processors only
 * (`apt-get install python3-torch libopenblas0-pthread`), and is left out where that is not there.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { main } from "../lib/cli/task.ts";
import { runProgram } from "../lib/programs/program.ts";
import {
  isReady,
  makeEnvironment,
  type PythonEnvironment,
} from "../lib/programs/python_environment.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const DEBIANS = "/usr/bin/python3";

/** What most tests need. */
export const testEnvironment: PythonEnvironment = {
  folder: `${FOLDER}.venv/tests`,
  requirements: `${FOLDER}requirements/tests.txt`,
  installWith: ["--no-deps"],
};

/** Stable-Baselines3 on Debian's PyTorch. */
export const sb3Environment: PythonEnvironment = {
  folder: `${FOLDER}.venv/sb3`,
  requirements: `${FOLDER}requirements/sb3.txt`,
  installWith: ["--no-deps"],
  madeWith: DEBIANS,
  seesPackages: true,
};

/** A server of MLflow, and readers of other trackers. */
export const trackersEnvironment: PythonEnvironment = {
  folder: `${FOLDER}.venv/trackers`,
  requirements: `${FOLDER}requirements/trackers.txt`,
  installWith: ["--no-deps"],
};

if (import.meta.main) {
  await main({
    name: "environments",
    summary: "Makes the virtual environments in which the Python package is tested.",
    options: {},
    async run() {
      await prepare(testEnvironment);
      await prepare(trackersEnvironment);
      if (await hasTorch()) await prepare(sb3Environment);
      else console.log(`${DEBIANS} has no PyTorch: Stable-Baselines3 is left out`);
    },
  });
}

async function prepare(environment: PythonEnvironment): Promise<void> {
  if (!await isReady(environment)) await makeEnvironment(environment);
  console.log(`${environment.folder} is ready`);
}

async function hasTorch(): Promise<boolean> {
  try {
    return (await runProgram(DEBIANS, ["-c", "import torch"])).success;
  } catch {
    return false;
  }
}
