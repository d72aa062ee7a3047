import { assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { fileFingerprint, timelessCsv, timelessJson } from "../../lib/experiments/fingerprints.ts";
import { commitOf, reachableModules, sourceCode } from "../../lib/experiments/source_code.ts";
import { sha256Hex } from "../../lib/sha256.ts";
import { inFolder } from "../helpers/two_homes.ts";

Deno.test("fingerprints: times and the folder's place do not count, everything else does", async () => {
  assertEquals(timelessCsv("a,seconds,b\n1,2.5,3\n"), "a,b\n1,3\n");
  assertEquals(timelessCsv("a,b\n1,2\n"), "a,b\n1,2\n");
  const ladder = (what: string, folder: string, us: number) =>
    JSON.stringify({
      rows: [{ captured: 0.5, microsecondsPerDecision: us }],
      targets: [{ what, measured: "1/106" }, { what: "violations", measured: "0" }],
      trainings: [{ seconds: us, folder }],
    });
  assertEquals(
    timelessJson(ladder("time per decision of the community", "runs/a/seed-42", 1), "runs/a"),
    timelessJson(ladder("time per decision, again", "b/seed-42", 2), "b"),
  );
  assertNotEquals(
    timelessJson(ladder("violations", "a/seed-42", 1), "a"),
    timelessJson(ladder("violations", "b/seed-42", 1), "a"),
  );
  const row = (us: string) => `policy,home,microsecondsPerDecision,cost\nmpc,"a, ""b""",${us},1\n`;
  assertEquals(timelessCsv(row("5")), `policy,home,cost\nmpc,"a, ""b""",1\n`);
  await inFolder(async (parent) => {
    await Deno.writeTextFile(`${parent}/a.png`, "picture");
    const before = await fileFingerprint(parent, "a.png");
    assertMatch(before, /^[0-9a-f]{64}$/);
    await Deno.writeTextFile(`${parent}/a.png`, "pictures");
    assertNotEquals(await fileFingerprint(parent, "a.png"), before);
    await assertRejects(
      () => fileFingerprint(parent, "../a.png"),
      Error,
      "leads out of the folder",
    );
    await assertRejects(() => fileFingerprint(parent, "."), Error);
  });
});

Deno.test("fingerprints: a table of many pieces counts as its whole text", async () => {
  await inFolder(async (folder) => {
    for (const header of ["a,b", "a,seconds"]) {
      const table = `${header}\n` + `${"1".repeat(999)},2\n`.repeat(5000);
      await Deno.writeTextFile(`${folder}/a.csv`, table);
      assertEquals(await fileFingerprint(folder, "a.csv"), await sha256Hex(timelessCsv(table)));
    }
  });
});

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
Deno.test("provenance: the commit is found by reference, packed reference, directly, or is unknown", async () => {
  await inFolder(async (root) => {
    await Deno.mkdir(`${root}/.git/refs/heads`, { recursive: true });
    const commit = () => commitOf(`${root}/.git`);
    assertEquals(await commit(), "unknown");
    await Deno.writeTextFile(`${root}/.git/HEAD`, "ref: refs/heads/main\n");
    assertEquals(await commit(), "unknown");
    await Deno.writeTextFile(
      `${root}/.git/packed-refs`,
      `# pack-refs\n${COMMIT} refs/heads/main\n`,
    );
    assertEquals(await commit(), COMMIT);
    await Deno.writeTextFile(`${root}/.git/refs/heads/main`, `${COMMIT.replace("0", "f")}\n`);
    assertEquals(await commit(), COMMIT.replace("0", "f"));
    await Deno.writeTextFile(`${root}/.git/HEAD`, `${COMMIT}\n`);
    assertEquals(await commit(), COMMIT);
    await Deno.mkdir(`${root}/.git/worktrees/other`, { recursive: true });
    await Deno.writeTextFile(`${root}/.git/worktrees/other/HEAD`, "ref: refs/heads/main\n");
    await Deno.writeTextFile(`${root}/.git/worktrees/other/commondir`, "../..\n");
    await Deno.writeTextFile(`${root}/linked`, `gitdir: ${root}/.git/worktrees/other\n`);
    assertEquals(await commitOf(`${root}/linked`), COMMIT.replace("0", "f"));
    await Deno.remove(`${root}/.git`, { recursive: true });
    assertEquals(await commit(), "unknown");
  });
});

Deno.test("provenance: the code of a result is what is reached from its module, Workers included", async () => {
  await inFolder(async (root) => {
    const write = (name: string, text: string) => Deno.writeTextFile(`${root}/${name}`, text);
    await write("entry.ts", `import "./a.ts";\n/** import "./c.ts"; */\n`);
    await write("a.ts", `new Worker(new URL("./b.ts", import.meta.url));\nshow("./none.ts");\n`);
    await write("b.ts", `export * from "./entry.ts";\n`);
    await write("c.ts", "");
    assertEquals(
      [...(await reachableModules(`${root}/entry.ts`)).keys()],
      ["entry.ts", "a.ts", "b.ts"].map((name) => `${root}/${name}`),
    );
  });
  const evaluation = new URL("../../lib/evaluation/evaluate.ts", import.meta.url).href;
  const root = new URL("../../", import.meta.url).pathname;
  const paths = [...(await reachableModules(new URL(evaluation).pathname)).keys()]
    .map((path) => path.slice(root.length));
  for (
    const path of ["lib/market/clearing.ts", "lib/env/settle.ts", "lib/stores/battery.ts"]
  ) {
    assertEquals(paths.includes(path), true, path);
  }
  assertEquals(paths.filter((path) => /^(lib\/(report|live|cli)|tasks)\//.test(path)), []);
  const { module, versions } = await sourceCode(evaluation);
  assertEquals(module, "lib/evaluation/evaluate.ts");
  assertEquals([versions.deno, versions["@observablehq/plot"]], [Deno.version.deno, undefined]);
  assertEquals((await sourceCode(module)).sources, (await sourceCode(evaluation)).sources);
});
