import { assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { runTask, succeeds } from "../helpers/run_task.ts";
import { fewWeeks, inFolder } from "../helpers/two_homes.ts";

Deno.test("reproducible: another seed makes other weights and other results", () =>
  inFolder(async (parent) => {
    const homes = await fewWeeks(`${parent}/homes`);
    const [three, four] = await Promise.all(["3", "4"].map(async (seed) => {
      const out = `${parent}/${seed}`;
      const args = ["--timesteps", "1600", "--data", homes, "--workers", "1"];
      await succeeds("train", [...args, "--seed", seed, "--out", out]);
      return JSON.parse(await Deno.readTextFile(`${out}/provenance.json`)).results;
    }));
    for (const file of ["model.json", "evaluation_results.csv"]) {
      assertNotEquals(three[file], four[file], file);
    }
  }));

Deno.test("reproduce: a training that was given another end comes out the same again, and a changed file is named", async () => {
  await inFolder(async (parent) => {
    const folder = `${parent}/run`;
    const config = `${parent}/config.json`, homes = await fewWeeks(`${parent}/homes`);
    await Deno.writeTextFile(config, '{"ppo": {"minibatchSize": 500}}');
    const steps = [
      ["--timesteps", "700", "--data", homes, "--config", config, "--out", folder],
      ["--resume", folder],
      ["--resume", folder, "--timesteps", "1500"],
    ];
    for (const args of steps) await succeeds("train", args);
    await Deno.remove(config);
    const { code, stdout, stderr } = await runTask("reproduce", [folder]);
    assertEquals(code, 0, stdout + stderr);
    assertMatch(stdout, /task train --data \S+ --out \S+ --config \S+ --timesteps 700$/m);
    assertMatch(stdout, /--resume \S+\/again --timesteps 1500/);
    assertMatch(stdout, /^model\.json +([0-9a-f]{12}) +\1 +same$/m);
    assertStringIncludes(stdout, "All 8 files came out the same");

    const recorded = JSON.parse(await Deno.readTextFile(`${folder}/provenance.json`));
    assertEquals(
      recorded.commands.map(({ from, to }: { from: number; to: number }) => [from, to]),
      [
        [0, 700],
        [recorded.commands[1].from, 700],
        [recorded.commands[1].from, 1500],
      ],
    );
    recorded.commands.splice(1);
    recorded.versions.deno = "2.0.0";
    recorded.data.hash = "0".repeat(64);
    await Deno.writeTextFile(`${folder}/provenance.json`, JSON.stringify(recorded));
    await Deno.writeTextFile(`${folder}/summary.csv`, "policy\n");
    const shorter = await runTask("reproduce", [folder]);
    assertEquals(shorter.code, 1);
    assertStringIncludes(shorter.stdout, `deno was 2.0.0, now ${Deno.version.deno}`);
    assertMatch(shorter.stdout, /^note: data was 0{12}, now [0-9a-f]{12}$/m);
    assertMatch(shorter.stdout, /^model\.json .* differs$/m);
    assertMatch(shorter.stdout, /^summary\.csv .* the file was changed since it was recorded$/m);
    assertMatch(shorter.stderr, /error: \d of 8 files of \S+ did not come out the same\n$/);
  });
});

Deno.test("reproduce: an evaluation and a benchmark come out the same again", async () => {
  await inFolder(async (parent) => {
    const policies = ["--policies", "grid-only,dynamic-programming,imitation,learned,optimum"];
    const short = ["--timesteps", "700", "--days", "2", ...policies];
    const city = ["--setup", "city", "--prosumers", "1000", "--days", "1"];
    const runs: [Parameters<typeof runTask>[0], string[]][] = [
      ["benchmark", [...short, "--seeds", "1", "--out", `${parent}/bench`]],
      ["evaluate", ["--model", `${parent}/bench/seed-42`, `--out=${parent}/eval`, "--days", "2"]],
      ["benchmark", [...city, "--out", `${parent}/city`]],
    ];
    for (const [task, args] of runs) {
      await succeeds(task, args);
    }
    for (const folder of ["eval", "bench", "bench/seed-42", "city"]) {
      const { code, stdout, stderr } = await runTask("reproduce", [`${parent}/${folder}/`]);
      assertEquals([code, /^note:/m.test(stdout)], [0, false], stdout + stderr);
    }
  });
});
