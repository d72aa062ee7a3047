import { assert, assertEquals, assertRejects } from "@std/assert";
import { synthesize } from "../../lib/data/synthetic.ts";
import { environmentConfigSchema } from "../../lib/env/config.ts";
import { play } from "../../lib/evaluation/records.ts";
import { policyWords, readPolicyFile, readPolicyFiles } from "../../lib/experiments/policy_file.ts";
import { storesOf } from "../../lib/stores/stores.ts";
import { rulePolicy } from "../../lib/policies/rule_based.ts";

const folder = await Deno.makeTempDir();
const config = environmentConfigSchema.parse({ episodeDays: 1 });
const dataset = synthesize({ seed: 1, prosumers: 3, days: 1, dtHours: 1 });
const options = { dataset, config, firstSlots: [0], seed: 1 };
const library = new URL("../../lib/mod.ts", import.meta.url).href;

async function file(name: string, text: string): Promise<string> {
  const path = `${folder}/${name}.ts`;
  await Deno.writeTextFile(path, text);
  return path;
}

async function playFile(name: string, text: string) {
  return await play(options, await readPolicyFile(await file(name, text)));
}

Deno.test("policy file: it plays bit for bit what the same policy in the library plays", async () => {
  const records = await playFile(
    "mine",
    `import { decideHome, indexOfName } from "${library}";
    export default {
      begin({ rows, world, observationSpace: { own } }) {
        const netLoad = indexOfName(own, "netLoadKw");
        return (observation, decision) => {
          for (let row = 0; row < rows; row++) {
            const netLoadKw = observation.own[row * own.length + netLoad];
            decideHome(world, decision, row, netLoadKw, -netLoadKw);
          }
        };
      },
    };`,
  );
  assertEquals(records.policy, "mine");
  const { home, store, community } = await play(options, rulePolicy("self-consumption"));
  assertEquals([records.home, records.store, records.community], [home, store, community]);
});

Deno.test("policy file: it may be a class, and take its time", async () => {
  const records = await playFile(
    "patient",
    `class Patient {
      name = "patient";
      #sum = 0;
      async begin(env) {
        await Promise.resolve();
        return async (_, { numbers }) => {
          await Promise.resolve();
          this.#sum += env.rows;
          numbers.fill(0);
        };
      }
    }
    export default new Patient();`,
  );
  assertEquals(records.policy, "patient");
});

Deno.test("policy file: a curve takes the place of a store's numbers, and a home without stores says nothing", async () => {
  const stores = storesOf(dataset);
  assert(stores.length < dataset.community.prosumers.length);
  const records = await playFile(
    "curves",
    `import { decidePower } from "${library}";
    export default {
      begin: ({ world }) => (_, decision) => {
        world.stores.forEach((_, k) => decidePower(world, decision, k, 0));
      },
    };`,
  );
  assert(records.store.powerKw.every((kw) => Math.abs(kw) < 1e-12));
});

const unfit: readonly [name: string, text: string, message: string][] = [
  ["number", "export default 5;", "number.ts: the default export must be a policy, got a number;"],
  ["nothing", "export default undefined;", "must be a policy, got undefined;"],
  ["named", "export const policy = {};", "named.ts has no default export;"],
  ["act", "export default { act() {} };", "must be a policy, got an object with act;"],
  ["text", 'export default { begin: "now" };', 'text.ts: begin must be a function, got "now";'],
  ["cut", "export default {", "cut.ts cannot be loaded: "],
  ["lost", 'import "./gone.ts";\nexport default {};', "lost.ts cannot be loaded: "],
  ["throwing", 'throw new Error("no\\nway");', "throwing.ts cannot be loaded: Error: no"],
];
for (const [name, text, message] of unfit) {
  Deno.test(`policy file: ${text.split("\n")[0]} is refused in a line`, async () => {
    const path = await file(name, text);
    const error = await assertRejects(() => readPolicyFile(path), Error, message);
    assertEquals(error.message.includes("\n"), false);
  });
}

const faulty: readonly [name: string, begin: string, message: string][] = [
  ["begins", '() => { throw new TypeError("x") }', "begins.ts: begin threw TypeError: x"],
  ["three", "() => 3", "three.ts: begin must return a function, got a number;"],
  ["acts", '() => () => { throw new Error("a\\nb") }', "slot 0 of the episode, threw Error: a"],
  ["text", '() => () => { throw "words" }', 'threw "words"'],
  ["array", "() => () => [1, 2]", "must write into the numbers or curves of its second argument"],
  ["long", "() => () => new Float64Array(12)", "returned Float64Array of 12 numbers"],
  [
    "short",
    "() => (_, { numbers }) => void numbers.subarray(0, 5).fill(0)",
    `must write a finite number to numbers[5], battery.fall of "house-03", got NaN`,
  ],
  ["endless", "() => (_, { numbers }) => void numbers.fill(Infinity)", "got Infinity"],
  [
    "late",
    "(env) => (_, { numbers }) => { if (env.state.step === 5) throw new Error('now'); numbers.fill(0) }",
    "act, in slot 5 of the episode, threw Error: now",
  ],
];
for (const [name, begin, message] of faulty) {
  Deno.test(`policy file: ${begin} ends the play with a line`, async () => {
    const play = playFile(`faulty-${name}`, `export default { begin: ${begin} };`);
    const error = await assertRejects(() => play, Error, message);
    assertEquals(error.message.includes("\n"), false);
  });
}

Deno.test("policy file: a file that is not there, and a name that is taken or unfit, are refused", async () => {
  await assertRejects(() => readPolicyFile(`${folder}/gone.ts`), Error, "is no file");
  await assertRejects(() => readPolicyFile(`${folder}`), Error, "is no file");
  const path = await file("mpc", "export default {};");
  await assertRejects(() => readPolicyFiles([path], ["mpc"]), Error, "second policy called mpc");
  const odd = await file("two words", "export default {};");
  await assertRejects(() => readPolicyFile(odd), Error, "rename the file");
});

Deno.test("policy file: a list names policies and files, each once", () => {
  const known = ["grid-only", "mpc"];
  assertEquals(policyWords("--policies", "mpc, ./a.ts,mpc", known), ["mpc", "./a.ts"]);
});
