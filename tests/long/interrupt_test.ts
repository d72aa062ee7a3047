import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runProgram } from "../helpers/run_task.ts";

for (const args of [["data"], ["train", "--only", "killed amid writing"]]) {
  Deno.test(`interrupt: ${args.join(" ")} leaves whole states, and goes on to the same bits`, async () => {
    const { code, stdout, stderr } = await runProgram("tests/harness/interrupt.ts", [
      ...["--kills", "2", "--task", ...args],
    ]);
    assertEquals(code, 0, stdout + stderr);
    assertMatch(stdout, /^killed amid writing +1 of 1 /m);
    assertStringIncludes(stdout, "Nothing was left half done");
  });
}
