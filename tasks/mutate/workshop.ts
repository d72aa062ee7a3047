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
  /** Runs test files one by one until a test fails, with one module changed or with none. */
  test(files: readonly string[], timeoutMs: number, change?: Change): Promise<Outcome>;
}

/** Most that a mutant may allocate: some fill memory without end. [MB] */
const MOST_MEMORY = 1500;

/**
 * Copies `paths` (files and folders) of the repository at `root`, a folder without a slash at its
 * end; the copy is removed when it is disposed of, and when the program is interrupted.
 */
export async function createWorkshop(root: string, paths: readonly string[]): Promise<Workshop> {
  const folder = await Deno.makeTempDir({ prefix: "mutants-" });
  const stop = new AbortController();
  const interrupted = () => {
    stop.abort();
    Deno.removeSync(folder, { recursive: true });
    Deno.exit(130);
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, interrupted);
  const dispose = async () => {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupted);
    await Deno.remove(folder, { recursive: true });
  };
  try {
    for (const path of paths) await copy(`${root}/${path}`, `${folder}/${path}`);
    await Deno.symlink(`${root}/node_modules`, `${folder}/node_modules`);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    folder,
    async test(files, timeoutMs, change) {
      const path = `${folder}/${change?.module}`;
      const original = change && await Deno.readTextFile(path);
      if (change) await Deno.writeTextFile(path, change.source);
      try {
        for (const file of files) {
          const outcome = await runTests({ folder, root, file, timeoutMs, stop: stop.signal });
          if (outcome.kind !== "passed") return outcome;
        }
        return { kind: "passed" };
      } finally {
        if (original !== undefined) await Deno.writeTextFile(path, original);
      }
    },
    [Symbol.asyncDispose]: dispose,
  };
}

interface TestRun {
  readonly folder: string;
  readonly root: string;
  readonly file: string;
  readonly timeoutMs: number;
  readonly stop: AbortSignal;
}

async function runTests({ folder, root, file, timeoutMs, stop }: TestRun): Promise<Outcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const readable = `${folder},${await Deno.realPath(`${root}/node_modules`)}`;
  const output = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--no-check", "--fail-fast", "--frozen", "--no-prompt"],
      ...["--node-modules-dir=manual", `--v8-flags=--max-old-space-size=${MOST_MEMORY}`],
      ...[`--allow-read=${readable}`, "--allow-env", file],
    ],
    cwd: folder,
    env: { NO_COLOR: "1", DENO_DIR: `${folder}/.deno`, DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    signal: AbortSignal.any([timeout, stop]),
  }).output();
  if (output.success) return { kind: "passed" };
  if (timeout.aborted) return { kind: "timed out" };
  const text = new TextDecoder().decode(output.stdout) + new TextDecoder().decode(output.stderr);
  return { kind: "failed", test: failedTest(text) };
}

/** Name of the test that failed, or why none ran. */
function failedTest(output: string): string {
  const failed = /^(.*) \.\.\. (?:\(.*\) )?FAILED/m.exec(output)?.[1];
  const error = /^\(?uncaught\)?.*$|^error: (.*)$/mi.exec(output);
  return failed ?? error?.[1] ?? error?.[0] ?? "an end without a word";
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
