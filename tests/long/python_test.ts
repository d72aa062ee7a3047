import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { assertEquals, assertMatch } from "@std/assert";
import { sb3Environment, testEnvironment } from "../../python/environments.ts";
import { datasetOptions, loadDataset } from "../../lib/experiments/dataset_source.ts";
import { setups } from "../../lib/experiments/setups.ts";
import { writeDataset } from "../../lib/data/dataset.ts";
import { splitDays } from "../../lib/data/split.ts";
import { synthesize } from "../../lib/data/synthetic.ts";
import { MarketTrainingEnvironment } from "../../lib/ppo/market_environment.ts";
import { parseExperiment } from "../../lib/ppo/experiment.ts";
import type { VectorObservation } from "../../lib/ppo/vector_environment.ts";
import { isReady, pythonOf } from "../../lib/programs/python_environment.ts";
import { stream } from "../../lib/random.ts";
import { onNetwork } from "../helpers/feeders.ts";
import { outcome, runTask, succeeds as taskSucceeds } from "../helpers/run_task.ts";
import { inFolder, names } from "../helpers/two_homes.ts";

const root = new URL("../../", import.meta.url);
const folder = fileURLToPath(new URL("python/", root));
const MAKE = "make it with deno task --cwd python environments";
const tests = await isReady(testEnvironment) ? pythonOf(testEnvironment) : null;
const sb3 = await isReady(sb3Environment) ? pythonOf(sb3Environment) : null;

/** A test that needs an environment, and is named so that its absence is seen. */
function inPython(name: string, python: string | null, body: (python: string) => Promise<void>) {
  const ignore = python === null;
  Deno.test({
    name: `python: ${name}${ignore ? ` (no environment here; ${MAKE})` : ""}`,
    ignore,
    fn: () => body(python!),
  });
}

