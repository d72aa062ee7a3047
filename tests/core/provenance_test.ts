import {
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { describeCode } from "../../lib/experiments/provenance/code.ts";
import {
  fileFingerprint,
  timelessCsv,
  timelessJson,
  timelessMarkdown,
} from "../../lib/experiments/provenance/fingerprints.ts";
import { parseIndex } from "../../lib/experiments/provenance/git_index.ts";
import { inFolder } from "../helpers/two_homes.ts";

Deno.test("fingerprints: times and the folder's place do not count, everything else does", async () => {
  assertEquals(timelessCsv("a,seconds,b\n1,2.5,3\n"), "a,b\n1,3\n");
  assertEquals(timelessCsv("a,b\n1,2\n"), "a,b\n1,2\n");
  const ladder = (what: string, folder: string, us: number) =>
    JSON.stringify({
      rungs: [{ captured: 0.5, microsecondsPerDecision: us }],
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
  const markdown = (us: string, cost: string) =>
    `| policy | µs/decision | cost |\n| --- | --- | --- |\n| mpc |  ${us} | ${cost} |\n\n` +
    `in one\nline\n\n| what | met |\n| --- | --- |\n| time per decision | ${us} |\n| cost | yes |\n`;
  assertEquals(
    timelessMarkdown(markdown("5", "1.20")),
    timelessMarkdown(markdown("7.125", "1.20")),
  );
  assertNotEquals(timelessMarkdown(markdown("5", "1.20")), timelessMarkdown(markdown("5", "1.21")));
  assertEquals(timelessMarkdown(markdown("5", "1")).includes("in one line"), true);
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

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
/** What git calls a file that holds "hello\n". */
const HELLO = "ce013625030ba8dba906f756967f9e9ca394464a";

/** An index of version 2 in which every path has the content "hello\n". */
function index(paths: readonly string[]): Uint8Array {
  const entries = paths.map((path) => {
    const entry = new Uint8Array((Math.floor((62 + path.length) / 8) + 1) * 8);
    entry.set(Uint8Array.fromHex(HELLO), 40);
    entry.set(new TextEncoder().encode(path), 62);
    return entry;
  });
  const head = new DataView(new ArrayBuffer(12));
  [0x44495243, 2, paths.length].forEach((word, k) => head.setUint32(4 * k, word));
  return Uint8Array.from([
    ...new Uint8Array(head.buffer),
    ...entries.flatMap((entry) => [...entry]),
  ]);
}

/** A tree with four sources, all "hello\n", and no repository. */
async function inTree(work: (root: string) => Promise<void>): Promise<void> {
  await inFolder(async (root) => {
    for (const folder of ["lib", "tasks", ".git/refs/heads"]) {
      await Deno.mkdir(`${root}/${folder}`, { recursive: true });
    }
    for (const path of SOURCES) await Deno.writeTextFile(`${root}/${path}`, "hello\n");
    await work(root);
  });
}
const SOURCES = ["deno.json", "deno.lock", "lib/a.ts", "tasks/b.ts"];

Deno.test("provenance: the commit is found by reference, packed reference, directly, or is unknown", async () => {
  await inTree(async (root) => {
    const commit = async () => (await describeCode(root)).commit;
    await Deno.writeFile(`${root}/.git/index`, index(SOURCES));
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
    await Deno.remove(`${root}/.git`, { recursive: true });
    assertEquals((await describeCode(root)).changed, "unknown");
    assertEquals(await commit(), "unknown");
  });
});

Deno.test("provenance: sources that were changed, added or removed since are listed", async () => {
  await inTree(async (root) => {
    await Deno.writeTextFile(`${root}/.git/HEAD`, `${COMMIT}\n`);
    await Deno.writeFile(`${root}/.git/index`, index([...SOURCES, "README.md"]));
    const clean = await describeCode(root);
    assertEquals(clean.changed, []);
    await Deno.writeTextFile(`${root}/lib/a.ts`, "hullo\n");
    await Deno.writeTextFile(`${root}/lib/new.ts`, "");
    await Deno.remove(`${root}/tasks/b.ts`);
    const dirty = await describeCode(root);
    assertEquals(dirty.changed, ["lib/a.ts", "lib/new.ts", "tasks/b.ts"]);
    assertNotEquals(dirty.sources, clean.sources);
  });
});

Deno.test("provenance: an index that is damaged or of another version is refused", () => {
  const whole = index(SOURCES);
  assertEquals([...parseIndex(whole).keys()], SOURCES);
  assertThrows(() => parseIndex(whole.subarray(0, 60)), RangeError, "cut short");
  assertThrows(() => parseIndex(new Uint8Array(20)), RangeError, "no index of git");
  const other = whole.slice();
  other[7] = 4;
  assertThrows(() => parseIndex(other), RangeError, "version 2 or 3, got 4");
});
