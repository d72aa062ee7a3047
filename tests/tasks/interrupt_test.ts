import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { writeWhole } from "../../lib/disk/whole_files.ts";
import { isFree, lockFolder } from "../../lib/disk/folder_lock.ts";
import { exists } from "../../lib/disk/exists.ts";
import { freeFolder } from "../../lib/experiments/run_folder.ts";
import { cases, longTest } from "../helpers/cases.ts";
import { canBeReadOnly, readOnly } from "../helpers/read_only.ts";
import { outcome, refuses, startTask, succeeds } from "../helpers/run_task.ts";
import { fewWeeks, inFolder, names } from "../helpers/two_homes.ts";

const pause = (ms: number) => new Promise((go) => setTimeout(go, ms));

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let ms = 0; ms < 60_000; ms += 20) {
    if (await holds()) return;
    await pause(20);
  }
  throw new Error(`waited too long for ${what}`);
}

Deno.test("lock: who comes second is told process, machine, time and command of the first", () =>
  inFolder(async (parent) => {
    const folder = `${parent}/run`;
    const lock = await lockFolder(folder);
    const error = await assertRejects(() => lockFolder(folder), Error);
    assertMatch(
      error.message,
      new RegExp(
        `^${folder} is in use by process ${Deno.pid} on \\S+ since \\d{4}-\\S+Z \\(deno task .+\\); `,
      ),
    );
    assertEquals(await isFree(folder), false);
    lock[Symbol.dispose]();
    assertEquals(await names(parent), [], "a folder made for nothing goes again");
    assertEquals(await isFree(folder), true);
  }));

longTest(
  "lock: it holds across processes, ends with them, and says whom it is taken over from",
  () =>
    inFolder(async (parent) => {
      const folder = `${parent}/run`;
      const homes = await fewWeeks(`${parent}/homes`);
      const child = startTask("train", ["--timesteps", "100000", "--data", homes, "--out", folder]);
      await until("a checkpoint", () => exists(`${folder}/model.json`));
      const inUse = new RegExp(`is in use by process ${child.pid} on .*train --timesteps 100000 `);
      await refuses("train", ["--resume", folder], inUse);
      child.kill("SIGKILL");
      await child.output();
      await Deno.writeTextFile(`${folder}/model.json.${child.pid}-9.partial`, "half");
      // To its end would take long.
      const [header, ...rows] = (await Deno.readTextFile(`${folder}/learning_curve.csv`)).trim()
        .split("\n").map((line) => line.split(","));
      const done = Number(rows.at(-1)?.[header.indexOf("timesteps")] ?? 0);
      const third = await succeeds("train", [
        "--resume",
        folder,
        "--timesteps",
        String(done + 100),
      ]);
      assertMatch(
        third.stderr,
        new RegExp(`: taking over from process ${child.pid} on .+, which was killed at work`),
      );
      assertEquals((await names(folder)).filter((name) => /lock|partial/.test(name)), []);
    }),
);

Deno.test("lock: a folder that somebody works in, or that holds anything, is not given to a new run", () =>
  inFolder(async (parent) => {
    const base = `${parent}/run`;
    assertEquals(await freeFolder(base), base);
    {
      using _lock = await lockFolder(base);
      assertEquals(await freeFolder(base), `${base}-2`);
    }
    await Deno.mkdir(base);
    await Deno.writeTextFile(`${base}/model.json.7-1.partial`, "half");
    assertEquals(await freeFolder(base), base);
    await writeWhole(`${base}/thesis.tex`, "\\end");
    assertEquals(await freeFolder(base), `${base}-2`);
  }));

const SMALL = ["--prosumers", "3", "--seed", "3", "--workers", "1"];

