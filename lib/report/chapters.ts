/**
 * The chapters: which notebooks there are, whether their cells are well typed, and what comes out
 * when a fresh kernel executes them.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { quoted } from "../text/shown.ts";
import { type Notebook, notebookCode, parseNotebook } from "./notebook.ts";
import { PUBLISHED_RUN } from "./pinned.ts";
import { KERNEL_NAME, PYTHON } from "../programs/jupyter_environment.ts";
import { runProgram } from "../programs/program.ts";

/** The longest that a cell may take: what is stuck has to end. [s] */
const CELL_SECONDS = 600;

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/**
 * For files that are there for a moment. Cells are checked in it: it is beside the notebooks' folder,
 * so that relative imports mean the same.
 */
const CELLS = `${ROOT}.cells`;

/** What is older than this was left by a run that was killed. [ms] */
const LEFTOVER_MS = 3_600_000;

/** A notebook that was executed. */
export interface Execution {
  /** The notebook with its outputs. */
  readonly notebook: Notebook;
  /** How long it took, the start of the kernel included. [s] */
  readonly seconds: number;
  /** What is wrong with it, a line each; empty for a sound chapter. */
  readonly faults: readonly string[];
}

/** Paths of the chapters in order; of those whose name begins with `only`, if given. */
export async function chapterPaths(only: string = ""): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(`${ROOT}notebooks`)) {
    if (/^\d\d_\w+\.ipynb$/.test(name)) names.push(name);
  }
  const chosen = names.filter((name) => name.startsWith(only)).sort();
  if (chosen.length === 0) {
    throw new Error(`no chapter begins with ${quoted(only)}; there are ${names.sort().join(", ")}`);
  }
  return chosen.map((name) => `${ROOT}notebooks/${name}`);
}

/** Name of a chapter without folder and ending, such as `05_market_engine`. */
export function chapterName(path: string): string {
  return path.split("/").at(-1)!.replace(/\.ipynb$/, "");
}

/** Reads a notebook. */
export async function readNotebook(path: string): Promise<Notebook> {
  return parseNotebook(await Deno.readTextFile(path), path);
}

/**
 * Type-checks the cells of notebooks, which neither the kernel nor `deno check` does.
 *
 * @throws {Error} With the compiler's messages.
 */
export async function checkCells(paths: readonly string[]): Promise<void> {
  await makeCells();
  const mark = crypto.randomUUID().slice(0, 8);
  const files: string[] = [];
  try {
    for (const path of paths) {
      const file = `${CELLS}/${mark}-${chapterName(path)}.ts`;
      const code = notebookCode(await readNotebook(path));
      await Deno.writeTextFile(file, `${code}\nexport {};\n`);
      files.push(file);
    }
    const { success, stderr } = await runProgram(
      "deno",
      ["check", "--quiet", "--node-modules-dir=none", ...files],
      { cwd: ROOT, env: { NO_COLOR: "1" } },
    );
    if (!success) throw new Error(stderr.replaceAll(`${CELLS}/${mark}-`, "notebooks/"));
  } finally {
    for (const file of files) await Deno.remove(file).catch(() => {});
  }
}

/** Makes the folder for a moment's files and removes what killed runs have left in it. */
async function makeCells(): Promise<void> {
  await Deno.mkdir(CELLS, { recursive: true });
  for await (const { name } of Deno.readDir(CELLS)) {
    const path = `${CELLS}/${name}`;
    const { mtime } = await Deno.stat(path).catch(() => ({ mtime: null }));
    if (
      mtime === null || performance.timeOrigin + performance.now() - mtime.getTime() < LEFTOVER_MS
    ) continue;
    await Deno.remove(path, { recursive: true }).catch(() => {});
  }
}

/** How a notebook is executed. */
export interface ExecuteOptions {
  /** Whether it has to be as its text says; if absent, it has to. */
  readonly published?: boolean;
}

/** Executes a notebook in a fresh kernel and says what is wrong with the result. */
export async function execute(
  path: string,
  { published = true }: ExecuteOptions = {},
): Promise<Execution> {
  await makeCells();
  const folder = await Deno.makeTempDir({ dir: CELLS });
  const began = performance.now();
  try {
    const { success, stderr } = await runProgram(
      PYTHON,
      [
        ...["-m", "nbconvert", "--to", "notebook", "--execute", "--allow-errors"],
        `--ExecutePreprocessor.kernel_name=${KERNEL_NAME}`,
        `--ExecutePreprocessor.timeout=${CELL_SECONDS}`,
        "--ExecutePreprocessor.record_timing=False",
        ...["--output-dir", folder, path],
      ],
      { env: { NO_COLOR: "1", ...(published && { [PUBLISHED_RUN]: "1" }) } },
    );
    const seconds = (performance.now() - began) / 1000;
    if (!success) {
      const lines = stderr.trim().split("\n");
      const reason = lines.findLast((line) => /Error|Timeout/.test(line)) ?? lines.at(-1);
      throw new Error(`${chapterName(path)} was not executed to its end: ${reason}`);
    }
    const notebook = await readNotebook(`${folder}/${path.split("/").at(-1)}`);
    return { notebook, seconds, faults: executionFaults(notebook) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What is wrong with an executed notebook. */
export function executionFaults({ cells }: Notebook): string[] {
  const faults: string[] = [];
  cells.forEach((cell, k) => {
    if (cell.cell_type === "markdown") return;
    const place = `cell ${k + 1}`;
    if (cell.execution_count === null) faults.push(`${place} was not executed`);
    for (const output of cell.outputs) {
      if (output.output_type === "error") {
        faults.push(`${place} failed: ${output.ename}: ${output.evalue.split("\n")[0]}`);
      }
      if (output.output_type === "execute_result") {
        faults.push(`${place} ends with a value that it does not show; use show() or a statement`);
      }
      if (output.output_type === "stream" && output.name === "stderr") {
        faults.push(`${place} printed to stderr: ${output.text.trim().split("\n")[0]}`);
      }
    }
    const due = cell.source.match(/await show(?:Piece)?\(|livePlace\(/g)?.length ?? 0;
    const displayed = cell.outputs.filter(({ output_type }) => output_type === "display_data");
    if (displayed.length < due) {
      faults.push(`${place} lost output: ${displayed.length} of ${due} results arrived`);
    }
  });
  return faults;
}
