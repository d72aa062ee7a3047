import { assert, assertEquals, assertMatch } from "@std/assert";
import { ablationExperiment, ablations } from "../../lib/experiments/ablations.ts";
import { runTask, succeeds } from "../helpers/run_task.ts";

Deno.test("ablation: every variant differs from the reference by a valid configuration or by who learns", () => {
  const reference = JSON.stringify(ablationExperiment(ablations[0], 1000));
  for (const ablation of ablations.slice(1)) {
    const isSame = JSON.stringify(ablationExperiment(ablation, 1000)) === reference;
    assertEquals(isSame, ablation.algorithm !== undefined, ablation.name);
  }
  assertEquals(new Set(ablations.map(({ name }) => name)).size, ablations.length);
});

Deno.test("ablation: trains what is chosen and compares it with the first", async () => {
  const out = await Deno.makeTempDir();
  const args = ["--only", "reference,narrow", "--seeds", "1", "--timesteps", "3000", "--out", out];
  const { stdout } = await succeeds("benchmark", ["--setup", "ablation", ...args]);
  assertMatch(stdout, /1 seeds, 4 validation days/);
  const [header, reference, narrow] = (await Deno.readTextFile(`${out}/ablation.csv`)).split("\n");
  const captured = header.split(",").indexOf("captured");
  assert(Number(reference.split(",")[captured]) > 0.4, reference);
  assertMatch(narrow, /^narrow,/);
  assertMatch(
    await Deno.readTextFile(`${out}/ablation.md`),
    /\| narrow: two hidden layers of 32 \|/,
  );
  await Deno.remove(out, { recursive: true });
});

Deno.test("ablation: an unknown variant is one clear line", async () => {
  const { code, stderr } = await runTask("benchmark", ["--setup", "ablation", "--only", "narow"]);
  assertEquals(code, 1);
  assertMatch(stderr, /--only must be one of [^"]*, got "narow"; did you mean narrow\?/);
  assertEquals(stderr.trim().split("\n").length, 1);
});
