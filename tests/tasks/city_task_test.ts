import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runTask } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

const SMALL = ["--setup", "city", "--prosumers", "5000", "--days", "1"];

Deno.test("city: --json prints indicators and speed, alone, and threads change no indicator", async () => {
  const play = async (workers: string) => {
    const { code, stdout, stderr } = await inFolder((out) =>
      runTask("benchmark", [...SMALL, "--workers", workers, "--out", out, "--json"])
    );
    assertEquals([code, stderr], [0, ""]);
    const { workers: threads, seconds, homeStepsPerSecond, residentMemoryMb, ...kpis } = JSON.parse(
      stdout,
    );
    assertEquals(threads, Number(workers));
    assert(seconds > 0 && homeStepsPerSecond > 0 && residentMemoryMb > 0);
    return kpis;
  };
  const alone = await play("1");
  assertEquals([alone.prosumers, alone.days, alone.violations], [5000, 1, 0]);
  assertEquals(await play("2"), alone);
});

Deno.test("city: the table shows money, energy and violations, and the time of a slot", async () => {
  const { code, stdout } = await inFolder((out) =>
    runTask("benchmark", [...SMALL, "--policy", "time-of-use", "--out", out])
  );
  assertEquals(code, 0);
  assertStringIncludes(stdout, "time-of-use in a city of 5,000 for 1 days");
  for (const what of ["cost", "import", "traded", "unserved", "curtailed"]) {
    assertMatch(stdout, new RegExp(`^${what} +-?\\d+ `, "m"));
  }
  assertMatch(stdout, /^violations +0\s*$/m);
  assertMatch(stdout, /home-slots\/s, \d+ MB$/m);
});

Deno.test("city: an unknown policy is named in one line with those there are", async () => {
  const { code, stderr } = await inFolder((out) =>
    runTask("benchmark", [...SMALL, "--policy", "optimum", "--out", out, "--json"])
  );
  assertEquals(code, 1);
  assertMatch(stderr, /^error: policy must be one of grid-only, .* got "optimum"\n$/);
});
