/**
 * The virtual environment in which notebooks run: pinned Jupyter packages in `.venv`, and in it a
 * kernel under this project's name that is this very Deno. Nothing outside the folder is touched.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { writeWhole } from "./files.ts";
import { isMissingProgram } from "./permissions/refusal.ts";
import { runProgram } from "./programs.ts";
import { exists } from "./run_folder.ts";

/** Name of the kernel, as the notebooks ask for it. */
export const KERNEL_NAME = "p2p-energy-lab";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = `${ROOT}.venv`;
const BIN = Deno.build.os === "windows" ? `${FOLDER}/Scripts` : `${FOLDER}/bin`;
const REQUIREMENTS = `${ROOT}notebooks/requirements.txt`;
/** A copy of the requirements that are installed. */
const INSTALLED = `${FOLDER}/installed.txt`;
const KERNEL_FOLDER = `${FOLDER}/share/jupyter/kernels/${KERNEL_NAME}`;

/** Ends the kernel with the program that started it. */
const LAUNCHER = `${ROOT}tasks/kernel.py`;

/** The environment's Python. */
export const PYTHON: string = `${BIN}/python`;

/** Whether the environment is there and has what the requirements ask for. */
export async function environmentIsReady(): Promise<boolean> {
  if (!await exists(INSTALLED)) return false;
  return await Deno.readTextFile(INSTALLED) === await Deno.readTextFile(REQUIREMENTS);
}

/**
 * Makes the environment where it is missing or out of date, and registers the kernel.
 *
 * @throws {Error} Naming what is missing: Python 3, its venv module, or the network.
 */
export async function prepareEnvironment(): Promise<void> {
  if (!await environmentIsReady()) {
    console.log("Making a virtual environment with Jupyter in .venv/ (once, about a minute) …");
    await run(await findPython(), ["-m", "venv", FOLDER], "is Python's venv module installed?");
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    await run(PYTHON, [...install, "-r", REQUIREMENTS], "is there a network?");
    await writeWhole(INSTALLED, [await Deno.readTextFile(REQUIREMENTS)]);
  }
  await Deno.mkdir(KERNEL_FOLDER, { recursive: true });
  const kernel = {
    argv: [PYTHON, LAUNCHER, Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "P2P energy lab (Deno)",
    language: "typescript",
  };
  await writeWhole(`${KERNEL_FOLDER}/kernel.json`, [JSON.stringify(kernel, null, 2), "\n"]);
}

async function findPython(): Promise<string> {
  for (const name of ["python3", "python"]) {
    try {
      const { success, stdout } = await runProgram(name, ["--version"]);
      if (success && /^Python 3\./.test(stdout)) return name;
    } catch (error) {
      if (!isMissingProgram(error)) throw error;
    }
  }
  throw new Error("Python 3 is missing; install it, then run this again");
}

async function run(program: string, args: readonly string[], question: string): Promise<void> {
  const { success, stderr } = await runProgram(program, args);
  if (success) return;
  const last = stderr.trim().split("\n").at(-1);
  throw new Error(`${program} ${args.join(" ")} failed, ${question} It says: ${last}`);
}
