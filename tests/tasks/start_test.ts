import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { longTest } from "../helpers/cases.ts";
import { bytesIn } from "../helpers/bytes_in.ts";
import { taskArguments, type TaskName } from "../helpers/task_command.ts";
import { outcome, type TaskOutcome } from "../helpers/run_task.ts";

/** Asks a task for help in a Deno that says it is of a version, with packages in a folder. */
async function start(
  version: string,
  packages: string,
  task: TaskName = "clear",
): Promise<TaskOutcome> {
  const fake = `Object.defineProperty(Deno, "version", { value: { deno: "${version}" } })`;
  return outcome(
    await new Deno.Command(Deno.execPath(), {
      args: [`--preload=data:text/javascript,${fake}`, ...taskArguments(task, ["--help"])],
      cwd: new URL("../../", import.meta.url),
      env: { NO_COLOR: "1", DENO_DIR: packages },
    }).output(),
  );
}

Deno.test("start: a Deno that is too old is told so in one line, before anything is fetched", async () => {
  const folder = await Deno.makeTempDir();
  for (const version of ["2.9.5", "2.8.12", "1.46.3"]) {
    const { code, stdout, stderr } = await start(version, folder);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^error: this needs Deno [\d.]+ or newer, and this is [\d.]+; run .*\n$/);
    assertMatch(stderr, new RegExp(`this is ${version.replaceAll(".", "\\.")};`));
  }
  assertEquals(await hasPackages(folder), false);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("start: what is fetched is said in a line once, and a newer Deno is taken", async () => {
  const folder = await Deno.makeTempDir();
  const first = await start("2.10.0", folder);
  assertEquals(first.code, 0);
  assertMatch(first.stdout, /^Clears order books/);
  assertMatch(first.stderr, /^Fetching what all tasks share, once \(\d+ MB\) …\n$/);
  assertEquals(await hasPackages(folder), true);
  assertEquals((await start("3.0.0", folder)).stderr, "");
  await Deno.remove(folder, { recursive: true });
});

for (const task of ["train", "report"] as const) {
  longTest(
    `start: a first ${task} fetches what it says, and no package that is large`,
    async () => {
      const folder = await Deno.makeTempDir();
      const { stderr } = await start("2.10.0", folder, task);
      const said = [...stderr.matchAll(/\((\d+) MB\)/g)].reduce(
        (sum, [, mb]) => sum + Number(mb),
        0,
      );
      const taken = await bytesIn(new URL(`file://${folder}/npm/`)) / 1e6;
      assert(Math.abs(taken - said) <= 2, `${said} MB said, ${taken} MB taken`);
      assertLess(taken, task === "train" ? 15 : 30);
      await Deno.remove(folder, { recursive: true });
    },
  );
}

async function hasPackages(folder: string): Promise<boolean> {
  for await (const _ of Deno.readDir(`${folder}/npm`)) return true;
  return false;
}