longTest(
  "interrupt: what a training killed at its very end left is cleared by who uses its model",
  () =>
    inFolder(async (parent) => {
      const folder = `${parent}/run-seed42`;
      const homes = ["--data", await fewWeeks(`${parent}/homes`)];
      const args = ["--timesteps", "100", ...homes, "--workers", "1", "--out", folder];
      await succeeds("train", args);
      const files = await names(folder);
      const dead = "process 7 on here since 2026-01-01T00:00:00.000Z (deno task train)";
      await Deno.writeTextFile(`${folder}/.lock`, dead);
      await Deno.writeTextFile(`${folder}/summary.csv.7-1-1.partial`, "half");
      const { stderr } = await succeeds("evaluate", [
        ...["--seeds", "1", "--model", `${parent}/run`, ...homes, "--policies", "learned"],
        ...["--days", "2", "--out", `${parent}/results`],
      ]);
      assertStringIncludes(stderr, "taking over from process 7 on here since 2026-01-01");
      assertEquals(await names(folder), files);
    }),
);

longTest(
  "interrupt: results of an earlier model go when training goes on, and with them its ladder",
  () =>
    inFolder(async (parent) => {
      const folder = `${parent}/run`;
      const config = `${parent}/config.json`;
      await Deno.writeTextFile(
        config,
        JSON.stringify({ training: { communities: 4, validationInterval: 1 } }),
      );
      const homes = ["--data", await fewWeeks(`${parent}/homes`)];
      const short = ["--timesteps", "200", "--config", config, ...homes, "--out", folder];
      await succeeds("train", short);
      await Deno.writeTextFile(`${folder}/ladder.json`, "{}");
      const before = await Deno.readTextFile(`${folder}/model.json`);
      const child = startTask("train", ["--resume", folder, "--timesteps", "100000"]);
      await until(
        "another model",
        async () => await Deno.readTextFile(`${folder}/model.json`) !== before,
      );
      child.kill("SIGTERM");
      const { code, stderr } = outcome(await child.output());
      assertEquals(code, 130, stderr);
      assertEquals(await names(folder), [
        ...["config.json", "learning_curve.csv", "model.json", "provenance.json"],
      ]);
    }),
);

Deno.test("interrupt: an evaluation that is stopped leaves its folder as it was and says how to go on", () =>
  inFolder(async (parent) => {
    const out = `${parent}/results`;
    const homes = ["--data", await fewWeeks(`${parent}/homes`)];
    const first = [...homes, "--policies", "grid-only", "--days", "2", "--out", out];
    await succeeds("evaluate", first);
    const before = await Deno.readTextFile(`${out}/evaluation_results.csv`);
    for (const signal of cases<Deno.Signal[]>(["SIGTERM"], ["SIGINT", "SIGTERM"])) {
      const child = startTask("evaluate", ["--policies", "mpc", "--out", out]);
      await until("the lock", () => exists(`${out}/.lock`));
      await pause(300);
      child.kill(signal);
      const { code, stderr } = outcome(await child.output());
      assertEquals(code, 130, stderr);
      assertStringIncludes(
        stderr,
        "Stopping after the slot or the iteration in work; Ctrl-C again",
      );
      assertStringIncludes(stderr, "the same command begins again");
      assertEquals(await names(out), [
        "bills.csv",
        "evaluation_results.csv",
        "prosumers.csv",
        "provenance.json",
        "summary.csv",
        "summary.json",
      ]);
      assertEquals(await Deno.readTextFile(`${out}/evaluation_results.csv`), before);
    }
  }));

longTest(
  "interrupt: Ctrl-C that arrives twice at once counts once, as a terminal sends it; later it ends at once",
  () =>
    inFolder(async (parent) => {
      // Planning for sixty homes goes on for much longer than the pause.
      for (const [homes, pauseMs, finished] of [[10, 10, true], [60, 1000, false]] as const) {
        const out = `${parent}/results-${pauseMs}`;
        const child = startTask("evaluate", [
          ...["--policies", "optimum", "--prosumers", String(homes), "--out", out],
        ]);
        const stderr = child.stderr.pipeThrough(new TextDecoderStream());
        await until("the lock", () => exists(`${out}/.lock`));
        child.kill("SIGINT");
        let said = "";
        const heard = (async () => {
          for await (const text of stderr) said += text;
        })();
        await until("an answer", () => Promise.resolve(said.includes("Stopping")));
        await pause(pauseMs);
        child.kill("SIGINT");
        const [{ code }] = await Promise.all([child.status, heard, child.stdout.cancel()]);
        assertEquals([code, said.includes("Stopped;")], [130, finished], said);
      }
    }),
);

