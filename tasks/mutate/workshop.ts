/**
 * A copy of the repository in a temporary folder, in which mutants are made and tested.
 *
 * The tests may read there and in `node_modules`, and do nothing else: a mutant writes nothing and
 * reaches nobody.
 *
 * @module
 */

/** How the tests ended. */
export type Outcome =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly test: string }
  | { readonly kind: "timed out" };

/** A module with another text. */
export interface Change {
  /** Path from the root of the repository. */
  readonly module: string;
  /** What stands in it. */
  readonly source: string;
}

/** A temporary copy. */
export interface Workshop extends AsyncDisposable {
  /** Its folder. */
  readonly folder: string;
  /** Runs a test file until a test fails, with one module changed or with none. */
  test(file: string, timeoutMs: number, change?: Change): Promise<Outcome>;
}

/** Most that a mutant may allocate: some fill memory without end. [MB] */
const MOST_MEMORY = 1500;

/**
 * Copies `paths` (files and folders) of the repository at `root`, a folder without a slash at its
 * end. The copy is removed when it is disposed of; `stop` ends the tests that run, with an error.
 */
export async function createWorkshop(
  root: string,
  paths: readonly string[],
  stop: AbortSignal,
): Promise<Workshop> {
  const packages = await Deno.realPath(`${root}/node_modules`);
  const folder = await Deno.makeTempDir({ prefix: "mutants-" });
  const dispose = () => Deno.remove(folder, { recursive: true });
  try {
    for (const path of paths) await copy(`${root}/${path}`, `${folder}/${path}`);
    await Deno.symlink(packages, `${folder}/node_modules`);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    folder,
    async test(file, timeoutMs, change) {
      const path = `${folder}/${change?.module}`;
      const original = change && await Deno.readTextFile(path);
      if (change) await Deno.writeTextFile(path, change.source);
      try {
        return await runTests({ folder, packages, file, timeoutMs, stop });
      } finally {
        if (original !== undefined) await Deno.writeTextFile(path, original);
      }
    },
    [Symbol.asyncDispose]: dispose,
  };
}

interface TestRun {
  readonly folder: string;
  readonly packages: string;
  readonly file: string;
  readonly timeoutMs: number;
  readonly stop: AbortSignal;
}

async function runTests({ folder, packages, file, timeoutMs, stop }: TestRun): Promise<Outcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const output = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--no-check", "--fail-fast", "--frozen", "--no-prompt"],
      ...["--node-modules-dir=manual", `--v8-flags=--max-old-space-size=${MOST_MEMORY}`],
      ...[`--allow-read=${folder},${packages}`, "--allow-env", file],
    ],
    cwd: folder,
    // What Deno keeps between runs stays in the copy, too.
    env: { NO_COLOR: "1", DENO_DIR: `${folder}/.deno`, DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    signal: AbortSignal.any([timeout, stop]),
  }).output();
  if (stop.aborted) {
    throw new Error("interrupted; the copy is removed, the repository is as it was");
  }
  if (output.success) return { kind: "passed" };
  if (timeout.aborted) return { kind: "timed out" };
  const text = new TextDecoder().decode(output.stdout) + new TextDecoder().decode(output.stderr);
  const missing = /^error: .*(?:Module not found|Could not find) .*$/m.exec(text)?.[0];
  if (missing !== undefined) throw new Error(`no test of ${file} can run: ${missing}`);
  return { kind: "failed", test: failedTest(text) };
}

/** Name of the test that failed, or why none ran. */
function failedTest(output: string): string {
  const failed = /^(.*) \.\.\. (?:\(.*\) )?FAILED/m.exec(output)?.[1];
  return failed ?? /^error: (.*)$/m.exec(output)?.[1] ?? "the end of the process";
}

async function copy(from: string, to: string): Promise<void> {
  const { isDirectory } = await Deno.stat(from);
  if (!isDirectory) {
    await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
    return await Deno.copyFile(from, to);
  }
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await copy(`${from}/${name}`, `${to}/${name}`);
}
