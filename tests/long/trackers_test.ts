import { fileURLToPath } from "node:url";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { testEnvironment, trackersEnvironment } from "../../python/environments.ts";
import { isReady, pythonOf } from "../../lib/programs/python_environment.ts";
import { openTrackers } from "../../lib/trackers/trackers.ts";
import { outcome, runTask, succeeds, testRefusals } from "../helpers/run_task.ts";
import { inFolder } from "../helpers/two_homes.ts";

const folderOf = (name: string) => fileURLToPath(new URL(`../../python/${name}`, import.meta.url));
const MAKE = "make it with deno task --cwd python environments";
const tests = await isReady(testEnvironment) ? pythonOf(testEnvironment) : null;
const trackers = await isReady(trackersEnvironment) ? pythonOf(trackersEnvironment) : null;

function inPython(name: string, python: string | null, body: (python: string) => Promise<void>) {
  const ignore = python === null;
  Deno.test({
    name: `trackers: ${name}${ignore ? ` (no environment here; ${MAKE})` : ""}`,
    ignore,
    fn: () => body(python!),
  });
}

const ROWS = 300;
const rowOf = (k: number) => ({ meanEpisodeCost: Math.sqrt(k), entropy: -k / 7 });
const configuration = { environment: { episodeDays: 7, market: { orders: "curves" } }, seed: 42 };

/** Logs as a training would, and answers the folder; nothing may be complained about. */
async function logged(names: readonly string[], folder: string): Promise<void> {
  let now = Date.UTC(2026, 0, 1);
  const run = { folder, name: "week", configuration, from: 0, now: () => now += 100 };
  const complaints: string[] = [];
  const tracker = await openTrackers(run, {
    names,
    mlflowAddress: "",
    warn: (line) => complaints.push(line),
  });
  for (let k = 0; k < ROWS; k++) await tracker.log(768 * k, rowOf(k));
  await tracker.judge(768 * ROWS, { learned: { savingFraction: 0.5 }, "grid-only": { days: 84 } });
  await tracker.end("finished");
  assertEquals(complaints, []);
}

async function readBack(python: string, what: string, path: string) {
  const { code, stdout, stderr } = outcome(
    await new Deno.Command(python, { args: [folderOf("tests/read_trackers.py"), what, path] })
      .output(),
  );
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout);
}

inPython("TensorBoard reads back what was logged", tests, (python) =>
  inFolder(async (folder) => {
    await logged(["tensorboard"], folder);
    const { scalars, texts } = await readBack(python, "tensorboard", `${folder}/tensorboard`);
    const expected = Array.from({ length: ROWS }, (_, k) => [768 * k, Math.fround(Math.sqrt(k))]);
    assertEquals(scalars["train/meanEpisodeCost"], expected);
    assertEquals(scalars["test/learned/savingFraction"], [[768 * ROWS, 0.5]]);
    assertMatch(texts.configuration, /\| environment\.market\.orders \| "curves" \|/);
  }));

inPython(
  "Weights & Biases reads back what was kept offline",
  trackers,
  (python) =>
    inFolder(async (folder) => {
      await logged(["wandb-offline"], folder);
      const [run] = await Array.fromAsync(Deno.readDir(`${folder}/wandb`));
      assertMatch(run.name, /^offline-run-20260101_000000-p2p\w+$/);
      const id = run.name.split("-").at(-1);
      const file = `${folder}/wandb/${run.name}/run-${id}.wandb`;
      assert((await Deno.stat(file)).size > 2 * 32_768, "records go over the ends of blocks");
      const read = await readBack(python, "wandb", file);
      assertEquals([read.name, read.project, read.exit], ["week", "p2p-energy-lab", 0]);
      assertEquals(read.config, configuration);
      assertEquals(read.history.length, ROWS);
      read.history.forEach(([step, row]: [number, Record<string, number>], k: number) => {
        const { _step, _timestamp, _runtime, ...metrics } = row;
        assertEquals([step, _step, metrics], [768 * k, 768 * k, rowOf(k)]);
      });
      assertEquals(read.summary["test/learned"], { savingFraction: 0.5 });
    }),
);

