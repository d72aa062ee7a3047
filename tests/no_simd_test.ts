import { assertEquals, assertStringIncludes } from "@std/assert";
import denoJson from "../deno.json" with { type: "json" };
import { createKernels } from "../lib/ppo/wasm/kernels.ts";
import { outcome } from "./helpers/run_task.ts";

/** Makes the runtime believe that the processor has no SIMD; there is no such switch on others. */
const WITHOUT_SIMD = "--v8-flags=--no-enable-sse4-1";
const ignore = Deno.build.arch !== "x86_64";

async function runWithoutSimd(name: "train" | "evaluate", ...args: string[]) {
  const [, run, ...command] = denoJson.tasks[name].command.split(" ");
  return outcome(
    await new Deno.Command(Deno.execPath(), {
      args: [run, WITHOUT_SIMD, ...command, ...args],
      cwd: new URL("..", import.meta.url),
      env: { NO_COLOR: "1" },
    }).output(),
  );
}

async function withFolder(use: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "no SIMD: training on the kernels stops with the remedy and leaves nothing",
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const args = ["--timesteps", "768", "--prosumers", "2", "--out", `${folder}/run`];
      for (const workers of ["1", "2"]) {
        const { code, stdout, stderr } = await runWithoutSimd(
          "train",
          ...args,
          "--workers",
          workers,
        );
        assertEquals([code, stdout], [1, ""]);
        assertStringIncludes(stderr, "error: this runtime cannot run the kernels");
        assertStringIncludes(stderr, 'set backend to "tfjs"');
        assertEquals(stderr.trim().split("\n").length, 1);
      }
      assertEquals([...Deno.readDirSync(folder)], []);
    }),
});

Deno.test({
  name: "no SIMD: training on tensors, and judging, go the slower way and say so",
  ignore,
  fn: () =>
    withFolder(async (folder) => {
      const model = `${folder}/run`;
      const args = ["--timesteps", "768", "--prosumers", "2", "--out", model];
      const trained = await runWithoutSimd("train", ...args, "--backend", "tfjs");
      assertEquals(trained.code, 0, trained.stderr);
      assertStringIncludes(trained.stderr, "warning: this runtime cannot run the kernels");
      const judged = await runWithoutSimd(
        "evaluate",
        "--model",
        model,
        "--out",
        `${folder}/judged`,
      );
      assertEquals(judged.code, 0, judged.stderr);
      assertStringIncludes(judged.stderr, "policies are computed without them, slower");
      // Both ways of judging come to the same.
      const learned = (text: string) => /^learned.*(?= {2}\d+\.\d+$)/m.exec(text)?.[0];
      assertEquals(learned(judged.stdout), learned(trained.stdout));
      assertEquals(typeof learned(judged.stdout), "string");
    }),
});

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