longTest(
  "interrupt: a city that is stopped says how far it came and leaves nothing",
  () =>
    inFolder(async (parent) => {
      const size = ["--prosumers", "20000", "--days", "365"];
      const out = ["--out", `${parent}/city`];
      const child = startTask("benchmark", ["--setup", "city", ...size, ...out]);
      await until("the lock", () => exists(`${parent}/city/.lock`));
      await pause(1000);
      child.kill("SIGINT");
      const { code, stderr } = outcome(await child.output());
      assertEquals(code, 130, stderr);
      assertMatch(stderr, /Stopped; \d+ communities were played, and nothing is kept of them/);
      assertEquals(await names(parent), []);
    }),
);

Deno.test("interrupt: a dashboard ends on Ctrl-C and says how to see the same again", async () => {
  const child = startTask("realtime", []);
  const lines = child.stdout.pipeThrough(new TextDecoderStream());
  let printed = "";
  for await (const text of lines.values({ preventCancel: true })) {
    printed += text;
    if (printed.includes("in a browser")) break;
  }
  await pause(100);
  child.kill("SIGINT");
  const [{ code }, stderr] = await Promise.all([
    child.status,
    new Response(child.stderr).text(),
    lines.cancel(),
  ]);
  assertEquals(code, 130, stderr);
  assertStringIncludes(stderr, "plays what it showed again");
});

for (const task of ["data", "evaluate", "train"] as const) {
  const args = {
    data: ["synthesize", "--prosumers", "3", "--days", "2", "--out"],
    evaluate: ["--prosumers", "3", "--policies", "grid-only", "--days", "1", "--out"],
    train: ["--timesteps", "100", ...SMALL, "--out"],
  }[task];

  Deno.test(`interrupt: ${task} into a place that is a file is one clear line`, () =>
    inFolder(async (parent) => {
      await Deno.writeTextFile(`${parent}/file`, "mine");
      for (const out of [`${parent}/file`, `${parent}/file/below`]) {
        const what = /file\b.*(a file is where a folder is needed|exists already)/;
        await refuses(task, [...args, out], what);
      }
      assertEquals(await names(parent), ["file"]);
      assertEquals(await Deno.readTextFile(`${parent}/file`), "mine");
    }));

  Deno.test({
    name: `interrupt: ${task} into a folder that is read-only is one clear line`,
    ignore: !canBeReadOnly,
    fn: () =>
      inFolder((parent) =>
        readOnly(`${parent}/place`, async () => {
          const what = /error: cannot .*place\/run.*; choose a folder that you may write in$/m;
          await refuses(task, [...args, `${parent}/place/run`], what);
        })
      ),
  });
}

const python = await new Deno.Command("python3", { args: ["--version"] }).output()
  .then(({ success }) => success && Deno.build.os !== "windows", () => false);

Deno.test({
  name: "interrupt: a notebook kernel ends with the program that started it, however that ends",
  ignore: !python,
  fn: () =>
    inFolder(async (parent) => {
      const launcher = fileURLToPath(new URL("../../lib/programs/kernel.py", import.meta.url));
      const beats = `${parent}/beats`;
      const kernel = `while true; do echo beat >> ${beats}; sleep 0.1; done`;
      const starter =
        "import subprocess, sys; subprocess.run(sys.argv[1:], start_new_session=True)";
      const child = new Deno.Command("python3", {
        args: ["-c", starter, "python3", launcher, "sh", "-c", kernel],
      }).spawn();
      await until("the kernel", () => exists(beats));
      child.kill("SIGKILL");
      await child.status;
      await pause(1500);
      const { size } = await Deno.stat(beats);
      await pause(500);
      assertEquals((await Deno.stat(beats)).size, size, "the kernel goes on");
    }),
});