/** Runs a command that must succeed, and answers what it printed. */
async function succeeds(
  program: string,
  args: readonly string[],
  { cwd = folder, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const { code, stdout, stderr } = outcome(
    await new Deno.Command(program, {
      args: [...args],
      cwd,
      env: { NO_COLOR: "1", ...env },
    }).output(),
  );
  assertEquals(code, 0, stdout + stderr);
  return stdout + stderr;
}

let engine: Promise<string> | null = null;
const build = () => engine ??= succeeds(Deno.execPath(), ["task", "build"]);

async function unittest(python: string, module: string, env: Record<string, string> = {}) {
  await build();
  const said = await succeeds(python, ["-m", "unittest", `tests.${module}`], { env });
  assertMatch(said, /^OK$/m, "none is skipped");
}

/** Communities that are played in both languages, as Python's options. */
const CASES: readonly Case[] = [
  { name: "R1", communities: 2, options: { reward: "cost" } },
  {
    name: "training-reward",
    communities: 3,
    options: {
      reward: "training",
      tariff: "mixed",
      prosumers: 6,
      config: {
        environment: { episodeDays: 1, market: { mechanism: "sharing-dynamic" } },
        training: { rewardMixing: 0.3, rewardScale: 10 },
      },
    },
  },
  { name: "first-edition", communities: 1, options: { reward: "cost", setup: "first-edition" } },
];
const NETWORK = { environment: { episodeDays: 2 } };
const STEPS = 1000, SEED = 5;

interface Case {
  readonly name: string;
  readonly communities: number;
  readonly options: {
    readonly reward: "cost" | "training";
    readonly setup?: keyof typeof setups;
    readonly prosumers?: number;
    readonly tariff?: "mixed";
    readonly data?: string;
    readonly config?: Readonly<Record<string, unknown>>;
  };
}

/** Random actions, and all that the training environment makes of them, in Python's order. */
async function playedHere({ communities, options }: Case) {
  const { setup, config, prosumers, data = "synthetic", tariff, reward } = options;
  const rules = setup === undefined ? {} : setups[setup].experiment;
  const { environment, training } = parseExperiment({ ...rules, ...config }, "case");
  const dataset = await loadDataset({ data, prosumers, tariff });
  const market = new MarketTrainingEnvironment(dataset, environment, {
    ...training,
    communities,
    firstSlots: splitDays(dataset, environment).train,
    ...(reward === "cost" && { reward: (_env, step, into) => into.set(step.reward) }),
  });
  const { rows, actionSize, agentsPerCommunity, observationSize: size } = market;
  const random = stream(SEED, "actions");
  const actions = Float64Array.from(
    { length: STEPS * rows * actionSize },
    () => 2.4 * random.uniform() - 1.2,
  );
  const expected: number[] = [];
  const see = ({ common, own }: VectorObservation) => {
    for (let row = 0; row < rows; row++) {
      const from = Math.floor(row / agentsPerCommunity) * size.common;
      expected.push(...common.subarray(from, from + size.common));
      expected.push(...own.subarray(row * size.own, (row + 1) * size.own));
    }
  };
  see(market.reset(SEED));
  for (let k = 0; k < actions.length; k += rows * actionSize) {
    const { reward, observation } = market.step(actions.slice(k, k + rows * actionSize));
    expected.push(...reward);
    see(observation);
  }
  return { actions, expected: Float64Array.from(expected) };
}

inPython("spaces, bits, seeds, refusals and endings hold", tests, async (python) => {
  const expected = await Deno.makeTempDir();
  const feeder = onNetwork(synthesize({ seed: 3, prosumers: 5, days: 42, dtHours: 0.5 }), 3);
  await writeDataset(feeder, `${expected}/feeder`);
  const cases: readonly Case[] = [
    ...CASES,
    {
      name: "feeder",
      communities: 2,
      options: { reward: "cost", data: `${expected}/feeder`, config: NETWORK },
    },
  ];
  const plan = cases.map((each) => ({ ...each, steps: STEPS, seed: SEED }));
  await Deno.writeTextFile(`${expected}/plan.json`, JSON.stringify(plan));
  for (const each of cases) {
    const played = await playedHere(each);
    for (const [name, numbers] of Object.entries(played)) {
      await Deno.writeFile(`${expected}/${each.name}.${name}`, new Uint8Array(numbers.buffer));
    }
  }
  await unittest(python, "test_client", { P2P_EXPECTED: expected });
  await Deno.remove(expected, { recursive: true });
});

inPython("the checkers of PettingZoo and Gymnasium are content", tests, async (python) => {
  await unittest(python, "test_faces");
});

inPython("the checker of Stable-Baselines3 is content, and PPO trains", sb3, async (python) => {
  await unittest(python, "test_sb3");
});

const policy = (name: string) => `python:python.tests.policies:${name}`;
const evaluation = (policies: string, out: string) => [
  "--policies",
  policies,
  "--days",
  "14",
  "--out",
  out,
];
/** So that `python3` is the one of an environment. */
const onPath = (python: string) => ({
  PATH: `${dirname(python)}:${Deno.env.get("PATH")}`,
});

inPython(
  "its policies are judged beside all others, to the bit",
  tests,
  (python) =>
    inFolder(async (parent) => {
      const file = `${parent}/there.ts`;
      await Deno.writeTextFile(
        file,
        `export default {
        begin({ rows, observationSpace: { own } }) {
          const charge = own.indexOf("battery.socFraction"), sun = own.indexOf("pvKw");
          return (seen, { numbers }) => {
            for (let row = 0; row < rows; row++) {
              const at = row * own.length;
              numbers[2 * row] = 1 - 2 * seen.own[at + charge] - 0.1 * seen.own[at + sun];
              numbers[2 * row + 1] = -0.5;
            }
          };
        },
      };`,
      );
      const out = `${parent}/out`;
      const words = [policy("by_charge"), file, policy("halfway"), "grid-only"].join();
      await taskSucceeds("evaluate", evaluation(words, out), onPath(python));
      const { policies } = JSON.parse(await Deno.readTextFile(`${out}/summary.json`));
      const [python_, here] = policies;
      assertEquals([python_.policy, here.policy, policies[2].policy], [
        "by_charge",
        "there",
        "halfway",
      ]);
      assertEquals({ ...python_, ...untimed }, { ...here, ...untimed });
      const { inputs } = JSON.parse(await Deno.readTextFile(`${out}/provenance.json`));
      assertEquals(Object.keys(inputs).includes("python/tests/policies.py"), true);
    }),
);

const untimed = { policy: "", microsecondsPerDecision: 0 };

for (
  const [word, message] of [
    [policy("not_a_number"), /finite number to numbers\[0\], battery.value of "house-01", got NaN/],
    [
      policy("too_few"),
      /threw Error: ValueError: actions must be of shape \(2, 10, 2\), got \(3,\)/,
    ],
    [policy("wrong"), /ZeroDivisionError: division by zero \(policies.py:\d+\)/],
    [policy("no_function"), /must return a function of observations, got 3/],
    [policy("dies"), /the process has ended with exit code 3/],
    [policy("absent"), /there is no function absent in/],
    ["python:absent:policy", /No module named 'absent'/],
    ["python:absent", /must be python:MODULE:FUNCTION/],
  ] as const
) {
  inPython(`${word} is one clear line`, tests, (python) =>
    inFolder(async (parent) => {
      const { code, stderr } = await runTask(
        "evaluate",
        evaluation(word, `${parent}/out`),
        onPath(python),
      );
      assertEquals(code, 1);
      assertMatch(stderr, /^error: [^\n]+\n$/);
      assertMatch(stderr, message);
      assertEquals(await names(parent), []);
    }));
}

inPython("what its page shows runs", tests, (python) =>
  inFolder(async (parent) => {
    await build();
    const page = await Deno.readTextFile(new URL("docs/python.md", root));
    const blocks = [...page.matchAll(/^```python\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
    assertEquals(blocks.length, 2);
    for (const code of blocks) {
      await succeeds(python, ["-c", code], { cwd: parent, env: { PYTHONPATH: folder } });
    }
    await Deno.writeTextFile(`${parent}/mine.py`, blocks[1]);
    const { stdout } = await taskSucceeds(
      "evaluate",
      evaluation("python:mine:mine", `${parent}/out`),
      { ...onPath(python), PYTHONPATH: parent },
    );
    assertMatch(stdout, /^mine /m);
  }));

inPython("its examples train", sb3, (python) =>
  inFolder(async (parent) => {
    await build();
    const run = (name: string) =>
      succeeds(python, [`${folder}examples/${name}.py`, "--steps", "500", "--communities", "2"], {
        cwd: parent,
        env: { PYTHONPATH: folder },
      });
    assertMatch(await run("cleanrl_ppo"), /update 1 of 1/);
    assertMatch(await run("sb3_ppo"), /agent-steps\/s/);
    assertEquals(await names(`${parent}/runs/sb3-ppo`), ["model.zip", "seen.npz"]);
  }));

inPython("a wheel is all that is needed", tests, async (python) => {
  await build();
  const place = await Deno.makeTempDir();
  const pip = ["-m", "pip", "--quiet", "--disable-pip-version-check"];
  const wheel = [...pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", place, "."];
  await succeeds(python, wheel);
  const [{ name }] = await Array.fromAsync(Deno.readDir(place));
  await succeeds(python, [
    ...pip,
    "install",
    "--no-deps",
    "--target",
    `${place}/site`,
    `${place}/${name}`,
  ]);
  const code = "from p2p_energy_lab import make_vec, process\n" +
    "env = make_vec(2)\nenv.reset(seed=1)\nenv.close()\nprint(process.ENGINE)";
  const printed = await succeeds(python, ["-c", code], {
    cwd: place,
    env: { PYTHONPATH: `${place}/site` },
  });
  assertEquals(printed.trim(), `${place}/site/p2p_energy_lab/engine.js`);
  await Deno.remove(place, { recursive: true });
});

Deno.test("python: it can ask for every data set that a task can", async () => {
  const client = await Deno.readTextFile(`${folder}p2p_energy_lab/client.py`);
  const [, source] = /_SOURCE = \(([\s\S]*?)\n\)/.exec(client)!;
  const names = [...source.matchAll(/"(\w+)"/g)].map(([, name]) => name.replaceAll("_", "-"));
  assertEquals(names.toSorted(), Object.keys(datasetOptions).toSorted());
});
