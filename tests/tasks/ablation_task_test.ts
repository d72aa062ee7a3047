import { assertEquals, assertMatch } from "@std/assert";
import { ablationExperiment, ablations } from "../../lib/experiments/ablations.ts";
import { runTask } from "../helpers/run_task.ts";

Deno.test("ablation: every variant differs from the reference by a valid configuration or by who learns", () => {
  const reference = JSON.stringify(ablationExperiment(ablations[0], 1000));
  for (const ablation of ablations.slice(1)) {
    const isSame = JSON.stringify(ablationExperiment(ablation, 1000)) === reference;
    assertEquals(isSame, ablation.algorithm !== undefined, ablation.name);
  }
  assertEquals(new Set(ablations.map(({ name }) => name)).size, ablations.length);
});

Deno.test("ablation: an unknown variant is one clear line", async () => {
  const { code, stderr } = await runTask("benchmark", ["--setup", "ablation", "--only", "narow"]);
  assertEquals(code, 1);
  assertMatch(stderr, /--only must be one of [^"]*, got "narow"; did you mean narrow\?/);
  assertEquals(stderr.trim().split("\n").length, 1);
});
