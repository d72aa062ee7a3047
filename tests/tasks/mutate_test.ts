import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { type Area, areas } from "../../tasks/mutate/areas.ts";
import { argumentsFor, equivalences, keysOf } from "../../tasks/mutate/arguments.ts";
import { judge, staleArguments, type Verdict } from "../../tasks/mutate/judge.ts";
import { meaningfulFaults } from "../../tasks/mutate/meaningful.ts";
import { type Mutant, mutantsOf } from "../../tasks/mutate/mutants.ts";
import { faultsIn } from "../../tasks/mutate/operators.ts";
import { createWorkshop } from "../../tasks/mutate/workshop.ts";
import { startTask } from "../helpers/run_task.ts";

const root = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const read = (path: string) => Deno.readTextFile(`${root}/${path}`);

const fixture = "tests/fixtures/mutate";
const copied = ["deno.json", "deno.lock", "tests/std_assert", fixture];
const bridge: Area = {
  modules: [`${fixture}/toll.ts`],
  tests: [`${fixture}/toll_checks.ts`],
};
const never = new AbortController().signal;

const changes: readonly [what: string, source: string, expected: readonly string[]][] = [
  ["boundaries and operators", "x = a < b;", ["x = a < b; ⇒ nothing", "a < b ⇒ a <= b"]],
  ["an operator behind parentheses", "const x = (a) * b;", ["(a) * b ⇒ (a) / b"]],
  ["bounds and clamps", "const x = Math.max(0, a);", [
    "Math.max(0, a) ⇒ Math.min(0, a)",
    "Math.max(0, a) ⇒ (a)",
    "Math.max(0, a) ⇒ Math.max(1, a)",
  ]],
  ["conditions and what they guard", "if (a) { b(); }", [
    "if (a) { b(); } ⇒ nothing",
    "a ⇒ !(a)",
    "b(); ⇒ nothing",
  ]],
  ["halves of a condition", "const x = a && b;", ["a && b ⇒ a", "a && b ⇒ b"]],
  ["types, imports and what is thrown, not at all", 'import a from "a";\ntype B = 1 | -1;', []],
  ["the text of an error, not at all", "throw new Error(`${1 + 1}` + 2);", []],
];
for (const [what, source, expected] of changes) {
  Deno.test(`mutate: the operators change ${what}`, () => {
    assertEquals(faultsIn(source).map(({ change }) => change), expected);
  });
}

Deno.test("mutate: a mutant differs from its module in its fault alone", async () => {
  const { modules: [module] } = bridge;
  const source = await read(module);
  const mutants = await mutantsOf(bridge, [], read);
  assert(mutants.every((mutant) => mutant.source !== source));
  const negated = mutants.find(({ change }) => change === "rest > 0 ⇒ !(rest > 0)");
  assertEquals(negated?.source, source.replace("while (rest > 0)", "while (!(rest > 0))"));
});

Deno.test("mutate: an edit elsewhere renames no mutant", async () => {
  const ids = (mutants: readonly Mutant[]) => mutants.map(({ id }) => id);
  const before = ids(await mutantsOf(bridge, [], read));
  const edited = async (path: string) => `// A remark.\nconst other = 1;\n${await read(path)}`;
  assertEquals(ids(await mutantsOf(bridge, [], edited)).slice(-before.length), before);
});

Deno.test("mutate: what no test notices survives, what is argued is named, the rest is killed", async () => {
  await using workshop = await createWorkshop(root, copied, never);
  const source = await read(bridge.modules[0]);
  const mutants = await mutantsOf(bridge, [], read);
  const chosen = mutants.filter(({ line }) => line.startsWith("return"));
  assertEquals(chosen.map(({ change }) => change), [
    "Math.max(flat, sum) ⇒ Math.min(flat, sum)",
    "Math.max(flat, sum) ⇒ (flat)",
    "Math.max(flat, sum) ⇒ (sum)",
  ]);
  const outcome = async (...argued: readonly Mutant[]) => {
    const verdicts: Verdict[] = [];
    await judge(bridge, chosen, argued, [workshop], (verdict) => verdicts.push(verdict));
    return verdicts.map(({ kind, by }) => [kind, by]);
  };
  const killed = ["killed", "toll: two axles at three are six"];
  assertEquals(await outcome(), [killed, killed, ["survived", ""]]);
  assertEquals(await outcome(chosen[2]), [killed, killed, ["argued", ""]]);
  const refuted = ["refuted", "toll: two axles at three are six"];
  assertEquals(await outcome(chosen[0], chosen[2]), [refuted, killed, ["argued", ""]]);
  assertEquals(await read(bridge.modules[0]), source);
  assertEquals(await Deno.readTextFile(`${workshop.folder}/${bridge.modules[0]}`), source);
});

