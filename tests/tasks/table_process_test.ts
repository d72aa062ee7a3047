import { assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder, simple } from "../helpers/two_homes.ts";
import { writeDataset } from "../../lib/data/dataset.ts";

const repository = new URL("../..", import.meta.url);

/** Runs a task with the permissions that are named and no others. */
async function run(permissions: readonly string[], task: string, ...args: string[]) {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--node-modules-dir=none",
      "--allow-read",
      ...permissions,
      `tasks/${task}.ts`,
      ...args,
    ],
    cwd: repository,
    env: { NO_COLOR: "1" },
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("tables: a training on made-up data loads no native library", () =>
  inFolder(async (parent) => {
    const flags = ["--timesteps", "100", "--prosumers", "3", "--out", `${parent}/run`];
    const { code, stderr } = await run(["--allow-write", "--allow-sys"], "train", ...flags);
    assertEquals(code, 0, stderr);
  }));

Deno.test("tables: who may start no process cannot read Parquet, and is told so in one line", () =>
  inFolder(async (parent) => {
    await writeDataset(simple(), `${parent}/set`, { format: "parquet" });
    const { code, stderr } = await run(["--allow-sys"], "data", "describe", `${parent}/set`);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "Parquet is read in a process of its own, which may not be");
    assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
  }));
