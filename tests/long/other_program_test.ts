import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import denoJson from "../../deno.json" with { type: "json" };
import { inFolder } from "../helpers/two_homes.ts";
import { outcome } from "../helpers/run_task.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const PROGRAM = `
import {
  createSolver,
  defaultEnvironmentConfig as config,
  evaluate,
  loadModel,
  planOptimum,
  rulePolicy,
  splitDays,
  synthesize,
} from "${denoJson.name}";
import { bars } from "${denoJson.name}/report";

const dataset = synthesize({ seed: 1, prosumers: 4, days: 28, dtHours: 1 });
const days = { dataset, config, firstSlots: splitDays(dataset, config).test, seed: 42 };
using solver = createSolver({ workers: 1 });
const policies = [rulePolicy("trade-only"), await loadModel(Deno.args[0])];
const { summary } = await evaluate(days, policies, await planOptimum(days, solver));
console.log(JSON.stringify(summary.map(({ policy, captured }) => [policy, captured! > 0.1])));
if (typeof bars !== "function") throw new Error("charts");
`;

Deno.test("library: a program in another folder imports it by its name, types and Workers included", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/program.ts`, PROGRAM);
    const config = { links: [root], nodeModulesDir: "none", unstable: ["npm-lazy-caching"] };
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(config));
    await Deno.copyFile(`${root}/deno.lock`, `${folder}/deno.lock`);
    const { code, stdout, stderr } = outcome(
      await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--check", "--allow-read", "--allow-sys", "--allow-ffi"],
          ...["program.ts", `${root}/data/models/R1`],
        ],
        cwd: folder,
        env: { NO_COLOR: "1" },
      }).output(),
    );
    assertEquals([code, stdout.trim()], [0, '[["trade-only",false],["learned",true]]'], stderr);
  });
});
