/**
 * The virtual environment in which notebooks run: pinned Jupyter packages in `.venv`, and in it a
 * kernel under this project's name that is this very Deno. Nothing outside the folder is touched.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { exists } from "../disk/exists.ts";
import { writeWhole } from "../disk/whole_files.ts";
import {
  isReady,
  makeEnvironment,
  type PythonEnvironment,
  pythonOf,
} from "./python_environment.ts";
import { runProgram } from "./program.ts";

/** Name of the kernel, as the notebooks ask for it. */
export const KERNEL_NAME = "p2p-energy-lab";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ENVIRONMENT: PythonEnvironment = {
  folder: `${ROOT}.venv`,
  requirements: `${ROOT}notebooks/requirements.txt`,
};
const KERNEL_FOLDER = `${ENVIRONMENT.folder}/share/jupyter/kernels/${KERNEL_NAME}`;

/** Ends the kernel with the program that started it. */
const LAUNCHER = `${ROOT}lib/programs/kernel.py`;

/** The environment's Python. */
export const PYTHON: string = pythonOf(ENVIRONMENT);

/** Whether the environment is there and has what the requirements ask for. */
export async function environmentIsReady(): Promise<boolean> {
  return await isReady(ENVIRONMENT);
}

/**
 * Makes the environment where it is missing or out of date, and registers the kernel.
 *
 * @throws {Error} Naming what is missing: Python 3, its venv module, or the network.
 */
export async function prepareEnvironment(): Promise<void> {
  if (!await environmentIsReady()) {
    console.log("Making a virtual environment with Jupyter in .venv/ (once, about a minute) …");
    await makeEnvironment(ENVIRONMENT);
  }
  await installPackages();
  await Deno.mkdir(KERNEL_FOLDER, { recursive: true });
  const kernel = {
    argv: [PYTHON, LAUNCHER, Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "P2P energy lab (Deno)",
    language: "typescript",
  };
  await writeWhole(`${KERNEL_FOLDER}/kernel.json`, [JSON.stringify(kernel, null, 2), "\n"]);
}

/**
 * Lays the packages out where a kernel looks for them: it takes no flag to look where Deno keeps those
 * of all projects.
 */
async function installPackages(): Promise<void> {
  if (!await exists(`${ROOT}node_modules`)) {
    console.log("Laying out all packages in node_modules/ (once, 480 MB) …");
  }
  const { success, stderr } = await runProgram("deno", ["install", "--quiet", "--frozen"], {
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  });
  if (!success) {
    throw new Error(`the packages cannot be laid out: ${stderr.trim().split("\n")[0]}`);
  }
}
