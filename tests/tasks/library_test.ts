import { assertEquals } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { inFolder } from "../helpers/two_homes.ts";
import { runTask } from "../helpers/run_task.ts";

Deno.test("library: evaluate takes a policy from a file, which imports the library by its name", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/mine.ts`;
    const policy = `rulePolicy("trade-only")`;
    await Deno.writeTextFile(
      file,
      `import { rulePolicy } from "${denoJson.name}";\nexport default ${policy};\n`,
    );
    const policies = `trade-only,${file}`;
    const args = ["--json", "--days", "7", "--policies", policies, "--out", `${folder}/out`];
    const { code, stdout, stderr } = await runTask("evaluate", args);
    assertEquals([code, stderr], [0, ""]);
    const [rule, mine] = JSON.parse(stdout).policies;
    assertEquals([rule.policy, mine.policy], ["trade-only", "mine"]);
    assertEquals(mine.costPerDay, rule.costPerDay);
    const { inputs } = JSON.parse(await Deno.readTextFile(`${folder}/out/provenance.json`));
    assertEquals(Object.keys(inputs), [file]);
  });
});