/** Short enough for a test, with two updates. */
const SHORT = {
  environment: { episodeDays: 1 },
  training: { communities: 4 },
  ppo: { totalTimesteps: 192, rolloutSteps: 24 },
};

async function shortTraining(folder: string, log: readonly string[]) {
  await Deno.writeTextFile(`${folder}/config.json`, JSON.stringify(SHORT));
  return [
    ...["--config", `${folder}/config.json`, "--prosumers", "2"],
    ...["--out", `${folder}/run`, ...log],
  ];
}

inPython(
  "a server of MLflow has curve, configuration and ladder",
  trackers,
  (python) =>
    inFolder(async (folder) => {
      const address = await startMlflow(python, folder);
      await using _server = address.server;
      const log = ["--log", "mlflow,tensorboard", "--mlflow", address.url];
      const { stderr } = await succeeds("train", await shortTraining(folder, log));
      assertEquals(stderr.includes("left out"), false, stderr);
      const ask = async (path: string, body: object) => {
        const response = await fetch(`${address.url}/api/2.0/mlflow/${path}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        });
        return await response.json();
      };
      const { runs: [{ info, data }] } = await ask("runs/search", { experiment_ids: ["0", "1"] });
      assertEquals([info.status, info.run_name], ["FINISHED", "run"]);
      const parameters = Object.fromEntries(
        data.params.map(({ key, value }: Record<string, string>) => [key, value]),
      );
      assertEquals(parameters["training.communities"], "4");
      const metrics = data.metrics as { key: string; value: number; step: number }[];
      const metric = (name: string) => metrics.find(({ key }) => key === name)!;
      const lines = (await Deno.readTextFile(`${folder}/run/learning_curve.csv`)).trim().split(
        "\n",
      );
      const columns = lines[0].split(","), last = lines.at(-1)!.split(",");
      const written = Number(last[columns.indexOf("entropy")]);
      assertEquals([metric("entropy").value, metric("entropy").step], [written, 192]);
      const { policies: [learned] } = JSON.parse(
        await Deno.readTextFile(`${folder}/run/summary.json`),
      );
      assertEquals(metric("test.learned.costPerDay").value, learned.costPerDay);
    }),
);

async function startMlflow(python: string, folder: string) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const url = `http://127.0.0.1:${port}`;
  const child = new Deno.Command(python, {
    args: [
      ...["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port)],
      ...["--backend-store-uri", `sqlite:///${folder}/mlflow.db`, "--workers", "1"],
      ...["--artifacts-destination", `${folder}/artifacts`],
    ],
    stdout: "null",
    stderr: "null",
    env: { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false" },
  }).spawn();
  const server = {
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
  const until = performance.now() + 120_000;
  while (performance.now() < until) {
    const healthy = await fetch(`${url}/health`).then(
      async (response) => (await response.text()) === "OK",
      () => false,
    );
    if (healthy) return { url, server };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await server[Symbol.asyncDispose]();
  throw new Error("the server of MLflow does not answer");
}

Deno.test("trackers: one that is away, or answers otherwise, costs a line and no training", () =>
  inFolder(async (folder) => {
    const odd = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response("<p>no such thing</p>", { status: 500 }),
    );
    const away = await runTask(
      "train",
      await shortTraining(folder, ["--log", "mlflow", "--mlflow", "http://127.0.0.1:9"]),
    );
    await Deno.remove(`${folder}/run`, { recursive: true });
    const other = await runTask(
      "train",
      await shortTraining(folder, [
        "--log",
        "mlflow",
        "--mlflow",
        `http://127.0.0.1:${odd.addr.port}`,
      ]),
    );
    await odd.shutdown();
    const warning = ({ stderr }: { stderr: string }) =>
      /^warning: .*$/m.exec(stderr)?.[0] ?? stderr;
    assertEquals([away.code, other.code], [0, 0], away.stderr + other.stderr);
    assertMatch(warning(away), /mlflow is left out from here on: http:\/\/127\.0\.0\.1:9 /);
    assertMatch(warning(other), /experiments\/get-by-name was answered 500/);
  }));

testRefusals("train", [
  [["--log", "tensorbord"], "did you mean tensorboard?"],
  [["--log", "mlflow", "--mlflow", "nowhere"], "--mlflow must be an address"],
]);
