import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createKernels } from "../../lib/ppo/wasm/kernels.ts";
import { exists } from "../../lib/disk/exists.ts";
import { taskArguments } from "../helpers/task_command.ts";
import { outcome } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

/** Makes the runtime believe that the processor has no SIMD; there is no such switch on others. */
const WITHOUT_SIMD = "--v8-flags=--no-enable-sse4-1";
const ignore = Deno.build.arch !== "x86_64";

async function runWithoutSimd(name: "train" | "evaluate", ...args: string[]) {
  const [run, ...command] = taskArguments(name, args);
  return outcome(
    await new Deno.Command(Deno.execPath(), {
      args: [run, WITHOUT_SIMD, ...command],
      cwd: new URL("../..", import.meta.url),
      env: { NO_COLOR: "1" },
    }).output(),
  );
}

const commands = [
  ["train", "--timesteps", "768", "--prosumers", "2", "--workers", "1"],
  ["train", "--timesteps", "768", "--prosumers", "2", "--workers", "2"],
  ["evaluate", "--model", "data/models/R1", "--days", "7"],
] as const;
for (const [name, ...args] of commands) {
  Deno.test({
    name: `no SIMD: ${name} ${args.join(" ")} stops with the remedy and leaves no file`,
    ignore,
    fn: () =>
      inFolder(async (folder) => {
        const out = `${folder}/run`;
        const { code, stdout, stderr } = await runWithoutSimd(name, ...args, "--out", out);
        assertEquals([code, stdout], [1, ""]);
        assertMatch(
          stderr,
          /^error: this runtime cannot run the (environment|kernels), which need/,
        );
        assertStringIncludes(stderr, "take a newer processor or Deno");
        assertEquals(stderr.trim().split("\n").length, 1);
        const there = await exists(out) ? [...Deno.readDirSync(out)] : [];
        assertEquals(there, []);
      }),
  });
}

Deno.test("no SIMD: memory that cannot be had is named", () => {
  const { Memory } = WebAssembly;
  try {
    WebAssembly.Memory = class {
      constructor() {
        throw new RangeError("could not allocate memory");
      }
    } as unknown as typeof Memory;
    let message = "";
    try {
      createKernels();
    } catch (error) {
      message = (error as Error).message;
    }
    assertStringIncludes(message, "no memory for the kernels, which reserve 4 GiB of addresses");
  } finally {
    WebAssembly.Memory = Memory;
  }
});
