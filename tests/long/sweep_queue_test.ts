import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { assertStringIncludes } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { defaultEnvironmentConfig as config } from "../../lib/env/config.ts";
import { simulateCity } from "../../lib/experiments/city.ts";
import { ARCHETYPES } from "../../lib/experiments/city_benchmark.ts";
import { queuePlace } from "../../lib/sweep/place.ts";
import { Queue } from "../../lib/sweep/queue.ts";
import { startServer } from "../harness/sweep/server.ts";
import { outcome, refuses, runProgram, startTask, succeeds } from "../helpers/run_task.ts";
import type { TaskName } from "../helpers/task_command.ts";
import { inFolder } from "../helpers/two_homes.ts";

const page = await Deno.readTextFile(new URL("../../docs/sweeps.md", import.meta.url));
const [, example] = /```json\n(\{\n[\s\S]*?)```/.exec(page)!;

async function write(parent: string, content: object): Promise<string> {
  const path = `${parent}/${(content as { name: string }).name}.json`;
  await Deno.writeTextFile(path, JSON.stringify(content));
  return path;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let k = 0; k < 200; k++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited too long for ${what}`);
}

async function status(name: string, place: readonly string[]): Promise<string> {
  return (await succeeds("sweep", ["status", name, ...place])).stdout;
}

/** What the kernel says of a process; empty if there is none. */
async function processFile(pid: number | string, name: string): Promise<string> {
  const args = ["-c", `cat /proc/${pid}/${name}`];
  const { stdout } = await new Deno.Command("sh", { args }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** Processes of jobs that are at work on this machine for a worker. */
async function jobsOf(pid: number): Promise<string[]> {
  const text = await processFile(pid, "task/*/children");
  return text.split(/\s+/).filter((word) => word !== "");
}

/** One that has ended and is not asked about has no command any more. */
const isAtWork = async (pid: string) => await processFile(pid, "cmdline") !== "";

Deno.test("sweep: a queue that many share", async (test) => {
  await using server = await startServer();
  if (server === null) {
    console.log(
      "PostgreSQL is not installed here: sweeps are tested on the queue in a folder alone",
    );
  }
  await inFolder(async (parent) => {
    const folder = ["--folder", `${parent}/sweeps`];
    const address = `${parent}/queue.txt`;
    await Deno.writeTextFile(address, `${server?.address ?? ""}\n`);
    const place = server === null ? folder : ["--queue", `@${address}`, ...folder];

    await test.step("the commands of docs/sweeps.md do what it says", async () => {
      const quick = {
        ...JSON.parse(example),
        source: { prosumers: 2 },
        judge: "validation",
        seeds: 1,
        parameters: { "ppo.learningRate": [0.001, 0.002] },
        configuration: { ppo: { totalTimesteps: 50 }, training: { communities: 1 } },
      };
      const file = await write(parent, quick);
      const commands = [...page.matchAll(/^deno task (sweep|worker) (.*)$/gm)];
      assertEquals(commands.length, 10);
      for (const [, task, words] of commands) {
        const args = words.split(" ").flatMap((word) =>
          word === "learning-rate.json"
            ? [file]
            : word === "--queue"
            ? place
            : word === "@queue.txt"
            ? []
            : [word]
        );
        const own = words.includes("--queue") ? [] : folder;
        await succeeds(task as TaskName, [...args, ...own]);
      }
      assertMatch(
        await status("learning-rate", place),
        /^learning-rate +2 +2 +0 +0 +0 +0 +nothing$/m,
      );
    });

    await test.step("a city in parts adds up to the city in one", async () => {
      const size = { prosumers: 50, prosumersEach: 20, days: 2 };
      const options = { kind: "city", ...size, communitiesPerJob: 1, seeds: [7] };
      const file = await write(parent, { name: "town", ...options });
      await succeeds("sweep", [file, ...folder]);
      const rows = (await Deno.readTextFile(`${parent}/sweeps/town/results.csv`)).split("\n");
      const value = (metric: string) =>
        Number(rows.find((row) => row.includes(`,${metric},`))!.split(",")[3]);
      const whole = await simulateCity({
        ...{ ...size, config, policy: "self-consumption", seed: 7, workers: 1 },
        archetypes: synthesize({ ...ARCHETYPES, days: 2 }),
      });
      for (
        const metric of [
          ...["costPerDay", "importKwhPerDay", "tradedKwhPerDay", "highestPeakKw"],
          ...["selfSufficiency", "meanClearingPricePerKwh", "violations", "communities"],
        ] as const
      ) {
        assertAlmostEquals(value(metric), whole[metric as keyof typeof whole] as number, 1e-9);
      }
      const jobs = (await Deno.readTextFile(`${parent}/sweeps/town/jobs.csv`)).trimEnd().split(
        "\n",
      );
      assertEquals(jobs.length, 1 + 3);
    });

    const long = { kind: "probe", milliseconds: 600_000, seeds: 1 };
    const begun = async (name: string, args: readonly string[]) => {
      const worker = startTask("worker", [...args, "--slots", "1", ...place]);
      await until("the job", async () => /^\S+ +1 +0 +1 /m.test(await status(name, place)));
      await until("its process", async () => (await jobsOf(worker.pid)).length > 0);
      return { worker, jobs: await jobsOf(worker.pid) };
    };
    const onServer = { ignore: server === null || Deno.build.os !== "linux" };

    await test.step({
      ...onServer,
      name: "a worker that is told to terminate ends its job and gives it back",
      async fn() {
        await succeeds("sweep", [await write(parent, { name: "long", ...long }), ...place]);
        const { worker, jobs } = await begun("long", ["--drain"]);
        worker.kill("SIGTERM");
        const { code, stderr } = outcome(await worker.output());
        assertEquals(code, 130, stderr);
        assertStringIncludes(stderr, "Stopped; 1 job was given back");
        assertMatch(await status("long", place), /^long +1 +0 +0 +1 +0 +0 /m);
        for (const pid of jobs) assertEquals(await isAtWork(pid), false, "the job goes on");
      },
    });

    await test.step({
      ...onServer,
      name: "cancel ends the process of a job",
      async fn() {
        const { worker, jobs } = await begun("long", []);
        await succeeds("sweep", ["cancel", "long", ...place]);
        await until("the end of the process", async () => !await isAtWork(jobs[0]));
        assertMatch(await status("long", place), /^long +1 +0 +0 +0 +0 +1 /m);
        worker.kill("SIGTERM");
        assertEquals((await worker.output()).code, 130);
      },
    });

    await test.step({
      ...onServer,
      name: "a job ends with its worker, however that ends",
      async fn() {
        await succeeds("sweep", [await write(parent, { name: "long", ...long }), ...place]);
        const { worker, jobs } = await begun("long", []);
        worker.kill("SIGKILL");
        await worker.output();
        await until("the end of the process", async () => !await isAtWork(jobs[0]));
        await succeeds("sweep", ["cancel", "long", ...place]);
      },
    });

    await test.step({
      ...onServer,
      name: "jobs of other code are left alone, and that is said",
      async fn() {
        await using queue = await Queue.open(await queuePlace(server!.address, ""), {
          supervise: false,
        });
        await queue.use((boss) => boss.createQueue("sweep-other"));
        await queue.rows("INSERT INTO p2p_sweep.code VALUES ('sweep-other', 'abc', '9.9.9')");
        await queue.use((boss) => boss.send("sweep-other", {}));
        await refuses(
          "worker",
          ["--drain", ...place],
          /^error: 1 job waits for other code than this: commit abc with Deno 9\.9\.9, and this is/,
        );
        const [{ state }] = await queue.rows(
          "SELECT state::text FROM pgboss.job WHERE name = 'sweep-other'",
        );
        assertEquals(state, "created");
      },
    });

    await test.step({
      ...onServer,
      name: "a wrong password and a database that is not there are one clear line",
      async fn() {
        const wrong = server!.address.replace(/:[^:@]+@/, ":secret@");
        for (const task of ["sweep", "worker"] as const) {
          const args = task === "sweep" ? ["ablation"] : [];
          await refuses(
            task,
            [...args, "--queue", wrong, ...folder],
            /:\*\*\*@.* refuses the user lab/,
          );
        }
        const missing = server!.address.replace(/\w+$/, "nowhere");
        await refuses("worker", ["--queue", missing], /no database nowhere at .*createdb/);
      },
    });
  });
});

Deno.test("sweep: under kills and stops every job is done once, with the outcome of an undisturbed run", async () => {
  const { code, stdout, stderr } = await runProgram("tests/harness/sweep.ts", [
    ...["--jobs", "12", "--workers", "2", "--kills", "3", "--stops", "1", "--calm", "500"],
  ]);
  assertEquals(code, 0, stdout + stderr);
  assertMatch(stdout, /^folder +12 +12 +0 /m);
  assert(/^server +12 +12 +0 /m.test(stdout) || stdout.includes("PostgreSQL is not installed"));
});

Deno.test("sweep: a client that dies in a transaction does not keep others from a queue in a folder", async () => {
  const { code, stdout, stderr } = await runProgram("tests/helpers/dying_clients.ts", []);
  assertEquals([code, stdout], [0, "1,2,3\n"], stderr);
});
