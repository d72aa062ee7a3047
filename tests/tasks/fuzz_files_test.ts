import { assertEquals, assertGreater } from "@std/assert";
import { campaign, endOf } from "../harness/files/campaign.ts";
import { kinds } from "../harness/files/kinds.ts";
import { lineFault, verdictOfError } from "../harness/files/verdict.ts";
import { cases } from "../helpers/cases.ts";
import { inFolder } from "../helpers/two_homes.ts";

const isWindows = Deno.build.os === "windows";

Deno.test("fuzz files: every kind is accepted or refused in one line, whatever is done to it", {
  ignore: isWindows,
}, () =>
  inFolder(async (root) => {
    const count = cases(6, 12);
    const plan = { kinds: Object.keys(kinds), seed: 1, first: 0, cases: count, commands: 0 };
    const tallies = await campaign({ ...plan, root: `${root}/files`, keep: `${root}/broken` });
    assertEquals(tallies.flatMap(({ broken }) => broken), []);
    for (const { kind, accepted, refused } of tallies) {
      assertEquals(accepted + refused, count, kind);
      assertGreater(refused, cases(0, 2), kind);
    }
  }));

for (const kind of Object.keys(kinds)) {
  Deno.test(`fuzz files: the example of ${kind} is read`, () =>
    inFolder(async (root) => {
      for (const [name, bytes] of await kinds[kind].files()) {
        await Deno.writeFile(`${root}/${name}`, bytes);
      }
      await kinds[kind].read(root);
    }));
}

Deno.test(
  "fuzz files: tasks are run as well",
  { ignore: isWindows },
  () =>
    inFolder(async (root) => {
      const plan = { kinds: ["orders-json"], seed: 2, first: 0, cases: 5, commands: 3 };
      const [{ accepted, refused, broken }] = await campaign({
        ...plan,
        root: `${root}/files`,
        keep: `${root}/broken`,
      });
      assertEquals([accepted + refused, broken], [8, []]);
    }),
);

Deno.test("fuzz files: what is not one clear line about the file is called broken", () => {
  const outcome = (error: unknown) => verdictOfError(error, ["a.csv"]).outcome;
  assertEquals(outcome(new RangeError("a.csv row 2: must be a number, got 1e")), "refused");
  assertEquals(outcome(new TypeError("a.csv is not a function")), "broken");
  assertEquals(outcome(new RangeError("Maximum call stack size exceeded")), "broken");
  assertEquals(outcome(new RangeError("must be a number")), "broken");
  assertEquals(outcome("a.csv"), "broken");
  for (const line of ["a.csv\nb", "a.csv \u001b[31m", "a.csv ".repeat(200), "a.csv undefined"]) {
    assertEquals(typeof lineFault(line, ["a.csv"]), "string", line.slice(0, 20));
  }
});

Deno.test("fuzz files: a process that goes on without end is stopped", async () => {
  const { code } = await endOf(["eval", "--node-modules-dir=none", "for (;;);"], 300);
  assertEquals(code, 137);
});