Deno.test("mutate: a mutant that never ends is ended", async () => {
  await using workshop = await createWorkshop(root, copied, never);
  const mutants = await mutantsOf(bridge, [], read);
  const endless = mutants.find(({ change }) => change === "rest -= 1; ⇒ nothing")!;
  assertEquals(await workshop.test(bridge.tests[0], 1500, endless), { kind: "timed out" });
});

Deno.test("mutate: tests that fail without a fault are named, and nothing else happens", async () => {
  await using workshop = await createWorkshop(root, copied, never);
  const failing = { ...bridge, tests: [`${fixture}/failing_checks.ts`] };
  await assertRejects(
    () => judge(failing, [], [], [workshop], () => {}),
    Error,
    'the tests must pass before there is a mutant: "toll: this one always fails" fails',
  );
});

Deno.test("mutate: a fault that is no longer where somebody saw it is named", async () => {
  const gone = { module: bridge.modules[0], fault: "free", from: "perAxle * 2", to: "0" };
  await assertRejects(
    () => mutantsOf(bridge, [gone], read),
    Error,
    `"perAxle * 2" is no longer in ${fixture}/toll.ts`,
  );
});

Deno.test("mutate: an argument for a line that has changed is stale", async () => {
  const mutants = await mutantsOf(bridge, [], read);
  const old = { ...mutants[0], line: "let sum = 1;" };
  assertEquals(staleArguments([mutants[0], old], mutants), [old]);
});

Deno.test("mutate: every area has mutants, each with a name of its own, and no argument is stale", async () => {
  const ids: string[] = [];
  for (const [name, area] of Object.entries(areas)) {
    const mutants = await mutantsOf(area, meaningfulFaults, read);
    assertGreater(mutants.length, 10, name);
    ids.push(...mutants.map(({ id }) => id));
    assertEquals(staleArguments(argumentsFor(area), mutants), []);
    for (const test of area.tests) await Deno.stat(`${root}/${test}`);
  }
  assertEquals(new Set(ids).size, ids.length);
  const modules = Object.values(areas).flatMap((area) => area.modules);
  for (const { module } of [...equivalences.flatMap(keysOf), ...meaningfulFaults]) {
    assert(modules.includes(module), `${module} is in no area`);
  }
});

Deno.test("mutate: docs/testing.md gives every argument", async () => {
  const page = await read("docs/testing.md");
  for (const argument of equivalences) {
    assert(page.includes(argument.because), argument.because);
    for (const { change } of keysOf(argument)) {
      assert(page.includes(change.replaceAll("|", "\\|")), change);
    }
  }
});

Deno.test("mutate: interrupted, it leaves nothing behind", async () => {
  const temporary = await Deno.makeTempDir();
  try {
    const task = startTask("mutate", ["--only", "filter"], "null", { TMPDIR: temporary });
    const entries = () => [...Deno.readDirSync(temporary)].map(({ name }) => name);
    const isTesting = () => {
      const [folder] = entries();
      return folder !== undefined &&
        [...Deno.readDirSync(`${temporary}/${folder}`)].some(({ name }) => name === ".deno");
    };
    const latest = performance.now() + 60_000;
    while (!isTesting()) {
      assert(performance.now() < latest, "it has not begun to test");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    task.kill("SIGINT");
    const { code, stderr } = await task.output();
    assert(code !== 0);
    assert(new TextDecoder().decode(stderr).includes("interrupted; the copy is removed"));
    assertEquals(entries(), []);
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
});
